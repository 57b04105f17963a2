"""Why a report cannot be written now: everywhere the same reason, with what to do about it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from items.day_words import moment_words
from items.models import EDITABLE, Period, ProgressReport, Reopening, ReportState
from items.roc import format_roc

CLOSED_NOW = "已經關閉，內容已鎖定；需要補填或更正，請洽研考重新開放。"
"""Behind the name of a period that was closed while somebody had its page open."""


class LockReason(Enum):
    """Why nobody can write a report, or not this one."""

    NOT_YET_OPEN = auto()
    DUE_DAY_PAST = auto()
    CLOSED = auto()
    ACCEPTED = auto()
    ON_ITS_WAY = auto()


@dataclass(frozen=True)
class ReportLock:
    """A lock with its reason; `words` is a whole sentence for people."""

    reason: LockReason
    words: str


def lock_of(
    period: Period, report: ProgressReport | None, reopening: Reopening | None, today: date
) -> ReportLock | None:
    """Why an assignment cannot be reported on now; None where it can.

    `reopening` is the exception by which it is open, where the period is closed.
    """
    if period.opened_at is None:
        words = (
            f"{period}（{format_roc(period.starts_on)}至{format_roc(period.ends_on)}）"
            "還沒有開放填報，研考開放後就能填。"
        )
        return ReportLock(LockReason.NOT_YET_OPEN, words)
    if period.closed_at is not None and reopening is None:
        words = f"{period}已經關閉（{moment_words(period.closed_at)} 起），內容已鎖定；"
        return ReportLock(LockReason.CLOSED, f"{words}需要補填或更正，請洽研考重新開放。")
    if report is not None and report.state == ReportState.ACCEPTED:
        words = f"這一份已備查{_since(report)}，內容已鎖定；需要更正，請研考退回。"
        return ReportLock(LockReason.ACCEPTED, words)
    if report is not None and report.state not in EDITABLE:
        state = report.get_state_display()
        words = f"這一份已送出，目前是「{state}」{_since(report)}；撤回或退回以後才能修改。"
        return ReportLock(LockReason.ON_ITS_WAY, words)
    # Last: that a report was accepted, or is on its way, says more than a day that is past.
    if reopening is not None and reopening.due_on < today:
        words = f"{period}的補正期限 {format_roc(reopening.due_on)} 已過，內容已鎖定；"
        return ReportLock(LockReason.DUE_DAY_PAST, f"{words}需要更多時間，請洽研考延長。")
    return None


def _since(report: ProgressReport) -> str:
    """「（115年11月20日 10:00 起）」; empty of reports from before it was kept."""
    if report.since is None:
        return ""
    return f"（{moment_words(report.since)} 起）"
