"""How many assignments are in which 填報狀態, of every department in every period of a year.

Counted by the database from what each assignment carries: one query, and no report is asked.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from items.models import Period
from items.models.assignments import AssignmentQuerySet
from items.models.copied_figures import FILING_STATES
from items.models.filing_states import FilingYear
from items.models.light_rules import PROGRAMME

StateNumbers = Counter[str]
"""{state of a report, or MISSING: how many assignments}"""


class _SameStates(NamedTuple):
    """What decides in which states an assignment is."""

    filing_states: str
    handed_out_on: date | None


def filing_counts(
    assignments: AssignmentQuerySet, periods: Sequence[Period]
) -> dict[int, dict[int, StateNumbers]]:
    """{key of an opened period: {key of a department: its numbers}} of what is expected there.

    `periods` are all of one year. `assignments` are those to be counted, without annotations, which
    would split the groups of the count.
    """
    counts: dict[int, dict[int, StateNumbers]] = {}
    for period in periods:
        if period.opened_at is not None:
            counts[period.pk] = {}
    if not counts:
        return counts
    of_year = assignments.filter(**{PROGRAMME: periods[0].programme_id}).controlled()
    groups = (
        of_year.order_by()
        .values("department", FILING_STATES, "handed_out_on")
        .annotate(number=Count("pk"))
    )
    year = FilingYear(periods)
    # Departments have much the same ways behind them: each is read once.
    states_of: dict[_SameStates, dict[int, str]] = {}
    for group in groups:
        same = _SameStates(group[FILING_STATES], group["handed_out_on"])
        states = states_of.get(same)
        if states is None:
            states = year.states(same.filing_states, same.handed_out_on)
            states_of[same] = states
        for period_key, state in states.items():
            numbers = counts[period_key].setdefault(group["department"], Counter())
            numbers[state] += group["number"]
    return counts
