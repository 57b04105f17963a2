"""辦公日曆: filled for a year from the package `holidays`, and set by hand for a single day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import holidays
from django.db import transaction

from items.day_words import moment_words
from items.models import Change, DaySource, Door, OfficeDay, User
from items.models.working_days import NAME_LENGTH, is_weekday
from items.roc import OFFSET
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError

COUNTRY = "TW"
MAKE_UP_NAME = "補行上班"


@dataclass(frozen=True)
class KnownDay:
    """What the package says of a day that is not as its weekday says."""

    day: date
    is_working: bool
    name: str


@dataclass(frozen=True)
class FilledYear:
    """What filling a year has changed; `kept` were set by hand and stayed as they were."""

    written: int
    removed: int
    kept: int


def known_days(year: int) -> list[KnownDay]:
    """Holidays from Monday to Friday, and Saturdays on which a long weekend is made up for."""
    public = holidays.country_holidays(COUNTRY, years=year, language="zh_TW")
    days = []
    for day, name in public.items():
        # On a Saturday or Sunday nobody works anyway.
        if is_weekday(day):
            days.append(KnownDay(day, is_working=False, name=name[:NAME_LENGTH]))
    for day in public.weekend_workdays:
        # The set of a year also holds single days of other years.
        if day.year == year:
            days.append(KnownDay(day, is_working=True, name=MAKE_UP_NAME))
    return sorted(days, key=lambda known: known.day)


@transaction.atomic
def fill_year(year: int, *, by: User, at: datetime, door: Door = Door.PAGE) -> FilledYear:
    """Write what the package knows of a year of our era; what was set by hand stays."""
    known = known_days(year)
    if not known:
        words = f"內建資料沒有民國 {year - OFFSET} 年的放假日，請逐日設定。"
        raise WorkflowError(words, Refusal.DAY_NOT_POSSIBLE)
    # Locked, so that of two who fill it at once the second finds the rows of the first.
    rows = OfficeDay.objects.select_for_update().of_year(year)
    stored = {row.day: row for row in rows}
    written = kept = removed = 0
    for one in known:
        row = stored.pop(one.day, None)
        if row is not None and row.is_by_hand:
            kept += 1
            continue
        if row is None:
            row = OfficeDay(day=one.day, source=DaySource.FILLED)
        is_known_already = row.is_working == one.is_working and row.name == one.name
        if is_known_already:
            continue
        row.is_working = one.is_working
        row.name = one.name
        history.save(row, by=by, at=at, door=door)
        written += 1
    for row in stored.values():
        if row.is_by_hand:
            kept += 1
            continue
        # An older package knew a day that the law has dropped since.
        history.delete(row, by=by, at=at, door=door)
        removed += 1
    return FilledYear(written=written, removed=removed, kept=kept)


@transaction.atomic
def set_day(
    day: date,
    *,
    is_working: bool,
    name: str,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
    seen: Collection[str] | None = None,
) -> OfficeDay:
    """Say whether one day is worked; this goes before the package and the weekday.

    `seen` are the rows, `as_seen`, that stood on the page: what somebody else has set by hand
    meanwhile is not overwritten.
    """
    row = OfficeDay.objects.select_for_update().filter(day=day).first()
    if row is None:
        row = OfficeDay(day=day)
    elif row.is_by_hand and (row.is_working, row.name) != (is_working, name):
        _require_seen(row, seen)
    row.is_working = is_working
    row.name = name
    row.source = DaySource.HAND
    return history.save(row, by=by, at=at, door=door)


def _require_seen(row: OfficeDay, seen: Collection[str] | None) -> None:
    """Raise where somebody has set the day by hand since the page was opened."""
    if seen is None or row.as_seen in seen:
        return
    who = "別人"
    entries = Change.objects.filter(model=row._meta.model_name, object_id=row.pk)
    newest = entries.select_related("by").first()
    if newest is not None:
        who = f"{newest.by}在{moment_words(newest.at)}"
    words = str(row)
    if row.name:
        words = f"{row}（{row.name}）"
    message = f"沒有更動：您開啟這一頁之後，{who}設定了{words}。請看過上面的清單；仍要照您的，請再按一次。"
    raise WorkflowError(message, Refusal.DAY_CHANGED)


@transaction.atomic
def forget_day(
    row: OfficeDay,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
    seen: Collection[str] | None = None,
) -> None:
    """Take back what was set by hand: the day is again as the package or its weekday says.

    `seen` as of `set_day`.
    """
    held = OfficeDay.objects.select_for_update().filter(pk=row.pk).first()
    if held is None:
        raise WorkflowError(f"{row}的設定剛才已經取消了。", Refusal.DAY_CHANGED)
    row = held
    _require_seen(row, seen)
    if not row.is_by_hand:
        words = f"{row}是填入的，不能取消；要改請另外設定那一天。"
        raise WorkflowError(words, Refusal.DAY_NOT_POSSIBLE)
    for one in known_days(row.day.year):
        filled = OfficeDay.objects.of_year(row.day.year).filter(source=DaySource.FILLED)
        # A single filled day would make the whole year look filled.
        if one.day == row.day and filled.exists():
            row.is_working = one.is_working
            row.name = one.name
            row.source = DaySource.FILLED
            history.save(row, by=by, at=at, door=door)
            return
    history.delete(row, by=by, at=at, door=door)
