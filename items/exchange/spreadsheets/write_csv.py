"""csv in UTF-8 with the mark that Excel needs, and a guard against formulas that our own import takes off again."""

import csv
import io

from items.exchange.spreadsheets.file_table import plain
from items.exchange.spreadsheets.text import guard


def write(table):
    """The bytes; cells that are merged elsewhere are filled in every row, since csv has no merges."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.heading for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _cell(value):
    return guard(plain(value)) if isinstance(value, str) else value
