"""A 填報期 as it stood at the end of a day, and the days that people ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from items.day_words import moment_words
from items.models import Period, PeriodClosing, Programme
from items.roc import format_roc
from plan_tracker.clock import day_of


@dataclass(frozen=True)
class PeriodOnDay:
    """One period as it stood at the end of a day.

    `closing` is the last state of before, None where the period had not been closed yet;
    `next_closing` the first one after the day.
    """

    period: Period
    day: date
    closing: PeriodClosing | None
    next_closing: PeriodClosing | None
    closings: tuple[PeriodClosing, ...]
    """All states of the period, those after the day included."""

    def at_closing(self, number: str) -> PeriodOnDay | None:
        """The state with this number; two of one day cannot be told apart by the day."""
        for closing in self.closings:
            if str(closing.number) == number:
                return replace(self, closing=closing)
        return None

    @property
    def closing_before(self) -> PeriodClosing | None:
        """The state before the one that is shown; None where that is the first one."""
        before = None
        for closing in self.closings:
            if self.closing is not None and closing.number < self.closing.number:
                before = closing
        return before

    @property
    def state_words(self) -> str:
        """「已關閉」, 「重新開放」 or 「填報中」, on that day."""
        if self.reopened_words:
            return "重新開放"
        if self.closing is not None:
            return "已關閉"
        return "填報中"

    @property
    def words(self) -> str:
        """What is shown, in a sentence that stands on page and file alike."""
        if self.closing is not None:
            return self.closing.words
        # Wording and departments are kept only at a closing: they are those of the next one, or of now.
        shown = f"{self.period} {format_roc(self.day)}當天的內容，當時還在填報中"
        if self.next_closing is not None:
            closed_on = format_roc(self.next_closing.closed_on)
            return f"{shown}；計畫文字、單位與期限是{closed_on}關閉時的"
        return f"{shown}；計畫文字、單位與期限是目前的"

    @property
    def closed_words(self) -> str:
        """「顏佳慧 115年10月20日 17:00 關閉」"""
        if self.closing is None:
            return ""
        return f"{self.closing.closed_by} {moment_words(self.closing.closed_at)} 關閉"

    @property
    def reopened_words(self) -> str:
        """That it had been opened again by then, and was being corrected; empty where it was not."""
        reopened_at = self.period.reopened_at
        if self.closing is None or reopened_at is None:
            return ""
        # By the states' own order: a clock may be set back.
        is_newest = self.closing.number == self.closings[-1].number
        if is_newest and self.period.is_closed:
            # It was opened before this state was kept.
            return ""
        if day_of(reopened_at) > self.day:
            return ""
        return f"{self.period.reopened_words}；再次關閉以前，以這一次關閉時的內容為準。"


def periods_on(programme: Programme, day: date) -> list[PeriodOnDay]:
    """The periods that had been opened by a day, in two queries."""
    periods = list(programme.periods.select_related("reopened_by"))
    closings: dict[int, list[PeriodClosing]] = {}
    states = PeriodClosing.objects.filter(period__programme=programme).select_related("closed_by")
    for closing in states.order_by("number"):
        closings.setdefault(closing.period_id, []).append(closing)
    on_day = []
    for period in periods:
        if not period.was_open_by(day):
            continue
        period.programme = programme
        by_then = None
        afterwards = None
        for closing in closings.get(period.pk, []):
            # Closings come in their order: the last one that was not after the day stays.
            if closing.closed_on <= day:
                by_then = closing
            elif afterwards is None:
                afterwards = closing
        of_period = tuple(closings.get(period.pk, []))
        on_day.append(PeriodOnDay(period, day, by_then, afterwards, closings=of_period))
    return on_day


@dataclass(frozen=True)
class DayLink:
    """A day that people ask for: 「第3季關閉」 with its day."""

    period: Period
    name: str
    day: date


def day_links(on_day: Sequence[PeriodOnDay], today: date) -> list[DayLink]:
    """For each period the day of its newest closing, else its end where it was open by then.

    A quarter is often opened only after its end: on that day nothing of it had been reported.
    """
    links = []
    for one in on_day:
        period = one.period
        if one.closings:
            links.append(DayLink(period, f"{period.name}關閉", one.closings[-1].closed_on))
        elif period.was_open_by(period.ends_on) and period.ends_on <= today:
            links.append(DayLink(period, f"{period.name}末", period.ends_on))
    return links


def usual_period(on_day: Sequence[PeriodOnDay]) -> PeriodOnDay | None:
    """The newest one that had begun by the day, else the first; None where none was opened."""
    begun = [one for one in on_day if one.period.starts_on <= one.day]
    if begun:
        # Two periods may end on one day: the number decides between them.
        return max(begun, key=lambda one: (one.period.ends_on, one.period.number))
    # Opened ahead of its first day: better than an empty page.
    if on_day:
        return on_day[0]
    return None
