"""承接項目: which items take over what an item was under control for, by 併案 or 分案."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from items.models.actions import Action
from items.models.assignment_queries import AssignmentKind
from items.models.control import (
    ON_ITS_WAY,
    ControlRequest,
    ControlRequestQuerySet,
    RequestState,
)
from items.models.departments import Department
from items.models.history_home import HistoryHome
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH, at_most
from items.models.quick_checks import QuickCheck


class ControlSuccessorQuerySet(models.QuerySet["ControlSuccessor"]):
    """Which successors."""

    def in_force(self) -> Self:
        """The successors of approved applications: the links between items."""
        return self.filter(request__state=RequestState.APPROVED, action__isnull=False)

    def of_item(self, action: Action | models.OuterRef) -> Self:
        """Those that an item has gone into, and those by which others have gone into it."""
        return self.filter(Q(action=action) | Q(request__assignment__action=action))


class ControlSuccessor(models.Model):
    """承接項目 of one application: the item that another is merged into, or one of a split.

    A split has its text, and the item itself (`action`) only once it is carried out.
    """

    # A draft that is thrown away takes them along; nothing else is ever deleted.
    request = models.ForeignKey(
        ControlRequest,
        verbose_name="管制異動",
        on_delete=models.CASCADE,
        related_name="successors",
        # The unique pair with the number begins with it.
        db_index=False,
    )
    number = models.PositiveSmallIntegerField("順序")
    # PROTECT: an item that others have gone into keeps their past readable.
    action = models.ForeignKey(
        Action,
        verbose_name="承接的項目",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="takes_over",
    )
    title = models.CharField("具體推動作法", max_length=TITLE_LENGTH, blank=True)
    expected_benefit = models.CharField("預期效益", max_length=TITLE_LENGTH, blank=True)

    objects = ControlSuccessorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承接項目"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "number"], name="control_successor_number_once"
            ),
            models.UniqueConstraint(
                fields=["request", "action"],
                condition=Q(action__isnull=False),
                name="control_successor_item_once",
            ),
            at_most("title", TITLE_LENGTH, "control_successor"),
            at_most("expected_benefit", TITLE_LENGTH, "control_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """「115-07 設置民眾休憩區」, or the text of what is not there yet."""
        if self.action is not None:
            return str(self.action)
        return self.title or "（未寫）"

    def history_home(self) -> HistoryHome:
        return self.request.history_home()

    def lines(self) -> list[str]:
        """All that is asked for of it, a line each; its shares are prefetched for a list."""
        lines = [self.name]
        if self.expected_benefit:
            label = field_label(ControlSuccessor, "expected_benefit")
            lines.append(f"{label}：{self.expected_benefit}")
        lines += [share.words for share in self.shares.all()]
        return lines


class SuccessorShare(models.Model):
    """承接分辦: one department that shall have the successor, with its deadline there."""

    successor = models.ForeignKey(
        ControlSuccessor,
        verbose_name="承接項目",
        on_delete=models.CASCADE,
        related_name="shares",
        # The unique pair with the department begins with it.
        db_index=False,
    )
    department = models.ForeignKey(
        Department, verbose_name="單位", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("主協辦", max_length=10, choices=AssignmentKind)
    deadline = models.DateField("完成期限")
    deadline_text = models.CharField("期限寫法", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "承接分辦"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["successor", "department"],
                name="successor_share_once",
                violation_error_message="同一個承接項目裡，一個單位只能寫一次。",
            ),
            QuickCheck(
                condition=Q(kind__in=AssignmentKind.values), name="successor_share_kind_known"
            ),
            QuickCheck(condition=~Q(deadline_text=""), name="successor_share_deadline_text_given"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """「主辦 行政處（115年12月）」"""
        return share_words(self.kind, self.department, self.deadline_text)

    def history_home(self) -> HistoryHome:
        return self.successor.history_home()


def share_words(kind: str, department: Department, deadline_text: str) -> str:
    """「主辦 行政處（115年12月）」"""
    return f"{AssignmentKind(kind).label} {department}（{deadline_text}）"


def requests_touching(actions: Iterable[Action | int]) -> ControlRequestQuerySet:
    """Applications of these items, and those on their way that would merge another into one."""
    keys = list(actions)
    about_them = Q(assignment__action__in=keys)
    successors = ControlSuccessor.objects.filter(action__in=keys)
    requests_naming_them = successors.order_by().values("request")
    would_merge = Q(pk__in=requests_naming_them, state__in=ON_ITS_WAY)
    return ControlRequest.objects.filter(about_them | would_merge)
