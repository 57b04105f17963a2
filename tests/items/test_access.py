"""Every URL × every role: what each may open, and that no URL is missing from the table (trust.md, A1)."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from items.evidence.storage import store
from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import (
    ControlFile,
    ControlKind,
    ControlRequest,
    Deputy,
    Directive,
    DirectiveAnswer,
    Evidence,
    Handover,
    Meeting,
    Notice,
    Question,
    ReminderLetter,
    ReportState,
    Upload,
    YearEndDecision,
)
from plan_tracker import security_log
from tests.hostile import FORMULAS, LONG, MARK, fill_every_text, hostile_link
from tests.items.admin.admin_pages import MODELS, listing, page_of
from tests.items.exchange.official_rows import HEADINGS, row
from tests.items.views import importing
from tests.live_parts import live_in_answer
from tests.making import NOW, TODAY, make_user

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
    "sign_ins": Url(),
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

TABLE_FILE = (
    "實施策略,推動方法,執行計畫,具體推動作法,完成期限,主辦單位,預期效益\n"
    "1. 完備基礎服務項目,建立標準作業流程,滾動檢討作業流程,設置飲水機,115年12月,行政處,便利民眾\n"
).encode()

OPEN_TO_ALL = {
    # Its address is the right (test_calendar.py).
    "calendar_file",
    "password_forgotten",
    "password_link",
    "login",
    "login_code",
    # Without a provider they do not exist.
    "single_sign_on_begin",
    "single_sign_on_back",
    "single_sign_out",
    "session",
    "healthz",
    "readyz",
    "deadline_reading",
}


def names_of(patterns):
    """Every URL name outside the admin, whose own rule is tested below."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


@pytest.fixture
def world(
    programme,
    q4,
    mei,
    hao,
    head,
    coordinator,
    manager,
    auditor,
    admin,
    make_action,
    make_report,
    administration,
):
    """One action of 行政處 with a report that waits for its head, an upload of the coordinator, and a batch."""
    assignment = make_action([administration]).assignments.get()
    submitted = make_report(assignment, q4, mei, percent=89, state=ReportState.WITH_HEAD)
    attached = attach(submitted, mei, "紀錄.pdf")
    picture = attach(submitted, mei, "現場.jpg", thumbnail_name=store(b"small"))
    upload = Upload.objects.create(
        programme=programme,
        by=coordinator,
        at=NOW,
        reference="r" * 43,
        file_name="表.csv",
        content=TABLE_FILE,
        sha256="0" * 64,
    )
    handover = Handover.objects.create(
        at=NOW, by=coordinator, giver=mei, receiver=head, summary="移交 0 項"
    )
    table, _ = table_of(TABLE_FILE, "表.csv", programme)
    batch = confirm(table, programme, Source("表.csv", TABLE_FILE), by=coordinator, at=NOW)
    disabled = make_user("left", "離職員", reporter=administration)
    deputy = Deputy.objects.create(
        person=mei,
        deputy=disabled,
        starts_on=TODAY,
        ends_on=date(2100, 1, 1),
        made_by=mei,
        made_at=NOW,
    )
    meeting = Meeting.objects.create(programme=programme, name="檢討會議", held_on=TODAY)
    directive = Directive.objects.create(meeting=meeting, number=1, text="請加速。")
    answer = DirectiveAnswer.objects.create(directive=directive, department=administration)
    returned = ControlRequest.objects.create(
        assignment=assignment,
        kind="extend",
        state="returned",
        written_by=mei,
        updated_at=NOW,
        submitted_at=NOW,
        since=NOW,
    )
    proof = ControlFile.objects.create(
        request=returned,
        purpose="signed",
        file_name="簽呈.pdf",
        content_kind="pdf",
        size=7,
        sha256="0" * 64,
        received_sha256="0" * 64,
        stored_name=store(b"content"),
        added_by=mei,
        added_at=NOW,
        sent_at=NOW,
    )
    question = Question.objects.create(
        action=assignment.action,
        to_department=administration,
        text="何時驗收？",
        asked_by=coordinator,
        asked_at=NOW,
    )
    notice = Notice.objects.create(
        person=mei, kind="deputy", event="deputy_named", about="deputy", about_id=deputy.pk, at=NOW
    )
    return {
        "notice": notice.pk,
        "letter": send_letter(programme, administration, coordinator).pk,
        "question": question.pk,
        "meeting": meeting.pk,
        "directive": directive.pk,
        "answer": answer.pk,
        "year": 115,
        "assignment": assignment.pk,
        "submitted": submitted.pk,
        "evidence": attached.pk,
        "picture": picture.pk,
        "plan_key": assignment.action.plan_id,
        "reference": upload.reference,
        "batch": batch.pk,
        "handover": handover.pk,
        "deputy": deputy.pk,
        "request": returned.pk,
        "control_file": proof.pk,
        "year_end": YearEndDecision.objects.create(
            programme=programme, status="released", decided_at=NOW, decided_by=coordinator
        ).pk,
        "membership": mei.memberships.get().pk,
        "department": administration.pk,
        "disabled": disabled,
        "people": {
            "hao": hao,
            "mei": mei,
            "head": head,
            "coordinator": coordinator,
            "manager": manager,
        }
        | {"auditor": auditor, "admin": admin},
    }


def send_letter(programme, department, by):
    """稽催單 to the department."""
    return ReminderLetter.objects.create(
        programme=programme,
        number=1,
        department=department,
        department_name="行政處",
        dated_on=TODAY,
        answer_until=TODAY,
        content={"organisation": "分公司", "programme": "計畫", "issued_by": "顏", "items": []},
        issued_at=NOW,
        issued_by=by,
    )


def attach(report, by, name, **fields):
    """A file that is attached to a report in whatever state."""
    return Evidence.objects.create(
        report=report,
        kind="file",
        content_kind=name.rsplit(".", maxsplit=1)[1],
        file_name=name,
        sha256="0" * 64,
        received_sha256=name,
        stored_name=store(b"content"),
        added_by=by,
        added_at=NOW,
        **fields,
    )


def enter(client, role, world):
    if role == "disabled":
        client.force_login(world["disabled"])
        world["disabled"].is_active = False
        world["disabled"].save()
    elif role != "anonymous":
        client.force_login(world["people"][role])


def outcome(response):
    if response.status_code == 302 and response.url.startswith("/login/"):
        return LOGIN
    return OK if response.status_code in (200, 204, 302) else response.status_code


def read_through(response):
    """To its end, where it is a file: until then the file stays open."""
    if response.streaming:
        for _ in response.streaming_content:
            pass


def test_no_url_is_missing_from_the_table():
    assert set(names_of(get_resolver().url_patterns)) - OPEN_TO_ALL == set(TABLE)


@pytest.fixture
def newest_event(settings, tmp_path):
    """newest_event() → what the security log was told last; empty where that was asked for already."""
    settings.SECURITY_LOG_DIR = tmp_path
    asked = []

    def newest():
        for day in security_log.days_kept():
            raw = next(security_log.raw_lines(day))
            if raw not in asked:
                asked.append(raw)
                return security_log.read_line(raw).event
        return ""

    return newest


@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_the_table_says(world, name, newest_event):
    """One world for all roles: what a role does on the page is taken back before the next one comes.

    Whoever is refused, and whatever file leaves, stands in the security log.
    """
    url = TABLE[name]
    address = reverse(name, args=[world.get(part, part) for part in url.args])
    answers = {}
    expected = {}
    leaves_as_file = False
    for role in ROLES:
        with transaction.atomic():
            client = Client()
            enter(client, role, world)
            response = getattr(client, url.method)(address, dict(url.data))
            answers[role] = outcome(response)
            read_through(response)
            is_file = response.get("Content-Disposition", "").startswith("attachment")
            if response.status_code == NO and role in SIGNED_IN:
                assert newest_event() == "refusal"
            elif is_file:
                assert newest_event() in ("export", "download")
                leaves_as_file = True
            else:
                assert newest_event() not in ("export", "download", "refusal")
            transaction.set_rollback(True)
        expected[role] = expected_outcome(name, role)
    assert answers == expected
    assert leaves_as_file or "export" not in name


def expected_outcome(name, role):
    url = TABLE[name]
    if role in ("anonymous", "disabled") or name == "logout":
        return LOGIN
    if role in url.allowed:
        return OK
    return url.otherwise


def admin_addresses():
    """Every address of the admin that takes no argument or one object's key."""
    for pattern in get_resolver().url_patterns:
        if not (isinstance(pattern, URLResolver) and pattern.namespace == "admin"):
            continue
        for name, variants in pattern.reverse_dict.items():
            if not isinstance(name, str):
                continue
            parameters = variants[0][0][1]
            if parameters in ([], ["object_id"]):
                yield name, [1] * len(parameters)


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_admin_is_closed_to_everyone_but_the_admin(client, world, role):
    enter(client, role, world)
    open_to_all = {"login", "logout", "jsi18n"}
    addresses = [(name, args) for name, args in admin_addresses() if name not in open_to_all]
    assert len(addresses) > 20
    for name, args in addresses:
        response = client.get(reverse(f"admin:{name}", args=args))
        assert response.status_code in (302, 403, 404), name
        assert response.status_code != 302 or "login" in response.url, name


@pytest.mark.one_engine
def test_a_draft_is_a_404_for_another_department_and_the_own_head_reads_it(
    client, world, make_action, make_report, q4, mei, administration
):
    draft = make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        text="只有行政處",
        state=ReportState.DRAFT,
    )
    address = reverse("report", args=[115, draft.pk])
    for role, status in [
        ("hao", 404),
        ("coordinator", 404),
        ("auditor", 404),
        ("admin", 404),
        ("mei", 200),
        ("head", 200),
    ]:
        client.force_login(world["people"][role])
        assert client.get(address).status_code == status, role


def test_a_word_in_a_foreign_draft_appears_in_no_answer(
    client, world, make_action, make_report, q4, mei, administration
):
    make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        text="暗號麒麟",
        state=ReportState.DRAFT,
    )
    for role in ("hao", "coordinator", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        for name, url in TABLE.items():
            if url.method != "get":
                continue
            address = reverse(name, args=[world.get(part, part) for part in url.args])
            response = client.get(address, {"q": "麒麟"} if name in ("plan", "plan_export") else {})
            content = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
            words = (
                content.decode("utf-8-sig", errors="ignore")
                .replace('value="麒麟"', "")
                .replace("「麒麟」", "")
            )
            assert "暗號" not in words, (role, name)
            if name == "plan_export":
                assert "麒麟" not in words


def test_evidence_of_a_draft_is_its_departments_business(
    client, world, make_action, make_report, q4, mei, administration
):
    """Neither the file nor its name reaches anybody else, not even when it was taken away."""
    draft = make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        state=ReportState.DRAFT,
    )
    picture = attach(draft, mei, "懲處案.jpg", thumbnail_name=store(b"small"))
    pages = {
        "evidence": [115, picture.pk],
        "evidence_thumbnail": [115, picture.pk],
        "report_evidence": [115, draft.pk],
    }
    for role in ("hao", "coordinator", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        for name, args in pages.items():
            assert client.get(reverse(name, args=args)).status_code == 404, (role, name)
    for role in ("mei", "head"):
        client.force_login(world["people"][role])
        for name, args in pages.items():
            response = client.get(reverse(name, args=args))
            assert response.status_code == 200, (role, name)
            read_through(response)
    Evidence.objects.filter(pk=picture.pk).update(removed_at=NOW, removed_by=mei)
    assert client.get(reverse("evidence", args=[115, picture.pk])).status_code == 404


@pytest.mark.one_engine
def test_answers_are_taken_back_by_their_own_department_alone(client, world):
    address = reverse("answer_step", args=[115, world["answer"], "take_back"])
    for role, status in {"hao": 404, "coordinator": 404, "manager": 404, "mei": 302}.items():
        client.force_login(world["people"][role])
        assert client.post(address).status_code == status, role


@pytest.mark.one_engine
@pytest.mark.parametrize("page", ["meetings", "meeting"])
def test_meetings_and_instructions_are_written_by_the_plan_office_alone(client, world, page):
    address = reverse(page, args=[115] if page == "meetings" else [115, world["meeting"]])
    for role in ("hao", "mei", "head", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        assert client.post(address).status_code == 403, role
    client.force_login(world["people"]["coordinator"])
    assert client.post(address).status_code == 200


def test_a_role_taken_away_counts_from_the_next_request(client, coordinator, programme):
    client.force_login(coordinator)
    assert client.get(reverse("review", args=[115])).status_code == 200
    coordinator.role = ""
    coordinator.save()
    assert client.get(reverse("review", args=[115])).status_code == 403


@pytest.mark.one_engine
def test_every_post_needs_its_token(world):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world["people"]["head"])
    address = reverse("report_step", args=[115, world["submitted"], "endorse"])
    assert strict.post(address, {"version": 1}).status_code == 403


@pytest.mark.one_engine
def test_extra_posted_fields_change_nothing(client, world, hao):
    client.force_login(world["people"]["mei"])
    address = reverse("report_form", args=[115, world["assignment"], 4])
    from items.models import ProgressReport

    ProgressReport.objects.update(state=ReportState.DRAFT)
    client.post(
        address,
        {
            "version": 1,
            "text": "新的文字",
            "percent": 90,
            "work_status": "in_progress",
            "intent": "draft",
        }
        | {"state": "accepted", "assignment": 999, "written_by": hao.pk, "period": 1},
    )
    report = ProgressReport.objects.get()
    assert (report.text, report.state, report.written_by) == (
        "新的文字",
        ReportState.DRAFT,
        world["people"]["mei"],
    )


FORMATS = {"csv": ("csv", "xlsx", "ods"), "odt": ("odt", "docx", "pdf")}


def addresses_with_texts(role, world):
    """What this role reads by the table; a file by one role, in every format."""
    for name, url in TABLE.items():
        if url.method != "get" or role not in url.allowed or name == "logout":
            continue
        args = [world.get(part, part) for part in url.args]
        formats = ()
        if url.args:
            formats = FORMATS.get(url.args[-1], ())
        if not formats:
            yield reverse(name, args=args)
        elif role == opener_of_file(url):
            for one_format in formats:
                yield reverse(name, args=[*args[:-1], one_format])
    if role == "admin":
        yield from back_office_pages()


def opener_of_file(url):
    """The plan office, whose files have everything; else whoever has them."""
    if "coordinator" in url.allowed:
        return "coordinator"
    return url.allowed[-1]


def back_office_pages():
    """The list of each model, and its newest row."""
    for model in MODELS:
        yield listing(model)
        newest = apps.get_model("items", model).objects.order_by("-pk").first()
        if newest is not None:
            yield page_of(newest)


NOT_SHOWN = {
    "directive.outcome_because",  # this one is still open
    "importbatch.changes",  # what undoing compares with
    "programme.reopened_because",  # this year was never closed
    "upload.file_name",  # said again by who uploads: test_hostile_texts_stay_texts_where_they_come_in
    "upload.sheet",
}
"""Texts of this world that no page has a reason to show."""


@pytest.mark.one_engine
def test_hostile_texts_are_texts_on_every_page_and_in_every_file(world):
    """Markup, ways out of attributes, templates, formulas and signs that turn the line."""
    Evidence.objects.create(
        report_id=world["submitted"],
        kind="link",
        address=hostile_link(99),
        added_by=world["people"]["mei"],
        added_at=NOW,
    )
    marks = fill_every_text()
    marks["99"] = "evidence.address"
    wrong = []
    read = set()
    for role in SIGNED_IN:
        client = Client()
        enter(client, role, world)
        for address in addresses_with_texts(role, world):
            response = client.get(address)
            content = b"".join(response)
            if response.status_code not in (200, 302):
                wrong.append((role, address, response.status_code))
            read |= set(MARK.findall(content.decode(errors="ignore")))
            for live in live_in_answer(response.headers, content):
                wrong.append((role, address, live))
    # An application for other wording says other texts than one for another day.
    adjustment = {"kind": ControlKind.ADJUST, "state": "with_coordinator"}
    ControlRequest.objects.update(**adjustment)
    answer = client.get(reverse("control_request", args=[115, world["request"]]))
    read |= set(MARK.findall(answer.content.decode()))
    wrong += live_in_answer(answer.headers, answer.content)
    assert wrong == []
    unread = {name for mark, name in marks.items() if mark not in read}
    assert unread == NOT_SHOWN


@pytest.mark.one_engine
def test_hostile_texts_stay_texts_where_they_come_in(world):
    """By a plan's file, with its preview and its list of errors, and by a form that refuses them."""
    coordinator = Client()
    enter(coordinator, "coordinator", world)
    lines = [HEADINGS]
    for beginning in FORMULAS:
        text = f"{beginning}{LONG}"
        lines.append(row(text, 預期效益=text))
        lines.append(row(f"{text}乙", 主辦單位=text))
    address, preview = importing.preview(coordinator, lines, f"{LONG.replace('/', '')}.csv")
    answers = [preview, coordinator.get(f"{address}errors.csv")]
    answers.append(coordinator.get(f"{address}errors.xlsx"))
    answers.append(importing.confirm(coordinator, address))
    mei = Client()
    enter(mei, "mei", world)
    words = dict.fromkeys(("text", "delay_reason", "remedy", "coordination", "percent"), text)
    form = reverse("report_form", args=[115, world["assignment"], 4])
    answers.append(mei.post(form, words | {"version": 1, "intent": "submit"}, follow=True))
    answers.append(mei.get(reverse("plan", args=[115]), {"q": text}))
    for answer in answers:
        assert answer.status_code < 500
        assert live_in_answer(answer.headers, b"".join(answer)) == []
