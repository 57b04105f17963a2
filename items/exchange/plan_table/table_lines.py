"""First pass over a sheet: which of its rows are lines of the table, and what the others are."""

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
    lines: list[TableLine] = []
    ignored: list[IgnoredRow] = []
    problems: list[TableProblem] = []
    warnings: list[TableProblem] = []
    titles = {title_of(row) for row in sheet.rows if row.number < heading.row}
    first_line = _first_line_of_heading(sheet, heading)
    # The official text dump comes from a document, even where it fills but one page.
    is_page_broken = sheet.kind == "dump"
    is_after_heading = False
    first_column = min(heading.columns.values())
    # Only a merge lets another cell stand for one of a row; text files and lists have none.
    has_merges = bool(sheet.merges)
    last_table_row = _last_row_with_department(sheet, heading)
    has_met_notes = False
    for row in sheet.rows:
        if row.number <= heading.row:
            continue
        cells = {}
        for name, column in heading.columns.items():
            cells[name] = sheet_cells.at(row.number, column)
        # A heading merged down by one row too many hides cells of the first action.
        under_heading: set[str] = set()
        if has_merges:
            under_heading = _columns_under_heading(row.number, cells, heading)

        is_first_line = first_line is not None and _folded_cells(row) == first_line
        if is_first_line or heading.is_repeated_by(cells):
            ignored.append(IgnoredRow(row.number, "重複的表頭"))
            # The second line of a heading merged over two rows breaks no page.
            if not under_heading:
                is_after_heading = True
                is_page_broken = True
            continue
        if under_heading:
            if under_heading.issuperset((*LEVELS, ACTION)):
                ignored.append(IgnoredRow(row.number, "表頭的第二行"))
            else:
                problems.append(_merged_heading(row.number, under_heading, heading, sheet_cells))
            continue

        if row.is_hidden:
            warnings.append(TableProblem(row.number, "", "這一列是隱藏的，仍然讀取。"))
        covered: frozenset[str] = frozenset()
        if has_merges:
            covered = _covered_columns(row.number, cells, heading)
            warnings += _covered_texts(row, covered, heading, sheet_cells)
        written = {}
        for name, cell in cells.items():
            if name not in covered and not cell.is_blank:
                written[name] = cell

        # 2. under 備註 goes on with the notes, unless a row of the table follows or a merge holds it.
        is_under_notes = has_met_notes and row.number > last_table_row and not covered
        # In this order: a second heading below is a problem, and no row of the table; but a note
        # that happens to say our headings is a note.
        reason = reason_to_ignore(
            written,
            is_prose=row.is_prose,
            is_after_heading=is_after_heading,
            first_column=first_column,
            titles=titles,
            is_under_notes=is_under_notes,
        )
        if reason:
            if written and begins_notes(written):
                has_met_notes = True
            ignored.append(IgnoredRow(row.number, reason))
            continue
        if count_headings(cell.text for cell in written.values()) >= _HEADINGS_OF_A_HEADING_ROW:
            problems.append(_other_heading(row.number, cells, heading))
        else:
            line = TableLine(
                number=row.number,
                cells=cells,
                written=written,
                covered=covered,
                is_after_heading=is_after_heading,
            )
            lines.append(line)
        is_after_heading = False
    return SortedRows(lines, ignored, problems, warnings=warnings, is_page_broken=is_page_broken)


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
    number: int, under_heading: set[str], heading: Heading, sheet_cells: SheetCells
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
    row: SheetRow, covered: frozenset[str], heading: Heading, sheet_cells: SheetCells
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
        if merge and hidden_text and hidden_text != visible_text:
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
