"""Headings that stand over several columns: which of them is meant, nobody could say (gate 6)."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from items.exchange.columns import ACTION
from items.exchange.plan_table.headings import FIELDS, Heading
from items.exchange.plan_table.table_lines import LEVELS
from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import key, shorten
from items.exchange.spreadsheets.workbook import BLANK, Sheet, SheetRow, address

# No heading is longer, and folding whole cells for each row is slow.
_COMPARED = 200
_MOST_NAMED = 5


class _Divided(NamedTuple):
    """A heading in one cell, and below it the row in which its columns are named."""

    name: str
    row: int
    columns: list[int]
    row_below: int


def refuse_divided_headings(sheet: Sheet, heading: Heading) -> None:
    """Refuse a table in which 完成期限 stands over 原訂 and 修正後, or over 起 and 迄.

    To take the first column would give each item the deadline that is no longer valid.
    """
    rows = {row.number: row for row in sheet.rows}
    all_divided = chain(
        _divided_by_merges(sheet, heading, rows),
        _divided_without_merges(heading, rows),
    )
    # One is enough: after it is mended, the next upload shows the next one.
    divided = next(all_divided, None)
    if divided is not None:
        raise Refused(_words(sheet, divided, rows))


def _divided_by_merges(
    sheet: Sheet, heading: Heading, rows: Mapping[int, SheetRow]
) -> Iterable[_Divided]:
    """Our headings that are merged over columns of which several are filled below."""
    last_heading_row = min(heading.row, HEADING_WITHIN_ROWS)
    for merge in sheet.merges:
        is_over_one_column = merge.left == merge.right
        if is_over_one_column or merge.top > last_heading_row or merge.top not in rows:
            continue
        # A merge that ends further up is a title over the whole table.
        if merge.bottom < heading.row - 1:
            continue
        text = rows[merge.top].cells.get(merge.left, BLANK).text
        name = FIELDS.get(key(text[:_COMPARED]))
        if name is None:
            continue
        columns_over = range(merge.left, merge.right + 1)
        # 主辦單位 over 主辦 and 協辦 leaves no doubt: each of the two is a heading of ours.
        headed = [column for column in heading.columns.values() if column in columns_over]
        if len(headed) != 1:
            continue
        filled = _filled_columns(sheet, columns_over, below=merge.bottom)
        if len(filled) > 1:
            yield _Divided(name, merge.top, columns=filled, row_below=merge.bottom + 1)


def _divided_without_merges(heading: Heading, rows: Mapping[int, SheetRow]) -> Iterable[_Divided]:
    """Our headings beside a column without one, where the next row names both columns.

    So a csv has what was merged in the sheet.
    """
    below = rows.get(heading.row + 1)
    if below is None:
        return
    # A row of the table names a strategy or an action; a second line of headings does not.
    names_an_action = any(_has(below, heading.columns[name]) for name in (*LEVELS, ACTION))
    if names_an_action:
        return
    for name, column in heading.columns.items():
        columns = [column]
        next_column = column + 1
        while _has(below, next_column) and next_column not in heading.keys:
            columns.append(next_column)
            next_column += 1
        if len(columns) > 1 and _has(below, column):
            yield _Divided(name, heading.row, columns=columns, row_below=below.number)


def _has(row: SheetRow, column: int) -> bool:
    """Whether anything but a heading that is merged down stands in the cell."""
    return bool(row.cells.get(column, BLANK).text.strip())


def _filled_columns(sheet: Sheet, columns: Iterable[int], *, below: int) -> list[int]:
    """The columns in which something stands below a row."""
    filled: set[int] = set()
    for row in sheet.rows:
        if row.number > below and not row.is_prose:
            filled.update(row.cells)
    return [column for column in columns if column in filled]


def _words(sheet: Sheet, divided: _Divided, rows: Mapping[int, SheetRow]) -> str:
    below = rows.get(divided.row_below)
    parts = []
    for column in divided.columns[:_MOST_NAMED]:
        place = address(divided.row_below, column)
        text = ""
        if below is not None:
            text = below.cells.get(column, BLANK).text
        if text.strip():
            parts.append(f"「{shorten(text)}」（{place}）")
        else:
            parts.append(f"空白（{place}）")
    first = address(divided.row, divided.columns[0])
    return (
        f"工作表「{sheet.name}」的表頭「{divided.name}」（{first}）下面還分成 "
        f"{len(divided.columns)} 欄：{'、'.join(parts)}，看不出要採用哪一欄。"
        f"請只留要採用的那一欄、表頭寫「{divided.name}」，刪除其餘各欄後再上傳。"
    )
