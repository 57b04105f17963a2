"""The shared strings of an Excel file: texts to which cells refer by number."""

import re

from items.exchange.spreadsheets.limits import (
    MAX_BOOK_ELEMENTS,
    MAX_CELL_CHARACTERS,
    MAX_CHARACTERS,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.workbook import Cell, CellKind
from items.exchange.spreadsheets.xlsx_formats import is_switched_on
from items.exchange.spreadsheets.xml_stream import Attributes, Handler

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Escapes make a text longer in the file than it is.
_MOST_RAW_CHARACTERS = 8 * MAX_CELL_CHARACTERS


def unescape(text: str) -> str:
    """_x000D_ and such stand for characters that XML cannot hold."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two halves of one character may have been escaped apart.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class StruckRuns:
    """Collects the runs of a rich text that are crossed out."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._is_struck = False

    def start_run(self, attributes: Attributes) -> None:
        self._is_struck = False

    def strike(self, attributes: Attributes) -> None:
        self._is_struck = is_switched_on(attributes)

    def end_run(self) -> None:
        self._is_struck = False

    def add(self, text: str) -> None:
        """Text of the run that is open."""
        if self._is_struck:
            self._pieces.append(text)

    def take(self) -> str:
        """What one text has crossed out; the next text begins with nothing."""
        # Nearly every text has nothing crossed out.
        if not self._pieces:
            return ""
        text = unescape("".join(self._pieces))
        self._pieces.clear()
        return text


class StringsHandler(Handler):
    """sharedStrings.xml: one text for each item, its runs put together, readings (rPh) left out.

    `strings` are cells already, so that cells of one text share one object.
    """

    most = 2 * MAX_BOOK_ELEMENTS

    def __init__(self, part: str) -> None:
        runs = StruckRuns()
        super().__init__(
            part,
            starts={
                "t": self._start_text,
                "rPh": self._start_reading,
                "r": runs.start_run,
                "strike": runs.strike,
            },
            ends={
                "t": self._end_text,
                "rPh": self._end_reading,
                "r": runs.end_run,
                "si": self._end_item,
            },
        )
        self._runs = runs
        self.strings: list[Cell] = []
        self._pieces: list[str] = []
        self._length = 0
        self._characters = 0
        self._in_text = False
        self._readings_open = 0

    def _start_text(self, attributes: Attributes) -> None:
        self._in_text = not self._readings_open

    def _end_text(self) -> None:
        self._in_text = False

    def _start_reading(self, attributes: Attributes) -> None:
        self._readings_open += 1

    def _end_reading(self) -> None:
        self._readings_open -= 1

    def _end_item(self) -> None:
        text = unescape("".join(self._pieces))
        self.strings.append(Cell(CellKind.TEXT, text, struck=self._runs.take()))
        self._pieces.clear()
        self._length = 0

    def text(self, data: str) -> None:
        if not self._in_text:
            return
        self._pieces.append(data)
        self._runs.add(data)
        self._length += len(data)
        self._characters += len(data)
        if self._length > _MOST_RAW_CHARACTERS or self._characters > MAX_CHARACTERS:
            raise Refused(
                f"檔案內的文字（{self.part} 第 {len(self.strings) + 1:,} 筆）"
                f"超過每格 {MAX_CELL_CHARACTERS:,} 個字元或全檔 {MAX_CHARACTERS:,} 個字元的上限，請刪減後再上傳。",
                RefusalReason.TOO_LARGE,
            )
