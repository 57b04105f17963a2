"""Several applications take one step together: all of them, or none and the reasons why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from items.models import ControlRequest, Door, ProgressReport, RequestStepKind, User
from items.models.control_settings import control_settings_of
from items.workflow import control_requests
from items.workflow.control_requests import ManagerDecision
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.step_taken import StepTaken

MOST_TOGETHER = 100
"""As many as take one step in one transaction: a year has some dozens."""


@dataclass(frozen=True)
class SeenRequest:
    """An application and the version of it that the person has looked at."""

    request: ControlRequest
    version: int


class SomeRefused(WorkflowError):
    """At least one cannot take the step, so none has. `problems` say which and why."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = problems
        super().__init__("".join(problems), Refusal.REQUEST_NOT_POSSIBLE)


@dataclass(frozen=True)
class TogetherDone:
    """What was decided, and the reports that were moved for it, as of an `Approval`."""

    requests: list[ControlRequest]
    returned: list[ProgressReport]
    stopped: list[ProgressReport]


@transaction.atomic
def decide_together(
    seen: Sequence[SeenRequest],
    step: RequestStepKind,
    *,
    words: str = "",
    manager: ManagerDecision | None = None,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> TogetherDone:
    """Take the step with each of them; raises `SomeRefused` where one refuses, and none is taken.

    `manager` is kept with those whose kind the 首長 decide.
    """
    if len(seen) > MOST_TOGETHER:
        message = f"一次最多決定 {MOST_TOGETHER} 件，您勾選了 {len(seen):,} 件；請分幾次。"
        raise SomeRefused([message])
    decided = []
    returned: list[ProgressReport] = []
    stopped: list[ProgressReport] = []
    problems = []
    # By their keys: two who decide at once wait for each other instead of locking each other out.
    for one in sorted(seen, key=lambda one: one.request.pk):
        try:
            # A point to go back to: after one refusal the others are tried, and all reasons told.
            with transaction.atomic():
                approval = _take(one, step, words=words, manager=manager, by=by, at=at, door=door)
        except WorkflowError as error:
            problems.append(_with_name(one.request, str(error)))
            continue
        decided.append(approval.request)
        returned += approval.returned
        stopped += approval.stopped
    if problems:
        raise SomeRefused(problems)
    return TogetherDone(decided, returned, stopped)


def _with_name(request: ControlRequest, sentence: str) -> str:
    """The sentence behind the application that it is about, unless it names it already."""
    if str(request) in sentence:
        return sentence
    return f"{request}：{sentence}"


def _take(
    one: SeenRequest,
    step: RequestStepKind,
    *,
    words: str,
    manager: ManagerDecision | None,
    by: User,
    at: datetime,
    door: Door,
) -> control_requests.Approval:
    request = one.request
    taken: StepTaken = {"by": by, "at": at, "version": one.version, "door": door}
    if step == RequestStepKind.APPROVE:
        decision = _manager_of(request, manager)
        return control_requests.approve_request(request, words=words, manager=decision, **taken)
    if step == RequestStepKind.REJECT:
        moved = control_requests.reject_request(request, words=words, **taken)
    elif step == RequestStepKind.RETURN:
        moved = control_requests.return_request(request, words=words, **taken)
    else:
        moved = control_requests.endorse_request(request, words=words, **taken)
    return control_requests.Approval(moved, [], [])


def _manager_of(request: ControlRequest, manager: ManagerDecision | None) -> ManagerDecision | None:
    rules = control_settings_of(request.assignment.action.programme)
    if rules.manager_decides(request.kind):
        return manager
    return None
