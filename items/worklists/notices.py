"""通知: the page of one person, by day and by item."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from items.models import Notice, NoticeEvent
from items.models.notices import NoticeQuerySet
from items.roc import format_roc
from plan_tracker.clock import day_of


@dataclass(frozen=True)
class NoticeLine:
    """One notice, in words."""

    notice: Notice
    words: str
    time: str

    @property
    def for_whom_words(self) -> str:
        """「陳志明的，由您代理」; empty for the reader's own notices."""
        if self.notice.for_whom is None:
            return ""
        return f"{self.notice.for_whom}的，由{self.notice.person}代理"


@dataclass(frozen=True)
class NoticeGroup:
    """The notices of a day about one item, or about none."""

    title: str
    lines: list[NoticeLine] = field(default_factory=list)


@dataclass(frozen=True)
class NoticeDay:
    """The notices of one day, the newest first."""

    title: str
    groups: list[NoticeGroup] = field(default_factory=list)


def with_what_is_shown(notices: NoticeQuerySet) -> NoticeQuerySet:
    """With the rows that the page names, in the same query, and in an order without ties."""
    people = ("person", "for_whom", "by", "action", "programme")
    return notices.select_related(*people).order_by("-at", "-id")


def notice_days(notices: Iterable[Notice], today: date) -> list[NoticeDay]:
    """The notices, which come the newest first, by day, and in a day by item."""
    days: list[NoticeDay] = []
    groups: dict[str, NoticeGroup] = {}
    for notice in notices:
        title = day_words(day_of(notice.at), today)
        # Notices come in order: one of another day begins the next day.
        if not days or days[-1].title != title:
            days.append(NoticeDay(title))
            groups = {}
        subject = subject_words(notice)
        # One heading for an item, however many notices of other items lie in between.
        if subject not in groups:
            group = NoticeGroup(subject)
            groups[subject] = group
            days[-1].groups.append(group)
        groups[subject].lines.append(_line_of(notice))
    return days


def subject_words(notice: Notice) -> str:
    """「115-04 設置民眾休憩區」; without an item the year, without both 「其他事項」."""
    if notice.action is None:
        if notice.programme is None:
            return "其他事項"
        return f"{notice.programme.year}年度"
    return f"{notice.action.code} {notice.action.title}"


def day_words(day: date, today: date) -> str:
    """「今天」, 「昨天」, or the day."""
    if day == today:
        return f"今天（{format_roc(day)}）"
    if day == today - timedelta(days=1):
        return f"昨天（{format_roc(day)}）"
    return format_roc(day)


def _line_of(notice: Notice) -> NoticeLine:
    return NoticeLine(
        notice=notice,
        words=notice_words(notice),
        time=f"{timezone.localtime(notice.at):%H:%M}",
    )


def notice_words(notice: Notice) -> str:
    """「115-04 行政處・115年第4季：退回了，請看原因，補正後再送出」, with the day that matters."""
    what = notice.data.get("what", "")
    words = f"{what}：{event_words(notice.event)}"
    until = notice.data.get("until")
    if until:
        words += f"，期限 {format_roc(date.fromisoformat(until))}"
    return words


def event_words(event: str) -> str:
    """What happened; an event of an older version, which is no longer known, stays unnamed."""
    if event in NoticeEvent.values:
        return str(NoticeEvent(event).label)
    return "有新的變動"
