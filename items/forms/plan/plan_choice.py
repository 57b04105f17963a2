"""The choice of an 執行計畫: first the 實施策略, since a year may have a thousand of them."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.text import Truncator

from items.models import Plan, Programme, Strategy

SHOWN = 60
"""Characters of a title in a list of choices."""

NO_PLAN = ("", "請選執行計畫")


def short(title: str) -> str:
    """The beginning of a title, in one line."""
    one_line = " ".join(title.split())
    return Truncator(one_line).chars(SHOWN)


@dataclass(frozen=True)
class PlanChoices:
    """The strategies of a year, and the plans of the chosen one, grouped by their method."""

    strategies: list[tuple[str, str]]
    plans: list[Any]
    chosen: str

    @property
    def has_plans(self) -> bool:
        return len(self.plans) > 1


def plan_choices(programme: Programme, strategy: str, plan_id: int | None) -> PlanChoices:
    """`strategy` is the key that was sent, empty for that of the plan; else the first one."""
    strategies = []
    keys = []
    for row in programme.strategies.all():
        key = str(row.pk)
        keys.append(key)
        strategies.append((key, f"{row.number}. {short(row.title)}"))
    if not keys:
        return PlanChoices(strategies, plans=[NO_PLAN], chosen="")
    chosen = strategy
    if chosen not in keys:
        chosen = strategy_of_plan(programme, plan_id)
    # A new item that comes from no plan: some list has to be shown.
    if chosen not in keys:
        chosen = keys[0]
    plans = [NO_PLAN, *plans_by_method(int(chosen))]
    return PlanChoices(strategies, plans=plans, chosen=chosen)


def strategy_of_plan(programme: Programme, plan_id: int | None) -> str:
    """The key of the strategy that a plan of this year is under; empty where it is none."""
    if plan_id is None:
        return ""
    strategy = Strategy.objects.filter(methods__plans=plan_id, programme=programme).first()
    if strategy is None:
        return ""
    return str(strategy.pk)


def plans_by_method(strategy_id: int) -> list[Any]:
    """The plans of a strategy as a list of choices, under their methods."""
    plans = Plan.objects.filter(method__strategy=strategy_id).select_related("method")
    # `groupby` needs the plans of one method beside each other.
    in_order = plans.order_by("method__position", "method_id", "position", "id")
    groups = []
    for method, plans_of_method in groupby(in_order, key=lambda plan: plan.method):
        options = []
        for plan in plans_of_method:
            option = (str(plan.pk), short(plan.title))
            options.append(option)
        groups.append((short(method.title), options))
    return groups
