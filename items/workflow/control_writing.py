"""An application is written, written again, and thrown away before it was ever sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from items import access
from items.evidence import storage
from items.models import Assignment, ControlRequest, RequestState, User
from items.models.control import REQUEST_EDITABLE
from items.models.control_settings import control_settings_of
from items.workflow.control_checks import (
    FIELDS_OF_KIND,
    is_sent_late,
    problem_of_ground,
    require_possible,
)
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.successor_rows import write_successors
from plan_tracker.clock import day_of


class StaleRequest(WorkflowError):
    """Somebody saved or moved the application meanwhile. `current` is what the database holds."""

    def __init__(self, current: ControlRequest) -> None:
        self.current = current
        state = current.get_state_display()
        message = f"這件申請剛才已由別人更新，現在是「{state}」；請先看過目前內容再決定。"
        super().__init__(message, Refusal.REQUEST_CHANGED)


def hold_request(request: ControlRequest, version: int | None) -> ControlRequest:
    """The application as it is now, held until the step is done.

    Raises `StaleRequest` where it is no longer the one that the person has looked at.
    """
    locked = ControlRequest.objects.select_for_update(no_key=True).filter(pk=request.pk)
    # The row alone: what is joined to it by an outer join cannot be locked in PostgreSQL.
    if locked.values_list("pk", flat=True).first() is None:
        message = "這件草稿剛才已經刪除了。"
        raise WorkflowError(message, Refusal.REQUEST_CHANGED)
    current = ControlRequest.objects.with_path().get(pk=request.pk)
    if version is None:
        version = request.version
    if current.version != version:
        raise StaleRequest(current)
    return current


def require_request_state(request: ControlRequest, *states: RequestState) -> None:
    if request.state not in states:
        state = request.get_state_display()
        message = f"「{request}」目前是「{state}」，這個步驟已經不適用。"
        raise WorkflowError(message, Refusal.REQUEST_IN_ANOTHER_STATE)


def open_request_of(assignment: Assignment) -> ControlRequest | None:
    """The one application of an item and department that nobody has decided yet."""
    undecided = ControlRequest.objects.undecided().with_path()
    return undecided.filter(assignment=assignment).first()


class IncompleteRequest(WorkflowError):
    """It cannot be sent yet. `lacking` is {field: sentence}."""

    def __init__(self, lacking: Mapping[str, str]) -> None:
        self.lacking = lacking
        super().__init__("".join(lacking.values()), Refusal.REQUEST_INCOMPLETE)


# Writing.


@transaction.atomic
def begin(
    assignment: Assignment, content: Mapping[str, Any], *, by: User, at: datetime
) -> ControlRequest:
    """Make a draft; `content` has fields of `ControlRequest.CONTENT`."""
    require_possible(assignment)
    other = open_request_of(assignment)
    if other is not None:
        raise WorkflowError(_one_at_a_time(other), Refusal.REQUEST_NOT_POSSIBLE)
    request = ControlRequest(assignment=assignment, since=at)
    _fill(request, content, by=by, at=at)
    try:
        # A transaction inside the transaction: PostgreSQL answers nothing more after an error.
        with transaction.atomic():
            request.save()
    except IntegrityError:
        # Two people of the department have begun at once.
        other = open_request_of(assignment)
        if other is None:
            raise
        raise WorkflowError(_one_at_a_time(other), Refusal.REQUEST_NOT_POSSIBLE) from None
    write_successors(request, content)
    return request


def _one_at_a_time(other: ControlRequest) -> str:
    return (
        f"{other.assignment}已經有一件{other.get_kind_display()}申請"
        f"（{other.get_state_display()}，{other.writer_words}），一次只能有一件；"
        "請接著寫那一件，或先撤回。"
    )


@transaction.atomic
def write(
    request: ControlRequest, content: Mapping[str, Any], *, version: int, by: User, at: datetime
) -> ControlRequest:
    """Save what the department wrote into a draft or a returned application.

    `version` is the one that the writer had before them: `StaleRequest` where somebody was faster.
    """
    held = hold_request(request, version)
    require_request_state(held, *REQUEST_EDITABLE)
    require_possible(held.assignment)
    _fill(held, content, by=by, at=at)
    held.version += 1
    held.save()
    write_successors(held, content)
    return held


def _fill(request: ControlRequest, content: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """Write what is given; what another kind would ask for is emptied."""
    rules = control_settings_of(request.assignment.action.programme)
    stored_ground = request.ground
    for name in ControlRequest.CONTENT:
        if name in content:
            setattr(request, name, content[name])
    problem = problem_of_ground(request.ground, rules, stored_ground)
    if problem:
        raise WorkflowError(problem, Refusal.REQUEST_INCOMPLETE)
    for kind, names in FIELDS_OF_KIND.items():
        if kind != request.kind:
            for name in names:
                empty_field(request, name)
    if not is_sent_late(request, rules, day_of(at)):
        request.late_reason = ""
    request.written_by = by
    request.written_for = access.writes_for(by, request.assignment)
    request.updated_at = at
    try:
        request.full_clean(validate_constraints=False)
    except ValidationError as error:
        words = "".join(error.messages)
        raise WorkflowError(words, Refusal.REQUEST_INCOMPLETE) from error


def empty_field(request: ControlRequest, name: str) -> None:
    field = ControlRequest._meta.get_field(name)
    if field.null:
        setattr(request, name, None)
    else:
        setattr(request, name, "")


@transaction.atomic
def discard(request: ControlRequest, *, version: int) -> None:
    """Delete a draft; what was ever sent is withdrawn instead, and stays."""
    held = hold_request(request, version)
    require_request_state(held, RequestState.DRAFT)
    # Asked before the rows go along with the draft, and deleted after it is gone for good.
    stored_names = list(held.files.values_list("stored_name", flat=True))
    held.delete()
    transaction.on_commit(lambda: storage.discard(*stored_names))
