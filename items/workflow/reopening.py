"""個別重新開放: a closed period is corrected for a department or an item, and kept anew."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from items.first_names import first_names
from items.models import Assignment, Door, KeptLine, NoticeEvent, Period, Reopening, User
from items.models.closing import closing_in_force
from items.models.lengths import REASON_LENGTH
from items.models.reopening import unlock
from items.workflow import closed_figures, closing, history, notices
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.period_checks import (
    lock_period,
    lock_year,
    reason_to_reopen,
    refuse_closed_year,
    require_due_day,
)
from plan_tracker.clock import day_of

NAMED_ITEMS = 6
"""How many items are named one by one."""
CODES_NAMED = 5
"""How many items a notice or a refusal names."""
SCOPE_LENGTH = 200
"""As many characters as `PeriodClosing.reopened_for` holds."""


def end_all(period: Period, *, by: User, at: datetime, door: Door) -> list[Reopening]:
    """End every exception of a period that is held; what ended."""
    of_period = Reopening.objects.active().filter(period=period)
    active = list(of_period.select_related("assignment"))
    for one in active:
        one.ended_at = at
        one.ended_by = by
        history.save(one, by=by, at=at, door=door)
    keys = [one.assignment_id for one in active]
    unlock(period, keys, None)
    return active


@transaction.atomic
def open_for(
    period: Period,
    assignments: Sequence[Assignment],
    *,
    because: str,
    due_on: date,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> list[Reopening]:
    """Let some assignments of a closed period be corrected until a day; the rest stays locked.

    What was accepted stays accepted until somebody returns it. Where one is open already, its day
    and reason are those of now.
    """
    # The year is locked before its period, as in every verb: two that lock in other orders would
    # wait for each other for ever.
    programme = lock_year(period)
    lock_period(period)
    if not period.is_closed:
        words = f"{period}還沒有關閉，各單位現在就能填報，不必個別重新開放。"
        raise WorkflowError(words, Refusal.PERIOD_OPEN_ALREADY)
    refuse_closed_year(programme, period)
    reason = reason_to_reopen(period, because)
    require_due_day(period, due_on, at)
    _require_of_period(period, assignments)
    opened = []
    for assignment in assignments:
        active = Reopening.objects.active().filter(period=period, assignment=assignment)
        one = active.first()
        if one is None:
            one = Reopening(period=period, assignment=assignment, opened_at=at, opened_by=by)
        one.due_on = due_on
        one.because = reason
        opened.append(history.save(one, by=by, at=at, door=door))
        unlock(period, [assignment.pk], one)
    _tell_the_departments(period, assignments, due_on=due_on, by=by, at=at)
    return opened


def _tell_the_departments(
    period: Period, assignments: Sequence[Assignment], *, due_on: date, by: User, at: datetime
) -> None:
    """One notice for each person, which names the items of all departments."""
    departments = {assignment.department_id for assignment in assignments}
    # Each code once: an item may be opened for several of its departments.
    codes = sorted({assignment.action.code for assignment in assignments})
    what = f"{period}（{first_names(codes, CODES_NAMED, '項')}）"
    people = notices.writers_of(departments)
    event = NoticeEvent.ITEMS_REOPENED
    notices.tell(people, event, period, what=what, until=due_on, by=by, at=at)


def scope_words(assignments: Sequence[Assignment]) -> str:
    """「115-04 行政處」 for a few assignments; for many the number of each department, 「業務處 17 件」."""
    names = sorted(str(assignment) for assignment in assignments)
    if len(names) > NAMED_ITEMS:
        numbers = Counter(str(assignment.department) for assignment in assignments)
        names = [f"{department} {number:,} 件" for department, number in numbers.items()]
    words = "、".join(names)
    # Even the departments alone may be too many for the column.
    if len(words) > SCOPE_LENGTH:
        return f"{len(names)} 個單位共 {len(assignments):,} 件"
    return words


def _require_of_period(period: Period, assignments: Sequence[Assignment]) -> None:
    """Only what the period asked for can be corrected in it."""
    if not assignments:
        words = f"{period}沒有符合的項目可以重新開放；請檢查單位與項次。"
        raise WorkflowError(words, Refusal.NOT_OF_THE_PERIOD)
    state = closing_in_force(period)
    # Closed before closings were kept: nothing says what was asked for then.
    if state is None:
        return
    keys = [assignment.pk for assignment in assignments]
    kept_lines = KeptLine.objects.filter(closing=state, assignment_key__in=keys)
    keys_asked_for = set(kept_lines.values_list("assignment_key", flat=True))
    not_asked_for = []
    for assignment in assignments:
        if assignment.pk not in keys_asked_for:
            not_asked_for.append(str(assignment))
    if not_asked_for:
        named = first_names(not_asked_for, CODES_NAMED, "件")
        words = f"{named}在{period}關閉以後才分辦，這一期不必填報，不能重新開放。"
        raise WorkflowError(words, Refusal.NOT_OF_THE_PERIOD)


@transaction.atomic
def end_and_keep(period: Period, *, by: User, at: datetime, door: Door = Door.PAGE) -> Period:
    """End the exceptions of a period, and keep what was corrected as its next state.

    All other lines stay as they were kept before.
    """
    lock_period(period)
    ended = end_all(period, by=by, at=at, door=door)
    if not ended:
        words = f"{period}目前沒有個別重新開放的項目。"
        raise WorkflowError(words, Refusal.NOTHING_REOPENED)
    day = day_of(at)
    closed_figures.keep(period, day)
    kept = history.save(period, by=by, at=at, door=door, is_step=True)
    # Many items opened for one reason say it once.
    reasons = list(dict.fromkeys(one.because for one in ended))
    closing.keep_state(
        period,
        by=by,
        at=at,
        reopened_because="；".join(reasons)[:REASON_LENGTH],
        reopened_for=scope_words([one.assignment for one in ended]),
        corrected=[one.assignment_id for one in ended],
    )
    return kept
