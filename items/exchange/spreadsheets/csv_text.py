"""Plain text: csv and tsv from any program, and the official text dump with its page breaks."""

import csv
import io
from collections.abc import Callable, Iterable
from itertools import islice
from posixpath import basename, splitext

from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS, LAST_ROW, MAX_CELL_CHARACTERS
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.text import unguard
from items.exchange.spreadsheets.workbook import (
    Bounds,
    Cell,
    CellKind,
    SheetBuilder,
    Workbook,
    sheet_name,
)

HeadingCounter = Callable[[Iterable[str]], int]
"""Says how many of the caller's headings stand in a row; `texts` are the row's cells."""

_DELIMITERS = {",": "逗號", "\t": "Tab", ";": "分號"}
_HEADINGS_ENOUGH = 4
_RESAVE = "請用 Excel 另存為「CSV UTF-8」或 .xlsx 後再上傳。"


def no_headings(texts: Iterable[str]) -> int:
    """For a caller that looks for no headings: then the most frequent delimiter is taken."""
    return 0


def read_delimited(data, name, count_headings: HeadingCounter = no_headings):
    """One sheet from text in UTF-8 or cp950; the encoding is said in the notes."""
    encoding, label = _encoding(data)
    lines = _Lines(data, encoding, count_headings)
    delimiter, skip = _delimiter(lines)
    is_dump = delimiter == "\t" and _is_dump(lines, name)
    kind = "dump" if is_dump else {"\t": "tsv"}.get(delimiter, "csv")
    title = sheet_name(basename(name.replace("\\", "/")))
    notes = [f"文字檔的編碼是 {label}，以{_DELIMITERS[delimiter]}分欄。"]
    try:
        try:
            sheet = _sheet(title, kind, lines.rows(delimiter, True), skip)
        except csv.Error:
            if delimiter != "\t":
                raise
            # Text copied from a document has no quotes around its cells, so that any it has are its own.
            sheet = _sheet(title, kind, lines.rows(delimiter, False), skip)
            notes.append("檔案中的雙引號不成對，已當作一般文字讀取。")
    except csv.Error as error:
        if "field larger" in str(error):
            raise Refused(
                f"文字檔中有一格超過 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短後再上傳；也請檢查雙引號是否成對。",
                RefusalReason.TOO_LARGE,
            ) from error
        raise Refused(
            f"CSV 檔的雙引號沒有成對，無法判斷儲存格的範圍，{_RESAVE}", RefusalReason.DAMAGED
        ) from error
    return Workbook(name, kind, (sheet,), (), tuple(notes))


class _Lines:
    """The text decoded again for each pass, so that it never stands in memory as a whole."""

    def __init__(self, data, encoding, count_headings):
        self.count_headings = count_headings
        self._data = data
        self._encoding = encoding

    def lines(self):
        return io.TextIOWrapper(io.BytesIO(self._data), encoding=self._encoding, newline="")

    def rows(self, delimiter, is_quoted):
        """Rows as lists of text; with quotes, one that never closes is a csv.Error."""
        if is_quoted:
            rows = csv.reader(self.lines(), delimiter=delimiter, strict=True)
            return (
                _without_tabs(rows)
                if delimiter == "\t" and not _has_quoted_headings(self)
                else rows
            )
        return csv.reader(self.lines(), delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _has_quoted_headings(lines):
    """Whether the program put quotes around all text, as LibreOffice does: then a tab inside of them is the cell's."""
    for line in islice(lines.lines(), 3 * HEADING_WITHIN_ROWS):
        cells = line[:20_000].strip("\r\n").split("\t")
        if (
            lines.count_headings(cell[1:-1] for cell in cells if cell[:1] == cell[-1:] == '"')
            >= _HEADINGS_ENOUGH
        ):
            return True
    return False


def _without_tabs(rows):
    """The rows; a tab inside a cell is a csv.Error, for such a quote only opened and swallowed the cells after it."""
    for row in rows:
        if any("\t" in text for text in row):
            raise csv.Error("tab in a cell")
        yield row


def _encoding(data):
    """How the bytes are to be read, and how we call it. Strict: one wrong byte and it is something else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(
            f"這是 UTF-16 編碼的文字檔（Excel 的「Unicode 文字」），{_RESAVE}",
            RefusalReason.UNSUPPORTED,
        )
    reached = 0
    for encoding, label in (("utf-8-sig", "UTF-8"), ("cp950", "Big5（cp950）")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            reached = max(reached, error.start)
            continue
        if text.count("\0") * 10 > len(text):
            raise Refused(
                f"無法辨識這個檔案：不是試算表，也不是文字檔，{_RESAVE}", RefusalReason.NOT_A_TABLE
            )
        return encoding, label
    line = data.count(b"\n", 0, reached) + 1
    raise Refused(
        f"無法辨識這個檔案：不是試算表，也不是 UTF-8 或 Big5 的文字檔（第 {line} 行起無法解讀），{_RESAVE}",
        RefusalReason.NOT_A_TABLE,
    )


def _delimiter(lines):
    """The separator under which our headings appear, else the one that is there most often; and rows to skip."""
    first = lines.lines().readline(100).strip().lower()
    if first.startswith("sep=") and first[4:5] in (",", ";"):
        return first[4], 1
    best = max(_DELIMITERS, key=lambda delimiter: _likeness(lines, delimiter))
    return best, 0


def _likeness(lines, delimiter):
    """Headings found by this separator in the first rows, then how often it stands in them."""
    headings = count = 0
    for line in islice(lines.lines(), 3 * HEADING_WITHIN_ROWS):
        count += line.count(delimiter)
        if delimiter in line:
            headings = max(
                headings, lines.count_headings(line[:20_000].replace('"', "").split(delimiter))
            )
    return headings, count


def _is_dump(lines, name):
    """A text with tabs is the official dump if it is called .txt, has lines of prose or repeats its headings."""
    if splitext(name.lower())[1] == ".txt":
        return True
    stream = lines.lines()
    for line in islice(stream, 3 * HEADING_WITHIN_ROWS):
        if lines.count_headings(line[:20_000].split("\t")) >= _HEADINGS_ENOUGH:
            heading = line.strip()
            return any(later.strip() == heading for later in stream)
        if line.startswith("# "):
            return True
    return False


def _sheet(title, kind, rows, skip):
    builder = SheetBuilder(title, kind, Bounds())
    for number, row in enumerate(rows, 1):
        if number > LAST_ROW:
            raise Refused(
                f"文字檔超過 {LAST_ROW:,} 列的上限（含空白列），請刪除空白列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        if any(row) and number > skip:
            _put_row(builder, number, row)
    return builder.sheet()


def _put_row(builder, number, row):
    is_dump = builder.kind == "dump"
    if is_dump and len(row) == 1:
        builder.prose_rows.add(number)
    for column, text in enumerate(row, 1):
        if text:
            builder.put(number, column, Cell(CellKind.TEXT, text if is_dump else unguard(text)))
