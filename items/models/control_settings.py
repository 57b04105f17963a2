"""管制異動設定: by what rules the applications of a year are made and decided."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.db import models

from items.models.control import ControlKind
from items.models.history_home import HistoryHome
from items.models.programme import USUAL_DELAY_FACTORS, Programme

OTHER = USUAL_DELAY_FACTORS[-1]
USUAL_GROUNDS = (*USUAL_DELAY_FACTORS[:-1], "相關單位名稱變更", OTHER)
"""申請事由 to begin with: the grounds of real forms."""

MONTHS_BEFORE_THE_END = 2


def usual_grounds() -> str:
    """The list of a new year, one a line."""
    return "\n".join(USUAL_GROUNDS)


class ControlSettings(models.Model):
    """管制異動設定 of one year; a year without a row has the usual ones."""

    programme = models.OneToOneField(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.CASCADE,
        related_name="control_settings",
        editable=False,
    )
    grounds = models.TextField(
        "申請事由",
        default=usual_grounds,
        help_text="一行一個，申請時從這裡選；已經送出的申請不受影響。",
    )
    apply_until = models.DateField(
        "申請截止日",
        null=True,
        blank=True,
        help_text="留白就是年度結束前兩個月；之後仍可申請，但要寫逾期原因。",
    )
    manager_decides_extend = models.BooleanField("展延由首長核定", default=True)
    manager_decides_adjust = models.BooleanField("調整由首長核定", default=False)
    manager_decides_withdraw = models.BooleanField("撤銷管制由首長核定", default=True)
    manager_decides_release = models.BooleanField("解除列管由首長核定", default=False)
    manager_decides_merge = models.BooleanField("併案由首長核定", default=True)
    manager_decides_split = models.BooleanField("分案由首長核定", default=True)
    needs_number = models.BooleanField(
        "申請要有文號",
        default=False,
        help_text="勾選後，沒有申請文號就不能送出；草稿仍可先存。",
    )

    MANAGER_DECIDES = tuple(f"manager_decides_{kind}" for kind in ControlKind.values)
    """The fields that say of each kind whose decision it is."""
    CARRIED_OVER = ("grounds", "needs_number", *MANAGER_DECIDES)
    """What the next year begins with."""

    class Meta:
        verbose_name = verbose_name_plural = "管制異動設定"

    def __str__(self) -> str:
        return f"{self.programme.year}年度管制異動設定"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)

    @property
    def last_day(self) -> date:
        """The last day on which somebody applies without being late."""
        if self.apply_until is not None:
            return self.apply_until
        return months_before(self.programme.ends_on, MONTHS_BEFORE_THE_END)

    @property
    def ground_list(self) -> list[str]:
        """申請事由 as one chooses from them, in the order of the list."""
        lines = self.grounds.splitlines()
        return [line.strip() for line in lines if line.strip()]

    def manager_decides(self, kind: str) -> bool:
        """Whether applications of this kind need the 首長's decision."""
        answer: bool = getattr(self, f"manager_decides_{ControlKind(kind).value}")
        return answer


def months_before(day: date, months: int) -> date:
    """115年12月31日, two months before: 115年10月31日; of a shorter month its last day."""
    # Months are counted from 0 for this, so that December is no month 0 of the next year.
    months_since_year_0 = 12 * day.year + (day.month - 1)
    year, months_after_january = divmod(months_since_year_0 - months, 12)
    month = months_after_january + 1
    _, days_in_month = monthrange(year, month)
    return date(year, month, min(day.day, days_in_month))


def control_settings_of(programme: Programme) -> ControlSettings:
    """The settings of a year, not saved where nobody has changed any."""
    stored = ControlSettings.objects.filter(programme=programme).first()
    if stored is None:
        return ControlSettings(programme=programme)
    # Known already: its last day is asked for.
    stored.programme = programme
    return stored
