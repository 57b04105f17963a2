"""年度: begun, closed, opened again and, where nothing hangs on it yet, deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from items.models import (
    Action,
    Change,
    ControlSettings,
    Door,
    Programme,
    ProgrammeState,
    ReminderSettings,
    User,
)
from items.models.lengths import REASON_LENGTH
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.reasons import checked_reason
from items.workflow.what_hangs import words_of_what_hangs
from items.workflow.year_rules import carry_rules


def _lock(programme: Programme) -> None:
    """Read the row as it is now and hold it until the step is done."""
    programme.refresh_from_db(from_queryset=Programme.objects.select_for_update())


def _require_state(programme: Programme, state: ProgrammeState) -> None:
    if programme.state == state:
        return
    words = (
        f"{programme.year}年度目前是「{programme.get_state_display()}」，"
        f"只有「{state.label}」的年度可以這樣做；請重新整理頁面看目前的狀態。"
    )
    raise WorkflowError(words, Refusal.YEAR_IN_ANOTHER_STATE)


@transaction.atomic
def create(programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE) -> Programme:
    """新增 a year, 研擬中: it becomes people's first page only when it is started."""
    created = history.save(programme, by=by, at=at, door=door)
    # Rules that somebody has set hold until somebody changes them, and not until New Year.
    carry_rules(ControlSettings, created, by=by, at=at, door=door)
    carry_rules(ReminderSettings, created, by=by, at=at, door=door)
    return created


@transaction.atomic
def change(
    programme: Programme,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Programme:
    """Write the fields that `content` names; every other stays as the database has it now."""
    # The lock reads the row anew: a field that a colleague has saved meanwhile is not taken back.
    _lock(programme)
    for name, value in content.items():
        setattr(programme, name, value)
    return history.save(programme, by=by, at=at, door=door)


@transaction.atomic
def start(programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE) -> Programme:
    """開始執行: from now on this year is where people work."""
    _lock(programme)
    _require_state(programme, ProgrammeState.DRAFT)
    programme.state = ProgrammeState.RUNNING
    return history.save(programme, by=by, at=at, door=door, is_step=True)


@transaction.atomic
def close(programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE) -> Programme:
    """結案: the year is no longer anybody's first page; it stays readable."""
    _lock(programme)
    _require_state(programme, ProgrammeState.RUNNING)
    # No period is opened in a closed year, and so none stays open in it.
    open_period = programme.periods.open().first()
    if open_period is not None:
        words = f"{open_period}還在填報中，請先關閉這一期，再把{programme.year}年度結案。"
        raise WorkflowError(words, Refusal.YEAR_HAS_OPEN_PERIOD)
    programme.state = ProgrammeState.CLOSED
    return history.save(programme, by=by, at=at, door=door, is_step=True)


@transaction.atomic
def reopen(
    programme: Programme, *, because: str, by: User, at: datetime, door: Door = Door.PAGE
) -> Programme:
    """恢復執行 of a closed year; the reason stands in its history."""
    reason = checked_reason(
        because,
        missing=f"請寫出{programme.year}年度恢復執行的原因。",
        too_long=f"恢復執行的原因太長，最多 {REASON_LENGTH} 個字；年度狀態沒有改變。",
    )
    _lock(programme)
    _require_state(programme, ProgrammeState.CLOSED)
    programme.state = ProgrammeState.RUNNING
    programme.reopened_because = reason
    return history.save(programme, by=by, at=at, door=door, is_step=True)


def obstacle_to_deletion(programme: Programme) -> str:
    """Why the year cannot be deleted, as a sentence; empty where it can."""
    hanging = words_of_what_hangs(
        {
            "個項目": Action.objects.for_programme(programme).count(),
            "個開放過的填報期": programme.periods.opened().count(),
            "次匯入": programme.batches.count(),
            "次年終決定": programme.year_end_decisions.count(),
            "次會議": programme.meetings.count(),
            "張稽催單": programme.letters.count(),
        }
    )
    if not hanging:
        return ""
    return (
        f"{programme.year}年度已經有 {hanging}，不能刪除，以免紀錄失去依據；"
        "不再使用時，請研考在「管理」的「年度」頁把它結案。"
    )


@transaction.atomic
def delete_empty(programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """Delete a year that was made by mistake; its entries stay with the office as a whole."""
    _lock(programme)
    obstacle = obstacle_to_deletion(programme)
    if obstacle:
        raise WorkflowError(obstacle, Refusal.YEAR_NOT_EMPTY)
    # Row by row and not by the cascade of the database: each leaves its entry in the history.
    for rules in ControlSettings.objects.filter(programme=programme):
        history.delete(rules, by=by, at=at, door=door)
    for settings in ReminderSettings.objects.filter(programme=programme):
        history.delete(settings, by=by, at=at, door=door)
    for period in programme.periods.all():
        history.delete(period, by=by, at=at, door=door)
    for strategy in programme.strategies.all():
        # Without items below: headings that somebody entered, or that an undone import left.
        for method in strategy.methods.all():
            for plan in method.plans.all():
                history.delete(plan, by=by, at=at, door=door)
            history.delete(method, by=by, at=at, door=door)
        history.delete(strategy, by=by, at=at, door=door)
    # Past the append-only manager: the entries themselves do not change, but the year that they
    # are listed under goes. Their labels and fields still say which one it was.
    Change._base_manager.filter(programme=programme).update(programme=None)
    history.delete(programme, by=by, at=at, door=door)
