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
from items.workflow import control_rules, history, reminder_mail
from items.workflow.errors import Refusal, WorkflowError


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
    """新增 a year, 研擬中: it is nobody's home until it is started."""
    created = history.save(programme, by=by, at=at, door=door)
    control_rules.carry_rules(created, by=by, at=at, door=door)
    reminder_mail.carry_settings(created, by=by, at=at, door=door)
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
    """Write these fields, `content` by their names; every other stays as it is by now."""
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
    """結案: nobody starts from this year any more; it stays readable."""
    _lock(programme)
    _require_state(programme, ProgrammeState.RUNNING)
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
    reason = because.strip()
    if not reason:
        words = f"請寫出{programme.year}年度恢復執行的原因。"
        raise WorkflowError(words, Refusal.REASON_MISSING)
    if len(reason) > REASON_LENGTH:
        words = f"恢復執行的原因太長，最多 {REASON_LENGTH} 個字；年度狀態沒有改變。"
        raise WorkflowError(words, Refusal.REASON_TOO_LONG)
    _lock(programme)
    _require_state(programme, ProgrammeState.CLOSED)
    programme.state = ProgrammeState.RUNNING
    programme.reopened_because = reason
    return history.save(programme, by=by, at=at, door=door, is_step=True)


def obstacle_to_deletion(programme: Programme) -> str:
    """Why the year cannot be deleted, as a sentence; empty where it can."""
    hanging = []
    number_of_items = Action.objects.for_programme(programme).count()
    if number_of_items:
        hanging.append(f"{number_of_items} 個項目")
    number_of_periods = programme.periods.opened().count()
    if number_of_periods:
        hanging.append(f"{number_of_periods} 個開放過的填報期")
    number_of_imports = programme.batches.count()
    if number_of_imports:
        hanging.append(f"{number_of_imports} 次匯入")
    number_of_decisions = programme.year_end_decisions.count()
    if number_of_decisions:
        hanging.append(f"{number_of_decisions} 次年終決定")
    number_of_meetings = programme.meetings.count()
    if number_of_meetings:
        hanging.append(f"{number_of_meetings} 次會議")
    if not hanging:
        return ""
    return (
        f"{programme.year}年度已經有 {'、'.join(hanging)}，不能刪除，以免紀錄失去依據；"
        "不再使用時，請研考在「管理」的「年度」頁把它結案。"
    )


@transaction.atomic
def delete_empty(programme: Programme, *, by: User, at: datetime, door: Door = Door.PAGE) -> None:
    """Delete a year that was made by mistake; its entries stay with the office as a whole."""
    _lock(programme)
    obstacle = obstacle_to_deletion(programme)
    if obstacle:
        raise WorkflowError(obstacle, Refusal.YEAR_NOT_EMPTY)
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
