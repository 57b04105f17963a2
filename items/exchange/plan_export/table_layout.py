"""How the official table looks in a file: the widths of its columns, and what is merged in them."""

from collections.abc import Hashable, Sequence
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
    strategies = [place.strategy for place in places]
    methods = [(place.strategy, place.method) for place in places]
    plans = [(place.strategy, place.method, place.plan) for place in places]
    return [
        *merge_equal(strategies, headings.index(STRATEGY)),
        *merge_equal(methods, headings.index(METHOD)),
        *merge_equal(plans, headings.index(PLAN)),
    ]


def benefit_merges(places: Sequence[RowPlace], headings: Sequence[str]) -> list[Merge]:
    """One 預期效益 for several items of one plan."""
    # A blank one is not merged: the reader would take it for filled down from above.
    keys = [place if place.benefit else None for place in places]
    return merge_equal(keys, headings.index(BENEFIT))


def merge_equal(keys: Sequence[Hashable], column: int) -> list[Merge]:
    """The merges of a column: neighbours with equal keys; None is merged with nothing."""

    def is_same(one: int, other: int) -> bool:
        return keys[one] is not None and keys[one] == keys[other]

    return runs(keys, column, is_same)
