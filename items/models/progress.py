"""辦理情形: what departments report, and in which state it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from items.models.deputies import acting_words
from items.models.folded import FoldedField
from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.periods import NEWEST_PERIOD_FIRST, Period
from items.models.programme import FACTOR_LENGTH, Programme
from items.models.quality_flags import QualityFlag
from items.models.quick_checks import QuickCheck

if TYPE_CHECKING:
    # Only for the annotation: evidence belongs to a report.
    from items.models.evidence import Evidence
    from items.models.report_steps import ReportStep


TEXT_LENGTH = 5000
"""The longest text of a report, in characters."""

MONTH_LENGTH = 10
"""「115年12月」 and some room."""


class WorkStatus(models.TextChoices):
    """辦理狀態, said by the department in its report."""

    NOT_STARTED = "not_started", "未開始"
    IN_PROGRESS = "in_progress", "辦理中"
    FINISHED = "finished", "已完成"
    CONTINUOUS = "continuous", "持續辦理"


class ReportState(models.TextChoices):
    """填報狀態. Two are derived and never stored: 未填 is no row, 鎖定 a closed period."""

    DRAFT = "draft", "草稿"
    WITH_HEAD = "with_head", "待主管"
    WITH_COORDINATOR = "with_coordinator", "待研考"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "備查"


SUBMITTED = (ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR, ReportState.ACCEPTED)
"""The states in which everyone signed in may read a report, and in which its percent counts."""

CLOSED_UNACCEPTED = "期已關閉，未備查"
"""What is said of a report that was on its way when its period was closed: nobody can go on."""

WRITERS = ("written_by", "written_for")
"""Whom `writer_words` names, for `select_related`."""

EDITABLE = (ReportState.DRAFT, ReportState.RETURNED)


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """Which reports, and in which order."""

    def submitted(self) -> Self:
        """Reports that everyone may read: sent, endorsed or accepted."""
        return self.filter(state__in=SUBMITTED)

    def accepted(self) -> Self:
        """Reports that official documents may count."""
        return self.filter(state=ReportState.ACCEPTED)

    def newest_submitted(self, today: date) -> Self:
        """Newest first: the reports from which an assignment's progress on a day is read."""
        # By the period and not by the day of writing: a late correction of an earlier quarter does
        # not outdo the newer quarter.
        return self.submitted().filter(period__starts_on__lte=today).order_by(*NEWEST_PERIOD_FIRST)

    def for_programme(self, programme: Programme | models.Value) -> Self:
        return self.filter(period__programme=programme)

    def before(self, period: Period) -> Self:
        """Reports for periods that ended before this one did, the newest period first."""
        return self.ended_before(period.ends_on)

    def ended_before(self, day: date | models.Value) -> Self:
        """Reports for periods that ended before a day, the newest period first."""
        return self.filter(period__ends_on__lt=day).order_by(*NEWEST_PERIOD_FIRST)

    def with_has_evidence(self) -> Self:
        """With `has_evidence`: whether anything is attached, at no query per row."""
        # By name: the model of 佐證資料 imports this module.
        evidence = apps.get_model("items", "Evidence")._default_manager
        attached = evidence.filter(report=OuterRef("pk"), removed_at__isnull=True)
        # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
        return self.annotate(**{"has_evidence": Exists(attached)})

    def with_item(self) -> Self:
        """With the action and the department, which a line of a list names."""
        return self.select_related("assignment__action", "assignment__department")

    def flagged(self, flag: QualityFlag, today: date) -> Self:
        """Reports with this flag, as they are looked at today."""
        if flag == QualityFlag.OVERDUE:
            return self.filter(assignment__deadline__lt=today, percent__lt=100)
        return self.filter(flags__contains=f",{flag.value}")

    def waiting_for(self, days: int, today: date) -> Self:
        """Reports that have been in their state for so many days, as people count them."""
        first_day_too_new = datetime.combine(today - timedelta(days=days - 1), time.min)
        return self.filter(since__lt=timezone.make_aware(first_day_too_new))

    def with_path(self) -> Self:
        """With the period, the writer and everything from the assignment up, in the same query."""
        return self.select_related(
            "period__programme",
            *WRITERS,
            "assignment__department",
            "assignment__action__plan__method__strategy",
        )


class ProgressReport(models.Model):
    """辦理情形: what one assignment reported for one period."""

    # The fields that a department writes; a step keeps a copy of them.
    CONTENT = (
        "text",
        "percent",
        "work_status",
        "delay_factor",
        "delay_reason",
        "remedy",
        "coordination",
        "catch_up_month",
    )

    assignment = models.ForeignKey(
        "items.Assignment", verbose_name="分辦", on_delete=models.PROTECT, related_name="reports"
    )
    period = models.ForeignKey(
        Period, verbose_name="填報期", on_delete=models.PROTECT, related_name="reports"
    )
    text = models.TextField("辦理情形", max_length=TEXT_LENGTH, blank=True)
    percent = models.PositiveSmallIntegerField(
        "實際進度（%）",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    # What the report was held against when it was last sent; None before that. It is kept, since
    # the plan goes on growing, and may be changed, while what was said stays the same.
    planned_percent = models.PositiveSmallIntegerField(
        "預定進度（%）", null=True, blank=True, editable=False
    )
    work_status = models.CharField("辦理狀態", max_length=20, choices=WorkStatus, blank=True)
    # The word itself, not a key: the list may be edited, and what was said stays as it was.
    delay_factor = models.CharField("落後因素", max_length=FACTOR_LENGTH, blank=True)
    delay_reason = models.TextField("落後原因", max_length=TEXT_LENGTH, blank=True)
    remedy = models.TextField("因應對策", max_length=TEXT_LENGTH, blank=True)
    coordination = models.TextField("待協調事項", max_length=TEXT_LENGTH, blank=True)
    # 「116年2月」, as `roc_month.read_month` writes it: pages and files show it as it is.
    catch_up_month = models.CharField("預計趕上月份", max_length=MONTH_LENGTH, blank=True)
    # New fields are added at the end: rows from before then match with two empty lines behind.
    folded = FoldedField(sources=("text", "delay_reason", "remedy", "delay_factor", "coordination"))
    state = models.CharField(
        "填報狀態", max_length=20, choices=ReportState, default=ReportState.DRAFT
    )
    # Raised when it was last sent (`workflow/report_flags.py`), to be counted without reading texts.
    flags = models.TextField("品質提示", blank=True, default="", editable=False)
    # The time of its newest step, or of the first draft: since when it waits for the next person.
    since = models.DateTimeField("目前狀態起", null=True, blank=True, editable=False)
    # Grows with every save and every step. Somebody who writes with an older one has not seen what
    # the database holds, and is refused instead of overwriting it.
    version = models.PositiveIntegerField("版次", default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填報人", on_delete=models.PROTECT, related_name="+"
    )
    # 代理: in whose name it was written, None where the writer acted for nobody else.
    written_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="被代理的填報人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新時間")
    # A copy of the day of its `Reopening`, while there is one: lists ask nothing more to know it.
    # Only the verbs in workflow/reopening.py write it, and the first draft of such a report.
    unlocked_until = models.DateField("補正期限", null=True, blank=True, editable=False)

    # Set by `access.visible_reports`: what this person may do with the report.
    endorsable: bool
    acceptable: bool
    returnable: bool
    recallable: bool
    reasons_readable: bool
    # Set by `worklists.report_steps.fetch_steps`.
    steps_at_hand: list[ReportStep]
    # Set by `with_has_evidence`, and by `worklists.evidence.fetch_attached`.
    has_evidence: bool
    attached_evidence: list[Evidence]

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "辦理情形"
        ordering = ["assignment", "period__number"]
        # What waits for somebody is few of all reports of a year: lists of it read these alone.
        # Partial, since an index of all states is taken by SQLite for lists of nearly everything.
        indexes = [
            models.Index(
                fields=["period"],
                condition=Q(state=ReportState.WITH_HEAD),
                name="report_with_head",
            ),
            # From the assignments of a department to what waits for its head: without it PostgreSQL
            # reads every report that each of them has, eight of 5,000 in a year of 100,000.
            models.Index(
                fields=["assignment"],
                condition=Q(state=ReportState.WITH_HEAD),
                name="report_of_head",
            ),
            models.Index(
                fields=["period"],
                condition=Q(state=ReportState.WITH_COORDINATOR),
                name="report_with_coordinator",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "period"], name="report_once_per_period"),
            QuickCheck(
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)),
                name="report_percent_range",
            ),
            QuickCheck(condition=Q(state__in=ReportState.values), name="report_state_known"),
            QuickCheck(
                condition=Q(work_status__in=["", *WorkStatus.values]),
                name="report_work_status_known",
            ),
            # Official documents count on these three, whichever door the report came through.
            QuickCheck(
                condition=Q(state__in=EDITABLE)
                | (Q(percent__isnull=False) & ~Q(text="") & ~Q(work_status="")),
                name="report_submitted_is_complete",
                violation_error_message="送出前要有辦理情形、實際進度與辦理狀態。",
            ),
            QuickCheck(
                # A draft may contradict itself: what somebody is writing is saved, not refused.
                condition=Q(state__in=EDITABLE)
                | ~Q(work_status=WorkStatus.FINISHED)
                | Q(percent=100),
                name="report_finished_is_100",
                violation_error_message="辦理狀態是「已完成」時，實際進度要是 100%。",
            ),
            at_most("text", TEXT_LENGTH, "report"),
            at_most("delay_reason", TEXT_LENGTH, "report"),
            at_most("remedy", TEXT_LENGTH, "report"),
            at_most("delay_factor", FACTOR_LENGTH, "report"),
            at_most("coordination", TEXT_LENGTH, "report"),
            at_most("catch_up_month", MONTH_LENGTH, "report"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}・{self.period}"

    def history_home(self) -> HistoryHome:
        return self.assignment.history_home()

    @property
    def is_submitted(self) -> bool:
        return self.state in SUBMITTED

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE and (self.period.is_open or self.is_unlocked)

    @property
    def is_unlocked(self) -> bool:
        """Whether it may be corrected by itself, while its period stays closed."""
        return self.unlocked_until is not None

    @property
    def is_empty_draft(self) -> bool:
        """Whether not a word was written yet: evidence that came first has begun it."""
        return self.state == ReportState.DRAFT and self.content() == ProgressReport().content()

    @property
    def is_locked(self) -> bool:
        return self.period.is_closed and not self.is_unlocked

    @property
    def is_closed_unaccepted(self) -> bool:
        """Whether the period was closed before the report was 備查."""
        return self.is_locked and self.state != ReportState.ACCEPTED

    @property
    def state_words(self) -> str:
        """填報狀態 as people read it: 鎖定 is what was accepted in a period that is closed."""
        if self.is_locked and self.state == ReportState.ACCEPTED:
            return "鎖定"
        return self.get_state_display()

    @property
    def writer_words(self) -> str:
        """Who wrote it: 「陳志明（蔡淑芬代理）」 where somebody stood in."""
        return acting_words(self.written_by, self.written_for)

    def content(self) -> dict[str, Any]:
        """The fields that a department writes, as a step keeps them."""
        return {field: getattr(self, field) for field in self.CONTENT}
