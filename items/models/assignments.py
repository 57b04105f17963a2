"""分辦: one action in one department, and the 燈號 that follows from its reports."""

from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least

from items.lights import SEVERITY, Light
from items.models.history_home import HistoryHome
from items.models.people import Department
from items.models.periods import Period, PlannedProgress
from items.models.plan import Action, ControlStatus
from items.models.progress import SUBMITTED, ProgressReport

PROGRAMME = "action__plan__method__strategy__programme"


class Days(models.Func):
    """Whole days from the second date to the first; negative when the first is earlier."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler,
            connection,
            template="CAST(ROUND(julianday(%(expressions)s)) AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context
        )


def _first(rules, result, output_field):
    """The result of the first rule that holds, else that of 正常."""
    whens = (When(condition, then=result(light)) for condition, light in rules)
    return Case(*whens, default=result(Light.OK), output_field=output_field)


class AssignmentKind(models.TextChoices):
    """主辦 or 協辦."""

    LEAD = "lead", "主辦"
    SUPPORT = "support", "協辦"


class AssignmentQuerySet(models.QuerySet):
    def for_programme(self, programme):
        return self.filter(**{PROGRAMME: programme})

    def lead(self):
        return self.filter(kind=AssignmentKind.LEAD)

    def controlled(self):
        """Assignments of actions that are still 列管中."""
        return self.filter(action__control_status=ControlStatus.UNDER_CONTROL)

    def with_path(self):
        return self.select_related("department", f"{PROGRAMME}")

    def in_order(self):
        """By action as the official table prints them, then by department as written."""
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

    def with_progress(self, today):
        """Annotate `actual` and `planned` (percent) and `reported_until` (the day the newest submitted report speaks of).

        預定進度 is compared on the day that the report speaks of: what a department said for the third quarter is held
        against the plan for the end of September, not against a plan that went on growing since.
        """
        newest = ProgressReport.objects.newest_submitted(today).filter(assignment=OuterRef("pk"))
        return self.annotate(
            reported_until=Subquery(newest.values("period__ends_on")[:1]),
            actual=Coalesce(Subquery(newest.values("percent")[:1]), 0),
            reported_or_today=Coalesce(F("reported_until"), Value(today, models.DateField())),
        ).with_planned(F("reported_or_today"), today)

    def with_planned(self, until, today):
        """Annotate `planned`: the percent that should be done by `until`, or by today where that comes first.

        What the coordinator entered for the newest period up to `until` counts; without an entry the plan is linear
        from the programme's first day to the deadline, both days included.
        """
        entered = PlannedProgress.objects.annotate(
            until=ExpressionWrapper(OuterRef("until"), models.DateField())
        )
        entered = entered.filter(
            assignment=OuterRef("pk"), period__ends_on__lte=F("until")
        ).order_by("-period__ends_on")
        starts_on = F(f"{PROGRAMME}__starts_on")
        whole = Greatest(Days(F("deadline"), starts_on) + 1, 1)
        passed = Greatest(
            Days(Least(F("until"), Value(today, models.DateField())), starts_on) + 1, 0
        )
        # Doubled, with half a percent more, before the integer division: both engines then round alike.
        linear = Least((passed * 200 + whole) / (whole * 2), 100)
        return self.annotate(until=until).annotate(
            planned=Coalesce(
                Subquery(entered.values("percent")[:1]), ExpressionWrapper(linear, IntegerField())
            )
        )

    def with_light(self, today):
        """Annotate `light` and `light_days`: the one place that says what 落後 and 逾期 mean.

        Also `due_period` (name of the newest period whose 填報期限 has passed) for the words of 未填報, and `severity`.
        Costs a few indexed sub-queries per row and no query more.
        """
        due = (
            Period.objects.due_before(today)
            .filter(programme=OuterRef(PROGRAMME))
            .order_by("-ends_on")
        )
        unreported = Q(due_until__isnull=False) & (
            Q(reported_until__isnull=True) | Q(reported_until__lt=F("due_until"))
        )
        behind = Q(reported_until__isnull=False, behind_by__gte=F(f"{PROGRAMME}__behind_threshold"))
        rules = (
            (~Q(action__control_status=ControlStatus.UNDER_CONTROL), Light.FREE),
            (Q(actual__gte=100), Light.DONE),
            (Q(deadline__lt=today), Light.OVER),
            (unreported, Light.UNREPORTED),
            (behind, Light.BEHIND),
            (Q(light_days__lte=F(f"{PROGRAMME}__soon_days")), Light.SOON),
        )
        return (
            self.with_progress(today)
            .annotate(
                due_until=Subquery(due.values("ends_on")[:1]),
                due_period=Subquery(due.values("name")[:1]),
                behind_by=ExpressionWrapper(F("planned") - F("actual"), IntegerField()),
                light_days=Days(F("deadline"), Value(today, models.DateField())),
            )
            .annotate(
                light=_first(rules, lambda light: Value(light), models.CharField()),
                severity=_first(rules, lambda light: Value(SEVERITY[light]), IntegerField()),
            )
        )

    def with_report(self, period):
        """Annotate `report_id` and `report_state` of one period (null where 未填)."""
        own = ProgressReport.objects.filter(assignment=OuterRef("pk"), period=period)
        return self.annotate(
            report_id=Subquery(own.values("pk")[:1]), report_state=Subquery(own.values("state")[:1])
        )

    def finished_before(self, period):
        """Annotate `finished_before`: an earlier submitted report already said 100%, so this period asks for nothing."""
        earlier = ProgressReport.objects.filter(
            assignment=OuterRef("pk"),
            state__in=SUBMITTED,
            percent=100,
            period__ends_on__lt=period.ends_on,
        )
        return self.annotate(finished_before=Exists(earlier))

    def expected_in(self, period):
        """The assignments that owe a report for this period: under control, and not finished before it."""
        return (
            self.filter(**{PROGRAMME: period.programme_id})
            .controlled()
            .finished_before(period)
            .filter(finished_before=False)
        )

    def owing(self, period):
        """Those of `expected_in` that have not submitted: 未填, 草稿 and 退回 alike."""
        submitted = ProgressReport.objects.submitted().filter(
            assignment=OuterRef("pk"), period=period
        )
        return self.expected_in(period).filter(~Exists(submitted))


class Assignment(models.Model):
    """分辦: one action in one department, lead or supporting, with its own deadline."""

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
    deadline_text = models.CharField(
        "期限寫法", max_length=100, help_text="照核定文件所寫，例如 115年12月、每季、持續辦理。"
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
                condition=Q(kind__in=["lead", "support"]), name="assignment_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(deadline_text=""), name="assignment_deadline_text_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.department}"

    def history_home(self) -> HistoryHome:
        return self.action.history_home()

    @property
    def is_lead(self):
        return self.kind == AssignmentKind.LEAD

    @property
    def light_reason(self):
        """Why the light of `with_light` is what it is, in words."""
        return {
            Light.FREE: self.action.get_control_status_display,
            Light.DONE: lambda: "",
            Light.OVER: lambda: f"逾期 {-self.light_days} 天",
            Light.UNREPORTED: lambda: f"{self.action.programme.year}年{self.due_period}未填報",
            Light.BEHIND: lambda: f"落後 {self.behind_by} 個百分點",
            Light.SOON: lambda: f"剩 {self.light_days} 天" if self.light_days else "今天到期",
            Light.OK: lambda: "" if self.reported_until else "尚無填報",
        }[self.light]()
