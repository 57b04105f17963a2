"""What happens to an item before the verb that a test of its timeline is about: all at NOW."""

from datetime import date

from items.models import (
    Assignment,
    ControlStatus,
    Meeting,
    ProgressReport,
)
from items.workflow import (
    control_requests,
    control_writing,
    directive_answers,
    directives,
    handover,
    letters,
    questions,
    reopening,
    year_end,
)
from items.workflow.control_requests import ManagerDecision
from items.workflow.directives import DirectiveContent
from items.workflow.open_work import fingerprint_of, loads_of
from tests.making import NOW, TODAY


def in_state(o, state):
    """The report of 行政處 in another state, as the steps before would have left it."""
    ProgressReport.objects.filter(pk=o.report.pk).update(state=state)
    return ProgressReport.objects.with_path().get(pk=o.report.pk)


def apply_for(o, at=NOW, **content):
    given = {
        "kind": "extend",
        "ground": "不可抗力",
        "reason": "原因",
        "late_reason": "颱風",
        "deadline": date(2027, 3, 31),
        "deadline_text": "116年3月",
    }
    draft = control_writing.begin(o.own, given | content, by=o.mei, at=NOW)
    return control_requests.submit_request(draft, by=o.mei, at=at)


def with_office(o):
    return control_requests.endorse_request(apply_for(o), by=o.head, at=NOW)


def manager():
    return ManagerDecision(on=TODAY, number="花港企字第1號")


def meeting(o, held_on=date(2026, 10, 20), name="檢討會議"):
    row = Meeting(programme=o.programme, name=name, held_on=held_on)
    return directives.save_meeting(row, by=o.coordinator, at=NOW)


def give(o, at=NOW):
    departments = [o.administration, o.information]
    content = DirectiveContent(text="請加速。", departments=departments, action=o.action)
    return directives.give(meeting(o), content, by=o.coordinator, at=at)


def answer_of(o, *, asks, at=NOW):
    row = give(o).answers.select_related("directive").get(department=o.administration)
    return directive_answers.write(row, "已辦。", seen_at=None, asks=asks, by=o.mei, at=at)


def ask(o, at=NOW):
    return questions.ask(o.action, "？", to=o.administration, by=o.coordinator, at=at)


def answered(o):
    question = ask(o)
    questions.answer(question, "好。", by=o.mei, at=NOW)
    return question


def letter(o, at=NOW):
    item = letters.LetterItem(
        action=o.action.pk, code="115-01", title="設置民眾休憩區", period="115年第4季",
        step="尚未送出", who="王美玲", since="2026-11-16", due="2026-12-01",
    )  # fmt: skip
    wish = letters.LetterWish(items=[item], answer_until=date(2026, 12, 5))
    return letters.issue(o.programme, o.administration, wish, by=o.coordinator, at=at)


def end_year(o, at=NOW):
    items = {o.action.pk: "都已完成"}
    status = ControlStatus.RELEASED
    return year_end.decide_year_end(o.programme, items, status, by=o.coordinator, at=at)


def hand(o, at=NOW):
    Assignment.objects.filter(pk=o.own.pk).update(contact=o.mei)
    wish = handover.HandoverWish(
        giver=o.mei,
        receiver=o.head,
        departments=[handover.DepartmentWish(o.administration.pk)],
        ends_memberships=False,
        fingerprint=fingerprint_of(loads_of(o.mei, [o.administration.pk])),
    )
    return handover.hand_over(wish, reach=[o.administration.pk], by=o.coordinator, at=at)


def reopened(o, at=NOW):
    given = {"because": "漏報", "due_on": date(2026, 12, 5), "by": o.coordinator, "at": at}
    return reopening.open_for(o.q3, [o.own], **given)
