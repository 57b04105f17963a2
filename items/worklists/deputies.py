"""代理: who stands in for whom, now and soon, and who did."""

from dataclasses import dataclass
from datetime import date

from items import access
from items.day_words import moment_words
from items.models import Deputy, User
from items.roc import format_roc_near

PAST_SHOWN = 20
"""How many of those that are over the page lists."""


@dataclass(frozen=True)
class DeputyRow:
    """One person who stands in for another; `may_end` says whether the reader may end it."""

    deputy: Deputy
    today: date
    may_end: bool

    @property
    def words(self) -> str:
        """「陳志明由蔡淑芬代理」"""
        return f"{self.deputy.person}由{self.deputy.deputy}代理"

    @property
    def state(self) -> str:
        """「代理中，還有 3 天」, 「12月1日開始」, 「已結束」"""
        deputy = self.deputy
        # Asked first: the days of one that was ended by hand may not be over yet.
        if deputy.ended_at is not None:
            return f"{moment_words(deputy.ended_at)}由{deputy.ended_by}提前結束"
        if deputy.ends_on < self.today:
            return "已結束"
        if deputy.starts_on > self.today:
            return f"{format_roc_near(deputy.starts_on, self.today)}開始"
        days = (deputy.ends_on - self.today).days
        if days == 0:
            return "代理中，到今天為止"
        return f"代理中，還有 {days} 天"

    @property
    def is_in_force(self) -> bool:
        days = self.deputy.starts_on <= self.today <= self.deputy.ends_on
        return days and self.deputy.ended_at is None

    @property
    def made_words(self) -> str:
        """「115年11月22日 10:00 由顏佳慧指定」"""
        return f"{moment_words(self.deputy.made_at)} 由{self.deputy.made_by}指定"


@dataclass(frozen=True)
class DeputiesPage:
    """Those in force and to come, the first to begin first; and the last ones that are over."""

    now: list[DeputyRow]
    past: list[DeputyRow]


def deputies_page(user: User, today: date) -> DeputiesPage:
    """What this person may see of it, in three queries."""
    to_end = access.deputies_to_end(user).not_over(today)
    keys_to_end = set(to_end.values_list("pk", flat=True))
    visible = access.visible_deputies(user)
    now = []
    for deputy in visible.not_over(today).order_by("starts_on", "pk"):
        row = DeputyRow(deputy, today, may_end=deputy.pk in keys_to_end)
        now.append(row)
    past = []
    newest_past = visible.over(today).order_by("-ends_on", "-pk")
    for deputy in newest_past[:PAST_SHOWN]:
        past.append(DeputyRow(deputy, today, may_end=False))
    return DeputiesPage(now, past)
