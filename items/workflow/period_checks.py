"""What every step of a 填報期 asks first: the rows are held, the year goes on, reason and day can be."""

from datetime import date, datetime

from items.models import Period, Programme
from items.models.lengths import REASON_LENGTH
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason
from plan_tracker.clock import day_of


def lock_period(period: Period) -> None:
    """Read the row as it is now and hold it until the step is done.

    Else two coordinators who act at once would overwrite each other.
    """
    period.refresh_from_db(from_queryset=Period.objects.select_for_update())


def lock_year(period: Period) -> Programme:
    """Hold the year before the period, in the same order as closing and deleting the year."""
    return Programme.objects.select_for_update().get(pk=period.programme_id)


def wait_for_year(programme: Programme) -> None:
    """Hold the year until its periods are there: of two who lay them out, the second sees them."""
    Programme.objects.select_for_update().get(pk=programme.pk)


def refuse_closed_year(programme: Programme, period: Period) -> None:
    if programme.is_closed:
        words = f"{programme.year}年度已經結案；要再開放{period.name}，請先恢復執行這個年度。"
        raise WorkflowError(words, Refusal.YEAR_CLOSED)


def reason_to_reopen(period: Period, because: str) -> str:
    """The reason for opening a period again; raises where there is none, or too long a one."""
    length = len(because.strip())
    return checked_reason(
        because,
        missing=f"請寫出重新開放{period}的原因，各單位會看到。",
        too_long=f"重新開放的原因有 {length:,} 個字，最多 {REASON_LENGTH} 個字，請縮短。",
    )


def require_due_day(period: Period, due_on: date, at: datetime) -> None:
    problem = period.problem_of_due_day(due_on, day_of(at))
    if problem:
        raise WorkflowError(problem, Refusal.DUE_DAY_NOT_POSSIBLE)


def take_due_day(period: Period, due_on: date, at: datetime) -> None:
    """Set the day on a period that is being saved by its step."""
    require_due_day(period, due_on, at)
    period.due_on = due_on
