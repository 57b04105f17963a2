"""Third pass: what a blank cell means.

Blank in the first three columns: as above, while every column to its left is unchanged. Blank in
預期效益: as above within one plan, but only in text broken into pages; merges are seen through before.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from items.exchange.columns import BENEFIT
from items.exchange.plan_table.merged_cells import SourceCell
from items.exchange.plan_table.page_breaks import is_same_text
from items.exchange.plan_table.records import Record
from items.exchange.plan_table.rows import TableProblem
from items.exchange.plan_table.table_lines import LEVELS


@dataclass(frozen=True, slots=True)
class FilledRecords:
    """The records with their blanks filled, and what could not be filled."""

    records: list[Record]
    problems: list[TableProblem]
    warnings: list[TableProblem]


@dataclass(frozen=True, slots=True)
class _FilledLevels:
    """The cells of the first three columns; `changed` is the first that differs from above."""

    cells: dict[str, SourceCell]
    changed: str | None
    problems: list[TableProblem]


def fill_blanks(records: Iterable[Record], *, is_page_broken: bool) -> FilledRecords:
    """The records with blanks filled from the record above."""
    filled: list[Record] = []
    problems: list[TableProblem] = []
    warnings: list[TableProblem] = []
    above: Record | None = None
    for record in records:
        levels = _fill_levels(record, above)
        problems += levels.problems

        benefits = record.benefits
        has_no_benefit = len(benefits) == 1 and benefits[0].is_blank
        if has_no_benefit:
            # In other files a blank benefit is rather forgotten than meant as above.
            goes_on = is_page_broken and not levels.changed
            if goes_on and above is not None:
                benefits = above.benefits
            else:
                message = "「預期效益」是空白，沒有沿用上一列；如要相同，請填寫或合併儲存格。"
                warnings.append(TableProblem(record.number, BENEFIT, message))

        above = Record(
            numbers=record.numbers,
            cells={**record.cells, **levels.cells},
            department_lines=record.department_lines,
            benefits=benefits,
        )
        filled.append(above)
    return FilledRecords(filled, problems, warnings)


def _fill_levels(record: Record, above: Record | None) -> _FilledLevels:
    """Strategy, method and plan of a record, from left to right."""
    cells: dict[str, SourceCell] = {}
    problems: list[TableProblem] = []
    changed: str | None = None
    for name in LEVELS:
        cell = record.cells[name]
        cells[name] = cell
        if not cell.is_blank:
            if changed is None and _is_new(name, cell, above):
                changed = name
        elif above is None:
            message = f"「{name}」（儲存格 {cell.address}）是空白，上面沒有可以沿用的內容，請填寫。"
            problems.append(TableProblem(record.number, name, message))
            changed = changed or name
        elif changed:
            message = (
                f"「{name}」（儲存格 {cell.address}）是空白，但左邊的「{changed}」已經不同，"
                "不能沿用上一列，請填寫。"
            )
            problems.append(TableProblem(record.number, name, message))
        else:
            cells[name] = above.cells[name]
    return _FilledLevels(cells, changed, problems)


def _is_new(name: str, cell: SourceCell, above: Record | None) -> bool:
    """Whether a cell says something else than the record above."""
    return above is None or not is_same_text(cell.text, above.cells[name].text)
