"""Deadlines and departments of one action (gate 8), paired.

There are as many deadlines as departments, or one for all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from items.deadline_problems import DeadlineError
from items.exchange.columns import DEADLINE, LEAD, NOT_HANDED_OUT, is_not_handed_out
from items.exchange.plan_table.cell_lists import deadline_pieces, split_names
from items.exchange.plan_table.merged_cells import UNUSABLE_KINDS, SourceCell
from items.exchange.plan_table.records import DepartmentLine, Record
from items.exchange.plan_table.rows import Place, TableProblem
from items.exchange.spreadsheets.limits import MAX_NAMES_LENGTH, MAX_NAMES_PER_CELL
from items.exchange.spreadsheets.workbook import CellKind
from items.roc_deadline import Deadline, parse_deadline


class NamedDepartment(NamedTuple):
    """A department as written, and the cell that names it."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class DepartmentsAndDeadlines:
    """What the lines of one action say about who has it, and until when.

    `deadlines` is one for all departments or one for each, in order; empty if any could not be
    read. `supporting` is None where the table has no such column. Not `is_handed_out` where the
    cell of the departments says that nobody has the item yet.
    """

    departments: list[NamedDepartment]
    deadlines: list[Deadline]
    deadline_text: str
    supporting: tuple[str, ...] | None
    problems: list[TableProblem]
    warnings: list[TableProblem]
    is_handed_out: bool = True


class _Names(NamedTuple):
    names: tuple[str, ...]
    problems: list[TableProblem]


class _SeveralDeadlines(NamedTuple):
    """The deadlines that a text lists; without any, why not, where that can be said."""

    deadlines: list[Deadline]
    message: str = ""


class _Deadlines(NamedTuple):
    """The deadlines of one cell; none if it cannot be read, which is a problem."""

    deadlines: list[Deadline]
    problems: list[TableProblem]


class _Pairs(NamedTuple):
    """The lines that share one cell of deadlines; `deadlines` is empty if they cannot be paired."""

    departments: list[NamedDepartment]
    deadlines: list[Deadline]
    problems: list[TableProblem]


def read_departments(
    record: Record,
    programme_year: int,
    ends_on: date | None,
    whole_names: tuple[str, ...] = (),
) -> DepartmentsAndDeadlines:
    """Departments and deadlines of all lines of a record.

    Open-ended words such as 持續辦理 mean `ends_on`, as in `items.roc.parse_deadline`.
    """
    if _says_not_handed_out(record):
        return _not_handed_out(record, whole_names)
    pairs_of_cells = []
    for _, lines in groupby(record.department_lines, key=lambda line: line.deadline.place):
        pairs = _read_pairs(list(lines), programme_year, ends_on, whole_names=whole_names)
        pairs_of_cells.append(pairs)

    departments: list[NamedDepartment] = []
    problems: list[TableProblem] = []
    for pairs in pairs_of_cells:
        departments += pairs.departments
        problems += pairs.problems
    deadlines = _deadlines_of_record(pairs_of_cells)
    return DepartmentsAndDeadlines(
        departments=departments,
        deadlines=deadlines,
        deadline_text=_deadline_text(record),
        supporting=_supporting(record, whole_names),
        problems=problems,
        warnings=_deadline_warnings(record, deadlines),
    )


def _says_not_handed_out(record: Record) -> bool:
    """Whether the only cell of the departments says that no department has the item yet."""
    cells = _each_once(line.departments for line in record.department_lines)
    if len(cells) > 1:
        return False
    text = cells[0].text
    # Folding is slow, and nearly every name in a file has no 未.
    return "未" in text and len(text) <= MAX_NAMES_LENGTH and is_not_handed_out(text)


def _not_handed_out(record: Record, whole_names: tuple[str, ...]) -> DepartmentsAndDeadlines:
    """Nobody has the item: a deadline would belong to nobody and be lost."""
    problems = []
    for cell in _each_once(line.deadline for line in record.department_lines):
        if not cell.is_blank:
            message = (
                f"儲存格 {cell.address}：「{LEAD}」寫的是「{NOT_HANDED_OUT}」，「{DEADLINE}」請留白；"
                "期限是各單位的，請與主辦單位一起填寫。"
            )
            problems.append(TableProblem(record.number, DEADLINE, message))
    return DepartmentsAndDeadlines(
        departments=[],
        deadlines=[],
        deadline_text="",
        supporting=_supporting(record, whole_names),
        problems=problems,
        warnings=[],
        is_handed_out=False,
    )


def _read_pairs(
    lines: list[DepartmentLine],
    programme_year: int,
    ends_on: date | None,
    *,
    whole_names: tuple[str, ...],
) -> _Pairs:
    """The departments of lines that share one cell of deadlines, and these deadlines."""
    departments: list[NamedDepartment] = []
    problems: list[TableProblem] = []
    for line in lines:
        read_names = _read_names(line, whole_names)
        problems += read_names.problems
        for name in read_names.names:
            departments.append(NamedDepartment(name, line.departments.place))

    first = lines[0]
    read_deadlines = _read_deadlines(first, programme_year, ends_on)
    problems += read_deadlines.problems
    deadlines = read_deadlines.deadlines
    if len(deadlines) > 1 and len(deadlines) != len(departments):
        # That the departments are missing or cannot be read is a problem of its own.
        if departments:
            problems.append(_mismatch(first, len(deadlines), len(departments)))
        deadlines = []
    return _Pairs(departments, deadlines, problems)


def _read_names(line: DepartmentLine, whole_names: tuple[str, ...]) -> _Names:
    """The departments that a cell names; a blank or an error is a problem of `cell_checks`."""
    cell = line.departments
    if cell.kind in UNUSABLE_KINDS or cell.is_blank:
        return _Names((), [])
    # A cell may hold 32,767 characters in each of 20,000 rows: too much to be split.
    names: tuple[str, ...] = ()
    words = (
        f"「主辦單位」超過每格 {MAX_NAMES_PER_CELL} 個單位、{MAX_NAMES_LENGTH:,} 個字元的上限，"
        "請確認內容。"
    )
    if len(cell.text) <= MAX_NAMES_LENGTH:
        names = split_names(cell.text, whole_names)
        if not names:
            words = "「主辦單位」只有標點，沒有單位名稱，請填寫。"
    if 1 <= len(names) <= MAX_NAMES_PER_CELL:
        return _Names(names, [])
    problem = TableProblem(line.row, LEAD, f"儲存格 {cell.address}：{words}")
    return _Names((), [problem])


def _read_deadlines(line: DepartmentLine, programme_year: int, ends_on: date | None) -> _Deadlines:
    """The deadlines of a cell: the whole as one deadline, else cut into several."""
    cell = line.deadline
    if cell.kind in UNUSABLE_KINDS:
        return _Deadlines([], [])
    value: str | float = cell.text
    if cell.kind is CellKind.NUMBER and cell.value is not None:
        value = cell.value
    try:
        return _Deadlines([parse_deadline(value, programme_year, ends_on)], [])
    except DeadlineError as error:
        message = error.message
    # What cannot be read as one deadline may be several, such as 115年6月、115年9月.
    if isinstance(value, str) and len(value) <= MAX_NAMES_LENGTH:
        several = _read_several(value, programme_year, ends_on)
        if several.deadlines:
            return _Deadlines(several.deadlines, [])
        message = several.message or message
    problem = TableProblem(line.row, DEADLINE, f"儲存格 {cell.address}：{message}")
    return _Deadlines([], [problem])


def _read_several(text: str, programme_year: int, ends_on: date | None) -> _SeveralDeadlines:
    """The deadlines of a text, cut where all of its pieces are deadlines."""
    message = ""
    for pieces in deadline_pieces(text):
        if len(pieces) > MAX_NAMES_PER_CELL:
            break
        try:
            deadlines = [parse_deadline(piece, programme_year, ends_on) for piece in pieces]
        except DeadlineError as error:
            # Of several lines, the first that fails says more than the text as a whole.
            if pieces == text.split("\n"):
                message = error.message
        else:
            return _SeveralDeadlines(deadlines)
    return _SeveralDeadlines([], message)


def _mismatch(line: DepartmentLine, deadline_count: int, department_count: int) -> TableProblem:
    message = (
        f"儲存格 {line.deadline.address}：「完成期限」有 {deadline_count} 個，"
        f"「主辦單位」有 {department_count} 個，無法一一對應，"
        "請寫一個共同的期限，或每個單位各寫一個。"
    )
    return TableProblem(line.row, DEADLINE, message)


def _deadlines_of_record(pairs_of_cells: list[_Pairs]) -> list[Deadline]:
    """As the only cell has them: one for all or one for each; of several cells, one for each."""
    if not all(pairs.deadlines for pairs in pairs_of_cells):
        return []
    if len(pairs_of_cells) == 1:
        return pairs_of_cells[0].deadlines
    deadlines: list[Deadline] = []
    for pairs in pairs_of_cells:
        # A deadline that is common to the departments of its lines is not common to the others'.
        if len(pairs.deadlines) == 1:
            deadlines += pairs.deadlines * len(pairs.departments)
        else:
            deadlines += pairs.deadlines
    return deadlines


def _deadline_warnings(record: Record, deadlines: list[Deadline]) -> list[TableProblem]:
    """What a person should look at, once for each deadline as written."""
    by_text = {deadline.text: deadline for deadline in deadlines}
    warnings = []
    for deadline in by_text.values():
        if deadline.warning:
            warnings.append(TableProblem(record.number, DEADLINE, deadline.warning))
    return warnings


def _deadline_text(record: Record) -> str:
    """The deadline as written, each cell once."""
    cells = _each_once(line.deadline for line in record.department_lines)
    return "\n".join(cell.text for cell in cells if cell.text)


def _supporting(record: Record, whole_names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The supporting departments of all lines; None where the table has no such column."""
    support_cells = [line.support for line in record.department_lines if line.support is not None]
    if not support_cells:
        return None
    names: list[str] = []
    for cell in _each_once(support_cells):
        if cell.kind not in UNUSABLE_KINDS:
            # As much as is read of 主辦單位: a cell of 32,767 characters would take long to split.
            text = cell.text[:MAX_NAMES_LENGTH]
            names += split_names(text, whole_names)
    return tuple(names[:MAX_NAMES_PER_CELL])


def _each_once(cells: Iterable[SourceCell]) -> list[SourceCell]:
    """The cells in order; one that a merge lets stand for several lines comes once."""
    by_place = {cell.place: cell for cell in cells}
    return list(by_place.values())
