"""What is wrong with a cell in any column: errors, formulas without a value, ditto marks."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from items.exchange.columns import ACTION, BENEFIT, CODE, DEADLINE, LEAD, SUPPORT
from items.exchange.plan_table.merged_cells import SourceCell
from items.exchange.plan_table.records import Record
from items.exchange.plan_table.rows import Place, TableProblem
from items.exchange.plan_table.table_lines import LEVELS
from items.exchange.spreadsheets.text import shorten
from items.exchange.spreadsheets.workbook import CellKind

_DITTO = frozenset(("同上", "同前", "同左", "同上列", "〃", "″", "〞", "々", '"', "＂"))


class NamedCell(NamedTuple):
    """A cell and our heading over it."""

    heading: str
    cell: SourceCell


class CheckedCells(NamedTuple):
    """What is wrong or odd with the cells of one action, and how much text they hold."""

    problems: list[TableProblem]
    warnings: list[TableProblem]
    characters: int


def _all_cells(record: Record) -> Iterator[NamedCell]:
    """Every cell that the action stands on; one that stands for several lines comes for each."""
    for heading in (*LEVELS, ACTION):
        yield NamedCell(heading, record.cells[heading])
    for line in record.department_lines:
        yield NamedCell(DEADLINE, line.deadline)
        yield NamedCell(LEAD, line.departments)
        if line.support:
            yield NamedCell(SUPPORT, line.support)
    for benefit in record.benefits:
        yield NamedCell(BENEFIT, benefit)
    if CODE in record.cells:
        yield NamedCell(CODE, record.cells[CODE])


def check_cells(record: Record) -> CheckedCells:
    """Check every cell of an action; what the texts mean is for others to read."""
    problems = []
    warnings = []
    characters = 0
    for heading, cell in _all_cells(record):
        characters += len(cell.text)
        message = _problem(heading, cell)
        if message:
            problems.append(TableProblem(_row_of_problem(cell, record), heading, message))
        elif cell.was_cleaned:
            message = f"「{heading}」（儲存格 {cell.address}）含有看不見的控制字元，已移除。"
            warnings.append(TableProblem(record.number, heading, message))
    return CheckedCells(problems, warnings, characters)


def warn_of_struck_cells(records: Iterable[Record]) -> list[TableProblem]:
    """A warning for each cell with words that are crossed out.

    They are read like any others: offices cross out what is no longer valid and what is new alike.
    """
    warnings = []
    # A merged cell stands for many actions, and is said once.
    places: set[Place] = set()
    for record in records:
        for heading, cell in _all_cells(record):
            if not cell.struck or cell.place in places:
                continue
            places.add(cell.place)
            row = _row_of_problem(cell, record)
            warnings.append(TableProblem(row, heading, _struck_words(heading, cell)))
    return warnings


def _row_of_problem(cell: SourceCell, record: Record) -> int:
    """The row of the cell; of one that is merged down from above, the row that it spoils."""
    if cell.row in record.numbers:
        return cell.row
    return record.number


def _struck_words(heading: str, cell: SourceCell) -> str:
    place = f"「{heading}」（儲存格 {cell.address}）"
    remedy = "有刪除線的文字仍照樣讀取；如果已經作廢，請在檔案裡刪掉再上傳。"
    is_struck_whole = cell.struck == cell.text
    if is_struck_whole:
        quoted = shorten(cell.text)
        return f"{place}整格畫了刪除線：「{quoted}」。{remedy}"
    quoted = shorten(cell.struck)
    return f"{place}裡的「{quoted}」畫了刪除線。{remedy}"


def _problem(heading: str, cell: SourceCell) -> str | None:
    """What has to be mended in a cell, None if nothing has."""
    if cell.kind is CellKind.ERROR:
        words = f"是錯誤值 {shorten(cell.text)}，請修正公式或填入文字。"
    elif cell.kind is CellKind.NO_VALUE:
        words = "是沒有計算結果的公式，請用 Excel 開啟並存檔，或改填文字。"
    elif cell.text in _DITTO and heading not in (DEADLINE, LEAD):
        # In these two columns such a mark is no date and no department, which is said there.
        words = f"寫的是「{cell.text}」，請填寫內容，或與上一列合併儲存格。"
    elif cell.is_blank and heading in (ACTION, LEAD):
        words = "是空白，請填寫；若是上一列被換頁切斷的部分，請併回上一列。"
    else:
        return None
    return f"「{heading}」（儲存格 {cell.address}）{words}"
