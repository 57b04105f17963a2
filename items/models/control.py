"""管制異動: an application to change the deadline, the wording or the 列管狀態 of an item."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.actions import ControlStatus
from items.models.assignments import Assignment
from items.models.departments import Department
from items.models.deputies import acting_words
from items.models.history_home import HistoryHome
from items.models.lengths import TITLE_LENGTH, at_most
from items.models.quick_checks import QuickCheck

GROUND_LENGTH = 50
WORDS_LENGTH = 1000
LATE_LENGTH = 500
NUMBER_LENGTH = 100
"""The longest 文號, in characters: 花港企字第1150000123號 and what people write beside it."""


class ControlKind(models.TextChoices):
    """申請類別: what somebody asks for."""

    EXTEND = "extend", "展延"
    ADJUST = "adjust", "調整"
    WITHDRAW = "withdraw", "撤銷管制"
    RELEASE = "release", "解除列管"
    MERGE = "merge", "併案"
    SPLIT = "split", "分案"


SUCCESSION_KINDS = (ControlKind.MERGE, ControlKind.SPLIT)
"""The kinds after which other items stand for this one."""
STATUS_AFTER = {
    ControlKind.WITHDRAW: ControlStatus.WITHDRAWN,
    ControlKind.RELEASE: ControlStatus.RELEASED,
    ControlKind.MERGE: ControlStatus.MERGED,
    ControlKind.SPLIT: ControlStatus.SPLIT,
}
"""The 列管狀態 of an item once such an application is approved; the other kinds leave it."""


class RequestState(models.TextChoices):
    """申請狀態: where an application is on its way."""

    DRAFT = "draft", "草稿"
    WITH_HEAD = "with_head", "待主管"
    WITH_COORDINATOR = "with_coordinator", "待研考"
    RETURNED = "returned", "退回補正"
    APPROVED = "approved", "通過"
    REJECTED = "rejected", "不通過"
    WITHDRAWN = "withdrawn", "撤回"


REQUEST_EDITABLE = (RequestState.DRAFT, RequestState.RETURNED)
"""States in which the department writes the application."""
ON_ITS_WAY = (RequestState.WITH_HEAD, RequestState.WITH_COORDINATOR)
"""States in which somebody else has to decide."""
UNDECIDED = (*REQUEST_EDITABLE, *ON_ITS_WAY)
"""States of which an item and department have one at a time."""
DECIDED = (RequestState.APPROVED, RequestState.REJECTED)


class ControlRequestQuerySet(models.QuerySet["ControlRequest"]):
    """Which applications."""

    def undecided(self) -> Self:
        return self.filter(state__in=UNDECIDED)

    def with_path(self) -> Self:
        """With its people and everything from the assignment up, in the same query."""
        return self.select_related(
            "written_by",
            "written_for",
            "decided_by",
            "added_department",
            "assignment__department",
            "assignment__action__plan__method__strategy__programme",
        )

    def approved_before(self, assignment: Assignment, request: ControlRequest | None) -> int:
        """How many of this department's applications for the item were approved before.

        Before now where no `request` is given: the N of 「第 N+1 次」. A department has one
        undecided at a time for an item, so that their keys are in the order of the decisions; a
        clock may be set back.
        """
        approved = self.filter(assignment=assignment, state=RequestState.APPROVED)
        if request is not None:
            approved = approved.filter(pk__lt=request.pk)
        return approved.count()


class ControlRequest(models.Model):
    """管制異動: what a department asks for about one of its items, and what became of it."""

    CONTENT = (
        "kind",
        "ground",
        "reason",
        "present_status",
        "deadline",
        "deadline_text",
        "title",
        "expected_benefit",
        "added_department",
        "document_number",
        "late_reason",
    )
    """What the department writes; the steps keep it as it was."""
    SUCCESSORS = "successors"
    """By this name the content has 承接項目 of 併案 and 分案, which are rows of their own."""
    SEEN_WHEN_SENT = (
        "old_deadline",
        "old_deadline_text",
        "old_title",
        "old_expected_benefit",
        "old_shares",
    )
    """What the plan said of that which is to be changed."""
    SET_ON_THE_WAY = (*SEEN_WHEN_SENT, "state", "manager_on", "manager_number")
    """What the steps set, and the history tells beside the content."""

    # PROTECT: an item of which somebody has applied for something keeps its department.
    assignment = models.ForeignKey(
        Assignment, verbose_name="分辦", on_delete=models.PROTECT, related_name="control_requests"
    )
    kind = models.CharField("申請類別", max_length=10, choices=ControlKind)
    state = models.CharField(
        "申請狀態",
        max_length=20,
        choices=RequestState,
        default=RequestState.DRAFT,
        editable=False,
    )
    # The words of the list as they were, since the list of a year may change.
    ground = models.CharField("申請事由", max_length=GROUND_LENGTH, blank=True)
    reason = models.TextField("原因說明", max_length=WORDS_LENGTH, blank=True)
    present_status = models.TextField("目前執行情形", max_length=WORDS_LENGTH, blank=True)
    document_number = models.CharField("申請文號", max_length=NUMBER_LENGTH, blank=True)
    late_reason = models.CharField("逾期申請原因", max_length=LATE_LENGTH, blank=True)

    # What is asked for; only the fields of the kind are filled.
    deadline = models.DateField("展延後完成期限", null=True, blank=True)
    deadline_text = models.CharField("展延後期限寫法", max_length=100, blank=True)
    # Blank where the wording stays.
    title = models.CharField("調整後具體推動作法", max_length=TITLE_LENGTH, blank=True)
    expected_benefit = models.CharField("調整後預期效益", max_length=TITLE_LENGTH, blank=True)
    added_department = models.ForeignKey(
        Department,
        verbose_name="增列單位",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    # What stood in the plan when it was sent: shown beside what is asked for, and kept.
    old_deadline = models.DateField("原完成期限", null=True, blank=True, editable=False)
    old_deadline_text = models.CharField("原期限寫法", max_length=100, blank=True, editable=False)
    old_title = models.CharField(
        "原具體推動作法", max_length=TITLE_LENGTH, blank=True, editable=False
    )
    old_expected_benefit = models.CharField(
        "原預期效益", max_length=TITLE_LENGTH, blank=True, editable=False
    )

    old_shares = models.TextField("原分辦", blank=True, default="", editable=False)

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申請人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理誰申請",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新時間")
    # The time of the first sending: mending what was returned makes nobody late.
    submitted_at = models.DateTimeField("送出時間", null=True, blank=True, editable=False)
    since = models.DateTimeField("這個狀態從", editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    decided_at = models.DateTimeField("決定時間", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決定的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    manager_on = models.DateField("首長核定日期", null=True, blank=True, editable=False)
    manager_number = models.CharField(
        "首長核定文號", max_length=NUMBER_LENGTH, blank=True, editable=False
    )

    # Set by `access.visible_requests`.
    writable: bool
    withdrawable: bool
    discardable: bool
    endorsable: bool
    decidable: bool
    returnable: bool
    attachable: bool

    objects = ControlRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "管制異動"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state__in=UNDECIDED),
                name="control_request_one_at_a_time",
                violation_error_message="這個單位在這一項已經有一件申請還沒有決定。",
            ),
            QuickCheck(condition=Q(kind__in=ControlKind.values), name="control_request_kind_known"),
            QuickCheck(
                condition=Q(state__in=RequestState.values), name="control_request_state_known"
            ),
            QuickCheck(
                condition=Q(state=RequestState.DRAFT) | Q(submitted_at__isnull=False),
                name="control_request_sent_at",
            ),
            QuickCheck(
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | ~Q(state__in=DECIDED) & Q(decided_at=None, decided_by=None),
                name="control_request_decided_pair",
            ),
            QuickCheck(
                condition=Q(manager_on=None, manager_number="")
                | Q(manager_on__isnull=False) & ~Q(manager_number=""),
                name="control_request_manager_pair",
            ),
            at_most("reason", WORDS_LENGTH, "control_request"),
            at_most("late_reason", LATE_LENGTH, "control_request"),
            at_most("title", TITLE_LENGTH, "control_request"),
            at_most("expected_benefit", TITLE_LENGTH, "control_request"),
            at_most("present_status", WORDS_LENGTH, "control_request"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.get_kind_display()}申請"

    def history_home(self) -> HistoryHome:
        return self.assignment.history_home()

    def content(self) -> dict[str, Any]:
        """What it says now, as its steps and the history keep it: days as days, rows as words."""
        values = {}
        for name in (*self.CONTENT, *self.SET_ON_THE_WAY):
            value = getattr(self, name)
            if isinstance(value, Department):
                value = str(value)
            values[name] = value
        if self.has_successors:
            values[self.SUCCESSORS] = self.successors_words()
        return values

    @property
    def has_successors(self) -> bool:
        """Whether other items stand for this one afterwards (併案, 分案)."""
        return self.kind in SUCCESSION_KINDS

    def successors_words(self) -> str:
        """承接項目 with their departments, as the steps keep them; a line for each."""
        lines: list[str] = []
        rows = self.successors.select_related("action").prefetch_related("shares__department")
        for successor in rows.order_by("number"):
            lines += successor.lines()
        return "\n".join(lines)

    @property
    def is_editable(self) -> bool:
        return self.state in REQUEST_EDITABLE

    @property
    def is_late(self) -> bool:
        """逾期申請: sent after the last day for it."""
        return bool(self.late_reason)

    @property
    def writer_words(self) -> str:
        """Who asks: 「陳志明（蔡淑芬代理）」 where somebody stood in."""
        return acting_words(self.written_by, self.written_for)
