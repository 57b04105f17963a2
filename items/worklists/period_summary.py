"""Where one period stands, in a sentence whose figures lead to lists, and as it is closed."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from items.day_words import days_left
from items.models import Assignment, Period, ReportState
from items.models.progress import CLOSED_UNACCEPTED
from items.worklists.period_grid import PeriodCell


class SummaryPart(NamedTuple):
    """A piece of a sentence; `state` limits the list that it leads to, None where it is no link."""

    words: str
    state: str | None = None


@dataclass(frozen=True)
class PeriodSummary:
    """Where one period stands, in words; `total` is the whole office's cell.

    It is None for a period that was not opened yet.
    """

    period: Period
    total: PeriodCell | None
    number_waiting: int
    today: date
    number_waiting_elsewhere: int = 0

    @property
    def heading(self) -> str:
        """「第4季：還有 2 件未送出，3 件等您審核；其他填報期 1 件等您審核」"""
        return "".join(part.words for part in self.heading_parts)

    @property
    def heading_parts(self) -> list[SummaryPart]:
        """The heading, with the figures that lead to a list apart."""
        parts = [SummaryPart(self.period.name), *self._sent_parts()]
        if self.number_waiting:
            figure = SummaryPart(f"{self.number_waiting:,} 件等您審核", "waiting")
            parts += [SummaryPart("，"), figure]
        # Several periods may be open: what waits of another one is no work of this one.
        if self.number_waiting_elsewhere:
            figure = SummaryPart(f"{self.number_waiting_elsewhere:,} 件等您審核", "")
            parts += [SummaryPart("；其他填報期 "), figure]
        return parts

    @property
    def count_parts(self) -> list[SummaryPart]:
        """「應填 52 件：未填 5、草稿 2。」; empty where nothing is asked for."""
        if self.total is None or not self.total.expected:
            return []
        parts = [SummaryPart(f"應填 {self.total.expected:,} 件", "expected")]
        mark = "："
        for count in self.total.state_counts:
            figure = SummaryPart(f"{count.word} {count.number}", count.state)
            parts += [SummaryPart(mark), figure]
            # The colon stands once, before the first state.
            mark = "、"
        parts.append(SummaryPart("。"))
        return parts

    def _sent_parts(self) -> list[SummaryPart]:
        if self.total is None:
            return [SummaryPart("還沒有開放填報")]
        if self.total.outstanding:
            figure = SummaryPart(f"{self.total.outstanding:,} 件未送出", "outstanding")
            return [SummaryPart("：還有 "), figure]
        if self.total.expected:
            return [SummaryPart("：全部送出了")]
        return [SummaryPart("：沒有應填的項目")]

    @property
    def after_due_day(self) -> str:
        """What is said behind the due day: 「（剩 9 天）」 or 「，已關閉」."""
        if self.period.is_open:
            when = days_left(self.period.due_on, self.today)
            if self.period.is_reopened:
                return f"（重新開放，{when}）"
            return f"（{when}）"
        return f"，{self.period.state_words}"


def closed_words(period: Period) -> str:
    """What is said when this open period is closed now."""
    number = number_unaccepted(period)
    if number:
        return f"{period}已關閉，內容已鎖定；{number:,} 件列為「{CLOSED_UNACCEPTED}」。"
    return f"{period}已關閉，內容已鎖定；全部備查。"


def number_unaccepted(period: Period) -> int:
    """How many expected reports are not yet 備查: what one should know before closing."""
    expected = Assignment.objects.expected_in(period).with_report(period)
    # A missing report has no state, and NULL equals none of those asked for.
    is_unaccepted = Q(report_state__isnull=True) | ~Q(report_state=ReportState.ACCEPTED)
    return expected.filter(is_unaccepted).count()
