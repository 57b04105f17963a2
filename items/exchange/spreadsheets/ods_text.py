"""The text of one cell of an OpenDocument sheet: its lines, and what of it is crossed out."""


class OdsCellText:
    """Put together piece by piece, as the markup of the cell is read."""

    # There is one for each cell of a sheet, of which there may be a million.
    __slots__ = (
        "_paragraphs",
        "_spans_struck",
        "length",
        "paragraphs_open",
        "pieces",
        "struck_pieces",
    )

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.struck_pieces: list[str] = []
        """The words that are crossed out."""
        self.length = 0
        self.paragraphs_open = 0
        self._paragraphs = 0
        # Whether each open span is crossed out.
        self._spans_struck: list[bool] = []

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if self._spans_struck and self._spans_struck[-1]:
            self.struck_pieces.append(text)
        self.length += len(text)

    def start_paragraph(self) -> None:
        """A line of the cell's text, below those before; paragraphs may stand in each other."""
        if self._paragraphs and not self.paragraphs_open:
            self.add("\n")
        self._paragraphs += 1
        self.paragraphs_open += 1

    def end_paragraph(self) -> None:
        if self.paragraphs_open:
            self.paragraphs_open -= 1

    def start_span(self, *, is_struck: bool) -> None:
        """A part of a line with a style of its own; spans may stand in each other."""
        # What stands in a crossed-out span is crossed out, whatever its own style says.
        if self._spans_struck and self._spans_struck[-1]:
            is_struck = True
        self._spans_struck.append(is_struck)

    def end_span(self) -> None:
        if self._spans_struck:
            self._spans_struck.pop()
