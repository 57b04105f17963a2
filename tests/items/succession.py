"""Short ways to merge an item into another, and to split one, by an approved application."""

from items.models import Action, ControlRequest, ControlStatus, RequestState
from items.plan_content import ShareContent
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.workflow.errors import WorkflowError
from items.workflow.successor_rows import SuccessorContent
from tests.making import NOW, TODAY

DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


def asked_for(assignment, kind, successors, by, at=NOW) -> ControlRequest:
    """An application that was sent."""
    content = {
        "kind": kind,
        "ground": "單位任務變更或裁併",
        "reason": "內容重疊。",
        "late_reason": "十一月才整併。",
        "successors": successors,
    }
    return submit_request(begin(assignment, content, by=by, at=at), by=by, at=at)


def approved(request, coordinator, at=NOW):
    if request.state == RequestState.WITH_HEAD:
        request = endorse_request(request, by=coordinator, at=at)
    return approve_request(request, manager=DECISION, by=coordinator, at=at).request


def shares_of(action):
    """All departments of an item, as the application names them."""
    shares = []
    for one in action.assignments.order_by("kind", "position", "id"):
        share = ShareContent(None, one.department_id, one.kind, one.deadline_text, one.deadline)
        shares.append(share)
    return tuple(shares)


def merge(action, target, by, coordinator, at=NOW):
    successor = SuccessorContent(action_id=target.pk, shares=shares_of(action))
    sent = asked_for(action.assignments.first(), "merge", [successor], by, at)
    return approved(sent, coordinator, at)


def split(action, titles, by, coordinator, at=NOW):
    """Each part has all departments of the item."""
    parts = [SuccessorContent(title=title, shares=shares_of(action)) for title in titles]
    return approved(asked_for(action.assignments.first(), "split", parts, by, at), coordinator, at)


def merge_or_split_by_lot(dice, by, coordinator, at):
    """One item under control, drawn by lot, goes on in another one or in two new ones."""
    controlled = Action.objects.filter(control_status=ControlStatus.UNDER_CONTROL)
    handed_out = list(controlled.filter(assignments__isnull=False).distinct().order_by("pk"))
    if len(handed_out) < 2:
        raise WorkflowError("沒有可以併的。")
    action, target = dice.sample(handed_out, 2)
    if dice.random() < 0.5:
        merge(action, target, by, coordinator, at)
    else:
        titles = [f"{action.title}之{number}" for number in (1, 2)]
        split(action, titles, by, coordinator, at)
