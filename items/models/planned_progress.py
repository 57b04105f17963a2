"""預定進度 that the plan office enters for a period, where the plan is not linear."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from items.models.history_home import HistoryHome
from items.models.periods import NEWEST_PERIOD_FIRST, Period
from items.models.quick_checks import QuickCheck


class PlannedProgress(models.Model):
    """預定進度: the percent of one assignment for one period, where the coordinator enters it.

    Without a row the plan is linear: see `light_rules.LinearPercent`.
    """

    assignment = models.ForeignKey(
        "items.Assignment",
        verbose_name="分辦",
        on_delete=models.CASCADE,
        related_name="planned_entries",
    )
    period = models.ForeignKey(
        Period, verbose_name="填報期", on_delete=models.CASCADE, related_name="+"
    )
    percent = models.PositiveSmallIntegerField("預定進度（%）", validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = verbose_name_plural = "預定進度"
        ordering = ["assignment", "period__number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "period"], name="planned_progress_once"),
            QuickCheck(condition=Q(percent__range=(0, 100)), name="planned_progress_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.period} {self.percent}%"

    def clean(self) -> None:
        """The period is one of the year that the assignment is in."""
        # A form that refused one of the two has nothing to compare.
        if not self.assignment_id or not self.period_id:
            return
        programme = self.assignment.action.programme
        if self.period.programme_id != programme.pk:
            words = f"這個分辦屬於{programme.year}年度，請選{programme.year}年度的填報期。"
            raise ValidationError({"period": words})
        self._refuse_falling()

    def _refuse_falling(self) -> None:
        """預定進度 is cumulative: a later period has as much as an earlier one, or more."""
        # A form whose percent could not be read has none.
        if not isinstance(getattr(self, "percent", None), int):
            return
        # Only the neighbours are compared: rows further away were compared with these.
        of_assignment = PlannedProgress.objects.filter(assignment=self.assignment)
        others = of_assignment.exclude(pk=self.pk).select_related("period")
        before = others.filter(period__ends_on__lt=self.period.ends_on)
        earlier = before.order_by(*NEWEST_PERIOD_FIRST).first()
        if earlier is not None and earlier.percent > self.percent:
            raise ValidationError({"percent": falling_words(self.period, self.percent, earlier)})
        after = others.filter(period__ends_on__gt=self.period.ends_on)
        later = after.order_by("period__ends_on").first()
        if later is not None and later.percent < self.percent:
            raise ValidationError({"percent": falling_words(self.period, self.percent, later)})

    def history_home(self) -> HistoryHome:
        return self.assignment.history_home()


def falling_words(period: Period, percent: int, other: PlannedProgress) -> str:
    """Why a percent does not fit the one of another period, as a sentence."""
    if other.period.ends_on < period.ends_on:
        return (
            f"預定進度是累計的：{period.name} {percent}% 比{other.period.name}的 {other.percent}% 少，"
            f"請填 {other.percent} 以上。"
        )
    return (
        f"預定進度是累計的：{period.name} {percent}% 比{other.period.name}的 {other.percent}% 多，"
        f"請填 {other.percent} 以下。"
    )
