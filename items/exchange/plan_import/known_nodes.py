"""Which stored strategy, method or plan each node of a file is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from items.exchange.columns import METHOD, STRATEGY
from items.exchange.departments import folded
from items.exchange.plan_import.path_tree import PathNode, PathTree
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.stored_rows import (
    StoredAction,
    StoredMethod,
    StoredNode,
    StoredPlan,
    StoredStrategy,
)


@dataclass(frozen=True, slots=True)
class KnownNodes:
    """The stored strategy, method or plan of each node that is not new."""

    strategies: dict[PathNode, StoredStrategy]
    methods: dict[PathNode, StoredMethod]
    plans: dict[PathNode, StoredPlan]

    def get(self, node: PathNode) -> StoredNode | None:
        if node.heading == STRATEGY:
            return self.strategies.get(node)
        if node.heading == METHOD:
            return self.methods.get(node)
        return self.plans.get(node)

    def keys(self) -> dict[PathNode, int]:
        """The primary key of each known node."""
        keys = {}
        for level in (self.strategies, self.methods, self.plans):
            for node, stored in level.items():
                keys[node] = stored.pk
        return keys


def recognise(tree: PathTree, items: Mapping[int, StoredAction], plan_now: PlanNow) -> KnownNodes:
    """Find the stored strategy, method or plan that each node is.

    Methods and plans are known by their text, or because all of their `items` (by the number of
    the row) stand under the node now: then the file gives the stored one a new text.
    """
    by_number = {strategy.number: strategy for strategy in plan_now.strategies.values()}
    strategies = {}
    for node in tree.strategies:
        if node.number in by_number:
            strategies[node] = by_number[node.number]

    def method_of(action: StoredAction) -> StoredMethod:
        return plan_now.path_of(action).method

    def plan_of(action: StoredAction) -> StoredPlan:
        return plan_now.path_of(action).plan

    # From the top down: what hangs below a new method can be no plan that is there.
    methods = _recognise_level(
        tree.methods,
        parents=strategies,
        candidates=plan_now.methods.values(),
        homes=_Homes(method_of, plan_now, items),
    )
    plans = _recognise_level(
        tree.plans,
        parents=methods,
        candidates=plan_now.plans.values(),
        homes=_Homes(plan_of, plan_now, items),
    )
    return KnownNodes(strategies, methods, plans)


Level = TypeVar("Level", StoredMethod, StoredPlan)


class _Homes(Generic[Level]):
    """Where the items stand now: the method, or the plan, of each."""

    def __init__(
        self,
        home_of: Callable[[StoredAction], Level],
        plan_now: PlanNow,
        items: Mapping[int, StoredAction],
    ) -> None:
        self.home_of: Callable[[StoredAction], Level] = home_of
        self.plan_now = plan_now
        self.items = items

    @cached_property
    def actions_under(self) -> dict[int, set[int]]:
        """{key of the stored node: keys of all its actions}; most files have no need of it."""
        actions_under: dict[int, set[int]] = defaultdict(set)
        for action in self.plan_now.actions.values():
            home = self.home_of(action)
            actions_under[home.pk].add(action.pk)
        return actions_under

    def common_home(self, node: PathNode) -> Level | None:
        """The stored node that all items below this node come from, if that has no other items."""
        actions = set()
        homes = {}
        for row in node.rows:
            action = self.items.get(row.number)
            if action is not None:
                actions.add(action.pk)
                home = self.home_of(action)
                homes[home.pk] = home
        if len(homes) != 1:
            return None
        (home,) = homes.values()
        # Some of its items stay where they are: then it goes on to exist, and this node is new.
        if not self.actions_under[home.pk] <= actions:
            return None
        return home


def _recognise_level(
    nodes: Iterable[PathNode],
    parents: Mapping[PathNode, StoredNode],
    candidates: Iterable[Level],
    homes: _Homes[Level],
) -> dict[PathNode, Level]:
    """Nodes under new parents are new as well."""
    by_text: dict[tuple[int, str], Level] = {}
    for candidate in candidates:
        # Two parts with one text can be made by the form: the first one is taken.
        by_text.setdefault((candidate.parent_id, folded(candidate.title)), candidate)
    known: dict[PathNode, Level] = {}
    unknown = []
    for node in nodes:
        parent = None
        if node.parent is not None:
            parent = parents.get(node.parent)
        if parent is None:
            continue
        stored = by_text.get((parent.pk, folded(node.title)))
        if stored is None:
            unknown.append((node, parent))
        else:
            known[node] = stored
    # A stored node whose text stands in the file is that one, and is not renamed to another.
    taken = {stored.pk for stored in known.values()}
    for node, parent in unknown:
        home = homes.common_home(node)
        if home is None or home.parent_id != parent.pk or home.pk in taken:
            continue
        known[node] = home
        taken.add(home.pk)
    return known
