"""The rows of a 填報表 that came back: cells by their heading, and which report each row is of."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.columns import CODE
from items.exchange.offline.sheet_columns import (
    ADDED,
    FIELD_HEADINGS,
    FIELDS,
    KEY,
    NAME,
    VERSION,
)
from items.exchange.plan_table.headings import candidate_sheets, count_headings
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key
from items.exchange.spreadsheets.workbook import Cell, SheetRow, Workbook

LAST_HEADING_ROW = 10
"""How far down a heading may be. Ours is in row 3, and people put lines above it."""
REQUIRED = (
    KEY,
    VERSION,
    *[column.heading for name, column in FIELDS.items() if name not in ADDED],
)
OPTIONAL = (CODE, *[FIELDS[name].heading for name in ADDED])
"""The code only shows rows that were sorted without their key."""

# No more digits than the database takes as a key or a version.
_KEY = re.compile(r"(?P<period>\d{1,17})-(?P<assignment>\d{1,17})", re.ASCII)
_VERSION = re.compile(r"\d{1,9}", re.ASCII)


class ReportKey(NamedTuple):
    """What the hidden key of a row says: the primary keys of period and assignment."""

    period: int
    assignment: int


@dataclass(frozen=True)
class SheetLine:
    """A row below the heading, with its cells by heading.

    `key` and `version` are None where somebody has changed them into something else.
    """

    number: int
    cells: dict[str, Cell]
    code: str
    key: ReportKey | None
    version: int | None
    headings: frozenset[str]
    """Those that the file has a column for."""

    @property
    def is_written_in(self) -> bool:
        return any(heading in self.cells for heading in FIELD_HEADINGS)


def is_ours(content: bytes, name: str) -> bool:
    """Whether a file that some other door refused is a 填報表."""
    try:
        return _heading_of(read_workbook(content, name, count_headings)) is not None
    except Refused:
        return False


def read_lines(content: bytes, name: str) -> list[SheetLine]:
    """The rows of the 填報表 in a file. Raises `Refused` for any other file."""
    book = read_workbook(content, name, count_headings)
    heading = _heading_of(book)
    if heading is None:
        raise Refused(_not_ours(book))
    return [_line(row, heading.columns) for row in heading.rows if row.number > heading.row_number]


class _Heading(NamedTuple):
    """Where the headings stand: their row among those of the sheet, and their columns."""

    rows: tuple[SheetRow, ...]
    row_number: int
    columns: dict[str, int]


def _heading_of(book: Workbook) -> _Heading | None:
    """The first row of all sheets that has every heading that is required."""
    for sheet in book.sheets:
        for row in sheet.rows[:LAST_HEADING_ROW]:
            columns = _columns_headed_by(row)
            if columns.keys() >= set(REQUIRED):
                return _Heading(sheet.rows, row.number, columns)
    return None


def _columns_headed_by(row: SheetRow) -> dict[str, int]:
    """The column of each of our headings that stands in the row."""
    # Folded, since people put line breaks and spaces into headings.
    column_of_text = {key(cell.text): column for column, cell in row.cells.items()}
    columns = {}
    for heading in (*REQUIRED, *OPTIONAL):
        folded = key(heading)
        if folded in column_of_text:
            columns[heading] = column_of_text[folded]
    return columns


def _not_ours(book: Workbook) -> str:
    """Which door a file belongs to that is no 填報表."""
    # `candidate_sheets` knows the heading of the official table, and refuses what has none.
    try:
        candidate_sheets(book)
    except Refused:
        headings = "、".join(FIELD_HEADINGS)
        return f"這不是{NAME}：找不到表頭（{headings}）。請用這一頁下載的檔案填寫，並保留所有欄位。"
    return f"這是計畫表，不是{NAME}。計畫表由研考或系統管理在「匯入計畫表」上傳；填報請用這一頁下載的檔案。"


def _line(row: SheetRow, columns: dict[str, int]) -> SheetLine:
    cells = {}
    for heading, place in columns.items():
        if place in row.cells:
            cells[heading] = row.cells[place]
    return SheetLine(
        number=row.number,
        cells=cells,
        code=text_of(cells.get(CODE)),
        key=_key_in(text_of(cells.get(KEY))),
        version=_version_in(cells.get(VERSION)),
        headings=frozenset(columns),
    )


def text_of(cell: Cell | None) -> str:
    """The text of a cell without what nobody can see; "" where there is no cell."""
    if cell is None:
        return ""
    text, _ = clean(cell.text)
    return text


def _key_in(text: str) -> ReportKey | None:
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    return ReportKey(period=int(match["period"]), assignment=int(match["assignment"]))


def _version_in(cell: Cell | None) -> int | None:
    if cell is None or not _VERSION.fullmatch(cell.text):
        return None
    return int(cell.text)
