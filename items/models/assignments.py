"""分辦: one action in one department, and the 燈號 that follows from its reports."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from items.day_words import days_in_words
from items.lights import LIGHT_OF_SEVERITY, Light, counts_in_means
from items.models.actions import GONE_INTO_OTHERS, Action, ControlStatus
from items.models.assignment_lights import AssignmentLights
from items.models.departments import Department
from items.models.history_home import HistoryHome
from items.models.light_rules import PROGRAMME
from items.models.people import Membership, User
from items.models.periods import PlannedProgress
from items.models.prepared import Slot
from items.models.programme import Programme
from items.models.progress import ProgressReport, WorkStatus
from items.models.quick_checks import QuickCheck
from items.models.year_of_action import YearOfAction

if TYPE_CHECKING:
    # Only for the annotation: applications hang on the assignments.
    from items.models.earlier_deadlines import EarlierDeadline


class AssignmentKind(models.TextChoices):
    """主協辦: whether a department leads (主辦) or supports (協辦)."""

    LEAD = "lead", "主辦"
    SUPPORT = "support", "協辦"


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


class AssignmentQuerySet(AssignmentLights):
    """Which assignments, in which order, and with what beside them."""

    def for_programme(self, programme: Programme) -> Self:
        return self.filter(**{PROGRAMME: programme})

    def of_own_year(self, programme: int | Slot) -> Self:
        """As `for_programme`, by the copy in the row: for a part of a year, or its columns alone.

        Where all items of a year are read with their path, SQLite takes twice as long this way.
        """
        return self.filter(of_year=programme)

    def not_released(self) -> Self:
        """As `controlled`, without a look at the action of each row.

        The others are few, and a small index has their keys: all assignments of a year are then
        counted in 20 ms instead of 130 (100,000 of them).
        """
        released = Action.objects.filter(~Q(control_status=ControlStatus.UNDER_CONTROL))
        return self.exclude(action__in=released.order_by().values("pk"))

    def lead(self) -> Self:
        return self.filter(kind=AssignmentKind.LEAD)

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
        """Annotate `has_past`: it has reports, 預定進度 or applications, and stays where it is.

        So do all departments of an item that others took over: they are its record.
        """
        reports = ProgressReport.objects.filter(assignment=OuterRef("pk"))
        planned_entries = PlannedProgress.objects.filter(assignment=OuterRef("pk"))
        # By name and not by import: the module of applications imports this one.
        control_requests = apps.get_model("items", "ControlRequest")
        requests = control_requests._default_manager.filter(assignment=OuterRef("pk"))
        is_over = Q(action__control_status__in=GONE_INTO_OTHERS)
        has_past = Exists(reports) | Exists(planned_entries) | Exists(requests) | is_over
        return self.annotate(has_past=has_past)

    def with_path(self) -> Self:
        """With everything from the programme down to the action, in the same query."""
        return self.select_related("department", PROGRAMME)

    def in_order(self) -> Self:
        """By action as the official table prints them, then by department as written."""
        return self.order_by(*OFFICIAL_ORDER)


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
    of_year = YearOfAction()
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

    # Set by `show_earlier` where the deadline was extended.
    earlier: EarlierDeadline | None = None
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

    # Copies of two reports: of the newest period that was submitted, and of the one before it. All
    # are None (or empty) before the first report. Only `workflow/newest_figures.py` writes them, with
    # each step of a report, so that lists read progress and light off the row and fetch no report.
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

    # 「12a13a14d」: a state for each period with a report, drafts included. Whole years are counted
    # by it (`filing_states.py`). No limit: an office may have periods for every week.
    filing_states = models.TextField("各期填報狀態", blank=True, default="", editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分辦"
        ordering = ["action", "kind", "position", "id"]
        indexes = [
            # 填報狀態 of a whole year are counted in its order, and no row is read for it.
            models.Index(
                fields=[
                    "of_year",
                    "department",
                    "filing_states",
                    "handed_out_on",
                    "contact",
                    "action",
                ],
                name="assignment_of_year",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "department"],
                name="assignment_once",
                violation_error_message="這個項目已經分辦給這個單位。",
            ),
            QuickCheck(condition=Q(kind__in=AssignmentKind.values), name="assignment_kind_known"),
            QuickCheck(condition=~Q(deadline_text=""), name="assignment_deadline_text_given"),
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
            f"「{stored.department}」已經有 {stored.action.code} 的填報、預定進度或管制異動，"
            "不能改成別的項目或單位；請保留這一筆，另外新增分辦。"
        )
        raise ValidationError({changed_fields[0]: words})

    def history_home(self) -> HistoryHome:
        return self.action.history_home()

    @property
    def is_lead(self) -> bool:
        return self.kind == AssignmentKind.LEAD

    @property
    def department_name(self) -> str:
        return self.department.name

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
        return light_reason_words(
            self.light,
            control_status=self.action.control_status,
            light_days=self.light_days,
            due_period=self.due_period,
            behind_by=self.behind_by,
        )

    @property
    def advice_to_own(self) -> str:
        """What the people who report on it may do about the reason; empty for other readers."""
        # Not every list knows its reader's rights.
        is_own = getattr(self, "reportable", False)
        if self.light == Light.UNREPORTED and self.due_closed_at is not None and is_own:
            return "，已關閉，請洽研考"
        return ""


def light_reason_words(
    light: Light,
    *,
    control_status: str,
    light_days: int,
    due_period: str | None,
    behind_by: int,
) -> str:
    """Why a light is lit, from what `with_light` has annotated; empty where the light says all."""
    if light == Light.FREE:
        return str(ControlStatus(control_status).label)
    if light == Light.OVER:
        return days_in_words(light_days, past="逾期")
    if light == Light.UNREPORTED:
        return f"{due_period}未填報"
    if light == Light.BEHIND:
        return f"落後 {behind_by} 個百分點"
    if light == Light.SOON:
        return days_in_words(light_days, on_the_day="今天到期")
    return ""
