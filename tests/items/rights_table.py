"""The table of rights: every URL, and what each role may do with it."""

from dataclasses import dataclass

from django.conf import settings

from items.models import User

ROLES = (
    "anonymous",
    "disabled",
    "hao",
    "mei",
    "head",
    "coordinator",
    "manager",
    "auditor",
    "admin",
)
SIGNED_IN = ROLES[2:]

LOGIN, OK, NO, GONE = "login", "ok", 403, 404
"""A redirect to the login page; an answer (200 or a redirect after work done); refused; not to be seen."""


@dataclass(frozen=True)
class Url:
    """One URL of the table: its arguments, its method, and the roles for whom the answer is not `otherwise`."""

    args: tuple = ()
    allowed: tuple = SIGNED_IN
    method: str = "get"
    otherwise: object = NO
    data: tuple = ()


YEAR = (115,)
READERS = ("coordinator", "manager", "auditor", "admin")

TABLE = {
    "home": Url(),
    "manage": Url(YEAR, ("coordinator", "admin")),
    "contacts": Url(YEAR, ("coordinator", "head")),
    "departments": Url(YEAR, ("coordinator", "admin")),
    "department": Url(("year", "department"), ("coordinator", "admin")),
    "department_step": Url(("year", "department", "up"), ("coordinator", "admin"), "post"),
    "people": Url(YEAR, ("coordinator", "admin")),
    "people_add": Url(YEAR, ("coordinator", "admin"), "post"),
    "accounts": Url(YEAR, ("auditor", "admin")),
    "accounts_export": Url((115, "csv"), ("auditor", "admin")),
    "security_log": Url(YEAR, ("auditor", "admin")),
    "security_log_export": Url((115, "csv"), ("auditor", "admin")),
    "accounts_close": Url(YEAR, ("admin",), "post"),
    "sign_in_lift": Url(YEAR, ("coordinator", "admin"), "post", data=(("address", "192.0.2.1"),)),
    "people_step": Url(("year", "membership", "leave"), ("coordinator", "admin"), "post"),
    "handover": Url(YEAR, ("coordinator", "admin", "head")),
    "handover_list": Url(("year", "handover"), ("mei", "head", *READERS), otherwise=GONE),
    "handover_undo": Url(("year", "handover"), ("coordinator", "admin"), "post"),
    "deputies": Url(YEAR),
    "deputy_end": Url(("year", "deputy"), ("mei", "coordinator", "admin"), "post", otherwise=GONE),
    "meetings": Url(YEAR),
    "meeting": Url(("year", "meeting")),
    "meeting_export": Url(("year", "meeting", "csv")),
    "meeting_edit": Url(("year", "meeting"), ("coordinator",)),
    # Refused in words, since there are instructions, and led back.
    "meeting_delete": Url(("year", "meeting"), ("coordinator",), "post"),
    "directive": Url(("year", "directive"), ("coordinator",)),
    "directive_step": Url(
        ("year", "directive", "void"), ("coordinator",), "post", data=(("because", "重複"),)
    ),
    "action_timeline": Url((115, "115-01")),
    "question_new": Url((115, "115-01"), ("hao", "mei", "head", "coordinator")),
    "question": Url(("year", "question")),
    # Who answers is in tests/items/views/test_questions.py: here "answer" is the key of a row.
    "question_step": Url(("year", "question", "settle"), ("coordinator",), "post"),
    "directive_answer": Url(("year", "answer"), ("mei", "head"), otherwise=GONE),
    "answer_step": Url(("year", "answer", "agree"), ("coordinator",), "post"),
    "control_requests": Url(YEAR),
    "control_requests_export": Url((115, "csv")),
    "control_request": Url(("year", "request")),
    # Without a tick nothing is decided, which the page says to everybody.
    "control_decide": Url(YEAR, method="post", data=(("step", "return"),)),
    "control_form": Url(("year", "request", "odt")),
    "control_attach": Url(("year", "request"), ("mei", "head"), "post"),
    "control_file": Url(("year", "control_file")),
    # Refused in words, since it was attached before the application came back, and led back.
    "control_file_remove": Url(("year", "control_file"), ("mei", "head"), "post"),
    "control_edit": Url(("year", "request"), ("mei", "head")),
    "control_step": Url(
        ("year", "request"),
        ("mei", "head"),
        "post",
        data=(("step", "withdraw"), ("version", 1)),
    ),
    "control_apply": Url(("year", "assignment"), ("mei", "head")),
    "todo": Url(YEAR, ("hao", "mei", "head")),
    "inbox": Url(YEAR, ("head",)),
    "review": Url(YEAR, ("coordinator",)),
    "periods": Url(YEAR, ("coordinator",)),
    "period_layout": Url(YEAR, ("coordinator",), "post"),
    "period_step": Url((115, 4, "close"), ("coordinator",), "post"),
    "letters": Url(YEAR),
    "mails": Url(YEAR, READERS),
    "mail_wish": Url(),
    "calendar_address": Url(),
    "letter": Url(("year", "letter"), ("mei", "head", *READERS), otherwise=GONE),
    "letter_new": Url(("year", "department"), ("coordinator",)),
    "letter_step": Url(
        ("year", "letter", "void"), ("coordinator",), "post", data=(("because", "重複"),)
    ),
    "working_days": Url(YEAR, ("coordinator",)),
    "working_days_step": Url((115, "fill"), ("coordinator",), "post"),
    "years": Url((), ("coordinator", "admin")),
    "year_new": Url((), ("coordinator", "admin")),
    "year_settings": Url(YEAR, ("coordinator", "admin")),
    "year_flags": Url(YEAR, ("coordinator", "admin"), "post"),
    "year_control": Url(YEAR, ("coordinator", "admin"), "post"),
    "year_end": Url(YEAR, ("coordinator",)),
    "year_end_undo": Url(("year", "year_end"), ("coordinator",), "post"),
    "year_end_form": Url(("year", "year_end", "odt"), ("coordinator",)),
    "year_switch": Url((115, "report")),
    "year_step": Url((115, "close"), ("coordinator", "admin"), "post"),
    "record": Url(YEAR, READERS),
    "reported": Url(YEAR, READERS),
    "reported_export": Url((115, "csv"), READERS),
    "record_export": Url((115, "csv"), READERS),
    "dashboard": Url(YEAR),
    "plan": Url(YEAR),
    "plan_export": Url((115, "csv")),
    "action": Url((115, "115-01")),
    "action_edit": Url((115, "115-01"), ("coordinator",)),
    "action_new": Url(YEAR, ("coordinator",)),
    # Refused in words, since something was reported, and led back to the form.
    "action_delete": Url((115, "115-01"), ("coordinator",), "post"),
    "plan_outline": Url(YEAR, ("coordinator",)),
    "part_new": Url((115, "strategy"), ("coordinator",)),
    "part_edit": Url((115, "plan", "plan_key"), ("coordinator",)),
    "part_delete": Url((115, "plan", "plan_key"), ("coordinator",), "post"),
    "action_planned": Url((115, "115-01"), ("coordinator",)),
    "report_form": Url(("year", "assignment", 4), ("mei", "head")),
    "previous_report": Url(("year", "assignment", 4), ("mei", "head")),
    "evidence_take": Url(("year", "assignment", 4), ("mei", "head"), "post"),
    "evidence": Url(("year", "evidence")),
    "evidence_thumbnail": Url(("year", "picture")),
    "report_evidence": Url(("year", "submitted")),
    "year_evidence": Url(YEAR, READERS),
    "official_text": Url((115, "115-01", 4), ("mei", "head", "coordinator")),
    "report": Url(("year", "submitted")),
    "report_step": Url(("year", "submitted", "endorse"), ("head",), "post", data=(("version", 1),)),
    "password_change": Url(),
    "password_change_done": Url(),
    "second_factor": Url(),
    # Without a second factor both lead to the page on which it is set up.
    "second_factor_codes": Url(method="post"),
    "second_factor_remove": Url(method="post"),
    # What a browser is asked, and one's own: without a proof nothing is taken away.
    "passkey_options": Url(method="post"),
    "passkey_add": Url(method="post"),
    "passkey_remove": Url((1,), method="post"),
    "sign_ins": Url(),
    "single_sign_on_unlink": Url(method="post"),
    # Everybody has a page of their own; one notice is nobody else's.
    "notices": Url(),
    "notices_read": Url(method="post"),
    "notice_open": Url(("notice",), ("mei",), "post", otherwise=GONE),
    "sign_ins_end": Url(method="post", data=(("all", 1),)),
    "logout": Url(method="post"),
    "import_upload": Url(YEAR, ("coordinator", "admin")),
    # An upload is the own one or used up: somebody else's reference leads back to the empty form.
    "import_preview": Url(("year", "reference"), ("coordinator", "admin")),
    "import_list": Url(("year", "reference", "errors", "csv"), ("coordinator", "admin")),
    "import_confirm": Url(("year", "reference"), ("coordinator", "admin"), "post"),
    "import_codes": Url(("year", "reference"), ("coordinator", "admin"), "post"),
    "import_departments": Url(("year", "reference"), ("coordinator", "admin"), "post"),
    "batches": Url(YEAR, READERS),
    "batch": Url(("year", "batch"), READERS),
    "batch_undo": Url(("year", "batch"), ("coordinator", "admin"), "post"),
    "batch_file": Url(("year", "batch"), READERS),
    "programme_export": Url((115, "csv")),
    "progress_export": Url((115, 4, "csv")),
    "offline": Url((115, 4), ("hao", "mei", "head")),
    "offline_file": Url((115, 4, "department"), ("mei", "head")),
    "offline_preview": Url(("year", 4, "reference"), ("hao", "mei", "head")),
    "offline_confirm": Url(
        ("year", 4, "reference"), ("hao", "mei", "head"), "post", data=(("intent", "draft"),)
    ),
}

OPEN_TO_ALL = {
    # Its address is the right (test_calendar.py).
    "calendar_file",
    "password_forgotten",
    "password_link",
    "login",
    "login_code",
    "login_passkey_options",
    # Without a provider they do not exist.
    "single_sign_on_begin",
    "single_sign_on_back",
    "single_sign_out",
    "session",
    "healthz",
    "readyz",
    "deadline_reading",
}


def enter(client, role, world):
    """Go on in the session of this role."""
    if role == "disabled":
        User.objects.filter(pk=world["disabled"].pk).update(is_active=False)
    if role != "anonymous":
        client.cookies[settings.SESSION_COOKIE_NAME] = world["sessions"][role]
