"""What departments of the demonstration applied for, and what became of it."""

from datetime import date
from typing import Any

from items.demonstration.invented import (
    InventedApplication,
    InventedRequestStep,
    PlanChange,
    read_applications,
)
from items.demonstration.office_hours import FIVE, TWO, moment
from items.demonstration.scene import Scene, assignment_name
from items.models import Assignment, ControlRequest, RequestStepKind
from items.workflow import control_requests
from items.workflow.control_requests import ManagerDecision
from items.workflow.control_writing import begin


def extend(scene: Scene, change: PlanChange) -> None:
    """A deadline is moved by an application that is approved on the day of the change."""
    for application in read_applications():
        is_of_item = application["code"] == change["code"]
        if is_of_item and application["department"] == change["department"]:
            request = _play_application(scene, application)
            # The scene's own object: one fetched before has the deadline before.
            assignment = Assignment.objects.with_path().get(pk=request.assignment_id)
            scene.remember(assignment)


def apply_for_changes(scene: Scene) -> None:
    """The applications that have not changed the plan."""
    for application in read_applications():
        kinds = [step["kind"] for step in application["steps"]]
        if RequestStepKind.APPROVE not in kinds:
            _play_application(scene, application)


def _play_application(scene: Scene, application: InventedApplication) -> ControlRequest:
    """Sent in the afternoon, endorsed and decided at the end of a day."""
    name = assignment_name(application["code"], application["department"])
    # Read anew: a change that was played before may have moved its deadline.
    key = scene.assignments[name].pk
    assignment = Assignment.objects.with_path().get(pk=key)
    by = scene.people[application["by"]]
    at = moment(application["on"], TWO)
    content: dict[str, Any] = dict(application["content"])
    if "deadline" in content:
        content["deadline"] = date.fromisoformat(content["deadline"])
    request = begin(assignment, content, by=by, at=at)
    request = control_requests.submit_request(request, by=by, at=at)
    for step in application["steps"]:
        request = _take_step(scene, request, step)
    return request


def _take_step(scene: Scene, request: ControlRequest, step: InventedRequestStep) -> ControlRequest:
    by = scene.people[step["by"]]
    at = moment(step["on"], FIVE)
    words = step["words"]
    if step["kind"] == RequestStepKind.ENDORSE:
        return control_requests.endorse_request(request, words=words, by=by, at=at)
    if step["kind"] == RequestStepKind.RETURN:
        return control_requests.return_request(request, words=words, by=by, at=at)
    manager = ManagerDecision(
        on=date.fromisoformat(step["manager_on"]), number=step["manager_number"]
    )
    approval = control_requests.approve_request(request, words=words, manager=manager, by=by, at=at)
    return approval.request
