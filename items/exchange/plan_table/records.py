"""Second pass: the lines of the table put together to one record for each action.

A cell that the page cut is joined with its rest; an action merged over several lines is one record.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from items.exchange.columns import ACTION, BENEFIT, CODE, DEADLINE, LEAD, STRATEGY, SUPPORT
from items.exchange.plan_table.merged_cells import UNUSABLE_KINDS, SourceCell
from items.exchange.plan_table.page_breaks import ColumnsSoFar, is_same_text
from items.exchange.plan_table.rows import Place, TableProblem
from items.exchange.plan_table.table_lines import LEVELS, TableLine
from items.exchange.spreadsheets.limits import MAX_CELL_CHARACTERS
from items.exchange.spreadsheets.text import join_cut

_ONLY_IN_A_WHOLE_ROW = frozenset((DEADLINE, LEAD, SUPPORT, CODE))


@dataclass(slots=True)
class DepartmentLine:
    """The deadline and the departments of one line of an action; most actions have one line.

    `support` is None where the table has no such column.
    """

    row: int
    deadline: SourceCell
    departments: SourceCell
    support: SourceCell | None


@dataclass(slots=True)
class Record:
    """One action as it stands in the sheet, before its values are read.

    `numbers` are the rows of the sheet that it stands on, `cells` maps our headings to the cells
    of the first of them.
    """

    numbers: list[int]
    cells: dict[str, SourceCell]
    department_lines: list[DepartmentLine]
    benefits: list[SourceCell]

    @property
    def number(self) -> int:
        """The first row of the sheet that the action stands on."""
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class PutTogether:
    """The records in the order of the sheet, and what was wrong or odd with their lines."""

    records: list[Record]
    problems: list[TableProblem]
    warnings: list[TableProblem]


def put_together(lines: Iterable[TableLine]) -> PutTogether:
    """Make records of lines; the cells that go on after a page break grow by their rest."""
    builder = _RecordBuilder()
    for line in lines:
        builder.add(line)
    return PutTogether(builder.records, builder.problems, builder.warnings)


class _RecordBuilder:
    """The records so far, and what a further line has to be compared with."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.problems: list[TableProblem] = []
        self.warnings: list[TableProblem] = []
        self._columns = ColumnsSoFar()
        # What the lines of the last record have named. Sets, since a merge may have 20,000 lines.
        self._named_cells: set[tuple[Place, Place]] = set()
        self._named_benefits: set[str] = set()

    def add(self, line: TableLine) -> None:
        """The rest of a cut row, a further line of the last action, or a new action."""
        if line.is_after_heading and self.records:
            if self._is_rest_of_row(line):
                self._join_row(line)
                return
            self._join_cut_levels(line)
        # A merge over 具體推動作法 makes its rows one action with several lines of departments.
        if self.records and line.cells[ACTION] is self.records[-1].cells[ACTION]:
            self._add_to_last(line)
        else:
            self._add_record(line)

    def _is_rest_of_row(self, line: TableLine) -> bool:
        """Whether a line after a page break has nothing but rests of cells."""
        if not _ONLY_IN_A_WHOLE_ROW.isdisjoint(line.written):
            return False
        if DEADLINE in line.covered or LEAD in line.covered:
            return False
        return not self._columns.begins_strategy(line.written)

    def _join_row(self, line: TableLine) -> None:
        """Each text goes on in the cell last written in its column."""
        for name, cell in line.written.items():
            self._join(line.number, name, cell)
        self.records[-1].numbers.append(line.number)

    def _join_cut_levels(self, line: TableLine) -> None:
        """Join the rests of strategy, method or plan that a whole action after a heading carries.

        A level that begins anew ends this, since what stands to its right is then new as well.
        """
        for name in LEVELS:
            if name not in line.written:
                continue
            cell = line.written[name]
            if not self._columns.is_rest(name, line.written):
                self._warn_if_perhaps_cut(line.number, name, cell)
                break
            self._join(line.number, name, cell)
            # From now on a blank: the action, and all rows that this cell is merged down to, take
            # the joined text from above.
            cell.text = ""
        if BENEFIT in line.written:
            self._warn_if_perhaps_cut(line.number, BENEFIT, line.written[BENEFIT])

    def _join(self, number: int, name: str, rest: SourceCell) -> None:
        """Let a cell grow by its rest, which stands in row `number`."""
        cut = self._cut_cell(name)
        # An error within the rest spoils the whole cell, and must not pass as its text.
        if cut.is_blank or rest.kind in UNUSABLE_KINDS:
            cut.kind = rest.kind
        if rest.was_cleaned:
            cut.was_cleaned = True
        cut.struck += rest.struck
        beginning = cut.text
        if len(beginning) + len(rest.text) > MAX_CELL_CHARACTERS:
            message = f"接續被換頁切斷的「{name}」後超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短。"
            self.problems.append(TableProblem(self.records[-1].number, name, message))
            return
        cut.text = join_cut(beginning, rest.text)
        message = (
            f"接續被換頁切斷的「{name}」（{cut.address}），"
            f"已接成「…{beginning[-8:]}{rest.text[:8]}…」。"
        )
        self.warnings.append(TableProblem(number, name, message))

    def _cut_cell(self, name: str) -> SourceCell:
        """The cell that a rest under a heading belongs to."""
        cell_of_record = self.records[-1].cells[name]
        last = self._columns.last.get(name)
        # The last action is the one above; only what reaches over rows may stand further up.
        if name == ACTION or last is None:
            return cell_of_record
        if name == BENEFIT and not self._columns.is_of_this_plan(last):
            return cell_of_record
        return last

    def _warn_if_perhaps_cut(self, number: int, name: str, cell: SourceCell) -> None:
        """Say where a cell above looks cut although this one was not taken for its rest."""
        if name == STRATEGY or not self._columns.looks_cut(name):
            return
        if is_same_text(cell.text, self._columns.last[name].text):
            return
        message = (
            f"上一頁最後的「{name}」沒有句號，可能被換頁切斷；這一列的「{name}」未接上去，請確認。"
        )
        self.warnings.append(TableProblem(number, name, message))

    def _add_to_last(self, line: TableLine) -> None:
        """A further line of the last action: its departments, and its benefit if it has one."""
        record = self.records[-1]
        record.numbers.append(line.number)
        department_line = _department_line(line)
        named_cells = _cells_of(department_line)
        if named_cells not in self._named_cells:
            self._named_cells.add(named_cells)
            record.department_lines.append(department_line)
        benefit = line.cells[BENEFIT]
        if not benefit.is_blank and benefit.text not in self._named_benefits:
            self._named_benefits.add(benefit.text)
            record.benefits.append(benefit)
        self._refuse_other_levels(record, line)

    def _refuse_other_levels(self, record: Record, line: TableLine) -> None:
        """One action cannot belong to two strategies, methods or plans."""
        for name in LEVELS:
            cell = line.cells[name]
            # What stands above reaches down by a merge, and a blank is as above.
            if cell.is_blank or cell.row <= record.number:
                continue
            if cell.text != record.cells[name].text:
                message = (
                    f"儲存格 {record.cells[ACTION].address} 的合併範圍跨越了兩個「{name}」，"
                    f"請依「{name}」分開合併。"
                )
                self.problems.append(TableProblem(record.number, name, message))

    def _add_record(self, line: TableLine) -> None:
        department_line = _department_line(line)
        benefit = line.cells[BENEFIT]
        record = Record(
            numbers=[line.number],
            cells=line.cells,
            department_lines=[department_line],
            benefits=[benefit],
        )
        self.records.append(record)
        self._named_cells = {_cells_of(department_line)}
        self._named_benefits = {benefit.text}
        self._columns.add(line.cells)


def _department_line(line: TableLine) -> DepartmentLine:
    return DepartmentLine(
        row=line.number,
        deadline=line.cells[DEADLINE],
        departments=line.cells[LEAD],
        support=line.cells.get(SUPPORT),
    )


def _cells_of(line: DepartmentLine) -> tuple[Place, Place]:
    """Where its deadline and its departments stand: a merge may let both stand for two lines."""
    return (line.deadline.place, line.departments.place)
