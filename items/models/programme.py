"""年度計畫: a year, its first and last day, its state, and what its lights are held against."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When

from items.models.history_home import HistoryHome
from items.models.labels import field_label
from items.models.lengths import REASON_LENGTH
from items.models.quality_flags import FlagsField, QualityFlag, read_flags
from items.models.quick_checks import QuickCheck
from items.roc import OFFSET, format_roc

DAYS_BESIDE_THE_YEAR = 31
"""How many days before 1月1日 a programme may begin, or end after 12月31日."""


FACTOR_LENGTH = 50
"""The longest 落後因素, in characters."""

USUAL_DELAY_FACTORS = (
    "政策或情勢變更",
    "單位任務變更或裁併",
    "法規或制度變更",
    "預算或資源增減",
    "不可抗力",
    "其他",
)
"""落後因素 to begin with: the grounds that offices choose from when they apply for a change."""


def usual_delay_factors() -> str:
    """The list of a new year, one a line."""
    return "\n".join(USUAL_DELAY_FACTORS)


def is_blank(value: object) -> bool:
    """Whether a form left a field empty; the field's type does not know of that."""
    return value is None


class Frequency(models.TextChoices):
    """填報頻率: how long a period is."""

    QUARTER = "quarter", "每季"
    HALF_YEAR = "half", "每半年"
    MONTH = "month", "每月"


class ProgrammeState(models.TextChoices):
    """年度狀態: only a running year is anybody's home."""

    DRAFT = "draft", "研擬中"
    RUNNING = "running", "執行中"
    CLOSED = "closed", "已結案"


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Which year a person starts from."""

    def home_first(self, today: date | Value) -> Self:
        """All programmes: the running one that people work on now, then the others, newest first.

        A year that `today` lies in comes before another with an open period, so that a next year
        which is opened in December takes nobody away from this one.
        """
        is_running = Q(state=ProgrammeState.RUNNING)
        is_this_year = Q(starts_on__lte=today, ends_on__gte=today)
        with_open_period = self.model._default_manager.filter(
            periods__opened_at__isnull=False, periods__closed_at__isnull=True
        )
        # A sub-query, because a join would list a year once for each of its periods.
        has_open_period = Q(pk__in=with_open_period.order_by().values("pk"))
        rank = Case(
            When(is_running & has_open_period & is_this_year, then=Value(4)),
            When(is_running & has_open_period, then=Value(3)),
            When(is_running & is_this_year, then=Value(2)),
            When(is_running, then=Value(1)),
            default=Value(0),
        )
        answer = Case(When(has_open_period, then=Value(True)), default=Value(False))
        return self.annotate(has_open_period=answer).order_by(rank.desc(), "-year")

    def home(self, today: date) -> Programme | None:
        """The year that everybody starts from; None while no year is running."""
        programme = self.home_first(today).first()
        if programme is None or not programme.is_running:
            return None
        return programme


class Programme(models.Model):
    """年度計畫: one year's approved document, with all that hangs on it."""

    # Only the verbs in workflow/years.py move these; a form that was open meanwhile does not.
    SET_BY_STEPS = ("state", "reopened_because")

    # 民國, never Gregorian: the range in the constraint below keeps a 2026 out.
    year = models.PositiveSmallIntegerField(
        "民國年度", unique=True, validators=[MinValueValidator(100), MaxValueValidator(199)]
    )
    title = models.CharField("計畫名稱", max_length=200)
    approved_on = models.DateField("核定日期", null=True, blank=True)
    starts_on = models.DateField(
        "起始日", blank=True, help_text="預定進度從這一天起算；留白就是這個年度的1月1日。"
    )
    ends_on = models.DateField(
        "結束日",
        blank=True,
        help_text="「持續辦理」的項目以這一天為完成期限；留白就是這個年度的12月31日。",
    )
    state = models.CharField(
        "年度狀態",
        max_length=10,
        choices=ProgrammeState,
        default=ProgrammeState.DRAFT,
        editable=False,
    )
    reopened_because = models.CharField(
        "恢復執行的原因", max_length=REASON_LENGTH, blank=True, editable=False
    )
    frequency = models.CharField(
        "填報頻率", max_length=10, choices=Frequency, default=Frequency.QUARTER
    )
    behind_threshold = models.PositiveSmallIntegerField(
        "落後門檻（百分點）",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="實際進度比預定進度少這麼多以上，就亮「落後」。",
    )
    soon_days = models.PositiveSmallIntegerField(
        "即將到期（天）",
        default=30,
        validators=[MaxValueValidator(365)],
        help_text="完成期限在這麼多天以內，就亮「即將到期」。",
    )
    delay_factors = models.TextField(
        "落後因素",
        default=usual_delay_factors,
        blank=True,
        help_text="一行一個，填報落後時從這裡選；留白就不問。已經填報的不受影響。",
    )
    # Those that are not looked at, so that a new one is on in every year.
    flags_off = FlagsField("不看的品質提示", blank=True, default="", editable=False)
    # Written by workflow/codes.py alone: `history.save` leaves it out, so that nobody who read the
    # programme a while ago lowers it.
    last_code = models.PositiveIntegerField(
        "最大流水號",
        default=0,
        editable=False,
        help_text="項次編號用過的最大流水號；項目刪除後也不再用同一個編號。",
    )

    # Set by `home_first`.
    has_open_period: bool

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度計畫"
        ordering = ["-year"]
        constraints = [
            QuickCheck(condition=Q(year__range=(100, 199)), name="programme_year_roc"),
            QuickCheck(condition=Q(state__in=ProgrammeState.values), name="programme_state_known"),
            QuickCheck(
                condition=Q(starts_on__lt=F("ends_on")),
                name="programme_starts_before_end",
                violation_error_message="起始日要早於結束日。",
            ),
            QuickCheck(
                condition=Q(behind_threshold__range=(1, 100)), name="programme_threshold_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """The year says its first and its last day; others have to lie in it, or near."""
        # A form that refused the year has said so.
        if is_blank(self.year) or not 100 <= self.year <= 199:
            return
        if is_blank(self.starts_on):
            self.starts_on = date(self.year + OFFSET, 1, 1)
        if is_blank(self.ends_on):
            self.ends_on = date(self.year + OFFSET, 12, 31)
        # What an office has entered before the rule stays, else it could not even close its year.
        stored = Programme.objects.filter(pk=self.pk).first()
        problems = {}
        for name in ("starts_on", "ends_on"):
            is_kept = (
                stored is not None
                and stored.year == self.year
                and getattr(stored, name) == getattr(self, name)
            )
            problem = self._problem_of_day(name)
            if problem and not is_kept:
                problems[name] = problem
        if problems:
            raise ValidationError(problems)

    def _problem_of_day(self, name: str) -> str:
        """What is wrong with the first or the last day, as a sentence; empty where nothing is."""
        day = getattr(self, name)
        first_day = date(self.year + OFFSET, 1, 1)
        last_day = date(self.year + OFFSET, 12, 31)
        near = timedelta(days=DAYS_BESIDE_THE_YEAR)
        earliest, latest = first_day, last_day
        usual = last_day
        if name == "starts_on":
            earliest = first_day - near
            usual = first_day
        else:
            latest = last_day + near
        if earliest <= day <= latest:
            return ""
        label = field_label(type(self), name)
        return (
            f"{label} {format_roc(day)}不在{self.year}年度，是不是年份打錯？"
            f"請填{format_roc(earliest)}到{format_roc(latest)}之間的日子，通常是{format_roc(usual)}。"
        )

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self)

    def code_of(self, running_number: int) -> str:
        """「115-01」, the code of an item by its running number."""
        return f"{self.year}-{running_number:02d}"

    @property
    def delay_factor_list(self) -> list[str]:
        """落後因素 as one chooses from them, in the order of the list."""
        lines = self.delay_factors.splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def flags_in_use(self) -> list[QualityFlag]:
        """品質提示 that this year looks at, in their order."""
        off = {one.flag for one in read_flags(self.flags_off)}
        return [flag for flag in QualityFlag if flag not in off]

    @property
    def is_draft(self) -> bool:
        return self.state == ProgrammeState.DRAFT

    @property
    def is_running(self) -> bool:
        return self.state == ProgrammeState.RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state == ProgrammeState.CLOSED
