"""The row of figures above a preview, of the plan and of a 填報表 alike."""

from typing import NamedTuple


class PreviewFigure(NamedTuple):
    """How many rows share one fate; `target` is the id of their list on the page."""

    number: int
    word: str
    target: str
    is_wrong: bool = False
