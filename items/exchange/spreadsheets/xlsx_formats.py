"""Styles of xlsx: which number formats show days, months or percents, and which fonts cross out."""

import re

from items.exchange.spreadsheets.cell_values import ShownAs
from items.exchange.spreadsheets.limits import MAX_BOOK_ELEMENTS
from items.exchange.spreadsheets.text import plain_number
from items.exchange.spreadsheets.xml_stream import Attributes, Handler, locals_of

# Formats that every program knows by number, so that files do not write them out. In ours 27 to 36
# and 50 to 58 are dates of the 民國 calendar.
_MONTH_FORMATS = frozenset({17, 55})
_DAY_FORMATS = frozenset({14, 15, 16, 22, *range(27, 32), 36, *range(50, 59)}) - _MONTH_FORMATS
_PERCENT_FORMATS = frozenset({9, 10})

# Quoted words, escaped characters, padding and all brackets (colours, languages, [h] counters).
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
# `e` is the 民國 year; with a sign after it, it is an exponent.
_YEAR = re.compile(r"y|e(?![+-])|mmm")
_LONGEST_CODE = 255
_OFF = frozenset(("0", "false", "off"))


def shown_by(code: str) -> ShownAs:
    """As what a format shows a number; the first section decides."""
    section, _, _ = code[:_LONGEST_CODE].lower().partition(";")
    pattern = _LITERAL.sub("", section).replace("general", "").replace("am/pm", "")
    if "d" in pattern:
        return ShownAs.DAY
    if _YEAR.search(pattern):
        # A year alone (yyyy) is no day that could be a deadline: the number is taken.
        if "m" in pattern:
            return ShownAs.MONTH
        return ShownAs.NUMBER
    if "%" in pattern:
        return ShownAs.PERCENT
    return ShownAs.NUMBER


def _shown_by_number(number: str) -> ShownAs:
    """As what one of the formats shows a number that are known by their own number."""
    known = plain_number(number, longest=5)
    if known in _MONTH_FORMATS:
        return ShownAs.MONTH
    if known in _DAY_FORMATS:
        return ShownAs.DAY
    if known in _PERCENT_FORMATS:
        return ShownAs.PERCENT
    return ShownAs.NUMBER


def is_switched_on(attributes: Attributes) -> bool:
    """Whether an element such as <strike/> means what it says: it does, unless its val denies it."""
    return locals_of(attributes).get("val", "1") not in _OFF


class StylesHandler(Handler):
    """styles.xml, of which only number formats and crossed-out fonts matter.

    `styles[index]` is what a style shows. `struck_styles` are the indices of those that cross a
    cell out, as text: cells name their style so, and most files have none.
    """

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part: str) -> None:
        super().__init__(
            part,
            starts={
                "cellXfs": self._start_cell_styles,
                "fonts": self._start_fonts,
                "font": self._start_font,
                "strike": self._strike_font,
                "numFmt": self._add_format,
                "xf": self._add_style,
            },
            ends={"cellXfs": self._end_cell_styles, "fonts": self._end_fonts},
        )
        self.styles: list[ShownAs] = []
        self.struck_styles: set[str] = set()
        self._struck_fonts: set[str] = set()
        self._fonts = 0
        self._in_fonts = False
        self._formats: dict[str | None, ShownAs] = {}
        self._in_cell_styles = False

    def _start_cell_styles(self, attributes: Attributes) -> None:
        self._in_cell_styles = True

    def _end_cell_styles(self) -> None:
        self._in_cell_styles = False

    def _start_fonts(self, attributes: Attributes) -> None:
        self._in_fonts = True

    def _end_fonts(self) -> None:
        self._in_fonts = False

    def _start_font(self, attributes: Attributes) -> None:
        """Fonts are known by their place; conditional formats have fonts too, which do not count."""
        if self._in_fonts:
            self._fonts += 1

    def _strike_font(self, attributes: Attributes) -> None:
        if self._in_fonts and is_switched_on(attributes):
            self._struck_fonts.add(str(self._fonts - 1))

    def _add_format(self, attributes: Attributes) -> None:
        """A format that the file writes out; of two with one number the first one counts."""
        by_name = locals_of(attributes)
        number = by_name.get("numFmtId")
        if number not in self._formats:
            self._formats[number] = shown_by(by_name.get("formatCode", ""))

    def _add_style(self, attributes: Attributes) -> None:
        """A style of cells; the same element stands elsewhere for styles with names."""
        if not self._in_cell_styles:
            return
        by_name = locals_of(attributes)
        if by_name.get("fontId") in self._struck_fonts:
            self.struck_styles.add(str(len(self.styles)))
        number = by_name.get("numFmtId", "0")
        shown_as = self._formats.get(number)
        if shown_as is None:
            shown_as = _shown_by_number(number)
        self.styles.append(shown_as)
