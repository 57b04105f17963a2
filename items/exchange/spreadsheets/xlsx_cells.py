"""The two big parts of an Excel file, read as streams: the shared strings and the cells of a sheet."""

import re
from math import isfinite

from items.exchange.spreadsheets.limits import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_BOOK_ELEMENTS,
    MAX_CELL_CHARACTERS,
    MAX_CHARACTERS,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.workbook import Cell, CellKind
from items.exchange.spreadsheets.xlsx_formats import PERCENT, date_cell, number_cell
from items.exchange.spreadsheets.xml_stream import Handler

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T|\Z)")
_TRUE = ("1", "true", "on")


def unescape(text):
    """_x000D_ and such stand for characters that XML cannot hold."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two halves of one character may have been escaped apart.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class StringsHandler(Handler):
    """sharedStrings.xml: one text per item, its runs put together, readings (rPh) left out."""

    most = 2 * MAX_BOOK_ELEMENTS

    def __init__(self, part):
        starts = {"t": self._start_text, "rPh": self._start_reading}
        super().__init__(
            part, starts, {"t": self._end_text, "rPh": self._end_reading, "si": self._end_item}
        )
        self.strings = []
        self._pieces = []
        self._length = 0
        self._characters = 0
        self._in_text = False
        self._in_reading = 0

    def _start_text(self, attributes):
        self._in_text = not self._in_reading

    def _end_text(self):
        self._in_text = False

    def _start_reading(self, attributes):
        self._in_reading += 1

    def _end_reading(self):
        self._in_reading -= 1

    def _end_item(self):
        self.strings.append(Cell(CellKind.TEXT, unescape("".join(self._pieces))))
        self._pieces.clear()
        self._length = 0

    def text(self, data):
        if not self._in_text:
            return
        self._pieces.append(data)
        self._length += len(data)
        self._characters += len(data)
        if self._length > 8 * MAX_CELL_CHARACTERS or self._characters > MAX_CHARACTERS:
            raise Refused(
                f"檔案內的文字（{self.part} 第 {len(self.strings) + 1:,} 筆）超過每格 {MAX_CELL_CHARACTERS:,} 個字元"
                f"或全檔 {MAX_CHARACTERS:,} 個字元的上限，請刪減後再上傳。",
                RefusalReason.TOO_LARGE,
            )


class SheetHandler(Handler):
    """A worksheet: rows and cells with or without references and in any order, merges, hidden rows and columns.

    The sheet's own `dimension` is not looked at, since some programs write a wrong one.
    """

    def __init__(self, part, builder, strings, shown, is_1904):
        starts = {
            "c": self._start_cell, "v": self._start_text, "t": self._start_text, "f": self._start_formula,
            "row": self._start_row, "rPh": self._start_reading, "mergeCell": self._merge, "col": self._start_column,
        }  # fmt: skip
        ends = {
            "c": self._end_cell,
            "v": self._end_text,
            "t": self._end_text,
            "rPh": self._end_reading,
        }
        super().__init__(part, starts, ends)
        self._builder = builder
        self._strings = strings
        self._shown = shown
        self._is_1904 = is_1904
        self._row = self._column = self._column_settings = 0
        self._columns = {}
        self._in_reading = 0
        self._reset("n", 0)

    def text(self, data):
        if self._in_text:
            self._pieces.append(data)
            self._length += len(data)
            if self._length > 8 * MAX_CELL_CHARACTERS:
                raise Refused(
                    f"工作表「{self._builder.name}」第 {self._row} 列有一格超過每格 {MAX_CELL_CHARACTERS:,} "
                    "個字元的上限，請縮短後再上傳。",
                    RefusalReason.TOO_LARGE,
                )

    def _reset(self, kind, style):
        self._type, self._style = kind, style
        self._pieces = []
        self._length = 0
        self._in_text = self._has_value = self._has_formula = False

    def _start_row(self, attributes):
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else self._row_number(number)
        self._column = 0
        if attributes.get("hidden") in _TRUE:
            self._builder.hidden_rows.add(self._row)

    def _row_number(self, text):
        if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LAST_ROW:
            return int(text)
        raise self._damaged(f"列號「{text[:20]}」")

    def _start_cell(self, attributes):
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._position(reference)
        self._reset(attributes.get("t", "n"), attributes.get("s"))

    def _position(self, reference):
        match = _REFERENCE.match(reference)
        if match:
            letters = match[1]
            column = self._columns.get(letters) or self._columns.setdefault(
                letters, column_number(letters)
            )
            row = int(match[2])
            if column <= LAST_COLUMN and row <= LAST_ROW:
                return row, column
        raise self._damaged(f"儲存格位置「{reference[:20]}」")

    def _start_text(self, attributes):
        self._in_text = not self._in_reading
        self._has_value = True

    def _end_text(self):
        self._in_text = False

    def _start_formula(self, attributes):
        self._has_formula = True

    def _start_reading(self, attributes):
        self._in_reading += 1

    def _end_reading(self):
        self._in_reading -= 1

    def _end_cell(self):
        if not self._pieces and not self._has_formula:
            return
        cell = self._cell("".join(self._pieces))
        if cell:
            self._builder.put(self._row, self._column, cell)

    def _cell(self, text):
        """The cell that the collected pieces make, or none for a blank."""
        kind = self._type
        if kind == "s":
            return self._shared(text)
        if kind == "e":
            return Cell(CellKind.ERROR, text.strip() or "#VALUE!")
        if kind == "inlineStr":
            return Cell(CellKind.TEXT, unescape(text))
        if kind == "str":
            # A formula whose result is the empty text has a value; one that was never worked out has none.
            return (
                Cell(CellKind.TEXT, unescape(text))
                if self._has_value
                else Cell(CellKind.NO_VALUE, "")
            )
        text = text.strip()
        if not text:
            return Cell(CellKind.NO_VALUE, "") if self._has_formula else None
        if kind == "b":
            return Cell(CellKind.BOOL, "TRUE" if text in _TRUE else "FALSE")
        if kind == "d":
            return self._day(text)
        return self._number(text)

    def _day(self, text):
        """A date that is written out, as Excel does in its strict format; shown without its day it is the month."""
        day = _DAY.match(text)
        if not day:
            return Cell(CellKind.TEXT, text)
        return Cell(CellKind.DATE, day[1][:7] if self._shown_as() == "month" else day[1])

    def _shared(self, text):
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) < 9 and int(text) < len(self._strings):
            return self._strings[int(text)]
        raise self._damaged(f"第 {self._row} 列的共用字串編號「{text[:20]}」")

    def _number(self, text):
        try:
            value = float(text)
        except ValueError:
            return Cell(CellKind.TEXT, text)
        if not isfinite(value):
            return Cell(CellKind.TEXT, text)
        shown = self._shown_as()
        if shown in ("", PERCENT):
            return number_cell(value, shown)
        return date_cell(value, shown, self._is_1904)

    def _shown_as(self):
        """What the cell's number format shows, as `formats.shows` has it."""
        style = self._style
        if style is None or not (style.isascii() and style.isdigit() and len(style) < 7):
            return ""
        return self._shown[int(style)] if int(style) < len(self._shown) else ""

    def _merge(self, attributes):
        first, _, last = attributes.get("ref", "").partition(":")
        try:
            area = (*self._position(first), *self._position(last or first))
        except Refused:
            if len(self._builder.notes) < 20:
                self._builder.notes.append(
                    f"合併範圍「{attributes.get('ref', '')[:40]}」不正確，未採用。"
                )
            area = (1, 1, 1, 1)
        self._builder.merge(*area)

    def _start_column(self, attributes):
        self._column_settings += 1
        if self._column_settings > LAST_COLUMN:
            raise self._damaged("欄寬設定")
        if attributes.get("hidden") not in _TRUE:
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdigit() and last.isdigit() and len(first) < 6 and len(last) < 6:
            self._builder.hidden_columns.update(range(int(first), min(int(last), 200) + 1))

    def _damaged(self, what):
        return Refused(
            f"工作表「{self._builder.name}」的{what}不正確，檔案可能已損壞，請用 Excel 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        )


def column_number(letters):
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
