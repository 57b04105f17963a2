"""A 主席裁示 held while a verb changes it, and who is told of it."""

from collections.abc import Iterable
from datetime import datetime

from items.models import Department, Directive, Meeting, NoticeEvent, Programme, User
from items.workflow import notices
from items.workflow.errors import Refusal, WorkflowError

# Holding.


def held_now(directive: Directive) -> Directive:
    """The instruction as it is now, held until the end of the transaction."""
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    locked.meeting = Meeting.objects.select_related("programme").get(pk=locked.meeting_id)
    return locked


def hold_open(directive: Directive) -> Directive:
    """The same of one that is still followed up; `WorkflowError` where it was concluded."""
    held = held_now(directive)
    if not held.is_open:
        words = f"{held}已經{held.get_outcome_display()}，沒有變動；要再辦理，請研考恢復列管。"
        raise WorkflowError(words, Refusal.DIRECTIVE_CONCLUDED)
    return held


def require_year_not_closed(programme_key: int) -> None:
    programme = Programme.objects.select_for_update().get(pk=programme_key)
    if programme.is_closed:
        words = f"{programme.year}年度已經結案，會議與裁示不能再變動；請改在現在的年度記。"
        raise WorkflowError(words, Refusal.YEAR_CLOSED)


def tell_departments(
    directive: Directive,
    departments: Iterable[Department],
    event: NoticeEvent,
    *,
    by: User,
    at: datetime,
) -> None:
    """A notice to everybody who writes for these departments."""
    people = notices.writers_of(departments)
    # Only as long as it is followed up is there a day to keep.
    until = directive.due_on
    if not directive.is_open:
        until = None
    notices.tell(people, event, directive, until=until, by=by, at=at)
