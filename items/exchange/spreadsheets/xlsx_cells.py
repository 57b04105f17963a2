"""The cells of an Excel sheet, read as a stream."""

import re
from collections.abc import Collection, Sequence
from math import isfinite

from items.exchange.spreadsheets.cell_values import ISO_DAY, ShownAs, date_cell, number_cell
from items.exchange.spreadsheets.limits import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.sheet_builder import SheetBuilder
from items.exchange.spreadsheets.text import plain_number
from items.exchange.spreadsheets.workbook import Cell, CellKind, truth_cell
from items.exchange.spreadsheets.xlsx_strings import StruckRuns, unescape
from items.exchange.spreadsheets.xml_stream import Attributes, Handler

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")
_TRUE = ("1", "true", "on")
# Escapes such as _x000D_ make a text longer in the file than it is.
_MOST_RAW_CHARACTERS = 8 * MAX_CELL_CHARACTERS
_MOST_NOTES = 20


class SheetHandler(Handler):
    """A worksheet: rows, cells, merged areas, hidden rows and columns.

    Rows and cells come with or without references and in any order. The sheet's own `dimension` is
    not looked at, since some programs write a wrong one.
    """

    def __init__(
        self,
        part: str,
        builder: SheetBuilder,
        strings: Sequence[Cell],
        styles: Sequence[ShownAs],
        is_1904: bool,
        struck_styles: Collection[str] = (),
    ) -> None:
        runs = StruckRuns()
        super().__init__(
            part,
            starts={
                "row": self._start_row,
                "c": self._start_cell,
                "v": self._start_text,
                "t": self._start_text,
                "f": self._start_formula,
                "rPh": self._start_reading,
                "mergeCell": self._merge,
                "col": self._start_column,
                "r": runs.start_run,
                "strike": runs.strike,
            },
            ends={
                "c": self._end_cell,
                "v": self._end_text,
                "t": self._end_text,
                "rPh": self._end_reading,
                "r": runs.end_run,
            },
        )
        self._runs = runs
        self._struck_styles = struck_styles
        self._builder = builder
        self._strings = strings
        self._styles = styles
        self._is_1904 = is_1904
        self._row = 0
        self._column = 0
        self._column_settings = 0
        self._column_numbers: dict[str, int] = {}
        self._readings_open = 0
        self._reset("n", None)

    def _reset(self, kind: str, style: str | None) -> None:
        """Forget the cell before; `kind` and `style` are the attributes t and s of the new one."""
        self._kind = kind
        self._style = style
        self._pieces: list[str] = []
        self._length = 0
        self._in_text = False
        self._has_value = False
        self._has_formula = False

    # Rows and columns.

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        if number is None:
            self._row += 1
        else:
            self._row = self._row_number(number)
        self._column = 0
        if attributes.get("hidden") in _TRUE:
            self._builder.hidden_rows.add(self._row)

    def _row_number(self, text: str) -> int:
        number = plain_number(text, longest=8)
        if number is None or not 1 <= number <= LAST_ROW:
            raise self._damaged(f"列號「{text[:20]}」")
        return number

    def _start_column(self, attributes: Attributes) -> None:
        self._column_settings += 1
        if self._column_settings > LAST_COLUMN:
            raise self._damaged("欄寬設定")
        if attributes.get("hidden") not in _TRUE:
            return
        # Excel has 16,384 columns: five figures are enough.
        first = plain_number(attributes.get("min", ""), longest=5)
        last = plain_number(attributes.get("max", ""), longest=5)
        if first is None or last is None:
            return
        # Excel hides "all columns from F on" by naming its last one.
        last_read = min(last, MAX_COLUMNS)
        self._builder.hidden_columns.update(range(first, last_read + 1))

    # Cells.

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._position(reference)
        self._reset(attributes.get("t", "n"), attributes.get("s"))

    def _position(self, reference: str) -> tuple[int, int]:
        """(row, column) of a reference such as E5 or $E$5."""
        match = _REFERENCE.match(reference)
        if match:
            letters, row_digits = match.groups()
            column = self._column_numbers.get(letters)
            if column is None:
                column = column_number(letters)
                self._column_numbers[letters] = column
            row = int(row_digits)
            if column <= LAST_COLUMN and row <= LAST_ROW:
                return row, column
        raise self._damaged(f"儲存格位置「{reference[:20]}」")

    def text(self, data: str) -> None:
        if not self._in_text:
            return
        self._pieces.append(data)
        if self._kind == "inlineStr":
            self._runs.add(data)
        self._length += len(data)
        if self._length > _MOST_RAW_CHARACTERS:
            raise Refused(
                f"工作表「{self._builder.name}」第 {self._row} 列有一格超過每格 {MAX_CELL_CHARACTERS:,} "
                "個字元的上限，請縮短後再上傳。",
                RefusalReason.TOO_LARGE,
            )

    def _start_text(self, attributes: Attributes) -> None:
        self._in_text = not self._readings_open
        self._has_value = True

    def _end_text(self) -> None:
        self._in_text = False

    def _start_formula(self, attributes: Attributes) -> None:
        self._has_formula = True

    def _start_reading(self, attributes: Attributes) -> None:
        """How Japanese words are read aloud; that text is not the cell's."""
        self._readings_open += 1

    def _end_reading(self) -> None:
        self._readings_open -= 1

    def _end_cell(self) -> None:
        if not self._pieces and not self._has_formula:
            return
        cell = self._cell("".join(self._pieces))
        if cell and self._style in self._struck_styles and not cell.struck:
            # Runs have fonts of their own: where any of them is crossed out, these are said.
            cell = cell._replace(struck=cell.text)
        if cell:
            self._builder.put(self._row, self._column, cell)

    def _cell(self, text: str) -> Cell | None:
        """The cell that the collected pieces make; none for a blank."""
        match self._kind:
            case "s":
                return self._shared(text)
            case "e":
                return Cell(CellKind.ERROR, text.strip() or "#VALUE!")
            case "inlineStr":
                return Cell(CellKind.TEXT, unescape(text), struck=self._runs.take())
            case "str":
                return self._result_of_formula(text)
        text = text.strip()
        if not text and self._has_formula:
            return Cell(CellKind.NO_VALUE, "")
        if not text:
            return None
        if self._kind == "b":
            return truth_cell(text in _TRUE)
        if self._kind == "d":
            return self._day(text)
        return self._number(text)

    def _shared(self, text: str) -> Cell:
        written = text.strip()
        number = plain_number(written, longest=8)
        if number is None or number >= len(self._strings):
            what = f"第 {self._row} 列的共用字串編號「{written[:20]}」"
            raise self._damaged(what)
        return self._strings[number]

    def _result_of_formula(self, text: str) -> Cell:
        # A formula that gave the empty text has a value; one that was never worked out has none.
        if self._has_value:
            return Cell(CellKind.TEXT, unescape(text))
        return Cell(CellKind.NO_VALUE, "")

    def _day(self, text: str) -> Cell:
        """A date that is written out, as Excel does in its strict format."""
        match = ISO_DAY.match(text)
        if not match:
            return Cell(CellKind.TEXT, text)
        day = match["day"]
        if self._shown_as() is ShownAs.MONTH:
            return Cell(CellKind.DATE, day[: len("2026-12")])
        return Cell(CellKind.DATE, day)

    def _number(self, text: str) -> Cell:
        try:
            value = float(text)
        except ValueError:
            return Cell(CellKind.TEXT, text)
        if not isfinite(value):
            return Cell(CellKind.TEXT, text)
        shown_as = self._shown_as()
        if shown_as in (ShownAs.NUMBER, ShownAs.PERCENT):
            return number_cell(value, shown_as)
        return date_cell(value, shown_as, self._is_1904)

    def _shown_as(self) -> ShownAs:
        """As what the cell's style shows a number; a style that is not there says nothing."""
        if self._style is None:
            return ShownAs.NUMBER
        number = plain_number(self._style, longest=6)
        if number is None or number >= len(self._styles):
            return ShownAs.NUMBER
        return self._styles[number]

    # Merged areas.

    def _merge(self, attributes: Attributes) -> None:
        reference = attributes.get("ref", "")
        first, _, last = reference.partition(":")
        try:
            top, left = self._position(first)
            bottom, right = self._position(last or first)
        except Refused:
            if len(self._builder.notes) < _MOST_NOTES:
                self._builder.notes.append(f"合併範圍「{reference[:40]}」不正確，未採用。")
            # A single cell is no merged area, but counts: there may be no end of wrong ones.
            top = left = bottom = right = 1
        self._builder.merge(top, left, bottom=bottom, right=right)

    def _damaged(self, what: str) -> Refused:
        return Refused(
            f"工作表「{self._builder.name}」的{what}不正確，檔案可能已損壞，請用 Excel 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        )


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
