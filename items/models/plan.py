"""The levels of the approved document: 實施策略 → 推動方法 → 執行計畫."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models

from items.models.folded import FoldedField
from items.models.history_home import HistoryHome
from items.models.lengths import STRATEGY_LENGTH, TITLE_LENGTH, at_most
from items.models.programme import Programme

if TYPE_CHECKING:
    # Only for the annotations: actions import the levels above them.
    from items.models.actions import Action


def keep_year(part: Strategy | Method | Plan | Action, parent: str) -> None:
    """Refuse a `parent` (a field's name) in another year than the row has been in.

    Codes, reports and closed periods below the row belong to its year; they cannot go along.
    """
    parent_key = getattr(part, f"{parent}_id")
    if part._state.adding or parent_key is None:
        return
    rows = type(part)._default_manager.filter(pk=part.pk).exclude(**{parent: parent_key})
    stored = rows.first()
    if stored is None or stored.programme == part.programme:
        return
    name = part._meta.verbose_name
    old_year = stored.programme.year
    new_year = part.programme.year
    words = (
        f"這個{name}屬於{old_year}年度，不能移到{new_year}年度；請在{new_year}年度另外新增{name}。"
    )
    raise ValidationError({parent: words})


class Strategy(models.Model):
    """實施策略: the first level of the plan, with the number that the document prints."""

    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.CASCADE, related_name="strategies"
    )
    number = models.PositiveSmallIntegerField("策略編號")
    title = models.CharField("實施策略", max_length=STRATEGY_LENGTH)
    folded = FoldedField(sources=("title",))

    class Meta:
        verbose_name = verbose_name_plural = "實施策略"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="strategy_number_once",
                violation_error_message="這個年度已經有這個編號的策略。",
            ),
            at_most("title", STRATEGY_LENGTH, "strategy"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def clean(self) -> None:
        keep_year(self, "programme")

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)


class Method(models.Model):
    """推動方法: how a strategy is pursued."""

    strategy = models.ForeignKey(
        Strategy, verbose_name="實施策略", on_delete=models.CASCADE, related_name="methods"
    )
    position = models.PositiveSmallIntegerField("順序")
    title = models.CharField("推動方法", max_length=TITLE_LENGTH)
    folded = FoldedField(sources=("title",))

    class Meta:
        verbose_name = verbose_name_plural = "推動方法"
        ordering = ["strategy", "position", "id"]
        constraints = [at_most("title", TITLE_LENGTH, "method")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        keep_year(self, "strategy")

    def history_home(self) -> HistoryHome:
        return self.strategy.history_home()

    @property
    def programme(self) -> Programme:
        return self.strategy.programme


class Plan(models.Model):
    """執行計畫: what is carried out for a method."""

    method = models.ForeignKey(
        Method, verbose_name="推動方法", on_delete=models.CASCADE, related_name="plans"
    )
    position = models.PositiveSmallIntegerField("順序")
    title = models.CharField("執行計畫", max_length=TITLE_LENGTH)
    folded = FoldedField(sources=("title",))

    class Meta:
        verbose_name = verbose_name_plural = "執行計畫"
        ordering = ["method", "position", "id"]
        constraints = [at_most("title", TITLE_LENGTH, "plan")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        keep_year(self, "method")

    def history_home(self) -> HistoryHome:
        return self.method.history_home()

    @property
    def programme(self) -> Programme:
        return self.method.programme
