"""主辦單位／協辦單位: the units of the branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q

from items.models.department_names import EVERY_DEPARTMENT, name_problem
from items.models.folded import FoldedField
from items.models.history_home import HistoryHome
from items.models.quick_checks import QuickCheck

if TYPE_CHECKING:
    # Only for the annotation: people belong to departments, so that their module imports this one.
    from items.models.people import User

LAST_POSITION = 32_767
"""The highest number that a position holds in PostgreSQL."""


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Which departments, and their order."""

    def next_position(self) -> int:
        """排序 of a new department: behind all others."""
        last = self.aggregate(last=Max("position"))["last"] or 0
        return min(last + 1, LAST_POSITION)


class Department(models.Model):
    """主辦單位／協辦單位: a unit of the branch that items are handed out to."""

    name = models.CharField("單位名稱", max_length=50, unique=True)
    folded = FoldedField(sources=("name",))
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField(
        "使用中", default=True, help_text="停用後不再分辦新項目，既有資料保留。"
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "單位"
        ordering = ["position", "id"]
        constraints = [
            # In a file, a department of that name would mean all of them.
            QuickCheck(
                condition=~Q(name__in=["", EVERY_DEPARTMENT]),
                name="department_name_not_reserved",
                violation_error_message="單位名稱不能空白，也不能是「各單位」。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A new name is one that every file can carry; a name from before the rule may stay."""
        names = dict(Department.objects.values_list("pk", "name"))
        if names.pop(self.pk, None) == self.name:
            return
        problem = name_problem(self.name, names.values())
        if problem is not None:
            raise ValidationError({"name": problem})

    def history_home(self) -> HistoryHome:
        """Departments outlive the years: their entries belong to no programme."""
        return HistoryHome()

    def nothing_new_words(self) -> str:
        """Why nothing new is handed out to a department that is not active."""
        return f"單位「{self.name}」已經停用，不能再分辦新的項目；請改成接手的單位。"

    def not_a_member_words(self, person: User) -> str:
        """Why somebody of another department, or who only reads, cannot be 承辦人 here."""
        return (
            f"{person}不是{self.name}能填報的人員，不能當這個單位的承辦人；"
            "請選這個單位的人員，或先在「人員與移交」把人加入單位。"
        )
