"""Deadlines and departments of one action (gate 8), paired: k deadlines for k departments, or one for all."""

from dataclasses import dataclass, field

from items.roc import DeadlineError, parse_deadline

from .cells import Kind
from .headings import DEADLINE, DEPARTMENT, SUPPORT
from .names import deadline_pieces, split_names
from .text import key

_BROKEN = (Kind.ERROR, Kind.NO_VALUE)


@dataclass
class Shares:
    """What the lines of one action say; problems and warnings are (row, column name, message)."""

    departments: tuple[str, ...] = ()
    deadlines: tuple = ()
    deadline_text: str = ""
    is_separate: bool = False
    supporting: tuple[str, ...] = ()
    problems: list = field(default_factory=list)
    warnings: list = field(default_factory=list)


def read_shares(record, programme_year):
    """Departments and deadlines of all lines of the record, one deadline for each department, in order."""
    shares = Shares()
    pairs, supporting, cells_said = [], [], set()
    is_complete = True
    for share in record.shares:
        deadlines = _deadlines(shares, share, programme_year)
        names = [] if share.departments.kind in _BROKEN else split_names(share.departments.text)
        paired = _paired(shares, share, names, deadlines) if deadlines and names else None
        is_complete = is_complete and paired is not None
        shares.is_separate |= len(deadlines or ()) > 1
        pairs += paired or [(name, None) for name in names]
        if share.support and id(share.support) not in cells_said:
            cells_said.add(id(share.support))
            supporting += split_names(share.support.text) if share.support.kind not in _BROKEN else []
    pairs = _once(shares, record, pairs)
    shares.departments = tuple(name for name, _ in pairs)
    shares.deadlines = tuple(deadline for _, deadline in pairs) if is_complete else ()
    shares.is_separate |= len({deadline.text for deadline in shares.deadlines}) > 1
    shares.deadline_text = _text(record)
    shares.supporting = _supporting(shares, record, supporting)
    for deadline in _different(shares.deadlines):
        if deadline.warning:
            shares.warnings.append((record.number, DEADLINE, deadline.warning))
    return shares


def _text(record):
    """The deadline as written, each cell once."""
    cells = {id(share.deadline): share.deadline for share in record.shares}
    return "\n".join(cell.text for cell in cells.values() if cell.text)


def _deadlines(shares, share, programme_year):
    """The deadlines of one cell, none if it cannot be read; that is a problem, said as exactly as can be."""
    cell = share.deadline
    if cell.kind in _BROKEN:
        return None
    value = cell.value if cell.kind is Kind.NUMBER and cell.value is not None else cell.text
    try:
        return [parse_deadline(value, programme_year)]
    except DeadlineError as error:
        message = error.message
    if isinstance(value, str):
        for pieces in deadline_pieces(value):
            try:
                return [parse_deadline(piece, programme_year) for piece in pieces]
            except DeadlineError as error:
                # The message about the first piece that fails says more than that about the whole.
                message = error.message if pieces == value.split("\n") else message
    shares.problems.append((share.row, DEADLINE, message))
    return None


def _paired(shares, share, names, deadlines):
    if len(deadlines) == 1:
        return [(name, deadlines[0]) for name in names]
    if len(deadlines) == len(names):
        return list(zip(names, deadlines, strict=True))
    message = (
        f"「完成期限」有 {len(deadlines)} 個，「主辦單位」有 {len(names)} 個，無法一一對應，"
        "請寫一個共同的期限，或每個單位各一個。"
    )
    shares.problems.append((share.row, DEADLINE, message))
    return None


def _once(shares, record, pairs):
    """Each department once; said if it was twice, and wrong if its two deadlines differ."""
    kept, repeated = {}, set()
    for name, deadline in pairs:
        known = key(name)
        if known not in kept:
            kept[known] = (name, deadline)
            continue
        repeated.add(name)
        before = kept[known][1]
        if before and deadline and before.date != deadline.date:
            message = f"「主辦單位」的「{name}」出現兩次，期限卻不同（{before.text}、{deadline.text}），請只留一個。"
            shares.problems.append((record.number, DEPARTMENT, message))
    for name in sorted(repeated):
        shares.warnings.append((record.number, DEPARTMENT, f"「主辦單位」的「{name}」出現不只一次，以一次計。"))
    return list(kept.values())


def _supporting(shares, record, names):
    kept = {key(name): name for name in reversed(names)}
    leading = {key(name) for name in shares.departments}
    for name in kept:
        if name in leading:
            message = f"「{kept[name]}」同時是主辦單位與協辦單位，以主辦單位計。"
            shares.warnings.append((record.number, SUPPORT, message))
    ordered = dict.fromkeys(key(name) for name in names)
    return tuple(kept[name] for name in ordered if name not in leading)


def _different(deadlines):
    return {deadline.text: deadline for deadline in deadlines}.values()
