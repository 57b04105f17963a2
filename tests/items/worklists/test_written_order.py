"""A clock that is set back changes nothing about what came first."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from items import access
from items.models import Change, ControlRequest, ReportState
from items.models.earlier_deadlines import earlier_deadlines
from items.workflow import (
    Refusal,
    WorkflowError,
    history,
    periods,
    questions,
    report_writing,
    reporting,
)
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    return_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.worklists.control import request_page
from items.worklists.period_on_day import periods_on
from items.worklists.record import plan_changes, report_steps
from items.worklists.record_limits import RecordLimits
from items.worklists.report_steps import fetch_steps, reason_of_return, steps_to_read, way_words
from items.worklists.reported import _said_by
from items.worklists.timeline import timeline_keys
from items.worklists.timeline_entries import timeline_entries
from items.worklists.written_order import WrittenPlace, newest_first
from tests.making import NOW, TODAY

CONTENT = {"text": "11月20日完成地坪施工。", "percent": 88, "work_status": "in_progress"}
CONTENT |= {"delay_reason": "", "remedy": ""}


class ClockSetBack:
    """A clock that says an earlier time at every look."""

    def __init__(self):
        self.looks = 0

    @property
    def now(self):
        self.looks += 1
        return NOW - timedelta(minutes=self.looks)


@pytest.fixture
def clock():
    return ClockSetBack()


@pytest.fixture
def report(make_action, administration, head, q4, mei, clock):
    """Sent to the head."""
    assignment = make_action([administration]).assignments.get()
    written = report_writing.write(assignment, q4, CONTENT, version=0, by=mei, at=clock.now)
    return reporting.submit(written, by=mei, at=clock.now, today=TODAY)


def test_what_was_endorsed_at_an_earlier_time_cannot_be_recalled(report, head, mei, clock):
    endorsed = reporting.endorse(report, by=head, at=clock.now)
    with pytest.raises(WorkflowError) as refused:
        reporting.recall(endorsed, by=mei, at=clock.now)
    assert refused.value.reason == Refusal.REPORT_HANDLED_ALREADY


def test_every_step_stands_after_the_one_before_it(
    report, head, mei, coordinator, auditor, programme, q4, clock
):
    report = reporting.recall(report, by=mei, at=clock.now)
    report = reporting.submit(report, by=mei, at=clock.now, today=TODAY)
    report = reporting.send_back(report, words="請補件數。", by=head, at=clock.now)
    fetch_steps([report])
    assert reason_of_return(report) == "請補件數。"
    report = reporting.submit(report, by=mei, at=clock.now, today=TODAY)
    report = reporting.endorse(report, by=head, at=clock.now)
    report = reporting.accept(report, by=coordinator, at=clock.now)

    kinds = ["submit", "recall", "submit", "return", "submit", "endorse", "accept"]
    readable = access.get_report(mei, report.pk)
    assert [step.kind for step in steps_to_read(mei, readable)] == kinds
    assert [step.kind for step in report.steps.all()] == kinds
    assert way_words(list(report.steps.all()), q4).endswith("顏研考備查")
    newest_first = report_steps(auditor, programme, RecordLimits())
    assert [step.kind for step in newest_first] == kinds[::-1]
    said = _said_by(q4, TODAY)[report.assignment_id]
    assert said.step.kind == "accept"
    assert report.state == ReportState.ACCEPTED


def test_changes_stand_in_the_order_in_which_they_were_made(
    report, coordinator, auditor, programme, clock
):
    action = report.assignment.action
    for title in ("第一次", "第二次", "第三次"):
        action.title = title
        history.save(action, by=coordinator, at=clock.now)
    newest_first = plan_changes(auditor, programme, RecordLimits())
    assert [change.fields["title"][1] for change in newest_first] == ["第三次", "第二次", "第一次"]
    assert Change.objects.first().fields["title"][1] == "第三次"


def test_an_application_that_was_endorsed_at_an_earlier_time_keeps_its_order(
    make_action, administration, mei, head, clock
):
    share = make_action([administration]).assignments.get()
    asked = {"kind": "extend", "ground": "不可抗力", "reason": "原因", "late_reason": "颱風"}
    asked |= {"deadline": date(2027, 3, 31), "deadline_text": "116年3月"}
    request = begin(share, asked, by=mei, at=clock.now)
    request = submit_request(request, by=mei, at=clock.now)
    request = return_request(request, words="請補公文。", by=head, at=clock.now)
    request = submit_request(request, by=mei, at=clock.now)
    request = endorse_request(request, by=head, at=clock.now)
    kinds = [step.kind for step in request.steps.all()]
    assert kinds == ["submit", "return", "submit", "endorse"]
    told = Change.objects.filter(model="controlrequest").order_by("id")
    assert [entry.kind for entry in told] == ["created", "changed", "changed", "changed"]
    # Each entry is held against the step before it: sent again, it is with the head again.
    assert told[2].fields["state"] == ["returned", "with_head"]


def test_of_two_extensions_the_one_approved_second_counts_as_the_second(
    make_action, administration, mei, coordinator, programme, clock
):
    share = make_action([administration]).assignments.get()
    numbers = []
    for day, text in ((date(2027, 3, 31), "116年3月"), (date(2027, 6, 30), "116年6月")):
        share.refresh_from_db()
        asked = {"kind": "extend", "ground": "不可抗力", "reason": text, "late_reason": "颱風"}
        asked |= {"deadline": day, "deadline_text": text}
        request = submit_request(begin(share, asked, by=mei, at=clock.now), by=mei, at=clock.now)
        decision = ManagerDecision(on=date(2026, 11, 20), number=text)
        approve_request(request, manager=decision, by=coordinator, at=clock.now)
        numbers.append(request.pk)
    pages = [
        request_page(coordinator, ControlRequest.objects.with_path().get(pk=pk)) for pk in numbers
    ]
    assert [page.number for page in pages] == [1, 2]
    earlier = earlier_deadlines(programme)
    assert [one.words for one in earlier.values()] == ["116年3月"]


def test_a_period_that_was_reopened_at_an_earlier_time_than_it_was_closed_says_so(
    make_action, administration, programme, q4, coordinator, clock
):
    make_action([administration])
    closed = periods.close_period(q4, by=coordinator, at=clock.now)
    opened = periods.reopen_period(closed, because="有誤", by=coordinator, at=clock.now)
    [day] = [one for one in periods_on(programme, TODAY) if one.period == q4]
    assert "再次關閉以前" in day.reopened_words
    periods.close_period(opened, by=coordinator, at=clock.now)
    [day] = [one for one in periods_on(programme, TODAY) if one.period == q4]
    assert (day.closing.number, day.reopened_words) == (2, "")
    assert "再次關閉以前" in day.at_closing("1").reopened_words


def test_the_timeline_of_an_item_stands_in_the_order_in_which_it_was_written(
    report, head, coordinator, auditor, clock
):
    """Of three tables: changes of the plan, steps of the report and of an application, questions."""
    action = report.assignment.action
    action.title = "改名"
    history.save(action, by=coordinator, at=clock.now)
    reporting.endorse(report, by=head, at=clock.now)
    question = questions.ask(action, "？", to=head, by=coordinator, at=clock.now)
    questions.answer(question, "好。", by=head, at=clock.now)
    questions.ask_again(question, "哪天？", by=coordinator, at=clock.now)
    assert [step.kind for step in question.steps.all()] == ["answer", "reopen"]
    keys = timeline_keys(auditor, action)
    headings = [entry.heading for entry in timeline_entries(auditor, action, keys)]
    beginnings = [
        "新增留言往來",
        "新增留言往來",
        "新增留言",
        "行政處",
        "修改具體推動作法",
        "行政處",
    ]
    for heading, beginning in zip(headings, beginnings, strict=True):
        assert heading.startswith(beginning)
    assert "主管同意" in headings[3]


def test_of_entries_from_before_the_chain_each_table_keeps_its_order():
    def at(hour, pk, block=1, made_afterwards=True):
        place = WrittenPlace(NOW.replace(hour=hour), pk, block, made_afterwards)
        return SimpleNamespace(place=place)

    # The second step was written while the clock was back; the entry says the time between both.
    first, second, entry = at(9, 1), at(7, 2), at(8, 5)
    newer = at(1, 3, block=2, made_afterwards=False)
    assert newest_first([[first, newer, second], [entry]]) == [newer, entry, second, first]
