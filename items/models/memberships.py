"""Who belongs to which department, and what they do for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q

from items.models.departments import Department
from items.models.history_home import HistoryHome
from items.models.people import READ_ONLY, User
from items.models.quick_checks import QuickCheck


class MembershipRole(models.TextChoices):
    """身分: what a person does for one department."""

    REPORTER = "reporter", "承辦人"
    HEAD = "head", "單位主管"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Which memberships, by what people may do with them."""

    def who_can_write(self) -> Self:
        """Memberships that let somebody write: of people who can sign in, and not only to read."""
        return self.filter(user__is_active=True).exclude(user__role__in=READ_ONLY)

    def who_can_endorse(
        self,
        department: Department | int | OuterRef | models.Value,
        writer: User | OuterRef | models.Value,
    ) -> Self:
        """The heads who can endorse what `writer` wrote: active, and somebody else."""
        # Somebody who also is 首長 or 稽核 writes nothing, an endorsement neither.
        heads = self.who_can_write().filter(department=department, role=MembershipRole.HEAD)
        return heads.exclude(user=writer)


class Membership(models.Model):
    """所屬單位: one person in one department; several for 職務代理."""

    user = models.ForeignKey(
        User, verbose_name="人員", on_delete=models.CASCADE, related_name="memberships"
    )
    department = models.ForeignKey(
        Department, verbose_name="單位", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(
        "身分", max_length=10, choices=MembershipRole, default=MembershipRole.REPORTER
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所屬單位"
        ordering = ["department__position", "department_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"],
                name="membership_once",
                violation_error_message="這個人已經屬於這個單位。",
            ),
            QuickCheck(condition=Q(role__in=MembershipRole.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}・{self.department}{self.get_role_display()}"

    def history_home(self) -> HistoryHome:
        """Who belongs where concerns the whole office, as accounts and departments do."""
        return HistoryHome()


def memberships_in_words(memberships: Iterable[Membership]) -> str:
    """「行政處（單位主管）、業務處（承辦人）」, the form in which a file is read too."""
    words = []
    for membership in memberships:
        words.append(f"{membership.department}（{membership.get_role_display()}）")
    return "、".join(words)
