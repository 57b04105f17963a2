"""Small official tables with one thing changed, and short ways to look at what was read."""

from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
    ROWS,
    dump_text,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of

FIRST, SECOND, THIRD = ROWS


def changed(row, **columns):
    """A row with other text under the headings s, m, p, a, d, u (department), b."""
    return tuple(columns.get(letter, text) for letter, text in zip("smpadub", row, strict=True))


def table(*rows, headings=HEADINGS, merges=()):
    return table_of(xlsx_table((headings, *rows), *merges))


def messages(found):
    return [(problem.row, problem.column) for problem in found]


def strategy_of(row):
    return (row.strategy_number, row.strategy_title)


def said(found):
    return "\n".join(problem.message for problem in found)


def page(*rows):
    """The table of a text that was copied from pages."""
    return table_of(dump_text((HEADINGS, *rows)).encode(), "計畫.txt")
