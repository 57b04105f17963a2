"""The official table of a file held against the database, in sets: nothing is written here."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    DEADLINE,
    HANDED_OUT,
    LEAD,
    METHOD,
    PLAN,
    REPORTED,
    STRATEGY,
    SUPPORT,
    printed,
    strategy_cell,
)
from items.exchange.departments import Departments
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_import import find_items, path_tree
from items.exchange.plan_import.changes import writes_of
from items.exchange.plan_import.handing_out import NOTHING, Targets, stored_cells, targets_of
from items.exchange.plan_import.path_tree import folded, same
from items.exchange.plan_import.plan_now import StoredAction, last_number, load
from items.exchange.plan_import.preview import (
    CellChange,
    ComparedRow,
    Ignored,
    Kept,
    Preview,
    Remark,
    Renamed,
    Status,
)
from items.models import AssignmentKind
from items.models.plan import STRATEGY_LENGTH, TITLE_LENGTH


@dataclass(slots=True, eq=False)
class Line:
    """One row of the file on its way to being compared."""

    row: object
    text: tuple = ()
    plan: path_tree.Node | None = None
    action: StoredAction | None = None
    code: str = ""
    targets: Targets = NOTHING
    changes: tuple = ()
    failed: bool = False
    wrong: tuple = ()


@dataclass
class Say:
    """Collects what is wrong or odd, with its place."""

    sheet: str
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    def fail(self, line, heading, words, place=None):
        """`place` is given where that is not the first line of the row's action."""
        line.failed = True
        line.wrong += (heading,)
        self.errors.append(self._remark(line.row, heading, words, place))

    def warn(self, line, heading, words):
        self.warnings.append(self._remark(line.row, heading, words))

    def _remark(self, row, heading, words, place=None):
        place = place or row.places.get(heading)
        number = place.row if place and place.row in row.numbers else row.number
        return Remark(
            self.sheet, number, heading, f"儲存格 {place.address}：{words}" if place else words
        )


@garbage_collection_paused
def compare(table, programme, *, lock=False):
    """The `Preview` of a table for a programme, in a number of queries that does not depend on either's size.

    `lock` is for `confirm`, inside its transaction.
    """
    stored = load(programme, lock)
    departments = Departments(stored.departments.values())
    say = Say(table.sheet)
    lines = [Line(row) for row in table.rows]
    say.errors += [_remark(table.sheet, problem) for problem in table.problems]
    broken = defaultdict(tuple)
    for problem in table.problems:
        broken[problem.row] += (problem.column,)
    for line in lines:
        line.wrong = tuple(
            chain.from_iterable(broken[number] for number in line.row.numbers if number in broken)
        )
        line.failed = bool(line.wrong)
        _check_lengths(line, say)
    grown = path_tree.grow(lines, stored, say)
    for line in lines:
        line.text = _text(line)
    find_items.match(lines, stored, programme.year, say)
    path_tree.recognise(grown, stored)
    paths = {}
    for line in lines:
        line.targets = targets_of(line, stored, departments, say)
        line.changes = _changes(line, stored, paths) if line.action else ()
        _check_removed(line, stored, say)
    _give_codes(lines, stored, programme)
    missing = _missing(lines, stored)
    _warn_of_edits(lines, missing, stored, say)
    writes = None if say.errors else writes_of(lines, grown, stored)
    below = tuple(
        Ignored(ignored.number, ignored.reason)
        for ignored in table.ignored
        if ignored.number > table.heading_row
    )
    known = {number for line in lines for number in line.row.numbers}
    return Preview(
        sheet=table.sheet,
        rows=tuple(_compared(line) for line in lines),
        errors=tuple(sorted(say.errors, key=lambda remark: remark.row or 0)),
        warnings=(*(_remark(table.sheet, problem) for problem in table.warnings), *say.warnings),
        notes=(*table.notes, *_of_another_year(table, programme), *_of_progress(table)),
        ignored=below,
        ignored_columns=tuple(table.ignored_columns),
        missing=tuple(Kept(action.code, action.title) for action in missing),
        renamed=tuple(
            Renamed(node.heading, node.stored_cell, node.cell, len(node.lines))
            for node in grown.nodes()
            if node.is_renamed
        ),
        reordered=writes.reordered if writes else 0,
        other_errors=len(broken.keys() - known - {0}),
        writes=writes,
    )


def _text(line):
    """Path and text, by which a row without a code is told: the strategy's number as the tree has it, if by its title."""
    row = line.row
    return (line.plan.parent.parent.order, folded(row.method), folded(row.plan), folded(row.action))


def _of_another_year(table, programme):
    """Last year's table taken for this year's is easily done, and every cell of it may be right."""
    if table.year and table.year != programme.year:
        yield f"檔案的標題寫的是 {table.year} 年度（「{table.title[:40]}」），現在要匯入的是 {programme.year} 年度，請確認。"


def _of_progress(table):
    """Who sends the table with progress back may believe that what was written into it has come in."""
    named = [column for column in table.ignored_columns if column.startswith(REPORTED)]
    if named:
        yield (
            f"{'、'.join(named[:10])}是進度，匯入計畫表時不會讀取；進度請由單位在「我的填報」填寫，或用「離線填報表」上傳。"
        )


def _remark(sheet, problem):
    return Remark(sheet, problem.row or None, problem.column or None, problem.message)


def _check_lengths(line, say):
    """The same limits as in form and database."""
    row = line.row
    cells = (
        (STRATEGY, row.strategy_title, STRATEGY_LENGTH),
        (METHOD, row.method, TITLE_LENGTH),
        (PLAN, row.plan, TITLE_LENGTH),
        (ACTION, row.action, TITLE_LENGTH),
        (BENEFIT, row.benefit, TITLE_LENGTH),
    )
    for heading, text, length in cells:
        if len(text) > length:
            say.fail(
                line, heading, f"「{heading}」有 {len(text):,} 個字，最多 {length:,} 個字，請縮短。"
            )


def _changes(line, stored, paths):
    """The cells in which the file differs from the item. `paths` keeps what was found for the rows of one plan."""
    action, row = line.action, line.row
    place = (line.plan, action.plan)
    if place not in paths:
        paths[place] = _path_changes(line, stored)
    pairs = [(ACTION, action.title, row.action), (BENEFIT, action.benefit, row.benefit)]
    if line.targets is not NOTHING:
        old, new = stored_cells(action, stored), line.targets.cells
        if old != new:
            pairs.append((DEADLINE, printed(old.deadlines), printed(new.deadlines)))
            pairs.append((LEAD, printed(old.names), printed(new.names)))
        if line.targets.supports is not None:
            held = printed(stored.departments[each.department].name for each in action.supports)
            pairs.append((SUPPORT, held, printed(target.name for target in line.targets.supports)))
    return (*paths[place], *(CellChange(*pair) for pair in pairs if not same(pair[1], pair[2])))


def _path_changes(line, stored):
    strategy, method, plan = stored.path(line.action)
    nodes = (line.plan.parent.parent, line.plan.parent, line.plan)
    was = (strategy_cell(strategy.order, strategy.title), method.title, plan.title)
    return [
        CellChange(node.heading, cell, node.cell, node.stored is not here)
        for node, cell, here in zip(nodes, was, (strategy, method, plan), strict=True)
        if not same(cell, node.cell)
    ]


def _check_removed(line, stored, say):
    """A department that has reported keeps its item: what was reported would hang in the air."""
    if not line.action or HANDED_OUT.isdisjoint(change.heading for change in line.changes):
        return
    targets = line.targets
    kept = {target.department for target in (*targets.leads, *(targets.supports or ()))}
    held = line.action.leads + (line.action.supports if targets.supports is not None else [])
    unclear = line.wrong
    for each in held:
        heading = LEAD if each.kind == AssignmentKind.LEAD else SUPPORT
        # Of a cell that could not be read nobody can say whom it leaves out.
        if each.department not in kept and each.pk in stored.used and heading not in unclear:
            name = stored.departments[each.department].name
            words = f"「{name}」已經有 {line.action.code} 的填報或預定進度，不能從{heading}移除；請在檔案裡保留這個單位。"
            say.fail(line, heading, words)


def _give_codes(lines, stored, programme):
    """Codes for new items: the next that no item has ever had, in the order of the file."""
    new = []
    for line in lines:
        if line.action:
            line.code = line.action.code
        elif not line.failed:
            new.append(line)
    if new:
        for number, line in enumerate(
            new, start=last_number(programme, stored.actions.values()) + 1
        ):
            line.code = f"{programme.year}-{number:02d}"


def _missing(lines, stored):
    found = {line.action.pk for line in lines if line.action}
    return [action for action in stored.actions.values() if action.pk not in found]


def _warn_of_edits(lines, missing, stored, say):
    """A new text where an old one is missing may be the same item: said, never guessed."""
    alone = _only_ones(missing, lambda action: action.plan)
    new = [line for line in lines if not line.action and not line.failed and line.plan.stored]
    for plan, line in _only_ones(new, lambda line: line.plan.stored.pk).items():
        if plan in alone:
            code = alone[plan].code
            words = f"這是新的項目；同一個執行計畫的 {code} 不在檔案裡。如果是改寫 {code} 的文字，請加上「{CODE}」欄並填 {code}。"
            say.warn(line, ACTION, words)


def _only_ones(things, place):
    found = {}
    for thing in things:
        found.setdefault(place(thing), []).append(thing)
    return {where: here[0] for where, here in found.items() if len(here) == 1}


def _compared(line):
    if line.failed:
        status = Status.ERROR
    elif not line.action:
        status = Status.NEW
    else:
        status = Status.CHANGED if line.changes else Status.UNCHANGED
    return ComparedRow(
        line.row.number, status, line.code, line.plan.path, line.row.action, line.changes
    )
