"""What every step of an application does: move it, keep the step, write the history, tell people."""

import json
from datetime import datetime
from typing import Unpack

from django.core.serializers.json import DjangoJSONEncoder

from items import access
from items.models import (
    ChangeKind,
    ControlRequest,
    ControlStep,
    Door,
    NoticeEvent,
    RequestState,
    RequestStepKind,
    User,
)
from items.models.taken_steps import STEP_WORDS_LENGTH
from items.workflow import history, notices
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.step_taken import StepTaken


def required_reason(words: str, sentence: str) -> str:
    """The words without spaces around; raises with the `sentence` where nothing is left."""
    # PostgreSQL would answer this character with an error.
    reason = words.replace("\0", "").strip()
    if not reason:
        raise WorkflowError(sentence, Refusal.RETURN_WITHOUT_REASON)
    return reason


def take_step(
    request: ControlRequest,
    kind: RequestStepKind,
    to_state: RequestState,
    *,
    words: str = "",
    **step: Unpack[StepTaken],
) -> ControlRequest:
    """Move a held application, keep the step with its content, and write the history.

    Who holds it has checked the version.
    """
    by = step["by"]
    at = step["at"]
    door = step.get("door", Door.PAGE)
    words = words.strip()
    if len(words) > STEP_WORDS_LENGTH:
        message = f"說明有 {len(words):,} 個字，最多 {STEP_WORDS_LENGTH:,} 個字，請縮短。"
        raise WorkflowError(message, Refusal.REASON_TOO_LONG)
    from_state = request.state
    # Before the row moves: whose step it is depends on where the application stood.
    for_whom = _for_whom(request, kind, by)
    last_step = request.steps.order_by("-number").first()
    request.state = to_state
    request.since = at
    request.version += 1
    request.save()
    # As the database gives it back (days as text): the next step is compared with it.
    content = json.loads(json.dumps(request.content(), cls=DjangoJSONEncoder))
    ControlStep.objects.create(
        request=request,
        number=request.version,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        by=by,
        for_whom=for_whom,
        at=at,
        door=door,
        words=words,
        content=content,
    )
    # A draft leaves no entry: the history begins with what was first sent.
    if last_step is None:
        entry_kind = ChangeKind.CREATED
        before = None
    else:
        entry_kind = ChangeKind.CHANGED
        before = last_step.content
    fields = history.differences(before, content)
    history.entry(request, entry_kind, fields, by=by, at=at, door=door).save()
    _tell_the_applicant(request, kind, by=by, at=at)
    return request


TOLD_TO_APPLICANT = {
    RequestStepKind.RETURN: NoticeEvent.REQUEST_RETURNED,
    RequestStepKind.APPROVE: NoticeEvent.REQUEST_APPROVED,
    RequestStepKind.REJECT: NoticeEvent.REQUEST_REJECTED,
}
"""The steps that the applicant learns of by a notice."""


def _tell_the_applicant(
    request: ControlRequest, kind: RequestStepKind, *, by: User, at: datetime
) -> None:
    event = TOLD_TO_APPLICANT.get(kind)
    if event is None:
        return
    people = notices.people_of(request.assignment, request.written_by, request.written_for)
    notices.tell(people, event, request, by=by, at=at)


def _for_whom(request: ControlRequest, kind: RequestStepKind, by: User) -> User | None:
    """Whom `by` stands in for with this step (代理); the plan office's steps are its own."""
    if kind in (RequestStepKind.SUBMIT, RequestStepKind.WITHDRAW):
        return access.writes_for(by, request.assignment)
    if request.state == RequestState.WITH_HEAD:
        return access.endorses_for(by, request)
    return None
