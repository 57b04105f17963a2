"""The strategies, methods and plans of a file as a tree, and the stored ones that they are."""

from collections import defaultdict
from dataclasses import dataclass, field

from items.exchange.columns import METHOD, PLAN, STRATEGY, strategy_cell
from items.exchange.departments import folded
from items.exchange.plan_import.plan_now import StoredNode
from items.exchange.spreadsheets.text import clean


def same(stored, written):
    """Whether a cell still says what is stored; text from a form may hold what a sheet cannot, and is cleaned first."""
    return stored == written or clean(stored)[0] == written


@dataclass(slots=True, eq=False)
class Node:
    """A strategy, method or plan of the file. `order` is a strategy's number; positions are found at the end.

    `cell` is its text as the table has it, and `path` that of all nodes from the strategy down to it.
    """

    heading: str
    parent: "Node | None"
    title: str
    order: int = 0
    stored: StoredNode | None = None
    lines: list = field(default_factory=list)
    children: dict = field(default_factory=dict)
    pk: int | None = None
    cell: str = field(init=False)
    path: tuple = field(init=False)

    def __post_init__(self):
        self.cell = (
            strategy_cell(self.order, self.title) if self.heading == STRATEGY else self.title
        )
        self.path = (*self.parent.path, self.cell) if self.parent else (self.cell,)

    @property
    def is_renamed(self):
        return self.stored is not None and not same(self.stored.title, self.title)

    @property
    def stored_cell(self):
        return (
            strategy_cell(self.stored.order, self.stored.title)
            if self.heading == STRATEGY
            else self.stored.title
        )


@dataclass(slots=True)
class Tree:
    """The nodes of each level in the order of the file."""

    strategies: list = field(default_factory=list)
    methods: list = field(default_factory=list)
    plans: list = field(default_factory=list)

    def nodes(self):
        return [*self.strategies, *self.methods, *self.plans]


def grow(lines, stored, say):
    """Hang each line under its strategy, method and plan; strategies are told apart by number, the others by text.

    `say.fail(line, heading, words)` and `say.warn(...)` keep what is wrong or odd.
    """
    tree = Tree()
    strategies = {}
    numbers = _Numbers(lines, stored)
    for line in lines:
        number, title = line.row.strategy_number, line.row.strategy_title
        if number is None:
            number = numbers.of(title)
            if number not in strategies and not line.failed:
                say.warn(line, STRATEGY, f"「{title[:20]}」沒有編號，依順序編為策略 {number}。")
        node = strategies.get(number)
        if node is None:
            node = strategies[number] = Node(
                STRATEGY, None, title, number, numbers.stored.get(number)
            )
            tree.strategies.append(node)
        elif node.title != title and folded(node.title) != folded(title):
            first = node.lines[0].row.number
            say.fail(
                line,
                STRATEGY,
                f"策略 {number} 在第 {first} 列寫的是「{node.title[:20]}」，兩列不同，請改成一致。",
            )
        method = _child(node, METHOD, line.row.method, tree.methods)
        line.plan = _child(method, PLAN, line.row.plan, tree.plans)
        for each in (node, method, line.plan):
            each.lines.append(line)
    return tree


class _Numbers:
    """Numbers of strategies, for files that write none: that of the stored one of the same text, else the next."""

    def __init__(self, lines, stored):
        self.stored = {node.order: node for node in stored.strategies.values()}
        self.by_text = {folded(node.title): node.order for node in stored.strategies.values()}
        self.last = max(
            [*self.stored, *(line.row.strategy_number or 0 for line in lines)], default=0
        )

    def of(self, title):
        if folded(title) not in self.by_text:
            self.last += 1
            self.by_text[folded(title)] = self.last
        return self.by_text[folded(title)]


def _child(parent, heading, title, nodes):
    child = parent.children.get(folded(title))
    if child is None:
        child = parent.children[folded(title)] = Node(heading, parent, title)
        nodes.append(child)
    return child


def recognise(tree, stored):
    """Find the stored method or plan that each node is: by its text, else as one that the file gives a new text."""
    _recognise(tree.methods, stored.methods, lambda action: stored.path(action)[1], stored.actions)
    _recognise(tree.plans, stored.plans, lambda action: stored.path(action)[2], stored.actions)


def _recognise(nodes, stored, home, actions):
    by_text = {}
    for candidate in stored.values():
        by_text.setdefault((candidate.parent, folded(candidate.title)), candidate)
    taken = set()
    for node in nodes:
        node.stored = (
            by_text.get((node.parent.stored.pk, folded(node.title))) if node.parent.stored else None
        )
        if node.stored:
            taken.add(node.stored.pk)
    unknown = [node for node in nodes if node.stored is None and node.parent.stored is not None]
    if unknown:
        actions_under = defaultdict(set)
        for action in actions.values():
            actions_under[home(action).pk].add(action.pk)
        for node in unknown:
            candidate = _new_text_of(node, actions_under, home)
            if candidate and candidate.pk not in taken:
                node.stored = candidate
                taken.add(candidate.pk)


def _new_text_of(node, actions_under, home):
    """The stored node whose items all stand under this node now, and whose text is in the file no more."""
    actions = {line.action.pk: line.action for line in node.lines if line.action}
    homes = {home(action).pk: home(action) for action in actions.values()}
    if len(homes) != 1:
        return None
    (candidate,) = homes.values()
    if (
        candidate.parent != node.parent.stored.pk
        or not actions_under[candidate.pk] <= actions.keys()
    ):
        return None
    return candidate


def arrange(stored, wanted):
    """Positions for siblings in the order of the file: [(sibling, position)] of those that are new or have to move.

    `stored` is [(position, pk, sibling)] in order; `wanted` the siblings as the file has them. Siblings that the file
    lacks stay behind the one that they follow now. A position is kept wherever the order allows it.
    """
    places = {sibling: (position, pk) for position, pk, sibling in stored}
    after = defaultdict(list)
    previous = None
    listed = set(wanted)
    for _, _, sibling in stored:
        if sibling in listed:
            previous = sibling
        else:
            after[previous].append(sibling)
    order = [*after[None]]
    for sibling in wanted:
        order += [sibling, *after[sibling]]
    moves, last = [], (0, 0)
    for sibling in order:
        place = places.get(sibling)
        if place and place > last:
            last = place
        else:
            last = (last[0] + 1, place[1] if place else float("inf"))
            moves.append((sibling, last[0]))
    return moves
