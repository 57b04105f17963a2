"""關閉紀錄: what a period said when it was closed, kept for ever in its own words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from items.models.history_home import HistoryHome
from items.models.lengths import REASON_LENGTH
from items.models.period_line import ClosingCounts, PeriodLine
from items.models.periods import Period
from items.models.prepared import PreparedForKeys
from items.models.progress import ReportState
from items.models.quick_checks import QuickCheck
from items.roc import format_roc
from plan_tracker.clock import day_of

APPEND_ONLY = "關閉時的內容只能新增，不能修改或刪除。"

DIGEST_SHOWN = 12
"""So many characters of a digest tell one state from another on paper."""


IN_DIGEST = (
    "period_id",
    "number",
    "closed_at",
    "closed_by_id",
    "made_afterwards_at",
    "title",
    "period_name",
    "starts_on",
    "ends_on",
    "due_on",
    "light_day",
    "planned",
    "actual",
    "reopened_because",
    "reopened_for",
    "number_of_lines",
    "counts",
)
"""What the digest of a state covers beside its lines. A list that never changes: with another column
in it, no digest of before would be right any more."""


class KeptQuerySet(models.QuerySet[Any]):
    """Append-only: what was reported cannot be edited away in bulk either."""

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class Kept(models.Model):
    """Append-only: a row that is there can neither be saved again nor deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class PeriodClosingQuerySet(KeptQuerySet):
    """Which states, by the time of their closing."""

    def of_period(self, period: Period) -> Self:
        return self.filter(period=period)

    def newest_of_each(self, periods: Iterable[Period]) -> Self:
        """The last state of each of these periods."""
        of_same_period = PeriodClosing.objects.filter(period=OuterRef("period"))
        newest_first = of_same_period.order_by("-number").values("pk")
        key_of_newest = Subquery(newest_first[:1])
        keys_of_periods = [period.pk for period in periods]
        return self.filter(period__in=keys_of_periods, pk=key_of_newest)


class PeriodClosing(Kept):
    """關閉紀錄: one state of a 填報期, made when it was closed.

    A period that is opened again and closed again has two. Nothing here changes any more when the
    plan does; `manage.py check_closed` holds each state against its digest.
    """

    period = models.ForeignKey(
        Period,
        verbose_name="填報期",
        on_delete=models.PROTECT,
        related_name="closings",
        # The unique pair with the number begins with it.
        db_index=False,
    )
    number = models.PositiveSmallIntegerField("第幾次關閉")
    closed_at = models.DateTimeField("關閉時間")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="關閉者", on_delete=models.PROTECT, related_name="+"
    )
    # Only of a period that was closed before states were kept: it is what the plan said on that day.
    made_afterwards_at = models.DateTimeField("補建時間", null=True, blank=True)

    title = models.CharField("計畫名稱", max_length=200)
    period_name = models.CharField("名稱", max_length=30)
    starts_on = models.DateField("起")
    ends_on = models.DateField("迄")
    due_on = models.DateField("填報期限")
    light_day = models.DateField("燈號基準日")
    planned = models.PositiveSmallIntegerField("預定進度（%）", null=True, blank=True)
    actual = models.PositiveSmallIntegerField("實際進度（%）", null=True, blank=True)
    # Why, and for whom, the period had been opened again before; empty of the first state.
    reopened_because = models.CharField("重新開放的原因", max_length=REASON_LENGTH, blank=True)
    reopened_for = models.CharField("重新開放的範圍", max_length=200, blank=True)

    number_of_lines = models.PositiveIntegerField("件數")
    # Counts for pages that show several periods; JSON, see `ClosingCounts`.
    counts = models.TextField("統計")
    # Made from this row, its lines and the state before: it shows when somebody changes, removes or
    # adds a line past the application.
    digest = models.CharField("指紋", max_length=64)

    objects = PeriodClosingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "關閉紀錄"
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="closing_number_once"),
            QuickCheck(condition=Q(number__gte=1), name="closing_number_from_one"),
        ]

    def __str__(self) -> str:
        return self.words

    def history_home(self) -> HistoryHome:
        return self.period.history_home()

    @property
    def closed_on(self) -> date:
        return day_of(self.closed_at)

    @property
    def words(self) -> str:
        """「115年第3季 關閉時（115年10月20日）的內容」, which stands on all that shows it."""
        when = format_roc(self.closed_on)
        if self.number > 1:
            words = f"{self.period_name} 第 {self.number} 次關閉時（{when}）的內容"
        else:
            words = f"{self.period_name} 關閉時（{when}）的內容"
        if self.made_afterwards_at is None:
            return words
        made_on = format_roc(day_of(self.made_afterwards_at))
        return f"{words}，{made_on}依現有資料補建"

    @property
    def short_digest(self) -> str:
        return self.digest[:DIGEST_SHOWN]

    def header(self) -> str:
        """Everything that the row itself says, in one spelling, for the digest."""
        values: dict[str, str] = {}
        for name in IN_DIGEST:
            value = getattr(self, name)
            if isinstance(value, datetime):
                # One moment is always the same text: databases give it back in different time zones.
                value = value.astimezone(UTC).isoformat()
            values[name] = str(value)
        return json.dumps(values, ensure_ascii=False, sort_keys=True)


def closing_in_force(period: Period) -> PeriodClosing | None:
    """The state that a closed period shows; None while it is open, and where nothing was kept."""
    if period.closed_at is None:
        return None
    states = PeriodClosing.objects.of_period(period)
    # By its own moment and not by a later one: a clock may have been set back between two closings.
    of_this_closing = states.filter(closed_at=period.closed_at).order_by("-number")
    # What single items were opened for afterwards is kept in later states of the same closing.
    in_force = states.filter(number__gte=models.Subquery(of_this_closing.values("number")[:1]))
    return in_force.order_by("-number").first()


def counts_in_force(periods: Iterable[Period]) -> dict[int, ClosingCounts]:
    """{key of a closed period: the counts that were kept of it}, in one query at most."""
    closed_at = {}
    for period in periods:
        if period.closed_at is not None:
            closed_at[period.pk] = period.closed_at
    if not closed_at:
        return {}
    counts: dict[int, ClosingCounts] = {}
    # From the state of this closing on; the newest comes last, and stays.
    for key, at, text in _COUNTS(closed_at):
        if at == closed_at[key] or key in counts:
            counts[key] = ClosingCounts.read(text)
    return counts


def _kept_counts(periods: list[int]) -> models.QuerySet[Any]:
    states = PeriodClosing.objects.filter(period__in=periods)
    return states.order_by("number").values_list("period", "closed_at", "counts")


_COUNTS = PreparedForKeys[Any](_kept_counts)


class KeptLine(Kept):
    """關閉時內容: one assignment in a state, with the plan's words and the report as they were.

    Keys of other rows are numbers and no foreign keys: those rows may go, and this one stays.
    """

    closing = models.ForeignKey(
        PeriodClosing,
        verbose_name="關閉紀錄",
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
    )
    place = models.BigIntegerField("順序")
    assignment_key = models.BigIntegerField("分辦")
    department_key = models.BigIntegerField("單位")
    state = models.CharField("填報狀態", max_length=20)
    # The whole line as JSON, a text and no JSON column: the database must not spell it anew.
    content = models.TextField("內容")

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "關閉時內容"
        ordering = ["closing", "place"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "place"], name="kept_line_place_once"),
            models.UniqueConstraint(
                fields=["closing", "assignment_key"], name="kept_line_assignment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.code} {self.line.department}・{self.closing.period_name}"

    def history_home(self) -> HistoryHome:
        return self.closing.history_home()

    @property
    def line(self) -> PeriodLine:
        return PeriodLine.read(self.content)

    @property
    def is_locked(self) -> bool:
        return self.state == ReportState.ACCEPTED


class StateDigest:
    """The digest of a state, line after line, so that 100,000 of them are never held at once."""

    def __init__(self, digest_before: str) -> None:
        self._hash = hashlib.sha256(digest_before.encode())

    def add(self, text: str) -> None:
        # The length before the text: else two lines could be moved into one another.
        encoded = text.encode()
        self._hash.update(f"{len(encoded)}:".encode())
        self._hash.update(encoded)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
