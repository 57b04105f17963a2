"""分辦: one action in one department, and the 燈號 that follows from its reports."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from items.day_words import days_in_words
from items.lights import LIGHT_OF_SEVERITY, Light, counts_in_means
from items.models.actions import Action, ControlStatus
from items.models.history_home import HistoryHome
from items.models.light_basis import LightBasis, handed_out_before
from items.models.light_rules import (
    PROGRAMME,
    Days,
    LinearPercent,
    light_rules,
    severity_by_rules,
)
from items.models.people import Department, Membership, User
from items.models.periods import Period, PlannedProgress
from items.models.programme import Programme, ProgrammeState
from items.models.progress import ProgressReport, ProgressReportQuerySet, WorkStatus


class AssignmentKind(models.TextChoices):
    """主協辦: whether a department leads (主辦) or supports (協辦)."""

    LEAD = "lead", "主辦"
    SUPPORT = "support", "協辦"


NEWEST_FIGURES = {
    "newest_until": "period__ends_on",
    "newest_percent": "percent",
    "newest_planned": "planned_percent",
    "newest_status": "work_status",
}
"""{field of an assignment: the figure of its newest submitted report that it copies}"""

PREVIOUS_FIGURES = {
    "previous_until": "period__ends_on",
    "previous_percent": "percent",
    "previous_planned": "planned_percent",
}
"""The same of the submitted report before that one: what the newest was at the end of the period
before, which pages compare today with."""

COPIED_FIGURES = (*NEWEST_FIGURES, *PREVIOUS_FIGURES)
"""All fields of an assignment that are copies of its reports'."""


def _figure_until(
    last_day: date | None, figure: str, newest_first: ProgressReportQuerySet | None
) -> Case | Subquery | Value:
    """A figure of the newest report of a period that ended by `last_day`, else NULL.

    The row's copies of its two newest reports say it; only where both are of later periods are the
    reports asked, which are `newest_first`. Without a day they are asked of every row; None for
    `newest_first` says that there is no such row.
    """
    of_reports: Subquery | Value = Value(None)
    if newest_first is not None:
        source = NEWEST_FIGURES[f"newest_{figure}"]
        of_reports = Subquery(newest_first.values(source)[:1])
    if last_day is None:
        return of_reports
    return Case(
        When(newest_until__lte=last_day, then=F(f"newest_{figure}")),
        When(previous_until__isnull=True, then=Value(None)),
        When(previous_until__lte=last_day, then=F(f"previous_{figure}")),
        default=of_reports,
    )


OFFICIAL_ORDER = (
    # Two rows may stand at the same position: their keys keep what belongs together together.
    "action__plan__method__strategy__number",
    "action__plan__method__position",
    "action__plan__method_id",
    "action__plan__position",
    "action__plan_id",
    "action__position",
    "action_id",
    "kind",
    "position",
    "id",
)
"""What assignments are sorted by as the official table prints them."""


def there_in_time(period: Period) -> Q:
    """Assignments that were handed out before the period was closed for the first time.

    What a department was given after that day is never owed for the period, not even where it is
    opened again: nobody can report on what did not exist.
    """
    if period.first_closed_on is None:
        return Q(pk__isnull=False)
    return handed_out_before(period.first_closed_on)


def _is_expected(period: Period) -> Q:
    """The rule of `expected_in`; reads the annotation of `finished_before`."""
    reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
    return (there_in_time(period) & Q(finished_before=False)) | Q(Exists(reports))


def _is_unsent(period: Period) -> Q:
    """Assignments without a submitted report for the period."""
    submitted = ProgressReport.objects.submitted().filter(period=period)
    is_sent = Exists(submitted.filter(assignment=OuterRef("pk")))
    # The row's own copy says it of most of them: only the others are looked up.
    return _has_nothing_of(period) | ~Q(is_sent)


def _has_nothing_of(period: Period) -> Q:
    """Assignments that have sent nothing so late in the year."""
    return Q(newest_until__isnull=True) | Q(newest_until__lt=period.ends_on)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Which assignments, and what is worked out for each in the database."""

    def for_programme(self, programme: Programme) -> Self:
        return self.filter(**{PROGRAMME: programme})

    def lead(self) -> Self:
        return self.filter(kind=AssignmentKind.LEAD)

    def controlled(self) -> Self:
        """Assignments of actions that are still 列管中."""
        return self.filter(action__control_status=ControlStatus.UNDER_CONTROL)

    def still_going_on(self) -> Self:
        """Those that somebody still has to look after: 列管中, of a year that is not closed."""
        return self.controlled().exclude(**{f"{PROGRAMME}__state": ProgrammeState.CLOSED})

    def with_contact(self) -> Self:
        """With the 承辦人, and `contact_can_write`: whether that person still can write it.

        Somebody who has left the department or the office stays named until the work is handed
        over, so that nobody has to remember what it was.
        """
        memberships = Membership.objects.who_can_write().filter(
            user=OuterRef("contact"), department=OuterRef("department")
        )
        return self.select_related("contact").annotate(contact_can_write=Exists(memberships))

    def with_past(self) -> Self:
        """Annotate `has_past`: it has reports or 預定進度, and keeps its action and department."""
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"))
        planned_entries = PlannedProgress.objects.filter(assignment=OuterRef("pk"))
        return self.annotate(has_past=Exists(reports) | Exists(planned_entries))

    def with_path(self) -> Self:
        """With everything from the programme down to the action, in the same query."""
        return self.select_related("department", PROGRAMME)

    def in_order(self) -> Self:
        """By action as the official table prints them, then by department as written."""
        return self.order_by(*OFFICIAL_ORDER)

    def with_progress(self, basis: LightBasis) -> Self:
        """Annotate `actual` and `planned` (percent) and `reported_until`, as of today.

        A report is held against the figure that it kept when it was sent: what a department said
        on 11月22日 would else fall behind a plan that went on growing since.
        """
        with_report = self.annotate(
            reported_until=F("newest_until"), actual=Coalesce(F("newest_percent"), 0)
        )
        return with_report._with_planned_of_report(F("newest_planned"), basis)

    def with_report_on(self, basis: LightBasis) -> Self:
        """Annotate `actual`, `reported_until` and `kept_percent` of the newest report of a day.

        On an earlier day that is one of the periods that had begun by then. Costs sub-queries for
        the rows that have reported on two periods since.
        """
        last_day = basis.last_day_begun()
        newest_first = None
        # One newer report is the most that a row can have beside the one of that day: its two
        # copies are enough.
        if last_day is None or basis.number_ending_after(last_day) > 1:
            newest = ProgressReport.objects.newest_submitted(basis.today)
            newest_first = newest.filter(assignment=OuterRef("pk"))
        return self.annotate(
            reported_until=_figure_until(last_day, "until", newest_first),
            actual=Coalesce(_figure_until(last_day, "percent", newest_first), 0),
            kept_percent=_figure_until(last_day, "planned", newest_first),
        )

    def with_progress_on(self, basis: LightBasis) -> Self:
        """As `with_progress`, as of an earlier day; see `with_report_on`."""
        with_report = self.with_report_on(basis)
        return with_report._with_planned_of_report(F("kept_percent"), basis)

    def _with_planned_of_report(self, kept: F, basis: LightBasis) -> Self:
        """Annotate `planned`: what the newest report kept, else the plan up to its day or today."""
        today = Value(basis.today, models.DateField())
        # Without a report, or of one that came without a figure, it is worked out for its day.
        return self.annotate(reported_or_today=Coalesce(F("reported_until"), today)).with_planned(
            F("reported_or_today"),
            basis.programme,
            basis.today,
            kept=kept,
            has_entries=basis.has_entries,
        )

    def with_linear(self, period: Period) -> Self:
        """Annotate `linear`: the percent by the end of a period, where nothing is entered."""
        until = Value(period.ends_on, models.DateField())
        percent = LinearPercent(
            F("deadline"), until, starts_on=period.programme.starts_on, last_day=period.ends_on
        )
        return self.annotate(linear=percent)

    def with_planned(
        self,
        until: F | Value,
        programme: Programme,
        last_day: date,
        *,
        kept: F | None = None,
        has_entries: bool = True,
    ) -> Self:
        """Annotate `planned`: the percent that should be done by `until`, or by `last_day`.

        The earlier of the two days counts. What the coordinator entered for the newest period up to
        `until` counts; without an entry the plan is linear. Where `kept` gives a figure, that
        counts before both. `has_entries=False` spares the look at entries where the year has none.
        """
        figures: list[Any] = []
        if kept is not None:
            figures.append(kept)
        if has_entries:
            entered = PlannedProgress.objects.filter(
                assignment=OuterRef("pk"), period__ends_on__lte=OuterRef("until")
            ).order_by("-period__ends_on")
            figures.append(Subquery(entered.values("percent")[:1]))
        linear = LinearPercent(
            F("deadline"), F("until"), starts_on=programme.starts_on, last_day=last_day
        )
        figures.append(linear)
        with_day = self.annotate(until=until)
        if len(figures) == 1:
            return with_day.annotate(planned=figures[0])
        return with_day.annotate(planned=Coalesce(*figures))

    def with_light(self, basis: LightBasis) -> Self:
        """Annotate `severity`, which says the light, and what it is worked out from.

        `light_rules` says what the lights mean. All rows are of the programme of `basis`. Costs
        comparisons of the row's own columns, and no sub-query.
        """
        return self.with_progress(basis)._lit(basis)

    def with_light_on(self, basis: LightBasis) -> Self:
        """As `with_light`, as of the earlier day of `basis`; see `with_progress_on`."""
        return self.with_progress_on(basis)._lit(basis)

    def _lit(self, basis: LightBasis) -> Self:
        with_days = self.annotate(
            due_until=basis.due_until(),
            due_period=basis.due_name(),
            due_closed_at=basis.due_closed_at(),
            behind_by=ExpressionWrapper(F("planned") - F("actual"), IntegerField()),
            light_days=Days(F("deadline"), Value(basis.today, models.DateField())),
        )
        return with_days.annotate(severity=severity_by_rules(light_rules(basis)))

    def with_report(self, period: Period) -> Self:
        """Annotate `report_id` and `report_state` of one period (None where 未填)."""
        # A join, of which there is one row at most: twice as fast as two sub-queries.
        of_period = FilteredRelation("reports", condition=Q(reports__period=period))
        return self.annotate(report_of_period=of_period).annotate(
            report_id=F("report_of_period__pk"), report_state=F("report_of_period__state")
        )

    def finished_before(self, period: Period, *, is_newest: bool = False) -> Self:
        """Annotate `finished_before`: the report before this period said 100 %; nothing is owed.

        `is_newest` says that no later period was opened: then the row's own copies always say it.

        Only the newest one counts: a first quarter that was corrected to 100 % afterwards does not
        outdo the 55 % of the third.
        """
        newest_first = None
        if not is_newest:
            earlier = ProgressReport.objects.submitted().before(period)
            newest_first = earlier.filter(assignment=OuterRef("pk"))
        day_before = period.ends_on - timedelta(days=1)
        percent = _figure_until(day_before, "percent", newest_first)
        percent_before = Coalesce(percent, 0)
        return self.annotate(
            finished_before=ExpressionWrapper(
                GreaterThanOrEqual(percent_before, 100), models.BooleanField()
            )
        )

    def expected_in(self, period: Period) -> Self:
        """Those that owe a report for this period, or have begun one.

        An assignment owes one if its action is under control, if it was there in time, and if it
        was not finished before. A report that was begun all the same is sent like any other.
        """
        of_programme = self.filter(**{PROGRAMME: period.programme_id})
        return of_programme.controlled().finished_before(period).filter(_is_expected(period))

    def with_filing(self, period: Period, basis: LightBasis) -> Self:
        """Annotate of controlled assignments `is_expected`, as `expected_in`, and `is_sent`.

        Those that are expected and not sent are `owing`.
        """
        is_sent = [When(_has_nothing_of(period), then=Value(False))]
        # The row's own copy says it, unless two periods end on one day.
        same_end = [one for one in basis.opened_periods if one.ends_on == period.ends_on]
        if len(same_end) == 1:
            is_sent.append(When(newest_until=period.ends_on, then=Value(True)))
        is_sent.append(When(_is_unsent(period), then=Value(False)))
        with_finished = self.finished_before(period, is_newest=basis.is_newest(period))
        # As cases, since SQLite looks up both sides of an OR that is a value.
        return with_finished.annotate(
            is_expected=Case(When(_is_expected(period), then=Value(True)), default=Value(False)),
            is_sent=Case(*is_sent, default=Value(True)),
        )

    def of_period(self, period: Period) -> Self:
        """Those that the period is about: there in time, or with a report of it all the same."""
        if period.first_closed_on is None:
            return self
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        return self.filter(there_in_time(period) | Exists(reports))

    def owing(self, period: Period) -> Self:
        """Those of `expected_in` that have not submitted: 未填, 草稿 and 退回 alike."""
        return self.expected_in(period).filter(_is_unsent(period))


class Assignment(models.Model):
    """分辦: one action in one department, lead or supporting, with its deadline there."""

    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.CASCADE,
        related_name="assignments",
        # The unique pair of action and department begins with it.
        db_index=False,
    )
    department = models.ForeignKey(
        Department, verbose_name="單位", on_delete=models.PROTECT, related_name="assignments"
    )
    kind = models.CharField(
        "主協辦", max_length=10, choices=AssignmentKind, default=AssignmentKind.LEAD
    )
    position = models.PositiveSmallIntegerField("順序", default=0)
    deadline = models.DateField(
        "完成期限", help_text="「115年12月」這樣的寫法，日期是那個月的最後一天。"
    )
    # Kept beside the day that it means, and printed again as it was written: 每季, 持續辦理.
    deadline_text = models.CharField(
        "期限寫法", max_length=100, help_text="照核定文件所寫，例如 115年12月、每季、持續辦理。"
    )

    # Without one the item is everybody's in the department, as it always was.
    contact = models.ForeignKey(
        User,
        verbose_name="承辦人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_of",
        help_text="這個單位的人員；留白就是單位全體。其他同仁仍然可以填報。",
    )

    # None for what came with the plan itself, before anything was to be reported.
    handed_out_on = models.DateField("分辦日", null=True, blank=True, editable=False)

    # Set by `with_progress`; `reported_until` is the last day that the newest submitted report
    # speaks of, None before the first.
    actual: int
    planned: int
    # Set by `with_linear`.
    linear: int
    reported_until: date | None
    # Set by `with_light`; `light_days` is how many days are left, `due_period` the name of the
    # newest period whose 填報期限 has passed.
    severity: int
    light_days: int
    behind_by: int
    due_period: str | None
    due_closed_at: datetime | None
    # Set by `with_report`.
    report_id: int | None
    report_state: str | None
    # Set by `with_past`.
    has_past: bool
    # Set by `with_contact`.
    contact_can_write: bool
    # Set by `finished_before`.
    finished_before: bool
    # Set by `worklists.writing_order.with_stage`.
    stage: int
    # Set by `access.visible_assignments`.
    reportable: bool

    # A copy of the report of the newest period that was submitted, all None (and empty) before the
    # first, and of the one before it. Only `workflow/newest_figures.py` writes it, with each step of a report: a list reads
    # progress and light off the row, and asks no report.
    newest_until = models.DateField("最近填報期迄日", null=True, blank=True, editable=False)
    newest_percent = models.PositiveSmallIntegerField(
        "最近實際進度（%）", null=True, blank=True, editable=False
    )
    newest_planned = models.PositiveSmallIntegerField(
        "最近預定進度（%）", null=True, blank=True, editable=False
    )
    newest_status = models.CharField(
        "最近辦理狀態", max_length=20, choices=WorkStatus, blank=True, editable=False
    )

    previous_until = models.DateField("前次填報期迄日", null=True, blank=True, editable=False)
    previous_percent = models.PositiveSmallIntegerField(
        "前次實際進度（%）", null=True, blank=True, editable=False
    )
    previous_planned = models.PositiveSmallIntegerField(
        "前次預定進度（%）", null=True, blank=True, editable=False
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分辦"
        ordering = ["action", "kind", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "department"],
                name="assignment_once",
                violation_error_message="這個項目已經分辦給這個單位。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AssignmentKind.values), name="assignment_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(deadline_text=""), name="assignment_deadline_text_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.department}"

    def clean(self) -> None:
        """Reports stay with the department that wrote them; nothing new goes to an inactive one."""
        # A form that refused one of the two has said so.
        if not self.action_id or not self.department_id:
            return
        stored = None
        if not self._state.adding:
            stored = Assignment.objects.with_past().with_path().filter(pk=self.pk).first()
        if stored is not None:
            self._refuse_moving_the_past(stored)
        is_new_there = stored is None or stored.department_id != self.department_id
        if is_new_there:
            problem = self.problem_as_new()
            if problem is not None:
                raise ValidationError({"department": problem})
        self._check_contact(stored)

    def problem_as_new(self) -> str | None:
        """Why the department cannot get this item now; None where it can.

        Said apart from `clean`, for files that ask about thousands of rows without a query.
        """
        if self.department.is_active:
            return None
        return self.department.nothing_new_words()

    def problem_with_contact(self, writers: AbstractSet[int]) -> str | None:
        """Why a new 承辦人 cannot be that; `writers` are keys of those who write for the department."""
        if self.contact is None or self.contact.pk in writers:
            return None
        return self.department.not_a_member_words(self.contact)

    def _check_contact(self, stored: Assignment | None) -> None:
        """A new 承辦人 belongs to the department; one from before may have left it since."""
        if self.contact is None:
            return
        same_contact = stored is not None and stored.contact_id == self.contact_id
        same_department = stored is not None and stored.department_id == self.department_id
        if same_contact and same_department:
            return
        members = Membership.objects.who_can_write().filter(department=self.department_id)
        problem = self.problem_with_contact(set(members.values_list("user_id", flat=True)))
        if problem is None:
            return
        if same_contact:
            # The item goes to another department, and its 承辦人 does not follow.
            self.contact = None
            return
        raise ValidationError({"contact": problem})

    def _refuse_moving_the_past(self, stored: Assignment) -> None:
        if not stored.has_past:
            return
        changed_fields = []
        for name in ("action", "department"):
            if getattr(stored, f"{name}_id") != getattr(self, f"{name}_id"):
                changed_fields.append(name)
        if not changed_fields:
            return
        words = (
            f"「{stored.department}」已經有 {stored.action.code} 的填報或預定進度，"
            "不能改成別的項目或單位；請保留這一筆，另外新增分辦。"
        )
        raise ValidationError({changed_fields[0]: words})

    def history_home(self) -> HistoryHome:
        return self.action.history_home()

    @property
    def is_lead(self) -> bool:
        return self.kind == AssignmentKind.LEAD

    @property
    def named_contact(self) -> User | None:
        """The 承辦人 of `with_contact` who can still write it; None where it is everybody's."""
        if self.contact is None or not self.contact_can_write:
            return None
        return self.contact

    @property
    def contact_words(self) -> str:
        """Who looks after it, in words: 「王美玲」, 「趙建國（尚未移交）」 or empty."""
        if self.contact is None:
            return ""
        if not self.contact_can_write:
            return f"{self.contact}（尚未移交）"
        return str(self.contact)

    @property
    def light(self) -> Light:
        """燈號, as `with_light` has found it."""
        return LIGHT_OF_SEVERITY[self.severity]

    @property
    def counts_in_means(self) -> bool:
        """Whether progress may be asked about, as `with_light` has found it."""
        return counts_in_means(self.light, has_report=self.reported_until is not None)

    @property
    def light_reason(self) -> str:
        """Why the light of `with_light` is what it is, in words; empty where the light says all."""
        return f"{self.reason_for_all}{self.advice_to_own}"

    @property
    def reason_for_all(self) -> str:
        """The reason as every reader is told it, the same for departments in the same state."""
        if self.light == Light.FREE:
            return self.action.get_control_status_display()
        if self.light == Light.OVER:
            return days_in_words(self.light_days, past="逾期")
        if self.light == Light.UNREPORTED:
            return f"{self.due_period}未填報"
        if self.light == Light.BEHIND:
            return f"落後 {self.behind_by} 個百分點"
        if self.light == Light.SOON:
            return days_in_words(self.light_days, on_the_day="今天到期")
        return ""

    @property
    def advice_to_own(self) -> str:
        """What whoever reports on it may do about the reason; empty for all others."""
        # Not every list knows its reader's rights.
        is_own = getattr(self, "reportable", False)
        if self.light == Light.UNREPORTED and self.due_closed_at is not None and is_own:
            return "，已關閉，請洽研考"
        return ""
