"""manage.py send_reminders against a real mail server: nobody gets two, nobody is lost in silence."""

import io
import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dev_tools.terminal import ROOT
from items.models import (
    Assignment,
    Deputy,
    Directive,
    MailWish,
    Meeting,
    Programme,
    RemindedItem,
    ReminderMail,
    ReminderSettings,
    ReportState,
    User,
)
from items.workflow import directive_answers, directives, reminder_mail
from items.workflow.directives import DirectiveContent
from tests.items.management.mail_server import MailServer
from tests.making import NOW, make_user

DAY_BEFORE_DUE = date(2026, 11, 30)
"""A Monday; 填報期限 is 115年12月1日."""


@pytest.fixture(scope="module")
def mail_server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(mail_server, settings):
    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail_server.port
    settings.SITE_ADDRESS = "https://plan.example.org"
    mail_server.mailbox.__init__()
    return mail_server.mailbox


@pytest.fixture
def office(make_action, administration, mei, head, q4):
    """行政處 owes two reports, of which one is 美's; both have addresses."""
    for person in (mei, head):
        person.email = f"{person.username}@example.org"
        person.save()
    for _ in range(2):
        make_action([administration], title="設置民眾\n休憩區")
    # After the first quarters were closed: nothing is owed for these.
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    Assignment.objects.filter(action__code="115-01").update(contact=mei)
    return q4


@pytest.fixture
def send(settings):
    def send_on(day, *arguments):
        settings.DEMONSTRATION_DATE = day
        out = io.StringIO()
        call_command("send_reminders", *arguments, stdout=out)
        return out.getvalue()

    return send_on


def test_one_message_a_person_says_what_is_missing_and_where(office, send, mailbox, mei):
    words = send(DAY_BEFORE_DUE)
    assert "王美玲 <mei@example.org>：待填 2 件（已寄）" in words
    [message] = mailbox.messages
    assert message["To"] == "mei@example.org"
    assert mailbox.subjects == ["【計畫管考催辦】待填 2 件"]
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("王美玲您好：\n")
    line = "・115-01 設置民眾 休憩區（行政處）：115年第4季尚未填報，115年11月16日起；"
    assert f"{line}期限 115年12月1日（剩 1 天）\n" in text
    assert "請到 https://plan.example.org/115/todo/\n" in text
    assert "https://plan.example.org/account/mail/" in text
    [mail] = ReminderMail.objects.all()
    assert (mail.state, mail.to_report, mail.overdue, mail.on) == ("sent", 2, 0, DAY_BEFORE_DUE)
    assert RemindedItem.objects.filter(mail=mail, kind="to_report").count() == 2


def test_a_second_run_sends_nothing_and_five_days_lie_between_two(office, send, mailbox):
    send(DAY_BEFORE_DUE)
    send(DAY_BEFORE_DUE)
    # The first day after the due day would be one of the settings; it is made up for later.
    for day in (2, 4):
        send(date(2026, 12, day))
    assert len(mailbox.messages) == 1
    send(date(2026, 12, 7))
    assert mailbox.subjects[1] == "【計畫管考催辦】待填 2 件，逾期 2 件"


def test_nothing_is_sent_on_a_holiday_and_it_is_made_up_for(office, send, mailbox):
    # A Sunday, seven days before.
    assert "115年11月29日放假（星期日）" in send(date(2026, 11, 29))
    assert not mailbox.messages
    send(DAY_BEFORE_DUE)
    assert len(mailbox.messages) == 1


def test_what_was_sent_is_not_reminded_of(office, send, mailbox, make_report, mei):
    for share in Assignment.objects.all():
        make_report(share, office, mei, state=ReportState.WITH_COORDINATOR)
    send(DAY_BEFORE_DUE)
    assert not mailbox.messages


def test_a_head_is_reminded_of_what_waits_and_the_writer_is_not(
    office, send, mailbox, make_report, mei
):
    for share in Assignment.objects.all():
        make_report(share, office, mei, state=ReportState.WITH_HEAD)
    send(DAY_BEFORE_DUE)
    assert mailbox.receivers == ["head@example.org"]
    assert mailbox.subjects == ["【計畫管考催辦】待核可 2 件"]


def test_a_trial_writes_and_sends_nothing(office, send, mailbox):
    words = send(DAY_BEFORE_DUE, "--dry-run", "--texts")
    assert "王美玲 <mei@example.org>：【計畫管考催辦】待填 2 件" in words
    assert "會寄 1 封，沒有寄出，也沒有寫入任何資料" in words
    assert not ReminderMail.objects.exists()
    assert not mailbox.messages


def test_without_a_mail_server_it_says_so_and_writes_nothing(office, send, settings):
    settings.HAS_MAIL = False
    assert "沒有設定郵件伺服器（EMAIL_URL），1 封都沒有寄出" in send(DAY_BEFORE_DUE)
    assert not ReminderMail.objects.exists()


def test_a_year_that_is_switched_off_sends_nothing(office, send, mailbox, programme):
    ReminderSettings.objects.create(programme=programme, is_on=False)
    assert "115 年度設定為不寄催辦郵件" in send(DAY_BEFORE_DUE)
    assert not mailbox.messages


def test_a_refused_address_is_kept_and_tried_again_only_when_it_is_another(
    office, send, mailbox, mei
):
    mailbox.refused = {"mei@example.org": "550 No such user"}
    assert "郵件伺服器不收這個地址）550 No such user".replace("）", "） ") in send(DAY_BEFORE_DUE)
    assert ReminderMail.objects.get().state == "refused"
    assert "地址曾被郵件伺服器退回、還沒有更正，沒有寄：王美玲" in send(date(2026, 12, 7))
    User.objects.filter(pk=mei.pk).update(email="wang@example.org")
    send(date(2026, 12, 7))
    assert mailbox.receivers == ["wang@example.org"]


def test_what_the_server_does_not_take_for_now_is_sent_by_the_next_run(office, send, mailbox):
    mailbox.refused = {"mei@example.org": "451 Try again later"}
    assert "沒有寄成，下次再寄" in send(DAY_BEFORE_DUE)
    mailbox.refused = {}
    send(DAY_BEFORE_DUE)
    assert mailbox.receivers == ["mei@example.org"]
    assert ReminderMail.objects.get().state == "sent"


def test_a_server_that_is_away_leaves_nothing_claimed(office, send, settings, mailbox):
    settings.EMAIL_PORT = 1
    with pytest.raises(CommandError, match="連不上郵件伺服器，其餘的下次再寄"):
        send(DAY_BEFORE_DUE)
    assert not ReminderMail.objects.exists()


def test_an_address_with_a_line_break_sends_no_header_of_its_own(office, send, mailbox, mei):
    User.objects.filter(pk=mei.pk).update(email="a@example.org\nBcc: all@example.org")
    assert "郵件伺服器不收這個地址" in send(DAY_BEFORE_DUE)
    assert not mailbox.messages


def test_who_has_no_address_is_named_and_who_has_left_gets_none(office, send, mailbox, mei):
    User.objects.filter(pk=mei.pk).update(email="")
    assert "沒有電子郵件地址，沒有寄：王美玲" in send(DAY_BEFORE_DUE)
    User.objects.filter(pk=mei.pk).update(email="mei@example.org", is_active=False)
    send(DAY_BEFORE_DUE)
    assert "mei@example.org" not in mailbox.receivers


def test_a_deputy_is_reminded_too_while_standing_in(
    office, send, mailbox, mei, information, coordinator
):
    deputy = make_user("wen", "溫代理", reporter=information)
    deputy.email = "wen@example.org"
    deputy.save()
    days = {"starts_on": DAY_BEFORE_DUE, "ends_on": DAY_BEFORE_DUE}
    Deputy.objects.create(person=mei, deputy=deputy, made_by=mei, made_at=NOW, **days)
    send(DAY_BEFORE_DUE)
    assert mailbox.receivers == ["mei@example.org", "wen@example.org"]
    assert "其中也有您現在代理的王美玲的事項。" in mailbox.messages[1].get_content()


def test_each_person_lowers_their_mails_but_not_what_is_overdue(office, send, mailbox, mei):
    MailWish.objects.create(person=mei, level="overdue")
    send(DAY_BEFORE_DUE)
    assert not mailbox.messages
    send(date(2026, 12, 2))
    assert mailbox.receivers == ["mei@example.org"]


def test_the_third_time_the_head_hears_of_it_and_the_fifth_time_the_top(
    office, send, mailbox, manager, programme
):
    manager.email = "top@example.org"
    manager.save()
    ReminderSettings.objects.create(programme=programme, days_after="1、7、14、21、28、35")
    received = []
    for week in range(5):
        mailbox.messages = []
        send(DAY_BEFORE_DUE + timedelta(days=7 * week + 1))
        received.append(mailbox.receivers)
    assert received == [
        ["mei@example.org"],
        ["mei@example.org"],
        ["head@example.org", "mei@example.org"],
        ["head@example.org", "mei@example.org"],
        ["head@example.org", "top@example.org", "mei@example.org"],
    ]
    assert mailbox.subjects[1] == "【計畫管考催辦】單位多次催辦未完成 2 件"


@pytest.fixture
def instruction(programme, administration, coordinator):
    """Two of one meeting for 行政處: one is due the day after, one has no day."""
    meeting = Meeting(programme=programme, name="檢討會議", held_on=date(2026, 11, 16))
    directives.save_meeting(meeting, by=coordinator, at=NOW)
    made = []
    for text, due_on in (("請補\n無障礙坡道", date(2026, 12, 1)), ("研議收費", None)):
        content = DirectiveContent(text=text, departments=[administration], due_on=due_on)
        made.append(directives.give(meeting, content, by=coordinator, at=NOW))
    return made[0]


def test_an_instruction_is_reminded_of_in_the_same_message(office, send, mailbox, instruction):
    send(DAY_BEFORE_DUE)
    assert mailbox.subjects == ["【計畫管考催辦】待填 2 件，待辦裁示 2 件"]
    text = mailbox.messages[0].get_content().replace("\r\n", "\n")
    assert "待辦裁示 2 件：\n" in text
    line = "・檢討會議第1案 請補 無障礙坡道（行政處）：主席裁示尚未辦結，115年11月16日起；"
    assert f"{line}期限 115年12月1日（剩 1 天）\n" in text
    assert (
        "・檢討會議第2案 研議收費（行政處）：主席裁示尚未辦結，115年11月16日起；未定期限\n" in text
    )
    reminded = RemindedItem.objects.filter(kind="to_answer")
    assert [row.answer.directive_id for row in reminded][:1] == [instruction.pk]
    assert ReminderMail.objects.get().to_answer == 2


def test_an_instruction_alone_is_reminded_of_until_its_department_asks_for_release(
    send, mailbox, instruction, programme, mei, head
):
    User.objects.filter(pk__in=[mei.pk, head.pk]).update(email="office@example.org")
    Directive.objects.exclude(pk=instruction.pk).delete()
    # It outlives its year: the next one runs, this one is closed.
    running = Programme(year=116, title="116年度", starts_on=date(2027, 1, 1))
    running.ends_on, running.state = date(2027, 12, 31), "running"
    running.save()
    Programme.objects.filter(pk=programme.pk).update(state="closed")
    send(DAY_BEFORE_DUE)
    assert mailbox.subjects == ["【計畫管考催辦】待辦裁示 1 件"]
    assert "https://plan.example.org/115/todo/" in mailbox.messages[0].get_content()
    answer = instruction.answers.select_related("directive__meeting", "department").get()
    directive_answers.write(answer, "已完工", seen_at=None, asks=True, by=mei, at=NOW)
    send(date(2026, 12, 7))
    assert len(mailbox.messages) == 1


def test_the_head_hears_of_an_instruction_that_was_reminded_of_often(
    send, mailbox, instruction, programme, mei, head
):
    for person in (mei, head):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    ReminderSettings.objects.create(programme=programme, days_after="1、7", head_from=2)
    send(date(2026, 12, 2))
    send(date(2026, 12, 8))
    assert mailbox.receivers == ["mei@example.org", "head@example.org", "mei@example.org"]
    assert mailbox.subjects[1] == "【計畫管考催辦】單位多次催辦未完成 2 件"


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_sends(office, send, mailbox):
    def run():
        try:
            send(DAY_BEFORE_DUE)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mailbox.receivers == ["mei@example.org"]


def database_address():
    """The database of the test, as a process of its own reaches it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{values['NAME']}"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step", "arrived"), [("DATA", 1), ("RCPT", 0)])
def test_a_run_that_is_killed_in_the_middle_sends_nobody_two_and_loses_nobody(
    office, send, mailbox, mail_server, settings, tmp_path, sign_in, coordinator, step, arrived
):
    """A process of its own, killed by the mail server while it waits for its reply."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_address(),
        "DEMONSTRATION": "1",
        "DEMONSTRATION_DATE": DAY_BEFORE_DUE.isoformat(),
        "SECRET_KEY": "for tests only: anybody may know it, nothing is signed with it that lasts",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "PYTHONUTF8": "1",
    }
    mailbox.kill_on = step
    command = [sys.executable, "manage.py", "send_reminders"]
    mailbox.child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = mailbox.child.communicate(timeout=300)
    assert mailbox.child.returncode == -9, output.decode()
    assert len(mailbox.messages) == arrived
    mailbox.kill_on = ""
    send(DAY_BEFORE_DUE)
    assert len(mailbox.messages) == arrived
    # It is listed as unclear, and after the days between two messages the person is reminded.
    assert ReminderMail.objects.get().state == "claimed"
    settings.DEMONSTRATION_DATE = date(2026, 12, 2)
    page = sign_in(coordinator).get("/115/mails/").content.decode()
    assert "<b>不確定是否寄出</b>" in page
    send(date(2026, 12, 7))
    assert len(mailbox.messages) == arrived + 1


def test_a_claim_is_refused_while_another_one_is_fresh_also_past_midnight(office, mei):
    content = reminder_mail.MailContent(
        subject="s",
        body="b",
        to_report=1,
        to_endorse=0,
        to_answer=0,
        overdue=0,
        escalated=0,
        items=[],
    )
    first = reminder_mail.claim(mei, content, today=DAY_BEFORE_DUE, quiet_days=5, at=NOW)
    assert first is not None
    for days, expected in ((0, None), (1, None), (4, None)):
        day = DAY_BEFORE_DUE + timedelta(days=days)
        assert reminder_mail.claim(mei, content, today=day, quiet_days=5, at=NOW) is expected
    later = DAY_BEFORE_DUE + timedelta(days=5)
    assert reminder_mail.claim(mei, content, today=later, quiet_days=5, at=NOW) is not None
