"""管制異動: what an approval changes in the plan, and which reports go back for it."""

from datetime import date

import pytest

from items import access
from items.models import (
    Action,
    Assignment,
    Change,
    Notice,
    NoticeEvent,
    ProgressReport,
    ReportStep,
    RequestState,
)
from items.workflow import WorkflowError, departments, reporting
from items.workflow.control_requests import (
    approve_request,
    endorse_request,
    reject_request,
)
from items.workflow.errors import Refusal
from tests.applications import DECISION, EXTENSION, apply_for, refusal
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["with_head", "with_coordinator", "accepted"])
def test_a_report_of_an_open_period_goes_back_and_says_why(
    with_office, shares, q4, mei, hao, coordinator, make_report, state
):
    own = make_report(shares[0], q4, mei, state=state)
    others = make_report(shares[1], q4, hao, state=state)
    returned = approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).returned
    assert [report.pk for report in returned] == [own.pk]
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.state, others.state) == ("returned", state)
    words = own.steps.get().words
    assert "完成期限由 115年12月 展延為 116年3月" in words
    assert "115年11月22日核准，文號 花港企字第115001號" in words


def test_a_draft_and_a_closed_period_keep_their_reports(
    with_office, share, q3, q4, mei, coordinator, make_report
):
    make_report(share, q3, mei)
    make_report(share, q4, mei, state="draft")
    assert approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).returned == []
    assert set(ProgressReport.objects.values_list("state", flat=True)) == {"accepted", "draft"}


def test_new_wording_sends_the_reports_of_all_departments_back(
    shares, q4, mei, hao, coordinator, make_report
):
    for share, writer in zip(shares, (mei, hao), strict=True):
        make_report(share, q4, writer)
    request = apply_for(shares[0], mei, kind="adjust", title="設置兩處民眾休憩區")
    returned = approve_request(request, by=coordinator, at=NOW).returned
    assert len(returned) == 2
    action = Action.objects.get()
    assert action.title == "設置兩處民眾休憩區"
    assert action.expected_benefit == "增進民眾洽公之便利性。"
    request.refresh_from_db()
    assert request.old_title == "設置民眾休憩區"


def test_another_department_is_added_with_the_applicants_deadline(
    make_action, administration, information, mei, coordinator, q4, make_report
):
    share = make_action([administration]).assignments.get()
    make_report(share, q4, mei)
    request = apply_for(share, mei, kind="adjust", added_department=information)
    assert approve_request(request, by=coordinator, at=NOW).returned == []
    added = Assignment.objects.get(department=information)
    assert (added.kind, added.deadline_text) == ("lead", "115年12月")


def test_a_department_that_is_to_be_added_is_not_deleted(
    make_action, q4, mei, administration, information, coordinator
):
    share = make_action([administration]).assignments.get()
    apply_for(share, mei, kind="adjust", added_department=information)
    with pytest.raises(WorkflowError, match="1 件要增列它的管制異動，不能刪除"):
        departments.delete_unused(information, by=coordinator, at=NOW)


@pytest.mark.parametrize(
    ("kind", "decision", "status"),
    [("withdraw", DECISION, "withdrawn"), ("release", None, "released")],
)
def test_the_status_follows_from_an_approval_alone(
    share, q4, mei, coordinator, make_report, kind, decision, status
):
    report = make_report(share, q4, mei)
    request = apply_for(share, mei, kind=kind)
    assert Action.objects.get().control_status == "under_control"
    approve_request(request, manager=decision, by=coordinator, at=NOW)
    assert Action.objects.get().control_status == status
    # What was accepted stays.
    report.refresh_from_db()
    assert report.state == "accepted"


@pytest.mark.parametrize("state", ["with_head", "with_coordinator"])
def test_what_waits_of_a_withdrawn_item_waits_for_nobody(
    shares, q4, mei, hao, coordinator, make_report, state
):
    for share, writer in zip(shares, (mei, hao), strict=True):
        make_report(share, q4, writer, state=state)
    request = apply_for(shares[0], mei, kind="withdraw")
    done = approve_request(request, manager=DECISION, by=coordinator, at=NOW)
    assert (len(done.returned), len(done.stopped)) == (0, 2)
    assert set(ProgressReport.objects.values_list("state", flat=True)) == {"returned"}
    words = ReportStep.objects.order_by("pk").first().words
    assert "115-01 已經撤銷管制（115年11月22日核准，文號 花港企字第115001號）" in words
    assert "不必再審，也不必再送" in words
    told = Notice.objects.filter(event=NoticeEvent.REPORT_STOPPED)
    assert set(told.values_list("person", flat=True)) == {mei.pk, hao.pk}


def test_what_waits_of_a_released_item_is_still_decided_and_not_returned(
    share, q4, mei, head, coordinator, make_report
):
    report = make_report(share, q4, mei, state="with_head")
    endorsed_request = endorse_request(apply_for(share, mei, kind="release"), by=head, at=NOW)
    approve_request(endorsed_request, by=coordinator, at=NOW)
    report = ProgressReport.objects.with_path().get(pk=report.pk)
    assert access.visible_reports(head).get().endorsable
    for user in (head, coordinator):
        assert not access.visible_reports(user).get().returnable
    assert not access.visible_reports(mei).get().recallable
    for step in (reporting.send_back, reporting.recall):
        words = {} if step == reporting.recall else {"words": "請補件數。"}
        error = refusal(step, report, by=head, at=NOW, **words)
        assert error.reason == Refusal.REPORT_NOT_TO_BE_SENT
        assert "115-01 已經是「解除列管」" in str(error)
    endorsed = reporting.endorse(report, by=head, at=NOW)
    assert reporting.accept(endorsed, by=coordinator, at=NOW).state == "accepted"


def test_nothing_else_is_approved_of_an_item_that_is_released(shares, mei, hao, coordinator):
    first = apply_for(shares[0], mei, kind="release")
    second = apply_for(shares[1], hao, **EXTENSION)
    approve_request(first, by=coordinator, at=NOW)
    error = refusal(approve_request, second, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.REQUEST_NOT_POSSIBLE
    assert "解除列管" in str(error)
    rejected = reject_request(second, words="已解除列管。", by=coordinator, at=NOW)
    assert rejected.state == RequestState.REJECTED


def test_an_approval_changes_nothing_where_the_plan_was_changed_meanwhile(
    with_office, share, coordinator
):
    share.action.assignments.filter(pk=share.pk).update(
        deadline=date(2027, 1, 31), deadline_text="116年1月"
    )
    error = refusal(approve_request, with_office, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.ITEM_CHANGED
    assert "完成期限在送出申請以後已經改過" in str(error)
    with_office.refresh_from_db()
    assert (with_office.state, with_office.decided_at) == (RequestState.WITH_COORDINATOR, None)
    assert not Change.objects.filter(model="assignment").exists()
