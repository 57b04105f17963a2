"""What has a past stays, whatever the door; what was made by mistake goes, with its history."""

import pytest
from django.urls import reverse

from items.models import (
    Action,
    Assignment,
    Change,
    Method,
    Plan,
    PlannedProgress,
    ReportState,
    Strategy,
)
from items.workflow import WorkflowError
from items.workflow.removing import obstacle_to_removal, remove_action, remove_part
from tests.making import NOW


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture(params=["planned", "draft", "sent"])
def past(request, assignment, q4, mei, make_report):
    """An assignment with 預定進度 alone, with a draft, or with a report that was sent."""
    if request.param == "planned":
        PlannedProgress.objects.create(assignment=assignment, period=q4, percent=80)
    elif request.param == "draft":
        make_report(assignment, q4, mei, state=ReportState.DRAFT)
    else:
        make_report(assignment, q4, mei)
    return assignment


def test_an_assignment_and_an_item_with_a_past_stay(past, coordinator):
    assert "「行政處」已經有 115-01 的填報、預定進度或管制異動，不能移除" in obstacle_to_removal(
        past
    )
    with pytest.raises(
        WorkflowError, match="「行政處」已經有 115-01 的填報、預定進度或管制異動，不能刪除"
    ):
        remove_action(past.action, by=coordinator, at=NOW)
    assert Assignment.objects.filter(pk=past.pk).exists()
    assert not Change.objects.filter(kind="deleted").exists()


@pytest.mark.parametrize("what", ["assignment", "action"])
def test_the_back_office_keeps_it_too(sign_in, admin, past, what):
    row = past if what == "assignment" else past.action
    address = reverse(f"admin:items_{what}_delete", args=[row.pk])
    client = sign_in(admin)
    assert "不能刪除：已經有辦理情形、預定進度或其他紀錄" in client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    assert Assignment.objects.filter(pk=past.pk).exists()


def test_the_back_office_keeps_it_among_several(sign_in, admin, past):
    data = {"action": "delete_selected", "_selected_action": past.pk, "post": "yes"}
    sign_in(admin).post(reverse("admin:items_assignment_changelist"), data)
    assert Assignment.objects.filter(pk=past.pk).exists()


def test_the_back_office_keeps_it_in_the_rows_of_an_item(sign_in, admin, past):
    action = past.action
    data = {
        "plan": action.plan_id,
        "position": action.position,
        "title": action.title,
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 1,
        "assignments-0-id": past.pk,
        "assignments-0-action": action.pk,
        "assignments-0-department": past.department_id,
        "assignments-0-kind": past.kind,
        "assignments-0-position": past.position,
        "assignments-0-deadline_text": past.deadline_text,
        "assignments-0-DELETE": "on",
    }
    address = reverse("admin:items_action_change", args=[action.pk])
    sign_in(admin).post(address, data)
    assert Assignment.objects.filter(pk=past.pk).exists()


def test_without_a_past_both_go_by_any_door(sign_in, admin, assignment):
    address = reverse("admin:items_assignment_delete", args=[assignment.pk])
    sign_in(admin).post(address, {"post": "yes"})
    assert not Assignment.objects.exists()
    remove_action(Action.objects.get(), by=admin, at=NOW)
    assert not Action.objects.exists()


def test_a_part_of_the_plan_goes_only_without_items(assignment, coordinator):
    strategy = Strategy.objects.get()
    for part in (strategy, Method.objects.get(), Plan.objects.get()):
        with pytest.raises(WorkflowError, match="底下還有 115-01，不能刪除"):
            remove_part(part, by=coordinator, at=NOW)
    remove_action(assignment.action, by=coordinator, at=NOW)
    remove_part(strategy, by=coordinator, at=NOW)
    assert not Strategy.objects.exists()
    models = Change.objects.filter(kind="deleted").values_list("model", flat=True)
    assert set(models) >= {"strategy", "method", "plan"}
