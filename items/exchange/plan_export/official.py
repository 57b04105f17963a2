"""The official table out again, as it came in: what was exported is imported as unchanged, cell by cell."""

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    DEADLINE,
    LEAD,
    METHOD,
    PLAN,
    STRATEGY,
    SUPPORT,
    printed,
    strategy_cell,
)
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_import.handing_out import stored_cells
from items.exchange.plan_import.plan_now import load
from items.exchange.spreadsheets.file_table import Column, FileTable, runs
from items.exchange.spreadsheets.write import file_name, write
from items.roc import format_roc

COLUMNS = {
    CODE: Column(CODE, 9, is_centred=True),
    STRATEGY: Column(STRATEGY, 14),
    METHOD: Column(METHOD, 20),
    PLAN: Column(PLAN, 20),
    ACTION: Column(ACTION, 33),
    DEADLINE: Column(DEADLINE, 15, is_centred=True),
    LEAD: Column(LEAD, 9, is_centred=True),
    SUPPORT: Column(SUPPORT, 9, is_centred=True),
    BENEFIT: Column(BENEFIT, 21),
}


@garbage_collection_paused
def export_programme(programme, format):
    """(file name, bytes, content type) of the whole official table."""
    table = official_table(programme)
    return (file_name(programme.title, format), *write(table, format))


def official_table(programme):
    """The official table of a programme as a `FileTable`, in a fixed number of queries.

    協辦單位 is a column only where the plan has any: the approved document has none.
    """
    stored = load(programme)
    actions = in_order(stored)
    has_support = any(action.supports for action in actions)
    headings = [heading for heading in COLUMNS if heading != SUPPORT or has_support]
    rows, places = [], []
    for action in actions:
        strategy, method, plan = stored.path(action)
        cells = stored_cells(action, stored)
        row = [
            action.code,
            strategy_cell(strategy.order, strategy.title),
            method.title,
            plan.title,
            action.title,
            printed(cells.deadlines),
            printed(cells.names),
        ]
        if has_support:
            row.append(
                printed(stored.departments[each.department].name for each in action.supports)
            )
        rows.append([*row, action.benefit])
        places.append((strategy.pk, method.pk, plan.pk, action.benefit))
    return FileTable(
        name=f"{programme.year}年度計畫",
        title=programme.title,
        subtitle=approved(programme),
        columns=tuple(COLUMNS[heading] for heading in headings),
        rows=rows,
        merges=path_merges(places, len(headings) - 1),
    )


def in_order(stored):
    """As the official table prints them."""

    def place(action):
        strategy, method, plan = stored.path(action)
        return (
            strategy.order,
            method.order,
            method.pk,
            plan.order,
            plan.pk,
            action.position,
            action.pk,
        )

    return sorted(stored.actions.values(), key=place)


def approved(programme):
    return f"{format_roc(programme.approved_on)}核定" if programme.approved_on else ""


def path_merges(places, benefit=None, first=1):
    """The merges of strategy, method and plan (columns from `first`) and of one 預期效益 within a plan.

    `places` has (strategy, method, plan, benefit) for each row. A blank benefit is not merged: it would read as filled.
    """
    merges = []
    for level in range(3):
        merges += runs(places, first + level, _same(places, level))
    if benefit is not None:
        merges += runs(places, benefit, _same_benefit(places))
    return merges


def _same(places, level):
    return lambda one, other: places[one][: level + 1] == places[other][: level + 1]


def _same_benefit(places):
    return lambda one, other: places[one] == places[other] and places[one][3] != ""
