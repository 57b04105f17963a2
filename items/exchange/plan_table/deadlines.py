"""Deadlines and departments of one action (gate 8), paired: k deadlines for k departments, or one for all."""

from dataclasses import dataclass, field
from itertools import groupby

from items.exchange.columns import DEADLINE, LEAD
from items.exchange.plan_table.cell_lists import deadline_pieces, split_names
from items.exchange.plan_table.rows import Place, TableProblem
from items.exchange.spreadsheets.limits import MAX_NAMES_LENGTH, MAX_NAMES_PER_CELL
from items.exchange.spreadsheets.workbook import CellKind
from items.roc import Deadline, DeadlineError, parse_deadline

_BROKEN = (CellKind.ERROR, CellKind.NO_VALUE)


@dataclass
class Shares:
    """What the lines of one action say; `places` are those of the cells that name the departments, one for each."""

    departments: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    deadline_text: str = ""
    supporting: tuple[str, ...] | None = None
    problems: list[TableProblem] = field(default_factory=list)
    warnings: list[TableProblem] = field(default_factory=list)


def read_shares(record, programme):
    """Departments and deadlines of all lines of the record; `programme` is its (year, last day).

    `deadlines` is one for all departments or one for each, in order; empty if any line could not be read.
    """
    shares = Shares(deadline_text=_text(record))
    pairs, is_readable = [], True
    for _, lines in groupby(record.shares, lambda share: id(share.deadline)):
        lines = list(lines)
        share = lines[0]
        deadlines = _deadlines(shares, share, programme)
        found = [(name, line.departments.place) for line in lines for name in _names(shares, line)]
        if deadlines and found and len(deadlines) not in (1, len(found)):
            shares.problems.append(
                TableProblem(share.row, DEADLINE, _mismatch(share, deadlines, found))
            )
            deadlines = None
        if deadlines and len(deadlines) > 1 and not found:
            # Nobody to pair them with: that the departments are missing is said elsewhere.
            deadlines = None
        is_readable = is_readable and bool(deadlines)
        pairs += _pairs(found, deadlines)
    shares.departments = tuple(name for (name, _), _ in pairs)
    shares.places = tuple(place for (_, place), _ in pairs)
    if is_readable:
        shares.deadlines = _common(record, pairs, deadlines)
    shares.supporting = _supporting(record)
    for deadline in {deadline.text: deadline for deadline in shares.deadlines}.values():
        if deadline.warning:
            shares.warnings.append(TableProblem(record.number, DEADLINE, deadline.warning))
    return shares


def _names(shares, share):
    cell = share.departments
    if cell.kind in _BROKEN or cell.is_blank:
        return []
    is_short = len(cell.text) <= MAX_NAMES_LENGTH
    names = split_names(cell.text) if is_short else []
    if 1 <= len(names) <= MAX_NAMES_PER_CELL:
        return names
    if is_short and not names:
        words = "「主辦單位」只有標點，沒有單位名稱，請填寫。"
    else:
        words = f"「主辦單位」超過每格 {MAX_NAMES_PER_CELL} 個單位、{MAX_NAMES_LENGTH:,} 個字元的上限，請確認內容。"
    shares.problems.append(TableProblem(share.row, LEAD, f"儲存格 {cell.address}：{words}"))
    return []


def _pairs(found, deadlines):
    if not deadlines:
        return [(each, None) for each in found]
    return list(
        zip(found, deadlines if len(deadlines) > 1 else deadlines * len(found), strict=True)
    )


def _common(record, pairs, deadlines):
    """As the only cell has them: one for all or one for each; else one for each."""
    is_one_cell = len({id(share.deadline) for share in record.shares}) == 1
    return tuple(deadlines) if is_one_cell else tuple(deadline for _, deadline in pairs)


def _mismatch(share, deadlines, names):
    return (
        f"儲存格 {share.deadline.address}：「完成期限」有 {len(deadlines)} 個，「主辦單位」有 {len(names)} 個，無法一一對應，"
        "請寫一個共同的期限，或每個單位各寫一個。"
    )


def _text(record):
    """The deadline as written, each cell once."""
    cells = {id(share.deadline): share.deadline for share in record.shares}
    return "\n".join(cell.text for cell in cells.values() if cell.text)


def _deadlines(shares, share, programme):
    """The deadlines of one cell, none if it cannot be read; that is a problem, said as exactly as can be."""
    cell = share.deadline
    if cell.kind in _BROKEN:
        return None
    value = cell.value if cell.kind is CellKind.NUMBER and cell.value is not None else cell.text
    try:
        return [parse_deadline(value, *programme)]
    except DeadlineError as error:
        message = error.message
    if isinstance(value, str) and len(value) <= MAX_NAMES_LENGTH:
        for pieces in deadline_pieces(value):
            if len(pieces) > MAX_NAMES_PER_CELL:
                break
            try:
                return [parse_deadline(piece, *programme) for piece in pieces]
            except DeadlineError as error:
                # The message about the first piece that fails says more than that about the whole.
                message = error.message if pieces == value.split("\n") else message
    shares.problems.append(TableProblem(share.row, DEADLINE, f"儲存格 {cell.address}：{message}"))
    return None


def _supporting(record):
    """The supporting departments of all lines; none where the table has no such column."""
    cells = {
        id(share.support): share.support for share in record.shares if share.support is not None
    }
    if not cells:
        return None
    names = [
        name
        for cell in cells.values()
        if cell.kind not in _BROKEN
        for name in split_names(cell.text[:MAX_NAMES_LENGTH])
    ]
    return tuple(names[:MAX_NAMES_PER_CELL])
