"""The way of a report, and what each step refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from items import access
from items.models import Change, Membership, Period, ProgressReport, ReportState, ReportStep
from items.workflow import Refusal, StaleReport, WorkflowError, periods, report_writing, reporting
from items.workflow.report_planned import held_against
from tests.making import NOW, TODAY

CONTENT = {
    "text": "11月20日完成地坪施工。",
    "percent": 88,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def write(assignment, q4, mei):
    def write(version=0, by=mei, **content):
        return report_writing.write(
            assignment, q4, CONTENT | content, version=version, by=by, at=NOW
        )

    return write


@pytest.fixture
def submitted(write, mei):
    return reporting.submit(write(), by=mei, at=NOW, today=TODAY)


def test_without_a_head_a_report_goes_straight_to_the_coordinator(submitted):
    assert submitted.state == ReportState.WITH_COORDINATOR


def test_with_a_head_it_waits_for_the_head_and_then_for_the_coordinator(
    head, submitted, coordinator
):
    assert submitted.state == ReportState.WITH_HEAD
    endorsed = reporting.endorse(submitted, by=head, at=NOW)
    assert endorsed.state == ReportState.WITH_COORDINATOR
    assert reporting.accept(endorsed, by=coordinator, at=NOW).state == ReportState.ACCEPTED
    assert [step.kind for step in submitted.steps.all()] == ["submit", "endorse", "accept"]


def test_the_only_head_does_not_endorse_the_own_report(head, write):
    assert (
        reporting.submit(write(by=head), by=head, at=NOW, today=TODAY).state
        == ReportState.WITH_COORDINATOR
    )


def test_a_head_waits_for_the_other_head(head, write, hao, administration):
    Membership.objects.create(user=hao, department=administration, role="head")
    report = reporting.submit(write(by=head), by=head, at=NOW, today=TODAY)
    assert report.state == ReportState.WITH_HEAD
    with pytest.raises(WorkflowError, match="另一位主管"):
        reporting.endorse(report, by=head, at=NOW)


def test_a_report_keeps_what_was_planned_on_the_day_on_which_it_was_sent(write, mei):
    sent = reporting.submit(write(percent=89), by=mei, at=NOW, today=TODAY)
    assert sent.planned_percent == 89
    assert held_against(sent, date(2026, 12, 28)) == 89


def test_a_report_that_is_sent_late_speaks_up_to_its_due_day(write, mei):
    sent = reporting.submit(write(percent=92), by=mei, at=NOW, today=date(2026, 12, 20))
    # 335 of 365 days: 第4季 is due on 12月1日.
    assert sent.planned_percent == 92


def test_a_report_of_a_past_period_is_held_against_its_last_day(assignment, q3, mei, coordinator):
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW, due_on=date(2026, 11, 30))
    sent = reporting.write_and_submit(
        assignment, q3, CONTENT | {"percent": 75}, version=0, by=mei, at=NOW, today=TODAY
    )
    assert sent.planned_percent == 75


def test_a_report_that_comes_back_is_held_against_the_plan_of_the_day_it_is_sent_again(
    submitted, coordinator, write, mei
):
    returned = reporting.send_back(submitted, by=coordinator, at=NOW, words="請補件數。")
    later = date(2026, 11, 30)
    assert held_against(returned, later) == 92
    draft = write(version=returned.version, percent=90)
    again = reporting.submit(draft, by=mei, at=NOW, today=later)
    assert again.planned_percent == 92
    endorsed = reporting.accept(again, by=coordinator, at=NOW)
    assert endorsed.planned_percent == 92


def test_what_is_not_started_is_not_100_percent(write, mei):
    draft = write(work_status="not_started", percent=100)
    with pytest.raises(WorkflowError, match="不能是「未開始」"):
        reporting.submit(draft, by=mei, at=NOW, today=TODAY)


def test_an_incomplete_report_is_not_submitted(write, mei):
    draft = write(text="")
    with pytest.raises(WorkflowError, match="請寫辦理情形"):
        reporting.submit(draft, by=mei, at=NOW, today=TODAY)
    assert ProgressReport.objects.get().state == ReportState.DRAFT


def test_write_and_submit_leaves_nothing_when_the_submission_fails(assignment, q4, mei):
    with pytest.raises(WorkflowError):
        reporting.write_and_submit(
            assignment, q4, CONTENT | {"text": ""}, version=0, by=mei, at=NOW, today=TODAY
        )
    assert not ProgressReport.objects.exists()


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(write, hao):
    write()
    write(version=1, text="美的文字", by=hao)
    with pytest.raises(StaleReport) as stale:
        write(version=1, text="另一段文字")
    assert stale.value.current.text == "美的文字"
    assert ProgressReport.objects.get().text == "美的文字"


def test_two_first_drafts_make_one_record(write):
    write()
    with pytest.raises(StaleReport):
        write()
    assert ProgressReport.objects.count() == 1


def test_a_submitted_report_cannot_be_written(submitted, write):
    with pytest.raises(StaleReport):
        write(version=submitted.version)


def test_a_double_submission_moves_once(write, mei):
    draft = write()
    reporting.submit(draft, by=mei, at=NOW, today=TODAY)
    with pytest.raises(StaleReport):
        reporting.submit(draft, by=mei, at=NOW, today=TODAY)
    assert ReportStep.objects.count() == 1


@pytest.mark.parametrize("words", ["", "  \n"])
def test_a_return_needs_a_reason(submitted, coordinator, words):
    with pytest.raises(WorkflowError, match="退回原因"):
        reporting.send_back(submitted, by=coordinator, at=NOW, words=words)


def test_a_returned_report_is_written_and_submitted_again(submitted, coordinator, write, mei):
    returned = reporting.send_back(submitted, by=coordinator, at=NOW, words="請補件數。")
    again = reporting.submit(
        write(version=returned.version, text="受理 32 件。"), by=mei, at=NOW, today=TODAY
    )
    assert again.state == ReportState.WITH_COORDINATOR
    assert [step.content["text"] for step in again.steps.all()] == [
        CONTENT["text"],
        CONTENT["text"],
        "受理 32 件。",
    ]


def test_a_report_that_nobody_has_touched_can_be_recalled(submitted, mei):
    assert reporting.recall(submitted, by=mei, at=NOW).state == ReportState.DRAFT


def test_what_was_returned_is_returned_again_when_it_is_recalled(submitted, mei, head):
    returned = reporting.send_back(submitted, by=head, at=NOW, words="請補件數。")
    sent = reporting.submit(returned, by=mei, at=NOW, today=TODAY)
    assert reporting.recall(sent, by=mei, at=NOW).state == ReportState.RETURNED


def test_a_report_that_the_head_has_endorsed_cannot_be_recalled(head, submitted, mei):
    endorsed = reporting.endorse(submitted, by=head, at=NOW)
    with pytest.raises(WorkflowError, match="不能撤回"):
        reporting.recall(endorsed, by=mei, at=NOW)
    # Nor does its page offer what would be refused; sent anew after a return, it does again.
    assert not access.visible_reports(mei).get(pk=endorsed.pk).recallable


def test_what_was_sent_anew_after_an_endorsement_can_be_recalled(head, submitted, mei, coordinator):
    assert access.visible_reports(mei).get(pk=submitted.pk).recallable
    endorsed = reporting.endorse(submitted, by=head, at=NOW)
    returned = reporting.send_back(endorsed, words="請補件數。", by=coordinator, at=NOW)
    reporting.submit(returned, by=mei, at=NOW, today=TODAY)
    assert access.visible_reports(mei).get(pk=submitted.pk).recallable


def test_a_closed_period_freezes_what_was_reported(submitted, q4, coordinator):
    periods.close_period(q4, by=coordinator, at=NOW)
    submitted.refresh_from_db()
    with pytest.raises(WorkflowError, match="已經關閉"):
        reporting.accept(submitted, by=coordinator, at=NOW)


def test_a_period_that_is_not_open_takes_no_report(assignment, q3, mei):
    with pytest.raises(WorkflowError, match="已經關閉"):
        report_writing.write(assignment, q3, CONTENT, version=0, by=mei, at=NOW)


def test_closing_between_reading_and_a_step_is_noticed_and_said(submitted, q4, coordinator):
    stale_copy = ProgressReport.objects.with_path().get(pk=submitted.pk)
    periods.close_period(q4, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="已經關閉"):
        reporting.accept(stale_copy, by=coordinator, at=NOW)


@pytest.mark.parametrize("version", [0, 1])
def test_nothing_is_written_into_a_period_that_was_closed_meanwhile(
    write, assignment, q4, mei, coordinator, version
):
    if version:
        write()
    periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="已經關閉"):
        write(version, text="太晚了。")
    assert not ProgressReport.objects.filter(text="太晚了。").exists()


def test_a_period_is_closed_once_however_many_pages_show_it_open(q4, coordinator):
    stale_copy = Period.objects.get(pk=q4.pk)
    periods.close_period(q4, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="目前不在填報中"):
        periods.close_period(stale_copy, by=coordinator, at=NOW)


def test_a_new_due_date_does_not_open_what_was_closed_meanwhile(q4, coordinator):
    stale_copy = Period.objects.get(pk=q4.pk)
    periods.close_period(q4, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="請重新開放，同時訂新的期限"):
        periods.set_due(stale_copy, date(2026, 12, 5), by=coordinator, at=NOW)
    assert Period.objects.get(pk=q4.pk).is_closed


def test_opening_and_closing_a_period_is_in_the_history(q4, coordinator):
    change = Change.objects.filter(model="period", object_id=q4.pk).first()
    assert change.by == coordinator
    assert change.fields["due_on"] == ["2027-01-07", "2026-12-01"]


def test_history_cannot_be_changed(quarters):
    change = Change.objects.first()
    for attempt in (
        change.save,
        change.delete,
        Change.objects.all().delete,
        lambda: Change.objects.update(label=""),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize(
    "fields",
    [
        {"percent": 101},
        {"text": "字" * 5001},
        {"state": "with_head", "text": ""},
        {"state": "with_head", "work_status": "finished", "percent": 99},
        {"state": "無"},
    ],
)
def test_the_database_refuses_nonsense(assignment, q4, mei, make_report, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_report(assignment, q4, mei, **({"state": "draft"} | fields))


def test_what_a_step_refuses_has_a_reason_that_code_can_ask_for(
    assignment, quarters, mei, coordinator, submitted
):
    who = {"by": coordinator, "at": NOW}
    written = {"version": 0, "by": mei, "at": NOW}
    refused = [
        (lambda: reporting.endorse(submitted, **who), Refusal.REPORT_IN_ANOTHER_STATE),
        (
            lambda: reporting.send_back(submitted, words=" ", **who),
            Refusal.RETURN_WITHOUT_REASON,
        ),
        (
            lambda: report_writing.write(assignment, quarters[0], CONTENT, **written),
            Refusal.PERIOD_CLOSED,
        ),
        (
            lambda: reporting.accept(submitted, version=99, **who),
            Refusal.REPORT_CHANGED,
        ),
    ]
    for step, reason in refused:
        with pytest.raises(WorkflowError) as refusal:
            step()
        assert refusal.value.reason is reason
