"""填報期 for the plan office: each period with its history, its form, and what is not 備查 yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from items.day_words import days_left, moment_words
from items.forms.periods import DueForm, ReopenForm
from items.forms.reopening import ReopenSomeForm
from items.models import Period, Programme, WorkingCalendar
from items.roc import format_roc
from items.worklists.period_grid import PeriodCell, StateCount, columns_in_order, period_grid
from items.worklists.reopened import ReopenedTogether, reopened_together

OPEN, REOPEN, CLOSE, DUE = "open", "reopen", "close", "due"
REOPEN_SOME, KEEP_SOME = "reopen-some", "keep-some"
"""The steps as they stand in the address."""


@dataclass(frozen=True)
class PeriodCard:
    """One period with the form of the step that is possible now.

    `cell` is where the whole office stands in it; None for a period that was not opened yet.
    """

    period: Period
    form: DueForm
    cell: PeriodCell | None
    today: date
    calendar: WorkingCalendar
    some_form: ReopenSomeForm | None = None
    """The way to open a closed period again for one department or item."""
    reopenings: tuple[ReopenedTogether, ...] = ()
    """What is open by itself now."""

    @property
    def number_reopened(self) -> int:
        return sum(len(step.reopenings) for step in self.reopenings)

    @property
    def is_current(self) -> bool:
        return self.period.starts_on <= self.today <= self.period.ends_on

    @property
    def steps_words(self) -> list[str]:
        """「顏研考 115年10月1日 09:00 開放」, one sentence for each step, in their order."""
        period = self.period
        words = []
        # What was opened again keeps its first opening: an auditor reads both.
        if period.opened_at:
            words.append(f"{period.opened_by} {moment_words(period.opened_at)} 開放")
        if period.reopened_words:
            words.append(period.reopened_words)
        if period.closed_at:
            words.append(f"{period.closed_by} {moment_words(period.closed_at)} 關閉")
        return words

    @property
    def due_words(self) -> str:
        """「填報期限 115年12月1日（剩 9 天）」; without the days where nobody waits for it."""
        words = f"填報期限 {format_roc(self.period.due_on)}"
        if self.period.is_open:
            return f"{words}（{days_left(self.period.due_on, self.today)}）"
        return words

    @property
    def holiday_words(self) -> str:
        """「115年12月5日放假（星期六），前一個上班日是115年12月4日。」; empty where it is worked."""
        if self.period.is_closed:
            return ""
        return self.calendar.due_day_words(self.period.due_on)

    @property
    def form_step(self) -> str:
        """What the form does, as it stands in the address."""
        if self.period.is_open:
            return DUE
        if self.period.is_closed:
            return REOPEN
        return OPEN

    @property
    def unaccepted(self) -> list[StateCount]:
        """What is not 備查, by its state: 「未填 5」, 「待主管 9」."""
        if self.cell is None:
            return []
        return self.cell.unaccepted

    @property
    def number_unaccepted(self) -> int:
        if self.cell is None:
            return 0
        return self.cell.number_unaccepted


def period_cards(
    programme: Programme,
    today: date,
    invalid: DueForm | None = None,
    invalid_some: ReopenSomeForm | None = None,
) -> list[PeriodCard]:
    """A card for each period, the current one first.

    `invalid` and `invalid_some` are the forms of one of them, with their errors.
    """
    people = ("programme", "opened_by", "closed_by", "reopened_by")
    periods = list(programme.periods.select_related(*people))
    grid = period_grid(periods)
    reopenings = reopened_together(programme, today)
    calendar = WorkingCalendar.load()
    cards = []
    for period in columns_in_order(periods, today):
        # What was typed stays in its field, beside the sentence that says what is wrong with it.
        if invalid is not None and invalid.instance.pk == period.pk:
            form = invalid
        else:
            form = form_of(period, today, calendar)
        some_form = None
        if period.is_closed:
            some_form = ReopenSomeForm(period=period, today=today, calendar=calendar)
            if invalid_some is not None and invalid_some.period.pk == period.pk:
                some_form = invalid_some
        cards.append(
            PeriodCard(
                period=period,
                form=form,
                cell=grid.total(period),
                today=today,
                calendar=calendar,
                some_form=some_form,
                reopenings=tuple(reopenings.get(period.pk, [])),
            )
        )
    return cards


def form_of(
    period: Period,
    today: date,
    calendar: WorkingCalendar,
    *,
    data: Mapping[str, Any] | None = None,
) -> DueForm:
    """The form of the step that is possible now."""
    form_class = DueForm
    if period.is_closed:
        form_class = ReopenForm
    return form_class(
        # The forms of all periods stand on one page: the prefix keeps their fields apart.
        data,
        instance=period,
        prefix=str(period.number),
        today=today,
        calendar=calendar,
    )
