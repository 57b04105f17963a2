"""Plain text: csv and tsv from any program, and the official text dump with its page breaks."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from posixpath import basename, splitext
from typing import NamedTuple

from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS, LAST_ROW, MAX_CELL_CHARACTERS
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.sheet_builder import Bounds, SheetBuilder, sheet_name
from items.exchange.spreadsheets.text import unguard
from items.exchange.spreadsheets.workbook import Cell, CellKind, Sheet, Workbook

HeadingCounter = Callable[[Iterable[str]], int]
"""Says how many of the caller's headings stand in a row; `texts` are the row's cells."""

_DELIMITERS = {",": "逗號", "\t": "Tab", ";": "分號"}
_HEADINGS_ENOUGH = 4
# A row may take several lines, and titles stand above the headings.
_FIRST_LINES = 3 * HEADING_WITHIN_ROWS
# A line without an end may be the whole file; no line of headings is so long.
_LINE_LENGTH = 20_000
_BIG5 = "cp950"
_ROWS_NAMED = 10
_RESAVE = "請用 Excel 另存為「CSV UTF-8」或 .xlsx 後再上傳。"


def no_headings(texts: Iterable[str]) -> int:
    """For a caller that looks for no headings: then the most frequent delimiter is taken."""
    return 0


def read_delimited(
    data: bytes, name: str, count_headings: HeadingCounter = no_headings
) -> Workbook:
    """One sheet from text in UTF-8 or cp950; the notes name the encoding and the delimiter."""
    encoding = _encoding(data)
    text_file = _TextFile(data, encoding.codec, count_headings)
    separator = _separator(text_file)
    delimiter = separator.delimiter
    kind = _kind(text_file, name, delimiter)
    title = sheet_name(basename(name.replace("\\", "/")))
    notes = [f"文字檔的編碼是 {encoding.label}，以{_DELIMITERS[delimiter]}分欄。"]
    try:
        rows = text_file.quoted_rows(delimiter)
        sheet = _sheet(title, kind, rows, rows_to_skip=separator.rows_to_skip)
    except csv.Error as error:
        if delimiter != "\t":
            raise _refused_quotes(error) from error
        # Text copied from a document has no quotes around its cells: every quote belongs to the text.
        sheet = _sheet_without_quotes(text_file, title, kind)
        notes.append("檔案中的雙引號不成對，已當作一般文字讀取。")
    if encoding.codec == _BIG5:
        sheet = replace(sheet, is_big5=True)
        notes += _notes_on_question_marks(sheet)
    return Workbook(name, kind, (sheet,), notes=tuple(notes))


def _notes_on_question_marks(sheet: Sheet) -> list[str]:
    """Excel writes ? for what Big5 cannot hold, and only a person can say what it was."""
    rows = []
    for row in sheet.rows:
        if any("?" in cell.text for cell in row.cells.values()):
            rows.append(str(row.number))
    if not rows:
        return []
    named = "、".join(rows[:_ROWS_NAMED])
    if len(rows) > _ROWS_NAMED:
        named += f"…等 {len(rows):,}"
    return [
        f"第 {named} 列有「?」：如果原來是罕用字或表情符號，是 Big5 存不下；"
        "請從原來的檔案另存為「CSV UTF-8」或 .xlsx，再上傳那個檔案。"
    ]


class _Encoding(NamedTuple):
    """`codec` is Python's name, `label` is ours."""

    codec: str
    label: str


class _Separator(NamedTuple):
    """`rows_to_skip` is 1 below a line that does nothing but name the delimiter."""

    delimiter: str
    rows_to_skip: int = 0


@dataclass(frozen=True)
class _TextFile:
    """The text is decoded again for each pass, so that it never stands in memory as a whole."""

    data: bytes
    codec: str
    count_headings: HeadingCounter

    def lines(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=self.codec, newline="")

    def first_lines(self) -> Iterator[str]:
        """The lines among which headings are looked for."""
        return islice(self.lines(), _FIRST_LINES)

    def has_headings(self, cells: Iterable[str]) -> bool:
        return self.count_headings(cells) >= _HEADINGS_ENOUGH

    def quoted_rows(self, delimiter: str) -> Iterator[list[str]]:
        """Rows of which a cell may be quoted; csv.Error for a quote that never closes."""
        rows = csv.reader(self.lines(), delimiter=delimiter, strict=True)
        if delimiter == "\t" and not self.has_quoted_headings():
            return _without_tabs(rows)
        return rows

    def plain_rows(self, delimiter: str) -> Iterator[list[str]]:
        """Rows in which a quote is a character like any other."""
        return csv.reader(self.lines(), delimiter=delimiter, quoting=csv.QUOTE_NONE)

    def has_quoted_headings(self) -> bool:
        """Whether the program put quotes around all text, as LibreOffice does.

        Then a tab between quotes belongs to the cell.
        """
        for line in self.first_lines():
            quoted = []
            for cell in line[:_LINE_LENGTH].strip("\r\n").split("\t"):
                if cell.startswith('"') and cell.endswith('"'):
                    quoted.append(cell[1:-1])
            if self.has_headings(quoted):
                return True
        return False


def _without_tabs(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows; a tab inside a cell is a csv.Error.

    A quote that only opened has swallowed the cells after it, with the tabs between them.
    """
    for row in rows:
        for text in row:
            if "\t" in text:
                raise csv.Error("tab in a cell")
        yield row


def _encoding(data: bytes) -> _Encoding:
    """How the bytes are to be read: strictly, since one wrong byte makes it another encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(
            f"這是 UTF-16 編碼的文字檔（Excel 的「Unicode 文字」），{_RESAVE}",
            RefusalReason.UNSUPPORTED,
        )
    furthest_byte = 0
    for encoding in (_Encoding("utf-8-sig", "UTF-8"), _Encoding(_BIG5, "Big5（cp950）")):
        try:
            text = data.decode(encoding.codec)
        except UnicodeDecodeError as error:
            furthest_byte = max(furthest_byte, error.start)
            continue
        # Some programs and pictures can be decoded as well, but no text is full of zeros.
        if text.count("\0") * 10 > len(text):
            raise Refused(
                f"無法辨識這個檔案：不是試算表，也不是文字檔，{_RESAVE}", RefusalReason.NOT_A_TABLE
            )
        return encoding
    line = data.count(b"\n", 0, furthest_byte) + 1
    raise Refused(
        f"無法辨識這個檔案：不是試算表，也不是 UTF-8 或 Big5 的文字檔（第 {line} 行起無法解讀），{_RESAVE}",
        RefusalReason.NOT_A_TABLE,
    )


def _separator(text_file: _TextFile) -> _Separator:
    """The delimiter between which the caller's headings stand, else the most frequent one."""
    # Excel believes a first line such as "sep=;" and shows no row for it.
    first_line = text_file.lines().readline(100).strip().lower()
    for separator in (",", ";"):
        if first_line.startswith(f"sep={separator}"):
            return _Separator(separator, rows_to_skip=1)
    likeness = {delimiter: _likeness(text_file, delimiter) for delimiter in _DELIMITERS}
    return _Separator(max(likeness, key=likeness.__getitem__))


class _Likeness(NamedTuple):
    """How well a delimiter fits; headings weigh more than any number of occurrences."""

    headings: int
    occurrences: int


def _likeness(text_file: _TextFile, delimiter: str) -> _Likeness:
    """The most headings that stand in one of the first lines, and how often the delimiter does."""
    most_headings = 0
    occurrences = 0
    for line in text_file.first_lines():
        if delimiter not in line:
            continue
        occurrences += line.count(delimiter)
        cells = line[:_LINE_LENGTH].replace('"', "").split(delimiter)
        most_headings = max(most_headings, text_file.count_headings(cells))
    return _Likeness(most_headings, occurrences)


def _kind(text_file: _TextFile, name: str, delimiter: str) -> str:
    if delimiter != "\t":
        return "csv"
    if _is_dump(text_file, name):
        return "dump"
    return "tsv"


def _is_dump(text_file: _TextFile, name: str) -> bool:
    """Whether a text with tabs is the official dump.

    It is if it is called .txt, has a title or repeats its headings.
    """
    _, extension = splitext(name.lower())
    if extension == ".txt":
        return True
    lines = text_file.lines()
    for line in islice(lines, _FIRST_LINES):
        if text_file.has_headings(line[:_LINE_LENGTH].split("\t")):
            # The official text has its headings again at the top of each page.
            heading = line.strip()
            return any(later_line.strip() == heading for later_line in lines)
        if line.startswith("# "):
            return True
    return False


def _sheet(title: str, kind: str, rows: Iterable[list[str]], rows_to_skip: int = 0) -> Sheet:
    builder = SheetBuilder(title, kind, Bounds())
    for number, row in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise Refused(
                f"文字檔超過 {LAST_ROW:,} 列的上限（含空白列），請刪除空白列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        # Blank lines count as rows, but there may be a million of them.
        if number <= rows_to_skip or not any(row):
            continue
        if kind == "dump":
            _put_dumped_row(builder, number, row)
        else:
            _put_row(builder, number, row)
    return builder.sheet()


def _sheet_without_quotes(text_file: _TextFile, title: str, kind: str) -> Sheet:
    try:
        return _sheet(title, kind, text_file.plain_rows("\t"))
    except csv.Error as error:
        raise _refused_quotes(error) from error


def _put_row(builder: SheetBuilder, number: int, row: list[str]) -> None:
    for column, text in enumerate(row, start=1):
        if text:
            builder.put(number, column, Cell(CellKind.TEXT, unguard(text)))


def _put_dumped_row(builder: SheetBuilder, number: int, row: list[str]) -> None:
    """A line of the dump: without a tab it is prose, and an apostrophe is no guard of ours."""
    if len(row) == 1:
        builder.prose_rows.add(number)
    for column, text in enumerate(row, start=1):
        if text:
            builder.put(number, column, Cell(CellKind.TEXT, text))


def _refused_quotes(error: csv.Error) -> Refused:
    # Python's csv has one class for all its errors: only the words say that a cell is too long.
    if "field larger" in str(error):
        return Refused(
            f"文字檔中有一格超過 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短後再上傳；也請檢查雙引號是否成對。",
            RefusalReason.TOO_LARGE,
        )
    return Refused(
        f"CSV 檔的雙引號沒有成對，無法判斷儲存格的範圍，{_RESAVE}", RefusalReason.DAMAGED
    )
