"""填報狀態 of one share of an item in an open period, as a reader may know it."""

from dataclasses import dataclass

from items.models import (
    Assignment,
    Period,
    ProgressReport,
    ReportState,
)
from items.models.filing_states import MISSING
from items.worklists.report_steps import (
    reason_of_return,
)
from items.worklists.whose_turn import (
    Turn,
    words_of,
)

NOT_SENT = "尚未送出"


NOT_ASKED = "不必填報"


NOT_WRITTEN = "未填"


@dataclass(frozen=True)
class PeriodFiling:
    """填報狀態 of one assignment in an open period, as this reader may know it.

    `state` is empty where there is nothing to show as a badge.
    """

    period: Period
    words: str
    state: str = ""
    report: ProgressReport | None = None
    returned_because: str = ""
    writable: bool = False
    correctable: bool = False
    """Whether it said 100 % before: nothing is owed, and its department can still say otherwise."""
    turn: Turn | None = None

    @property
    def turn_words(self) -> str:
        """「11月18日起待陳志明核可，已 4 天」; empty where nobody has to act."""
        return words_of(self.turn)

    @property
    def is_to_read(self) -> bool:
        return self.report is not None and not self.writable

    @property
    def button_words(self) -> str:
        if self.state == ReportState.RETURNED:
            return "補正"
        return "繼續填報" if self.report else "填報"


def filing_of(
    period: Period,
    assignment: Assignment,
    report: ProgressReport | None,
    *,
    is_expected: bool,
    is_own_department: bool,
) -> PeriodFiling:
    """Where one assignment stands in a period.

    Everybody reads what was submitted. That there is a draft, or a returned report, only its own
    department may know.
    """
    if report is not None and report.is_submitted:
        return PeriodFiling(period, report.state_words, report.state, report)
    if not is_expected:
        # Reportable, there in time and not expected: finished before.
        was_there = period.was_owed_by(assignment.handed_out_on)
        correctable = is_own_department and assignment.reportable and was_there
        return PeriodFiling(period, NOT_ASKED, correctable=correctable)
    if not is_own_department:
        return PeriodFiling(period, NOT_SENT)
    if report is None:
        return PeriodFiling(period, NOT_WRITTEN, MISSING, writable=assignment.reportable)
    because = ""
    if report.state == ReportState.RETURNED:
        because = reason_of_return(report)
    return PeriodFiling(
        period=period,
        words=report.state_words,
        state=report.state,
        report=report,
        returned_because=because,
        writable=assignment.reportable,
    )
