"""A period is held while a report of it is written: it is not closed meanwhile."""

from datetime import date

from items.models import Period, Reopening
from items.models.prepared import Prepared, Slot
from items.models.reopening import reopening_of
from items.roc import format_roc
from items.workflow.errors import Refusal, WorkflowError

_SHARED = Prepared(lambda: Period.objects.filter(pk=Slot("pk")).order_by(), held_with_others=True)


def require_open(period: Period) -> None:
    """Raise where nothing may be written in the period."""
    if period.is_closed:
        message = f"{period}已經關閉，內容已鎖定；如需填報或更正，請洽研考。"
        raise WorkflowError(message, Refusal.PERIOD_CLOSED)
    if not period.is_open:
        message = f"{period}還沒有開放填報；如需填報或更正，請洽研考。"
        raise WorkflowError(message, Refusal.PERIOD_NOT_OPEN)


def hold_open(
    period_key: int, assignment_key: int, *, writes_on: date | None = None
) -> Reopening | None:
    """Read the period again, and hold it until the step is done; raise where it is locked.

    Else a draft or a step could slip into a period that is being closed, and what is kept of it
    would not be what its reports say. Fifty people hold it at once without waiting for each other;
    closing it waits for all of them. For a closed period it returns the exception by which the
    assignment is open; on a day after its 補正期限 the department (`writes_on`) is refused.
    """
    period = _SHARED.first(pk=period_key)
    if period is None:
        raise Period.DoesNotExist
    reopening = reopening_of(assignment_key, period)
    if reopening is None:
        require_open(period)
        return None
    if writes_on is not None and reopening.due_on < writes_on:
        due_on = format_roc(reopening.due_on)
        message = f"{period}的補正期限 {due_on} 已過，內容已鎖定；需要更多時間，請洽研考延長。"
        raise WorkflowError(message, Refusal.DUE_DAY_PAST)
    return reopening


def hold_alone(period_key: int) -> None:
    """Hold a period before several reports of it are written in one transaction.

    Otherwise two that write the same reports in different orders would wait for each other.
    """
    Period.objects.select_for_update(no_key=True).get(pk=period_key)
