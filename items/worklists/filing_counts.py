"""How many assignments are in which 填報狀態, of every department in every period of a year.

Counted by the database from what each assignment carries: one query, and no report is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from items.models import Period
from items.models.assignment_queries import AssignmentQuerySet
from items.models.copied_figures import FILING_STATES
from items.models.filing_states import FilingYear
from items.models.prepared import Slot

Ways = Callable[[int], Iterable[Mapping[str, Any]]]
StateNumbers = Counter[str]
"""{state of a report, or MISSING: how many assignments}"""


class FilingWay(NamedTuple):
    """What decides in which states an assignment under control is."""

    filing_states: str
    handed_out_on: date | None


class WaysOfDay(NamedTuple):
    """The `filing_states` that count, of the assignments that were handed out on one day."""

    handed_out_on: date | None
    filing_states: tuple[str, ...]


@dataclass(frozen=True)
class CountedWays:
    """Which assignments of a year were counted in some states; a query is kept by all of it."""

    programme_id: int
    of_days: tuple[WaysOfDay, ...]

    @property
    def number(self) -> int:
        return sum(len(ways.filing_states) for ways in self.of_days)

    def limit(self, assignments: AssignmentQuerySet) -> AssignmentQuerySet:
        # Holds of no row. An empty Q() would hold of all of them where no way fits.
        is_counted = Q(pk__in=[])
        for ways in self.of_days:
            is_counted |= Q(handed_out_on=ways.handed_out_on, filing_states__in=ways.filing_states)
        of_year = assignments.of_own_year(self.programme_id).not_released()
        return of_year.filter(is_counted)


@dataclass(frozen=True)
class FiledYear:
    """Which ways the assignments of a year have behind them, and how many are in which state."""

    programme_id: int
    numbers: dict[int, dict[int, StateNumbers]]
    """{key of an opened period: {key of a department: its numbers}} of what is expected there."""
    states_of: dict[FilingWay, dict[int, str]]
    """{way: {key of an opened period: the state of whoever went it}}"""

    def numbers_in(self, period: Period, states: Sequence[str]) -> dict[int, int]:
        """{key of a department: how many of its assignments are in one of these states}

        Without those that have none. Of a closed period too it is what is so now, not what was kept.
        """
        numbers = {}
        for department, number_of in self.numbers.get(period.pk, {}).items():
            number = sum(number_of[state] for state in states)
            if number:
                numbers[department] = number
        return numbers

    def in_states(
        self, assignments: AssignmentQuerySet, period: Period, states: Sequence[str]
    ) -> AssignmentQuerySet:
        """The assignments that were counted in one of these states of the period.

        The same as `expected_in` with its reports, but without fetching any report.
        """
        return self.ways_in(period, states).limit(assignments)

    def ways_in(self, period: Period, states: Sequence[str]) -> CountedWays:
        """What `in_states` goes by, for a query that is written once for it."""
        # By the day too: a department that got an item after the period does not owe it.
        texts_of_day: dict[date | None, list[str]] = {}
        for way, state_of in self.states_of.items():
            state = state_of.get(period.pk)
            if state in states:
                texts = texts_of_day.setdefault(way.handed_out_on, [])
                texts.append(way.filing_states)
        # Tuples, since what a query is kept by has to be hashable.
        of_days = []
        for day, texts in texts_of_day.items():
            of_days.append(WaysOfDay(day, tuple(texts)))
        return CountedWays(self.programme_id, tuple(of_days))

    def texts_in_state(self, period: Period, state: str) -> set[str]:
        """The `filing_states` of the assignments that were counted in this state of the period."""
        texts = set()
        for way, state_of in self.states_of.items():
            if state_of.get(period.pk) == state:
                texts.add(way.filing_states)
        return texts


def ways_of(assignments: AssignmentQuerySet, programme: int | Slot) -> QuerySet[Any]:
    """Which ways the assignments of a year have behind them, with their numbers by department.

    `assignments` are those to be counted, without annotations, which would split the groups.
    """
    of_year = assignments.of_own_year(programme).not_released()
    groups: QuerySet[Any] = of_year.order_by().values("department", FILING_STATES, "handed_out_on")
    return groups.annotate(number=Count("pk"))


def filing_counts(
    assignments: AssignmentQuerySet, periods: Sequence[Period]
) -> dict[int, dict[int, StateNumbers]]:
    """The numbers of `filed_year`; empty before any period was opened."""
    year = filed_year(assignments, periods)
    if year is None:
        return {}
    return year.numbers


def filed_year(assignments: AssignmentQuerySet, periods: Sequence[Period]) -> FiledYear | None:
    """Count the assignments, in one query; None before any period was opened.

    `periods` are all of one year.
    """
    return filed_by_ways(lambda programme: ways_of(assignments, programme), periods)


def filed_by_ways(ways: Ways, periods: Sequence[Period]) -> FiledYear | None:
    """The same where the caller has a query for it: `ways` gets the key of the programme."""
    numbers: dict[int, dict[int, StateNumbers]] = {}
    for period in periods:
        if period.opened_at is not None:
            numbers[period.pk] = {}
    if not numbers:
        return None
    programme_id = periods[0].programme_id
    year = FilingYear(periods)
    # Departments have much the same ways behind them: each is read once.
    states_of: dict[FilingWay, dict[int, str]] = {}
    for group in ways(programme_id):
        way = FilingWay(group[FILING_STATES], group["handed_out_on"])
        states = states_of.get(way)
        if states is None:
            states = year.states(way.filing_states, way.handed_out_on)
            states_of[way] = states
        for period_key, state in states.items():
            of_period = numbers[period_key]
            of_department = of_period.get(group["department"])
            # Not by `setdefault`, which would make a Counter for each group: 550 of them for 50
            # departments.
            if of_department is None:
                of_department = Counter()
                of_period[group["department"]] = of_department
            of_department[state] += group["number"]
    return FiledYear(programme_id, numbers, states_of)
