"""催辦郵件 on screen: the rules, what was sent to whom, and the own wish."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from items.models import Change, MailWish, ReminderMail, ReminderSettings
from tests.making import NOW

RULES = {
    "is_on": "on",
    "days_before": "14、3",
    "days_after": "2",
    "quiet_days": "7",
    "head_from": "2",
    "manager_from": "0",
}


def read(response):
    return " ".join(strip_tags(response.content.decode()).split())


def test_the_plan_office_sets_the_rules_of_a_year(sign_in, coordinator, programme):
    client = sign_in(coordinator)
    assert "還沒有寄過。" in read(client.get("/115/mails/"))
    words = read(client.post("/115/mails/", RULES, follow=True))
    assert "已儲存：期限前幾天、逾期後幾天、同一人最少相隔幾天、只在上班日寄、第幾次" in words
    rules = ReminderSettings.objects.get()
    assert (rules.before, rules.after, rules.working_days_only) == ([14, 3], [2], False)
    assert Change.objects.filter(model="remindersettings", programme=programme).exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("days_before", "七天", "「七天」不是 1 到 90 的天數；請寫成「30、7、1」。"),
        ("days_after", "1、91", "「91」不是 1 到 90 的天數"),
        ("quiet_days", "4", "請填 5 到 90 的整數。"),
        ("head_from", "-1", "請填 0 到 90 的整數。"),
        ("manager_from", "", "請填 0 到 90 的整數。"),
    ],
)
def test_a_rule_that_cannot_be_is_said(sign_in, coordinator, programme, field, typed, sentence):
    page = sign_in(coordinator).post("/115/mails/", RULES | {field: typed})
    assert sentence in read(page)
    assert not ReminderSettings.objects.exists()


def test_whoever_only_reads_sees_what_was_sent_and_no_form(
    sign_in, auditor, mei, programme, settings
):
    ReminderMail.objects.create(
        person=mei,
        on=date(2026, 11, 20),
        address="mei@example.org",
        subject="【計畫管考催辦】待填 3 件，逾期 1 件",
        body="<b>115-01</b>\n內容",
        to_report=3,
        overdue=1,
        state="refused",
        claimed_at=NOW,
        finished_at=NOW,
        server_words="550 No such user",
    )
    mei.email = "mei@example.org"
    mei.save()
    client = sign_in(auditor)
    page = client.get("/115/mails/")
    assert "115年11月22日 10:00 王美玲 mei@example.org 待填 3 件，逾期 1 件 退回" in read(page)
    assert "mei@example.org 在 115年11月20日被郵件伺服器退回（550 No such user）" in read(page)
    assert "&lt;b&gt;115-01&lt;/b&gt;" in page.content.decode()
    assert "寄送規則" not in page.content.decode()
    assert client.post("/115/mails/", RULES).status_code == 403


def test_each_person_sets_how_few_mails_they_get(sign_in, mei, programme):
    client = sign_in(mei)
    page = read(client.get("/account/mail/"))
    assert "您的帳號沒有電子郵件地址，收不到催辦郵件" in page
    assert "已儲存：催辦郵件。" in read(
        client.post("/account/mail/", {"level": "overdue"}, follow=True)
    )
    assert MailWish.objects.get(person=mei).level == "overdue"
    assert "沒有這個選項" in read(client.post("/account/mail/", {"level": "none"}))
    assert MailWish.objects.get(person=mei).level == "overdue"
