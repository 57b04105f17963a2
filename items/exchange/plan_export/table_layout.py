"""How the official table looks in a file: the widths of its columns, and what is merged in them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

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
)
from items.exchange.spreadsheets.file_table import Column, Merge, runs

PRINTED_COLUMNS = {
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
"""By heading, in the order of the table."""
PLANNED = Column("預定進度（%）", 9, is_centred=True)
ACTUAL = Column("實際進度（%）", 9, is_centred=True)
"""Beside the plan's own columns, where a table says how far the items are."""


Cell = str | int | None


def columns_of(headings: Iterable[str]) -> list[Column]:
    """The columns with these headings, as wide as they are printed."""
    return [PRINTED_COLUMNS[heading] for heading in headings]


def row_of(cells: Mapping[str, str], headings: Iterable[str]) -> list[Cell]:
    """The cells in the order of the headings; what comes behind them is the caller's."""
    return [cells[heading] for heading in headings]


class RowPlace(NamedTuple):
    """Where a row stands: what it shares with its neighbours is printed once.

    The first three are keys of the strategy, the method and the plan; `benefit` is the cell's text.
    """

    strategy: Hashable
    method: Hashable
    plan: Hashable
    benefit: str = ""


def path_merges(places: Sequence[RowPlace], headings: Sequence[str]) -> list[Merge]:
    """The merges of strategy, method and plan: one cell for the rows below one of them."""
    # Methods of two strategies may share a text, never a cell: each level counts with those above.
    strategies: list[Hashable] = []
    methods: list[Hashable] = []
    plans: list[Hashable] = []
    for place in places:
        strategies.append(place.strategy)
        methods.append((place.strategy, place.method))
        plans.append((place.strategy, place.method, place.plan))
    merges = merge_equal(strategies, headings.index(STRATEGY))
    merges += merge_equal(methods, headings.index(METHOD))
    merges += merge_equal(plans, headings.index(PLAN))
    return merges


def benefit_merges(places: Sequence[RowPlace], headings: Sequence[str]) -> list[Merge]:
    """One 預期效益 for several items of one plan."""
    keys: list[Hashable] = []
    for place in places:
        if place.benefit:
            keys.append(place)
        else:
            # A blank one is not merged: the reader would take it for filled down from above.
            keys.append(None)
    return merge_equal(keys, headings.index(BENEFIT))


def merge_equal(keys: Sequence[Hashable], column: int) -> list[Merge]:
    """The merges of a column: neighbours with equal keys; None is merged with nothing."""

    def is_same(one: int, other: int) -> bool:
        return keys[one] is not None and keys[one] == keys[other]

    return runs(keys, column, is_same)
