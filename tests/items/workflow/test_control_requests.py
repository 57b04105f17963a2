"""管制異動: what an application goes through, and what its approval alone changes."""

from datetime import date, timedelta

import pytest

from items import access
from items.models import (
    Assignment,
    Change,
    ControlRequest,
    ControlSettings,
    ControlStep,
    Deputy,
    RequestState,
)
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    reject_request,
    return_request,
    submit_request,
    withdraw_request,
)
from items.workflow.control_writing import StaleRequest, begin, write
from items.workflow.errors import Refusal
from tests.applications import DECISION, EXTENSION, IN_TIME, apply_for, refusal
from tests.making import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


def test_an_extension_goes_by_head_and_office_and_changes_one_departments_deadline(
    with_office, shares, coordinator
):
    assert Assignment.objects.get(pk=shares[0].pk).deadline_text == "115年12月"
    done = approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).request
    assert done.state == RequestState.APPROVED
    deadlines = dict(Assignment.objects.values_list("department__name", "deadline_text"))
    assert deadlines == {"行政處": "116年3月", "資訊室": "115年12月"}
    assert Assignment.objects.get(pk=shares[0].pk).deadline == date(2027, 3, 31)
    assert (done.old_deadline, done.old_deadline_text) == (date(2026, 12, 31), "115年12月")
    assert (done.manager_on, done.manager_number) == (TODAY, "花港企字第115001號")
    steps = [(step.kind, step.by.username) for step in ControlStep.objects.all()]
    assert steps == [("submit", "mei"), ("endorse", "head"), ("approve", "coordinator")]


def test_the_history_says_what_was_asked_for_and_what_it_changed(with_office, coordinator):
    approve_request(with_office, manager=DECISION, by=coordinator, at=NOW)
    of_request = Change.objects.filter(model="controlrequest").order_by("id")
    assert [entry.kind for entry in of_request] == ["created", "changed", "changed"]
    first = {change.label: change.new for change in of_request[0].differences()}
    assert first["申請類別"] == "展延"
    assert first["原完成期限"] == "115年12月31日"
    assert first["展延後完成期限"] == "116年3月31日"
    assert "原具體推動作法" not in first
    last = {change.label: (change.old, change.new) for change in of_request[2].differences()}
    assert last["申請狀態"] == ("待研考", "通過")
    of_item = Change.objects.get(model="assignment")
    assert of_item.fields["deadline_text"] == ["115年12月", "116年3月"]
    assert {entry.action.code for entry in Change.objects.all()} == {"115-01"}


@pytest.mark.parametrize(
    "decision",
    [
        None,
        ManagerDecision(on=TODAY),
        ManagerDecision(number="文號"),
        ManagerDecision(on=TODAY + timedelta(days=1), number="文號"),
    ],
)
def test_where_the_manager_decides_day_and_number_are_needed(with_office, coordinator, decision):
    error = refusal(approve_request, with_office, manager=decision, by=coordinator, at=NOW)
    assert error.reason == Refusal.DECISION_INCOMPLETE
    assert "首長核定日期" in str(error)


def test_the_year_says_which_kinds_the_manager_decides(with_office, programme, coordinator):
    ControlSettings.objects.create(programme=programme, manager_decides_extend=False)
    done = approve_request(with_office, by=coordinator, at=NOW).request
    assert (done.state, done.manager_on) == (RequestState.APPROVED, None)


def test_a_withdrawn_one_changes_nothing_and_makes_room(with_office, share, mei, coordinator):
    gone = withdraw_request(with_office, words="改以人力趕工。", by=mei, at=NOW)
    assert gone.state == RequestState.WITHDRAWN
    error = refusal(approve_request, gone, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.REQUEST_IN_ANOTHER_STATE
    assert Assignment.objects.get(pk=share.pk).deadline_text == "115年12月"
    begin(share, {"kind": "release"}, by=mei, at=NOW)


def test_what_was_decided_cannot_be_withdrawn(with_office, mei, coordinator):
    done = reject_request(with_office, words="請趕工。", by=coordinator, at=NOW)
    error = refusal(withdraw_request, done, by=mei, at=NOW)
    assert error.reason == Refusal.REQUEST_IN_ANOTHER_STATE


@pytest.mark.parametrize("verb", [return_request, reject_request])
def test_a_return_and_a_refusal_need_a_reason(with_office, coordinator, verb):
    error = refusal(verb, with_office, words="  ", by=coordinator, at=NOW)
    assert error.reason == Refusal.RETURN_WITHOUT_REASON


def test_what_was_returned_is_mended_and_not_late_by_that(sent, head, mei):
    returned = return_request(sent, words="請附驗收期程。", by=head, at=IN_TIME)
    assert returned.is_editable
    mended = write(
        returned, {"reason": "驗收 116年3月20日。"}, version=returned.version, by=mei, at=NOW
    )
    again = submit_request(mended, by=mei, at=NOW)
    assert (again.state, again.submitted_at) == (RequestState.WITH_HEAD, IN_TIME)
    entry = Change.objects.filter(model="controlrequest").latest("id")
    assert entry.fields["reason"] == [EXTENSION["reason"], "驗收 116年3月20日。"]


def test_of_two_who_decide_the_second_is_told(with_office, coordinator):
    seen = ControlRequest.objects.get(pk=with_office.pk)
    return_request(with_office, words="請補。", by=coordinator, at=NOW)
    with pytest.raises(StaleRequest, match="現在是「退回補正」"):
        approve_request(seen, manager=DECISION, by=coordinator, at=NOW)


def test_a_head_does_not_endorse_what_they_wrote(share, head, administration, coordinator):
    other = make_user("other", "蔡副處長", head=administration)
    sent = submit_request(begin(share, EXTENSION, by=head, at=IN_TIME), by=head, at=IN_TIME)
    assert sent.state == RequestState.WITH_HEAD
    assert refusal(endorse_request, sent, by=head, at=NOW).reason == Refusal.WRITER_ENDORSES
    assert not access.visible_requests(head).get().endorsable
    assert access.visible_requests(other).get().endorsable


def test_without_another_head_it_goes_straight_to_the_office(share, head):
    sent = submit_request(begin(share, EXTENSION, by=head, at=IN_TIME), by=head, at=IN_TIME)
    assert sent.state == RequestState.WITH_COORDINATOR


def test_a_deputy_stands_with_both_names(share, mei, head, hao):
    Deputy.objects.create(
        person=mei, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=mei, made_at=NOW
    )
    hao.acts_on = TODAY
    request = apply_for(share, hao, **EXTENSION)
    assert request.writer_words == "王美玲（林志豪代理）"
    assert request.steps.get().by_words == "王美玲（林志豪代理）"


def test_rights_follow_the_state_of_an_application(sent, mei, hao, head, coordinator, auditor):
    def rights(user):
        names = ("writable", "withdrawable", "endorsable", "decidable", "returnable")
        row = access.visible_requests(user).get()
        return {name for name in names if getattr(row, name)}

    assert rights(mei) == {"withdrawable"}
    assert rights(head) == {"withdrawable", "endorsable", "returnable"}
    assert rights(hao) == rights(auditor) == rights(coordinator) == set()
    endorsed = endorse_request(sent, by=head, at=NOW)
    assert rights(coordinator) == {"decidable", "returnable"}
    assert rights(head) == {"withdrawable"}
    return_request(endorsed, words="請補驗收期程。", by=coordinator, at=NOW)
    assert rights(mei) == {"writable", "withdrawable"}
    words = {}
    for reader in (mei, coordinator, auditor, hao):
        step = access.request_steps_with_words(reader).get(kind="return")
        words[reader.username] = step.readable_words
    assert words["hao"] == ""
    assert {words["mei"], words["coordinator"], words["auditor"]} == {"請補驗收期程。"}
