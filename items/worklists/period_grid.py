"""填報狀態 of every department in every period: the plan office's grid, and its total."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from items.models import Assignment, Department, Period, ReportState, current_first
from items.models.closing import counts_in_force
from items.models.department_list import all_departments
from items.models.filing_states import MISSING
from items.models.period_line import ClosingCounts
from items.models.prepared import Prepared, Slot
from items.worklists.filing_counts import FiledYear, StateNumbers, filed_by_ways, ways_of
from items.worklists.waiting_ages import Ages


class StateCount(NamedTuple):
    """How many assignments are in one state; `word` as people read it, such as 待主管."""

    state: str
    word: str
    number: int
    oldest: int | None = None
    """For how many days the oldest has waited there; None where that is not asked."""


STATE_WORDS = {state: str(state.label) for state in ReportState}
"""In the order of the way of a report; read once, for a grid asks hundreds of times."""


@dataclass(frozen=True)
class PeriodCell:
    """填報狀態 of one department, or of all, in one period.

    `name_then` is what the department was called when the period was closed, where that differs.
    """

    period: Period
    counts: StateNumbers
    name_then: str = ""
    oldest: Mapping[str, int] = field(default_factory=dict)
    """{state: for how many days the oldest report has waited there}"""

    @property
    def expected(self) -> int:
        return self.counts.total()

    @property
    def missing(self) -> int:
        return self.counts.get(MISSING, 0)

    @property
    def outstanding(self) -> int:
        """What is still owed: 未填, 草稿 and 退回."""
        drafts = self.counts[ReportState.DRAFT]
        returned = self.counts[ReportState.RETURNED]
        return self.missing + drafts + returned

    @property
    def state_counts(self) -> list[StateCount]:
        """The states in the order of the way of a report, without those that no report is in."""
        state_counts = []
        if self.missing:
            state_counts.append(StateCount(MISSING, "未填", self.missing))
        for state, word in STATE_WORDS.items():
            # A Counter's own way to nought is a call, of which a grid of 20 rows made 300.
            number = self.counts.get(state, 0)
            if not number:
                continue
            # What was accepted can no longer be returned once the period is closed.
            if state is ReportState.ACCEPTED and self.period.is_closed:
                word = "鎖定"
            oldest = self.oldest.get(state.value)
            state_counts.append(StateCount(state.value, word, number, oldest))
        return state_counts

    @property
    def unaccepted(self) -> list[StateCount]:
        """What is not 備查, by its state: once the period is closed, nobody can go on with it."""
        return [one for one in self.state_counts if one.state != ReportState.ACCEPTED]

    @property
    def number_unaccepted(self) -> int:
        return sum(one.number for one in self.unaccepted)


@dataclass(frozen=True)
class DepartmentRow:
    """One line of the grid: a cell for each period, None where nothing is asked for."""

    department_id: int
    department_name: str
    cells: list[PeriodCell | None]


class _DepartmentKey(NamedTuple):
    pk: int
    name: str


_Column = dict[_DepartmentKey, PeriodCell]


@dataclass(frozen=True)
class PeriodGrid:
    """The grid of a programme: `columns` is {key of an opened period: {department: its cell}}.

    `year` is what the cells were counted from; None before any period was opened.
    """

    periods: Sequence[Period]
    columns: Mapping[int, _Column]
    year: FiledYear | None

    @property
    def rows(self) -> list[DepartmentRow]:
        """One row for each department that owes anything in any period."""
        # As a set, but in order: a department that owes nothing in the first period comes later.
        departments: dict[_DepartmentKey, None] = {}
        for column in self.columns.values():
            departments.update(dict.fromkeys(column))
        rows = []
        for department in departments:
            cells: list[PeriodCell | None] = []
            for period in self.periods:
                # No column for a period that was not opened, no cell where nothing is owed in it.
                column_of_period = self.columns.get(period.pk, {})
                cells.append(column_of_period.get(department))
            rows.append(DepartmentRow(department.pk, department.name, cells))
        return rows

    @cached_property
    def closed_unaccepted(self) -> list[PeriodCell]:
        """The closed periods in which something is not 備查, the newest first."""
        cells = []
        newest_first = sorted(self.periods, key=attrgetter("ends_on"), reverse=True)
        for period in newest_first:
            cell = self.total(period)
            if cell is not None and period.is_closed and cell.number_unaccepted:
                cells.append(cell)
        return cells

    def total(self, period: Period | None) -> PeriodCell | None:
        """The whole office's cell of one period; None where it was not opened yet."""
        if period is None:
            return None
        return self._totals.get(period.pk)

    @cached_property
    def _totals(self) -> dict[int, PeriodCell]:
        totals = {}
        for period in self.periods:
            column = self.columns.get(period.pk)
            # A period that was not opened has no column, and nothing to add up.
            if column is None:
                continue
            counts: StateNumbers = Counter()
            for cell in column.values():
                counts.update(cell.counts)
            totals[period.pk] = PeriodCell(period, counts)
        return totals


def columns_in_order(periods: Sequence[Period], today: date) -> list[Period]:
    """The columns of the grid: the current period, the older ones, and last what is to come.

    On a phone the first column or two are all that is in sight, and the current one is asked for.
    """
    opened = [period for period in periods if period.opened_at is not None]
    to_come = [period for period in periods if period.opened_at is None]
    return [*current_first(opened, today), *to_come]


_WAYS = Prepared[Any](lambda: ways_of(Assignment.objects.all(), Slot("programme")))


def period_grid(
    periods: Sequence[Period],
    departments: Sequence[Department] | None = None,
    *,
    ages: Ages | None = None,
) -> PeriodGrid:
    """The grid of all periods of a year, in three queries; two where the caller has all departments.

    A closed period shows what was kept of it. In the others every assignment is counted, for every
    reader: the plan office sees how many drafts there are, and no word of them.
    """
    year = filed_by_ways(lambda programme: _WAYS(programme=programme), periods)
    if year is None:
        return PeriodGrid(periods, columns={}, year=None)
    if departments is None:
        departments = all_departments()
    kept_counts = counts_in_force(periods)
    columns: dict[int, _Column] = {}
    for period in periods:
        if period.opened_at is None:
            continue
        # What is counted now would not be what was closed: reports were corrected since, items gone.
        if period.pk in kept_counts:
            columns[period.pk] = _kept_column(period, kept_counts[period.pk], departments)
            continue
        column: _Column = {}
        ages_of_period = (ages or {}).get(period.pk, {})
        for department in departments:
            numbers = year.numbers[period.pk].get(department.pk)
            # A department that owes nothing in it has an empty cell, not zeros.
            if numbers is not None:
                key = _DepartmentKey(department.pk, department.name)
                oldest = ages_of_period.get(department.pk, {})
                column[key] = PeriodCell(period, numbers, oldest=oldest)
        columns[period.pk] = column
    return PeriodGrid(periods, columns, year)


def _kept_column(period: Period, kept: ClosingCounts, departments: Sequence[Department]) -> _Column:
    """A closed period as it was then; departments that are gone since come last."""
    # Taken out one by one: what remains at the end belongs to no department of today.
    not_placed = {one.key: one for one in kept.departments}
    column: _Column = {}
    for department in departments:
        then = not_placed.pop(department.pk, None)
        if then is None:
            continue
        name_then = ""
        if then.name != department.name:
            name_then = then.name
        key = _DepartmentKey(department.pk, department.name)
        column[key] = PeriodCell(period, Counter(then.states), name_then)
    for then in not_placed.values():
        key = _DepartmentKey(then.key, then.name)
        column[key] = PeriodCell(period, Counter(then.states))
    return column
