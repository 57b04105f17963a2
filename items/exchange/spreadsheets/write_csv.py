"""csv in UTF-8 with the mark that Excel needs, and a guard that our own import takes off again."""

import csv
import io
from collections.abc import Iterable

from items.exchange.spreadsheets.file_table import CellValue, FileTable, TableRow, plain
from items.exchange.spreadsheets.text import guard

_MARK = "\ufeff"


def write(table: FileTable) -> bytes:
    """The heading and the rows; merged cells are filled in every row, since csv has no merges."""
    return write_list([column.heading for column in table.columns], table.rows)


def write_list(headings: Iterable[str], rows: Iterable[TableRow]) -> bytes:
    """Headings as they are, and rows in which no spreadsheet finds a formula."""
    # Encoded as it is written: as a text it would take four times as much, and stand there twice.
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding="utf-8", newline="")
    # Without the mark Excel takes the text for Big5.
    stream.write(_MARK)
    # All text in quotes: LibreOffice separates at semicolons and tabs as well, and would find a
    # formula behind one that stands in the middle of a text.
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    stream.flush()
    return content.getvalue()


def _cell(value: CellValue) -> CellValue:
    if isinstance(value, str):
        return guard(plain(value))
    return value
