"""分辦: one action in one department, and the 燈號 that follows from its reports."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from items.lights import LIGHT_OF_SEVERITY, Light, counts_in_means
from items.models.actions import Action
from items.models.assignment_queries import AssignmentKind, AssignmentQuerySet
from items.models.departments import Department
from items.models.history_home import HistoryHome
from items.models.light_words import light_reason_words
from items.models.memberships import Membership
from items.models.people import User
from items.models.progress import WorkStatus
from items.models.quick_checks import QuickCheck
from items.models.year_of_action import YearOfAction

if TYPE_CHECKING:
    # Only for the annotation: applications hang on the assignments.
    from items.models.earlier_deadlines import EarlierDeadline


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
            # 填報狀態 and lights of a whole year are counted in its order, and no row is read for it.
            models.Index(
                fields=[
                    "of_year",
                    "department",
                    "filing_states",
                    "handed_out_on",
                    "kind",
                    "deadline",
                    "newest_until",
                    "newest_percent",
                    "newest_planned",
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
