"""業務移交: everything moves in one step, nothing else does, and it can be handed back."""

import pytest

from items.models import (
    Assignment,
    Change,
    ControlStatus,
    Handover,
    Membership,
    ProgressReport,
    ReportState,
)
from items.workflow import Refusal, WorkflowError
from items.workflow.handover import (
    DepartmentWish,
    HandoverWish,
    hand_back,
    hand_over,
)
from items.workflow.open_work import fingerprint_of, loads_of
from tests.making import NOW, make_user


@pytest.fixture
def wen(administration):
    return make_user("wen", "吳雅雯", reporter=administration)


@pytest.fixture
def named(make_action):
    """named(department, contact) → an assignment with its 承辦人."""

    def make(department, contact, **fields):
        assignment = make_action([department], **fields).assignments.get()
        Assignment.objects.filter(pk=assignment.pk).update(contact=contact)
        return assignment

    return make


def give(giver, receiver, *departments, by, ends=False, role="", seen=None):
    keys = [department.pk for department in departments]
    wish = HandoverWish(
        giver=giver,
        receiver=receiver,
        departments=[DepartmentWish(key, role) for key in keys],
        ends_memberships=ends,
        fingerprint=fingerprint_of(loads_of(giver, keys)) if seen is None else seen,
    )
    return hand_over(wish, reach=keys, by=by, at=NOW)


def contacts():
    return list(Assignment.objects.order_by("pk").values_list("contact__username", flat=True))


def members():
    rows = Membership.objects.order_by("pk")
    return list(rows.values_list("user__username", "department__name", "role"))


def test_all_open_work_moves_with_one_sentence_and_an_entry_for_each_item(
    named, make_report, administration, coordinator, mei, wen, q4
):
    first, second = named(administration, mei), named(administration, mei)
    others = named(administration, wen)
    begun = named(administration, None)
    for assignment in (second, others, begun):
        make_report(assignment, q4, mei, state=ReportState.DRAFT)
    untouched = named(administration, None)
    handover = give(mei, wen, administration, by=coordinator)
    assert contacts() == ["wen", "wen", "wen", "wen", None]
    assert untouched.pk not in [item["assignment"] for item in handover.items]
    assert handover.summary == "王美玲移交 3 項給吳雅雯：115-01、115-02、115-04"
    assert [item["draft"] for item in handover.items] == ["", "115年第4季草稿", "115年第4季草稿"]
    # A draft keeps the name of whoever wrote it.
    assert set(ProgressReport.objects.values_list("written_by__username", flat=True)) == {"mei"}
    entries = Change.objects.filter(model__in=["assignment", "handover"]).order_by("pk")
    assert [entry.model for entry in entries] == ["assignment"] * 3 + ["handover"]
    assert entries[0].fields == {"contact": ["王美玲", "吳雅雯"]}
    assert entries[0].action == first.action
    assert entries[3].fields["summary"] == [None, handover.summary]


def test_what_is_over_stays(named, make_report, administration, coordinator, mei, wen, q3, q4):
    released = named(administration, mei, control_status=ControlStatus.RELEASED)
    sent = named(administration, None)
    make_report(sent, q4, mei, state=ReportState.WITH_HEAD)
    late = named(administration, None)
    make_report(late, q3, mei, state=ReportState.DRAFT)
    with pytest.raises(WorkflowError) as refused:
        give(mei, wen, administration, by=coordinator)
    assert refused.value.reason is Refusal.NOTHING_TO_HAND_OVER
    released.refresh_from_db()
    assert released.contact == mei


def test_memberships_are_added_and_ended_as_asked(
    named, administration, information, coordinator, hao, mei
):
    named(administration, mei)
    handover = give(mei, hao, administration, by=coordinator, role="reporter", ends=True)
    assert members() == [("hao", "資訊室", "reporter"), ("hao", "行政處", "reporter")]
    assert handover.summary == (
        "王美玲移交 1 項給林志豪：115-01；林志豪加入行政處（承辦人）；王美玲離開行政處"
    )
    assert hand_back(handover, by=coordinator, at=NOW) == []
    assert sorted(members()) == [("hao", "資訊室", "reporter"), ("mei", "行政處", "reporter")]
    assert contacts() == ["mei"]
    handover.refresh_from_db()
    assert handover.undone_by == coordinator


def test_a_head_s_place_is_taken_without_any_item(administration, coordinator, mei, head):
    handover = give(head, mei, administration, by=coordinator, role="head")
    assert ("mei", "行政處", "head") in members()
    assert handover.summary == "陳處長移交 0 項給王美玲；王美玲在行政處改為單位主管"
    hand_back(handover, by=coordinator, at=NOW)
    assert ("mei", "行政處", "reporter") in members()


def test_a_stranger_receives_nothing_and_nothing_is_half_done(
    named, administration, information, coordinator, hao, mei
):
    make_user("second", "第二人", reporter=information)
    named(administration, mei)
    Membership.objects.create(user=mei, department=information, role="reporter")
    named(information, mei)
    with pytest.raises(WorkflowError, match="林志豪還不是行政處的人員") as refused:
        give(mei, hao, information, administration, by=coordinator)
    assert refused.value.reason is Refusal.CONTACT_IS_NO_MEMBER
    assert contacts() == ["mei", "mei"]
    assert not Handover.objects.exists()


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_whoever_only_reads_receives_nothing(named, administration, coordinator, mei, role):
    named(administration, mei)
    reader = make_user("reader", "長官", role, reporter=administration)
    with pytest.raises(WorkflowError, match="長官不能填報"):
        give(mei, reader, administration, by=coordinator)


def test_a_preview_that_is_no_longer_true_moves_nothing(
    named, administration, coordinator, mei, wen
):
    named(administration, mei)
    seen = fingerprint_of(loads_of(mei, [administration.pk]))
    named(administration, mei)
    with pytest.raises(WorkflowError, match="名單在您確認之前有變動") as refused:
        give(mei, wen, administration, by=coordinator, seen=seen)
    assert refused.value.reason is Refusal.HANDOVER_CHANGED
    assert contacts() == ["mei", "mei"]


def test_handing_back_leaves_what_was_given_to_a_third_person(
    named, administration, coordinator, mei, wen, head
):
    _, moved_on = named(administration, mei), named(administration, mei)
    handover = give(mei, wen, administration, by=coordinator)
    Assignment.objects.filter(pk=moved_on.pk).update(contact=head)
    left = hand_back(handover, by=coordinator, at=NOW)
    assert left == ["115-02已另外指定承辦人，維持不變。"]
    assert contacts() == ["mei", "head"]
    with pytest.raises(WorkflowError) as refused:
        hand_back(handover, by=coordinator, at=NOW)
    assert refused.value.reason is Refusal.HANDED_BACK_ALREADY


def test_what_was_somebody_s_who_has_left_comes_back_to_the_name(
    named, administration, coordinator, mei, wen
):
    named(administration, mei)
    mei.is_active = False
    mei.save()
    handover = give(mei, wen, administration, by=coordinator, ends=True)
    assert members() == [("wen", "行政處", "reporter")]
    hand_back(handover, by=coordinator, at=NOW)
    assert contacts() == ["mei"]
