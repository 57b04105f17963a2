"""The cells of the official table from an action's own row, for tables of chosen actions."""

from items.exchange.columns import ACTION, BENEFIT, CODE, METHOD, PLAN, STRATEGY, strategy_cell
from items.exchange.plan_export.table_layout import RowPlace
from items.models import Action


def action_cells(action: Action) -> dict[str, str]:
    """By heading; who has the item, and until when, differs from table to table."""
    plan = action.plan
    strategy = plan.method.strategy
    return {
        CODE: action.code,
        STRATEGY: strategy_cell(strategy.number, strategy.title),
        METHOD: plan.method.title,
        PLAN: plan.title,
        ACTION: action.title,
        BENEFIT: action.expected_benefit,
    }


def place_of(action: Action) -> RowPlace:
    plan = action.plan
    return RowPlace(
        strategy=plan.method.strategy_id,
        method=plan.method_id,
        plan=plan.pk,
        benefit=action.expected_benefit,
    )
