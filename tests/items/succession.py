"""Short ways to merge an item into another, and to split one, by an approved application."""

from items.models import ControlRequest
from items.plan_content import ShareContent
from items.workflow.control_requests import ManagerDecision, approve_request, submit_request
from items.workflow.control_writing import begin
from items.workflow.successor_rows import SuccessorContent
from tests.making import NOW, TODAY

DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


def asked_for(assignment, kind, successors, by) -> ControlRequest:
    """An application that is with the plan office, where its department has no head."""
    content = {
        "kind": kind,
        "ground": "單位任務變更或裁併",
        "reason": "內容重疊。",
        "late_reason": "十一月才整併。",
        "successors": successors,
    }
    return submit_request(begin(assignment, content, by=by, at=NOW), by=by, at=NOW)


def approved(request, coordinator):
    return approve_request(request, manager=DECISION, by=coordinator, at=NOW).request


def shares_of(action):
    """All departments of an item, as the application names them."""
    shares = []
    for one in action.assignments.order_by("kind", "position", "id"):
        share = ShareContent(None, one.department_id, one.kind, one.deadline_text, one.deadline)
        shares.append(share)
    return tuple(shares)


def merge(action, target, by, coordinator):
    successor = SuccessorContent(action_id=target.pk, shares=shares_of(action))
    return approved(asked_for(action.assignments.first(), "merge", [successor], by), coordinator)


def split(action, titles, by, coordinator):
    """Each part has all departments of the item."""
    parts = [SuccessorContent(title=title, shares=shares_of(action)) for title in titles]
    return approved(asked_for(action.assignments.first(), "split", parts, by), coordinator)
