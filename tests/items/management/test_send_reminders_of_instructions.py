"""manage.py send_reminders: 主席裁示 stand in the same message."""

from datetime import date

import pytest

from items.models import (
    Directive,
    Meeting,
    Programme,
    RemindedItem,
    ReminderMail,
    ReminderSettings,
    User,
)
from items.workflow import directive_answers, directives
from items.workflow.directives import DirectiveContent
from tests.items.management.reminding import DAY_BEFORE_DUE
from tests.making import NOW


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
