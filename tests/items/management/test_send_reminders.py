"""manage.py send_reminders against a real mail server: who is told of what, and when."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError

from items.models import (
    Assignment,
    Deputy,
    MailWish,
    RemindedItem,
    ReminderMail,
    ReminderSettings,
    ReportState,
    User,
)
from tests.items.management.reminding import DAY_BEFORE_DUE
from tests.making import NOW, make_user


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
