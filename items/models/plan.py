"""The approved document: 年度計畫 → 實施策略 → 推動方法 → 執行計畫 → 具體推動作法."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Length

from items.models.history_home import HistoryHome
from items.models.labels import field_label
from items.models.people import EVERY_DEPARTMENT
from items.roc import OFFSET, format_roc

if TYPE_CHECKING:
    # Only for the annotations: assignments import the plan.
    from items.models.assignments import Assignment

TITLE_LENGTH = 32_767
"""The longest cell of the plan, in characters: as many as a cell of a spreadsheet can hold."""
STRATEGY_LENGTH = TITLE_LENGTH - len("32767. ")
"""A strategy's number stands before its title in the same cell."""

REASON_LENGTH = 500
"""The longest reason for a step back, such as opening a closed year again, in characters."""

DAYS_BESIDE_THE_YEAR = 31
"""How many days before 1月1日 a programme may begin, or end after 12月31日."""

# For the length constraints: `title__length__lte`.
models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


def is_blank(value: object) -> bool:
    """Whether a form left a field empty; the field's type does not know of that."""
    return value is None


def at_most(field: str, length: int, model: str) -> models.CheckConstraint:
    """SQLite keeps over-long text that PostgreSQL refuses: this makes both refuse it."""
    is_short_enough = Q(**{f"{field}__length__lte": length})
    return models.CheckConstraint(
        condition=is_short_enough,
        name=f"{model}_{field}_length",
        violation_error_message=f"文字太長，最多 {length} 個字。",
    )


def keep_year(part: Strategy | Method | Plan | Action, parent: str) -> None:
    """Refuse a `parent` (a field's name) in another year than the row has been in.

    Codes, reports and closed periods below the row belong to its year; they cannot go along.
    """
    parent_key = getattr(part, f"{parent}_id")
    if part._state.adding or parent_key is None:
        return
    rows = type(part)._default_manager.filter(pk=part.pk).exclude(**{parent: parent_key})
    stored = rows.first()
    if stored is None or stored.programme == part.programme:
        return
    name = part._meta.verbose_name
    old_year = stored.programme.year
    new_year = part.programme.year
    words = (
        f"這個{name}屬於{old_year}年度，不能移到{new_year}年度；請在{new_year}年度另外新增{name}。"
    )
    raise ValidationError({parent: words})


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

    def home_first(self, today: date) -> Self:
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

    # Moved by the verbs in workflow/years.py alone, whatever a form that was open meanwhile says.
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
            models.CheckConstraint(condition=Q(year__range=(100, 199)), name="programme_year_roc"),
            models.CheckConstraint(
                condition=Q(state__in=ProgrammeState.values), name="programme_state_known"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")),
                name="programme_starts_before_end",
                violation_error_message="起始日要早於結束日。",
            ),
            models.CheckConstraint(
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
    def is_draft(self) -> bool:
        return self.state == ProgrammeState.DRAFT

    @property
    def is_running(self) -> bool:
        return self.state == ProgrammeState.RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state == ProgrammeState.CLOSED


class Strategy(models.Model):
    """實施策略: the first level of the plan, with the number that the document prints."""

    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.CASCADE, related_name="strategies"
    )
    number = models.PositiveSmallIntegerField("策略編號")
    title = models.CharField("實施策略", max_length=STRATEGY_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "實施策略"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="strategy_number_once",
                violation_error_message="這個年度已經有這個編號的策略。",
            ),
            at_most("title", STRATEGY_LENGTH, "strategy"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def clean(self) -> None:
        keep_year(self, "programme")

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)


class Method(models.Model):
    """推動方法: how a strategy is pursued."""

    strategy = models.ForeignKey(
        Strategy, verbose_name="實施策略", on_delete=models.CASCADE, related_name="methods"
    )
    position = models.PositiveSmallIntegerField("順序")
    title = models.CharField("推動方法", max_length=TITLE_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "推動方法"
        ordering = ["strategy", "position", "id"]
        constraints = [at_most("title", TITLE_LENGTH, "method")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        keep_year(self, "strategy")

    def history_home(self) -> HistoryHome:
        return self.strategy.history_home()

    @property
    def programme(self) -> Programme:
        return self.strategy.programme


class Plan(models.Model):
    """執行計畫: what is carried out for a method."""

    method = models.ForeignKey(
        Method, verbose_name="推動方法", on_delete=models.CASCADE, related_name="plans"
    )
    position = models.PositiveSmallIntegerField("順序")
    title = models.CharField("執行計畫", max_length=TITLE_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "執行計畫"
        ordering = ["method", "position", "id"]
        constraints = [at_most("title", TITLE_LENGTH, "plan")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        keep_year(self, "method")

    def history_home(self) -> HistoryHome:
        return self.method.history_home()

    @property
    def programme(self) -> Programme:
        return self.method.programme


class ControlStatus(models.TextChoices):
    """列管狀態: changes only by an approved application or by closing the year."""

    UNDER_CONTROL = "under_control", "列管中"
    RELEASED = "released", "解除列管"
    WITHDRAWN = "withdrawn", "撤銷管制"
    CARRIED_OVER = "carried_over", "轉次年"


class ActionQuerySet(models.QuerySet["Action"]):
    """Which actions, in which order, and with which light."""

    # Two rows may stand at the same position: their keys keep what belongs together together.
    OFFICIAL_ORDER = (
        "plan__method__strategy__number",
        "plan__method__position",
        "plan__method_id",
        "plan__position",
        "plan_id",
        "position",
        "id",
    )

    def for_programme(self, programme: Programme) -> Self:
        return self.filter(plan__method__strategy__programme=programme)

    def in_order(self) -> Self:
        """As the official table prints them."""
        return self.order_by(*self.OFFICIAL_ORDER)

    def with_path(self) -> Self:
        """With everything from the programme down to the plan, in the same query."""
        return self.select_related("plan__method__strategy__programme")


class Action(models.Model):
    """具體推動作法: the item under control; its code stays whatever becomes of the wording."""

    # PROTECT, unlike the levels above: an item carries reports and a code, and never goes unnoticed
    # along with its plan.
    plan = models.ForeignKey(
        Plan, verbose_name="執行計畫", on_delete=models.PROTECT, related_name="actions"
    )
    position = models.PositiveIntegerField("順序")
    code = models.CharField(
        "項次編號",
        max_length=12,
        unique=True,
        validators=[
            RegexValidator(
                # \d would take figures in full width, and $ a line break behind the last one.
                r"^1[0-9]{2}-[0-9]{2,5}\Z",
                "項次編號的寫法是年度、連字號、流水號，都用半形，例如 115-01。",
            )
        ],
        error_messages={"unique": "這個項次編號已經有人使用。"},
    )
    title = models.CharField("具體推動作法", max_length=TITLE_LENGTH)
    expected_benefit = models.CharField("預期效益", max_length=TITLE_LENGTH, blank=True)
    every_department = models.BooleanField(
        "分辦各單位",
        default=False,
        help_text="主辦單位寫「各單位」：分辦給每一個使用中的單位，輸出時仍印「各單位」。",
    )
    separate_deadlines = models.BooleanField(
        "期限逐一列出", default=False, help_text="原件對每個主辦單位各寫一個完成期限。"
    )
    control_status = models.CharField(
        "列管狀態", max_length=20, choices=ControlStatus, default=ControlStatus.UNDER_CONTROL
    )

    # Set by `with_worst_light`; None where nothing is handed out.
    severity: int | None

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "具體推動作法"
        ordering = ["code"]
        constraints = [
            at_most("title", TITLE_LENGTH, "action"),
            at_most("expected_benefit", TITLE_LENGTH, "action"),
            models.CheckConstraint(condition=~Q(title=""), name="action_title_given"),
            models.CheckConstraint(
                condition=Q(control_status__in=ControlStatus.values),
                name="action_control_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme, action=self)

    def clean(self) -> None:
        # A form whose plan was refused has none to compare the code with.
        if not self.plan_id or not self.code:
            return
        keep_year(self, "plan")
        beginning = f"{self.programme.year}-"
        if not self.code.startswith(beginning):
            raise ValidationError({"code": f"項次編號要以 {beginning} 開頭。"})
        # An item keeps its code: only a new one can come to bear another's number.
        if self._state.adding:
            self._refuse_number_twice(beginning)

    def _refuse_number_twice(self, beginning: str) -> None:
        """115-001 beside 115-01 is one number, written in two ways."""
        number = self.code.removeprefix(beginning).lstrip("0")
        same_number = Action.objects.filter(code__regex=f"^{beginning}0*{re.escape(number)}$")
        # The same code is refused by the field, in its own words.
        twin = same_number.exclude(code=self.code).first()
        if twin is not None:
            words = f"{self.code} 與 {twin.code} 是同一個流水號，請換一個號碼。"
            raise ValidationError({"code": words})

    @property
    def programme(self) -> Programme:
        return self.plan.method.strategy.programme

    @property
    def is_controlled(self) -> bool:
        return self.control_status == ControlStatus.UNDER_CONTROL

    # The following read `self.assignments.all()` and filter in Python, so that one prefetch serves
    # all of them for a whole table.

    def leads(self) -> list[Assignment]:
        return [assignment for assignment in self.assignments.all() if assignment.is_lead]

    def supporters(self) -> list[Assignment]:
        return [assignment for assignment in self.assignments.all() if not assignment.is_lead]

    def lead_names(self) -> list[str]:
        """主辦單位 as the official table prints them, one per line."""
        if self.every_department:
            return [EVERY_DEPARTMENT]
        return [assignment.department.name for assignment in self.leads()]

    def deadline_lines(self) -> list[str]:
        """完成期限 as the official table prints it: once, or one for each department."""
        texts = [assignment.deadline_text for assignment in self.leads()]
        is_listed_one_by_one = self.separate_deadlines and not self.every_department
        differ = len(set(texts)) > 1
        if is_listed_one_by_one or differ:
            return texts
        return texts[:1]
