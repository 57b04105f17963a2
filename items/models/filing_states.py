"""填報狀態 of all periods of one assignment in one short text, which the assignment carries.

The states of a whole year are counted by grouping the assignments by this text: no report is asked,
of which there are as many again for every period.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from items.models.periods import Period
from items.models.progress import EDITABLE, SUBMITTED, ReportState

MISSING = "missing"
"""The name of 未填 among the states: a report that is not there has none of its own."""

UNACCEPTED = (MISSING, *(state for state in ReportState if state != ReportState.ACCEPTED))
"""What is not 備查, 未填 included."""

OUTSTANDING = (MISSING, *EDITABLE)
"""What was not sent: 未填, 草稿 and 退回."""

LETTERS = {
    ReportState.DRAFT: "d",
    ReportState.WITH_HEAD: "h",
    ReportState.WITH_COORDINATOR: "c",
    ReportState.RETURNED: "r",
    ReportState.ACCEPTED: "a",
}
"""One for each state; as a capital, the report is submitted and says 100 %."""

STATES = {letter: state for state, letter in LETTERS.items()}


@dataclass(frozen=True)
class FiledReport:
    """What counts need to know of a report; `period` is the key of its period."""

    period: int
    state: ReportState
    is_finished: bool


def written_states(reports: Iterable[FiledReport]) -> str:
    """「12a13a14d」: the key of each period in which there is a report, and the letter of its state."""
    parts = []
    for report in sorted(reports, key=lambda report: report.period):
        letter = LETTERS[report.state]
        if report.is_finished:
            letter = letter.upper()
        parts.append(f"{report.period}{letter}")
    return "".join(parts)


def filed_report(period: int, state: str, percent: int | None) -> FiledReport:
    """A report as the columns of its row say it."""
    is_finished = state in SUBMITTED and percent is not None and percent >= 100
    return FiledReport(period, ReportState(state), is_finished)


def read_states(text: str) -> dict[int, FiledReport]:
    """{key of the period: the report} of what `written_states` has written."""
    reports = {}
    digits = ""
    for character in text:
        if character.isdigit():
            digits += character
            continue
        period = int(digits)
        digits = ""
        state = STATES[character.lower()]
        reports[period] = FiledReport(period, state, is_finished=character.isupper())
    return reports


@dataclass(frozen=True)
class FilingYear:
    """All periods of one year, and what an assignment under control owes in each.

    `AssignmentQuerySet.expected_in` says the same in the database; a test compares both.
    """

    periods: Sequence[Period]

    def states(self, text: str, handed_out_on: date | None) -> dict[int, str]:
        """{key of an opened period: the state, or MISSING} where the assignment is expected."""
        reports = read_states(text)
        states: dict[int, str] = {}
        is_finished = False
        for periods in self._by_last_day:
            finished_now = is_finished
            for period in periods:
                report = reports.get(period.pk)
                if report is not None and report.state in SUBMITTED:
                    # The newest report counts and not an older one.
                    finished_now = report.is_finished
                if period.opened_at is None:
                    continue
                if report is not None:
                    states[period.pk] = report.state.value
                elif not is_finished and _is_there_in_time(period, handed_out_on):
                    states[period.pk] = MISSING
            is_finished = finished_now
        return states

    @cached_property
    def _by_last_day(self) -> list[list[Period]]:
        """The oldest first; those that end on one day together, since none is before another."""
        oldest_first = sorted(self.periods, key=lambda period: (period.ends_on, period.number))
        by_last_day: dict[date, list[Period]] = defaultdict(list)
        for period in oldest_first:
            by_last_day[period.ends_on].append(period)
        return list(by_last_day.values())


def _is_there_in_time(period: Period, handed_out_on: date | None) -> bool:
    """`there_in_time` of one assignment."""
    closed_on = period.first_closed_on
    return closed_on is None or handed_out_on is None or handed_out_on < closed_on
