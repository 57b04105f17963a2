"""First pass over a sheet: which of its rows are lines of the table, and what the others are."""

from collections.abc import Mapping
from dataclasses import dataclass

from items.exchange.columns import ACTION, DEADLINE, LEAD, METHOD, PLAN, STRATEGY
from items.exchange.plan_table.headings import Heading, count_headings
from items.exchange.plan_table.ignored_rows import begins_notes, reason_to_ignore, title_of
from items.exchange.plan_table.merged_cells import SheetCells, SourceCell, merge_address
from items.exchange.plan_table.rows import IgnoredRow, Place, TableProblem
from items.exchange.spreadsheets.text import key, shorten
from items.exchange.spreadsheets.workbook import Sheet, SheetRow

LEVELS = (STRATEGY, METHOD, PLAN)
_HEADINGS_OF_A_HEADING_ROW = 4
# No heading is longer, and folding whole cells for each row is slow.
_COMPARED = 200


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of the sheet that belongs to the table.

    All three map or name our headings: `cells` are those that stand for the row, merges seen
    through; `written` are those that stand in this very row and are not blank; `covered` are the
    columns in which the row lies under a merge from elsewhere.
    """

    number: int
    cells: dict[str, SourceCell]
    written: dict[str, SourceCell]
    covered: frozenset[str]
    is_after_heading: bool


@dataclass(frozen=True, slots=True)
class SortedRows:
    """What the rows below the heading are: lines of the table, ignored, or wrong.

    `is_page_broken` says whether the table was copied from pages, where a heading stands on each.
    """

    lines: list[TableLine]
    ignored: list[IgnoredRow]
    problems: list[TableProblem]
    warnings: list[TableProblem]
    is_page_broken: bool


def sort_rows(sheet: Sheet, heading: Heading, sheet_cells: SheetCells) -> SortedRows:
    """Go down the sheet once and say of each row below the heading what it is."""
    sorter = _RowSorter(sheet, heading, sheet_cells)
    for row in sheet.rows:
        if row.number > heading.row:
            sorter.sort(row)
    return SortedRows(
        sorter.lines,
        sorter.ignored,
        sorter.problems,
        warnings=sorter.warnings,
        is_page_broken=sorter.is_page_broken,
    )


class _RowSorter:
    """Takes one row after the other, from the top: what a row is depends on those above it."""

    def __init__(self, sheet: Sheet, heading: Heading, sheet_cells: SheetCells) -> None:
        self.lines: list[TableLine] = []
        self.ignored: list[IgnoredRow] = []
        self.problems: list[TableProblem] = []
        self.warnings: list[TableProblem] = []
        # The official text dump comes from a document, even where it fills but one page.
        self.is_page_broken = sheet.kind == "dump"
        self._heading = heading
        self._sheet_cells = sheet_cells
        self._titles = {title_of(row) for row in sheet.rows if row.number < heading.row}
        self._first_line = _first_line_of_heading(sheet, heading)
        self._first_column = min(heading.columns.values())
        # Only a merge lets another cell stand for one of a row; text files and lists have none.
        self._has_merges = bool(sheet.merges)
        self._last_table_row = _last_row_with_department(sheet, heading)
        self._is_after_heading = False
        self._has_met_notes = False

    def sort(self, row: SheetRow) -> None:
        cells = {}
        for name, column in self._heading.columns.items():
            cells[name] = self._sheet_cells.at(row.number, column)
        # A heading merged down by one row too many hides cells of the first action.
        under_heading: set[str] = set()
        if self._has_merges:
            under_heading = _columns_under_heading(row.number, cells, self._heading)

        if self._is_heading_again(row, cells):
            self.ignored.append(IgnoredRow(row.number, "重複的表頭"))
            # The second line of a heading merged over two rows breaks no page.
            if not under_heading:
                self._is_after_heading = True
                self.is_page_broken = True
        elif under_heading:
            self._sort_under_heading(row, under_heading)
        else:
            self._sort_below_heading(row, cells)

    def _is_heading_again(self, row: SheetRow, cells: Mapping[str, SourceCell]) -> bool:
        if self._first_line is not None and _folded_cells(row) == self._first_line:
            return True
        return self._heading.is_repeated_by(cells)

    def _sort_under_heading(self, row: SheetRow, under_heading: set[str]) -> None:
        """A row into which cells of the heading are merged down."""
        if under_heading.issuperset((*LEVELS, ACTION)):
            self.ignored.append(IgnoredRow(row.number, "表頭的第二行"))
            return
        problem = _merged_heading(
            row.number, under_heading, self._heading, sheet_cells=self._sheet_cells
        )
        self.problems.append(problem)

    def _sort_below_heading(self, row: SheetRow, cells: dict[str, SourceCell]) -> None:
        """A row that is a line of the table, or no part of it."""
        if row.is_hidden:
            self.warnings.append(TableProblem(row.number, "", "這一列是隱藏的，仍然讀取。"))
        covered: frozenset[str] = frozenset()
        if self._has_merges:
            covered = _covered_columns(row.number, cells, self._heading)
            self.warnings += _covered_texts(
                row, covered, self._heading, sheet_cells=self._sheet_cells
            )
        written = {}
        for name, cell in cells.items():
            if name not in covered and not cell.is_blank:
                written[name] = cell

        # In this order: a second heading below is a problem, and no row of the table; but a note
        # that happens to say our headings is a note.
        reason = self._reason_to_ignore(row, written, covered)
        if reason is not None:
            self.ignored.append(IgnoredRow(row.number, reason))
            if written and begins_notes(written):
                self._has_met_notes = True
            return
        if count_headings(cell.text for cell in written.values()) >= _HEADINGS_OF_A_HEADING_ROW:
            self.problems.append(_other_heading(row.number, cells, self._heading))
        else:
            line = TableLine(
                number=row.number,
                cells=cells,
                written=written,
                covered=covered,
                is_after_heading=self._is_after_heading,
            )
            self.lines.append(line)
        self._is_after_heading = False

    def _reason_to_ignore(
        self, row: SheetRow, written: Mapping[str, SourceCell], covered: frozenset[str]
    ) -> str | None:
        # 2. under 備註 goes on with the notes, unless a row of the table follows or a merge holds it.
        is_below_table = row.number > self._last_table_row and not covered
        return reason_to_ignore(
            written,
            is_prose=row.is_prose,
            is_after_heading=self._is_after_heading,
            first_column=self._first_column,
            titles=self._titles,
            is_under_notes=self._has_met_notes and is_below_table,
        )


def _last_row_with_department(sheet: Sheet, heading: Heading) -> int:
    """The last row that has both a deadline and a department: no row of the table stands below it.

    A signature line under the table may fill one of the two columns.
    """
    last = 0
    for row in sheet.rows:
        if heading.columns[DEADLINE] in row.cells and heading.columns[LEAD] in row.cells:
            last = row.number
    return last


def _first_line_of_heading(sheet: Sheet, heading: Heading) -> dict[int, str] | None:
    """What the first line of a heading of two lines says; None if it has but one."""
    for merge in sheet.merges:
        if merge.top < heading.row <= merge.bottom:
            for row in sheet.rows:
                if row.number == merge.top:
                    return _folded_cells(row)
            return None
    return None


def _folded_cells(row: SheetRow) -> dict[int, str]:
    """The texts of a row by column, for comparing."""
    return {column: key(cell.text[:_COMPARED]) for column, cell in row.cells.items()}


def _columns_under_heading(number: int, cells: dict[str, SourceCell], heading: Heading) -> set[str]:
    """The columns whose heading is merged down into the row."""
    return {name for name, cell in cells.items() if cell.row <= heading.row < number}


def _merged_heading(
    number: int, under_heading: set[str], heading: Heading, *, sheet_cells: SheetCells
) -> TableProblem:
    """A heading that is merged down into a row of the table hides what belongs there."""
    name = min(under_heading, key=heading.columns.__getitem__)
    merge = sheet_cells.merge_around(number, heading.columns[name])
    assert merge is not None  # the row lies under the heading's cell by it
    message = (
        f"表頭「{name}」的合併範圍 {merge_address(merge)} 蓋到第 {number} 列的資料，"
        "請取消合併並填寫這一格。"
    )
    return TableProblem(number, name, message)


def _covered_columns(number: int, cells: dict[str, SourceCell], heading: Heading) -> frozenset[str]:
    """The columns in which another cell stands for this row by a merge."""
    covered = set()
    for name, cell in cells.items():
        own_place = Place(number, heading.columns[name])
        if cell.place != own_place:
            covered.add(name)
    return frozenset(covered)


def _covered_texts(
    row: SheetRow, covered: frozenset[str], heading: Heading, *, sheet_cells: SheetCells
) -> list[TableProblem]:
    """Warnings about text under a merge, which nobody sees in the sheet.

    Programs that merge cells without emptying them leave such; the same text as in the merge's
    visible cell is no loss.
    """
    warnings = []
    for name, column in heading.columns.items():
        if name not in covered or column not in row.cells:
            continue
        hidden_text = row.cells[column].text.strip()
        merge = sheet_cells.merge_around(row.number, column)
        visible_text = sheet_cells.at(row.number, column).text
        is_lost = hidden_text not in ("", visible_text)
        if merge and is_lost:
            message = (
                f"儲存格 {Place(row.number, column).address} 在合併範圍 {merge_address(merge)} 內，"
                f"其中的「{shorten(row.cells[column].text)}」看不見，未採用。"
            )
            warnings.append(TableProblem(row.number, "", message))
    return warnings


def _other_heading(number: int, cells: dict[str, SourceCell], heading: Heading) -> TableProblem:
    """A second table with other columns, or in another order, cannot be read by our heading."""
    differing = [name for name in heading.columns if not heading.is_said_by(cells[name].text, name)]
    # There is one: a row that says all of our headings is a repeated heading.
    name = differing[0]
    place = Place(number, heading.columns[name])
    message = (
        f"這一列像是另一個表頭，但儲存格 {place.address} 不是第 {heading.row} 列"
        f"所寫的「{name}」，請改成相同的欄位與順序。"
    )
    return TableProblem(number, name, message)
