"""What the dashboard counts: groups of actions and of assignments, and the few that it names.

Only actions that are 列管中 are in counts and means; what was released, withdrawn or carried over
is shown as one figure beside them. The means are product.md's: an action's is that of its lead
assignments, a strategy's and the year's that of its actions, a department's that of all its
assignments, supporting ones too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from items.lights import Light, counts_in_means
from items.percents import EqualGroup, MeanProgress, mean_of_means
from items.worklists.filing_counts import StateNumbers


@dataclass(frozen=True)
class ActionGroup:
    """Actions of one strategy with the same lights, now and before, and equally many leads."""

    strategy: int
    """The number of the strategy, as the document prints it."""
    light: Light
    """The worst of the leads."""
    before: Light | None
    """The same on the day that is compared with; None where there is none."""
    number: int
    counted: int
    """How many leads of each action are in the means; 0 where the action is in none."""
    actual: int
    """The sum of the percents of all these leads, as `planned`."""
    planned: int


@dataclass(frozen=True)
class AssignmentGroup:
    """Assignments of one department in the same state."""

    department: int
    """The primary key of the department."""
    is_lead: bool
    light: Light
    has_report: bool
    """Whether a report was ever submitted."""
    number: int
    actual: int
    planned: int

    @property
    def counts_in_means(self) -> bool:
        return counts_in_means(self.light, has_report=self.has_report)


@dataclass(frozen=True)
class MovedAction:
    """An action whose light is another one than before."""

    pk: int
    before: Light
    after: Light


@dataclass(frozen=True)
class PlanCounts:
    """Everything that the dashboard says of the controlled actions that have a lead."""

    actions: list[ActionGroup]
    assignments: list[AssignmentGroup]
    owing_actions: int
    """Actions of which some assignment owes a report for the current period."""
    worst: list[int]
    """The keys of the actions that management asks about, the worst first; `SHOWN_CASES` at most."""
    moved: list[MovedAction]
    """The first `SHOWN_CHANGES` of the plan for each pair of lights, in no order."""
    at_ends: list[MeanProgress]
    """At the end of each period that was asked for."""
    filing: Mapping[int, StateNumbers]
    """{key of a department: how many of its assignments are in which 填報狀態 of the period}

    Counted are those that owe a report for the period, or have begun one.
    """


def mean_progress(groups: Iterable[ActionGroup]) -> MeanProgress:
    """The means over the actions; those without progress are left out."""
    actual = []
    planned = []
    # An action without a lead has no progress. Its size is 0, so that it does not pull the mean down
    # as 0% would.
    for group in groups:
        actual.append(EqualGroup(group.number, size=group.counted, total=group.actual))
        planned.append(EqualGroup(group.number, size=group.counted, total=group.planned))
    return MeanProgress(actual=mean_of_means(actual), planned=mean_of_means(planned))


def mean_of_assignments(groups: Iterable[AssignmentGroup]) -> MeanProgress:
    """The means over the assignments that count."""
    actual = []
    planned = []
    for group in groups:
        if not group.counts_in_means:
            continue
        # Of size 1: an assignment has one percent, where an action has one for each lead.
        actual.append(EqualGroup(group.number, size=1, total=group.actual))
        planned.append(EqualGroup(group.number, size=1, total=group.planned))
    return MeanProgress(actual=mean_of_means(actual), planned=mean_of_means(planned))


def number_by_light(groups: Iterable[ActionGroup | AssignmentGroup]) -> Counter[Light]:
    """How many actions, or assignments, show which light."""
    counts: Counter[Light] = Counter()
    for group in groups:
        counts[group.light] += group.number
    return counts
