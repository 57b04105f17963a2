"""具體推動作法: the items under control, with their codes and the 列管狀態."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from items.models.department_names import EVERY_DEPARTMENT
from items.models.folded import FoldedField
from items.models.history_home import HistoryHome
from items.models.lengths import TITLE_LENGTH, at_most
from items.models.plan import Plan, keep_year
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck

if TYPE_CHECKING:
    # Only for the annotations: assignments import the actions.
    from items.models.assignments import Assignment


class ControlStatus(models.TextChoices):
    """列管狀態: changes only by an approved application or by closing the year."""

    UNDER_CONTROL = "under_control", "列管中"
    RELEASED = "released", "解除列管"
    WITHDRAWN = "withdrawn", "撤銷管制"
    CARRIED_OVER = "carried_over", "轉次年"
    # Another item, or several, stand for it: by an approved application alone.
    MERGED = "merged", "併案列管"
    SPLIT = "split", "分案列管"


GONE_INTO_OTHERS = (ControlStatus.MERGED, ControlStatus.SPLIT)
"""The 列管狀態 of items that go on in others, by which they are counted."""


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
    """具體推動作法: the item under control; its code stays when the wording changes."""

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

    folded = FoldedField(sources=("code", "title", "expected_benefit"))

    # Set by `with_worst_light`; None where nothing is handed out.
    severity: int | None

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "具體推動作法"
        ordering = ["code"]
        indexes = [
            # Few; see `AssignmentQuerySet.not_released`.
            models.Index(
                fields=["id"],
                condition=~Q(control_status=ControlStatus.UNDER_CONTROL),
                name="action_not_controlled",
            ),
        ]
        constraints = [
            at_most("title", TITLE_LENGTH, "action"),
            at_most("expected_benefit", TITLE_LENGTH, "action"),
            QuickCheck(condition=~Q(title=""), name="action_title_given"),
            QuickCheck(
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
        return self.deadline_lines_of(self.leads())

    def deadline_lines_of(self, leads: Sequence[Assignment]) -> list[str]:
        """As `deadline_lines`, where the leads are at hand."""
        texts = [assignment.deadline_text for assignment in leads]
        is_listed_one_by_one = self.separate_deadlines and not self.every_department
        differ = len(set(texts)) > 1
        if is_listed_one_by_one or differ:
            return texts
        return texts[:1]
