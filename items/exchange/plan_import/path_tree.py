"""The strategies, methods and plans of a file as a tree; which stored ones they are `known_nodes`."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from items.exchange.columns import METHOD, PLAN, STRATEGY, strategy_cell
from items.exchange.departments import folded
from items.exchange.plan_import.findings import Finding, error, warning
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_table.rows import PlanRow
from items.exchange.spreadsheets.text import clean


def same(stored: str, written: str) -> bool:
    """Whether a cell still says what is stored.

    Text from a form may hold what a sheet cannot, and is cleaned before it is compared.
    """
    return stored == written or clean(stored)[0] == written


@dataclass(slots=True, eq=False)
class PathNode:
    """A strategy, method or plan of the file.

    `number` is that of a strategy, 0 of the others. `rows` are all rows below it. `cell` is the
    text as the table has it, and `path` the cells from the strategy down to this one.
    """

    heading: str
    parent: "PathNode | None"
    title: str
    number: int = 0
    rows: list[PlanRow] = field(default_factory=list)
    children: dict[str, "PathNode"] = field(default_factory=dict)
    cell: str = field(init=False)
    path: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.cell = self.title
        if self.heading == STRATEGY:
            self.cell = strategy_cell(self.number, self.title)
        self.path = (self.cell,)
        if self.parent is not None:
            self.path = (*self.parent.path, self.cell)

    def child(self, heading: str, title: str) -> "PathNode":
        """The child with this text, a new one where there is none yet."""
        # Two rows may write one title in another width or case: that makes no second node.
        key = folded(title)
        if key not in self.children:
            self.children[key] = PathNode(heading, parent=self, title=title)
        return self.children[key]


@dataclass(slots=True)
class PathTree:
    """The nodes of each level in the order of the file, and by its number those above each row."""

    strategies: list[PathNode]
    methods: list[PathNode]
    plans: list[PathNode]
    strategy_of: dict[int, PathNode]
    method_of: dict[int, PathNode]
    plan_of: dict[int, PathNode]
    findings: list[Finding]

    def nodes(self) -> list[PathNode]:
        return self.strategies + self.methods + self.plans


def grow(rows: Sequence[PlanRow], failed: AbstractSet[int], plan_now: PlanNow) -> PathTree:
    """Hang each row under its strategy, method and plan.

    Strategies are known by their number, methods and plans by their text. `failed` are the numbers
    of rows with an error.
    """
    strategy_of: dict[int, PathNode] = {}
    method_of: dict[int, PathNode] = {}
    plan_of: dict[int, PathNode] = {}
    strategies = _Strategies(rows, failed, plan_now)
    for row in rows:
        strategy = strategies.of_row(row)
        method = strategy.child(METHOD, row.method)
        plan = method.child(PLAN, row.plan)
        strategy.rows.append(row)
        method.rows.append(row)
        plan.rows.append(row)
        strategy_of[row.number] = strategy
        method_of[row.number] = method
        plan_of[row.number] = plan
    return PathTree(
        strategies=list(strategies.by_number.values()),
        # A dictionary keeps the first place of each node: the order of the file.
        methods=list(dict.fromkeys(method_of.values())),
        plans=list(dict.fromkeys(plan_of.values())),
        strategy_of=strategy_of,
        method_of=method_of,
        plan_of=plan_of,
        findings=strategies.findings,
    )


class _Strategies:
    """The strategies of the file by their numbers, and what is odd about how its rows write them."""

    def __init__(
        self, rows: Iterable[PlanRow], failed: AbstractSet[int], plan_now: PlanNow
    ) -> None:
        self.by_number: dict[int, PathNode] = {}
        self.findings: list[Finding] = []
        self._failed = failed
        self._numbers = _StrategyNumbers(rows, plan_now)

    def of_row(self, row: PlanRow) -> PathNode:
        """The strategy that a row names; its title is that of the first row with its number."""
        number = row.strategy_number
        if number is None:
            number = self._number_for(row)
        strategy = self.by_number.get(number)
        if strategy is None:
            strategy = PathNode(STRATEGY, parent=None, title=row.strategy_title, number=number)
            self.by_number[number] = strategy
        elif strategy.title != row.strategy_title:
            self._note_other_title(strategy, row)
        return strategy

    def _number_for(self, row: PlanRow) -> int:
        """The number of a strategy that is written without one; said at its first row."""
        title = row.strategy_title
        number = self._numbers.number_of(title)
        # A cell that could not be read (#REF!) has its error already.
        if number not in self.by_number and row.number not in self._failed:
            words = f"「{title[:20]}」沒有編號，依順序編為策略 {number}。"
            self.findings.append(warning(row, STRATEGY, words))
        return number

    def _note_other_title(self, strategy: PathNode, row: PlanRow) -> None:
        """Say of a row that it writes the title of its strategy in another way."""
        title = row.strategy_title
        if folded(strategy.title) == folded(title):
            return
        if _without_marks(strategy.title) == _without_marks(title):
            self.findings.append(warning(row, STRATEGY, _differs_in_marks(strategy)))
        else:
            self.findings.append(error(row, STRATEGY, _two_titles(strategy)))


def _without_marks(title: str) -> str:
    """Letters and figures alone: a full stop more or less makes no other strategy."""
    return "".join(character for character in folded(title) if character.isalnum())


def _differs_in_marks(strategy: PathNode) -> str:
    first = strategy.rows[0].number
    return (
        f"與第 {first} 列的策略 {strategy.number} 只差標點，當作同一個策略，"
        f"採用第 {first} 列的寫法「{strategy.title[:20]}」。"
    )


def _two_titles(strategy: PathNode) -> str:
    first = strategy.rows[0].number
    return (
        f"策略 {strategy.number} 在第 {first} 列寫的是「{strategy.title[:20]}」，"
        "兩列不同，請改成一致。"
    )


class _StrategyNumbers:
    """Numbers for strategies that are written without one.

    A stored strategy with the same text gives its number; a new text gets the next one.
    """

    def __init__(self, rows: Iterable[PlanRow], plan_now: PlanNow) -> None:
        self.by_text: dict[str, int] = {}
        self.last = 0
        for strategy in plan_now.strategies.values():
            self.by_text[folded(strategy.title)] = strategy.number
            self.last = max(self.last, strategy.number)
        # Numbers that the file itself gives are taken, whether it gives them above or below.
        for row in rows:
            self.last = max(self.last, row.strategy_number or 0)

    def number_of(self, title: str) -> int:
        text = folded(title)
        if text not in self.by_text:
            self.last += 1
            self.by_text[text] = self.last
        return self.by_text[text]
