"""計畫架構: the parts of a plan and the items below them, for those who edit it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from items.models import Action, Method, Plan, Programme, Strategy


@dataclass(frozen=True)
class OutlinePlan:
    """執行計畫 and the codes of its items, in order."""

    plan: Plan
    codes: list[str]


@dataclass(frozen=True)
class OutlineMethod:
    """推動方法 and what is carried out for it."""

    method: Method
    plans: list[OutlinePlan]


@dataclass(frozen=True)
class OutlineStrategy:
    """實施策略 with the number of its items; `methods` only of the one that is unfolded."""

    strategy: Strategy
    item_count: int
    methods: list[OutlineMethod]
    is_open: bool


def outline_of(programme: Programme, chosen: str) -> list[OutlineStrategy]:
    """All strategies, and everything below the one with the number `chosen`, else the first.

    One strategy alone, since a year may have thousands of items; five queries.
    """
    # In words: a query that groups its rows passes over the order of the model.
    in_order = programme.strategies.order_by("number")
    strategies = list(in_order.annotate(item_count=Count("methods__plans__actions")))
    open_strategy = None
    if strategies:
        open_strategy = strategies[0]
    for strategy in strategies:
        # As text: what stands in an address may be no number at all.
        if str(strategy.number) == chosen:
            open_strategy = strategy
    outline = []
    for strategy in strategies:
        is_open = strategy == open_strategy
        methods = []
        if is_open:
            methods = _methods_of(strategy)
        outline.append(OutlineStrategy(strategy, strategy.item_count, methods, is_open))
    return outline


def _methods_of(strategy: Strategy) -> list[OutlineMethod]:
    codes_of = _codes_by_plan(strategy)
    plans_of: dict[int, list[OutlinePlan]] = defaultdict(list)
    plans = Plan.objects.filter(method__strategy=strategy)
    for plan in plans.order_by("position", "id"):
        outline_plan = OutlinePlan(plan, codes_of[plan.pk])
        plans_of[plan.method_id].append(outline_plan)
    methods = []
    # A method without plans stands there all the same: something can be put under it.
    for method in strategy.methods.order_by("position", "id"):
        methods.append(OutlineMethod(method, plans_of[method.pk]))
    return methods


def _codes_by_plan(strategy: Strategy) -> dict[int, list[str]]:
    """{key of a plan: the codes of its items, in order}; empty for a plan without items."""
    codes_of: dict[int, list[str]] = defaultdict(list)
    actions = Action.objects.filter(plan__method__strategy=strategy)
    in_order = actions.order_by("position", "id")
    for plan_id, code in in_order.values_list("plan_id", "code"):
        codes_of[plan_id].append(code)
    return codes_of
