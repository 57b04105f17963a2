"""分辦: one action in one department, and the 燈號 that follows from its reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from items.day_words import days_in_words
from items.lights import SEVERITY, Light, counts_in_means
from items.models.history_home import HistoryHome
from items.models.light_rules import (
    PROGRAMME,
    Days,
    first_that_holds,
    light_rules,
    linear_percent,
)
from items.models.people import Department, Membership, User
from items.models.periods import Period, PlannedProgress
from items.models.plan import Action, ControlStatus, Programme, ProgrammeState
from items.models.progress import ProgressReport


class AssignmentKind(models.TextChoices):
    """主協辦: whether a department leads (主辦) or supports (協辦)."""

    LEAD = "lead", "主辦"
    SUPPORT = "support", "協辦"


def there_in_time(period: Period) -> Q:
    """Assignments that were handed out before the period was closed for the first time."""
    this_one = Period.objects.filter(pk=period.pk)
    return Q(Exists(this_one.open_after(OuterRef("handed_out_on"))))


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
        # Two rows may stand at the same position: their keys keep what belongs together together.
        return self.order_by(
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

    def with_progress(self, today: date) -> Self:
        """Annotate `actual` and `planned` (percent) and `reported_until`.

        A report is held against the figure that it kept when it was sent: what a department said
        on 11月22日 would else fall behind a plan that went on growing since.
        """
        newest = ProgressReport.objects.newest_submitted(today).filter(assignment=OuterRef("pk"))
        day = Coalesce(F("reported_until"), Value(today, models.DateField()))
        with_report = self.annotate(
            reported_until=Subquery(newest.values("period__ends_on")[:1]),
            actual=Coalesce(Subquery(newest.values("percent")[:1]), 0),
            reported_or_today=day,
        )
        # Without a report, or of one that came without a figure, it is worked out for its day.
        return with_report.with_planned(
            F("reported_or_today"), today, kept=Subquery(newest.values("planned_percent")[:1])
        )

    def with_planned(self, until: F | Value, today: date, kept: Subquery | None = None) -> Self:
        """Annotate `planned`: the percent that should be done by `until`, at the latest by today.

        What the coordinator entered for the newest period up to `until` counts; without an entry
        the plan is linear. Where `kept` gives a figure, that counts before both.
        """
        entered = PlannedProgress.objects.filter(
            assignment=OuterRef("pk"), period__ends_on__lte=OuterRef("until")
        ).order_by("-period__ends_on")
        figures = [Subquery(entered.values("percent")[:1]), linear_percent(F("until"), today)]
        if kept is not None:
            figures.insert(0, kept)
        return self.annotate(until=until).annotate(planned=Coalesce(*figures))

    def with_light(self, today: date) -> Self:
        """Annotate `light` and what it is worked out from; `light_rules` says what they mean.

        Costs a few indexed sub-queries for each row, and no query more.
        """
        due = Period.objects.due_before(today).filter(programme=OuterRef(PROGRAMME))
        newest_due = due.open_after(OuterRef("handed_out_on")).order_by("-ends_on")
        with_days = self.with_progress(today).annotate(
            due_until=Subquery(newest_due.values("ends_on")[:1]),
            due_period=Subquery(newest_due.values("name")[:1]),
            due_closed_at=Subquery(newest_due.values("closed_at")[:1]),
            behind_by=ExpressionWrapper(F("planned") - F("actual"), IntegerField()),
            light_days=Days(F("deadline"), Value(today, models.DateField())),
        )
        rules = light_rules(today)
        return with_days.annotate(
            light=first_that_holds(rules, lambda light: light.value, models.CharField()),
            severity=first_that_holds(rules, lambda light: SEVERITY[light], IntegerField()),
        )

    def with_report(self, period: Period) -> Self:
        """Annotate `report_id` and `report_state` of one period (None where 未填)."""
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        return self.annotate(
            report_id=Subquery(reports.values("pk")[:1]),
            report_state=Subquery(reports.values("state")[:1]),
        )

    def finished_before(self, period: Period) -> Self:
        """Annotate `finished_before`: the report before this period said 100 %; nothing is owed.

        Only the newest one counts: a first quarter that was corrected to 100 % afterwards does not
        outdo the 55 % of the third.
        """
        earlier = ProgressReport.objects.submitted().before(period)
        newest = earlier.filter(assignment=OuterRef("pk"))
        percent_before = Coalesce(Subquery(newest.values("percent")[:1]), 0)
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
        controlled = of_programme.controlled().finished_before(period)
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        is_owed = there_in_time(period) & Q(finished_before=False)
        return controlled.filter(is_owed | Exists(reports))

    def of_period(self, period: Period) -> Self:
        """Those that the period is about: there in time, or with a report of it all the same."""
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        return self.filter(there_in_time(period) | Exists(reports))

    def owing(self, period: Period) -> Self:
        """Those of `expected_in` that have not submitted: 未填, 草稿 and 退回 alike."""
        submitted = ProgressReport.objects.submitted().filter(period=period)
        of_assignment = submitted.filter(assignment=OuterRef("pk"))
        return self.expected_in(period).filter(~Exists(of_assignment))


class Assignment(models.Model):
    """分辦: one action in one department, lead or supporting, with its deadline there."""

    action = models.ForeignKey(
        Action, verbose_name="具體推動作法", on_delete=models.CASCADE, related_name="assignments"
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
    reported_until: date | None
    # Set by `with_light`; `light_days` is how many days are left, `due_period` the name of the
    # newest period whose 填報期限 has passed, `due_closed_at` when that was closed.
    light: str
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
    # Set by `access.visible_assignments`.
    reportable: bool

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
        if is_new_there and not self.department.is_active:
            raise ValidationError({"department": self.department.nothing_new_words()})
        self._check_contact(stored)

    def _check_contact(self, stored: Assignment | None) -> None:
        """A new 承辦人 belongs to the department; one from before may have left it since."""
        if self.contact is None:
            return
        same_contact = stored is not None and stored.contact_id == self.contact_id
        same_department = stored is not None and stored.department_id == self.department_id
        if same_contact and same_department:
            return
        members = Membership.objects.who_can_write().filter(department=self.department_id)
        if members.filter(user=self.contact).exists():
            return
        if same_contact:
            # The item goes to another department, and its 承辦人 does not follow.
            self.contact = None
            return
        raise ValidationError({"contact": self.department.not_a_member_words(self.contact)})

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
    def counts_in_means(self) -> bool:
        """Whether progress may be asked about, as `with_light` has found it."""
        return counts_in_means(self.light, has_report=self.reported_until is not None)

    @property
    def light_reason(self) -> str:
        """Why the light of `with_light` is what it is, in words; empty where the light says all."""
        if self.light == Light.FREE:
            return self.action.get_control_status_display()
        if self.light == Light.OVER:
            return days_in_words(self.light_days, past="逾期")
        if self.light == Light.UNREPORTED:
            return self._unreported_words()
        if self.light == Light.BEHIND:
            return f"落後 {self.behind_by} 個百分點"
        if self.light == Light.SOON:
            return days_in_words(self.light_days, on_the_day="今天到期")
        return ""

    def _unreported_words(self) -> str:
        words = f"{self.action.programme.year}年{self.due_period}未填報"
        # Whoever has to report is told why no button leads there, and whom to ask. Not every list
        # knows its reader's rights.
        is_own = getattr(self, "reportable", False)
        if self.due_closed_at is not None and is_own:
            return f"{words}，已關閉，請洽研考"
        return words
