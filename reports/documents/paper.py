"""What a sheet of paper is made of: a form to print and sign, about any subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field

SIGNATURES = ("承辦人", "單位主管", "研考", "首長")
"""Who signs a form of the office, in the order in which it goes through their hands."""


@dataclass(frozen=True)
class Fact:
    """One row of a form: what is asked, and the answer."""

    label: str
    text: str


@dataclass(frozen=True)
class Grid:
    """A table of a form. `widths` are shares of the whole width, one for each column."""

    heading: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PaperForm:
    """One form, from top to bottom. All its words are finished."""

    organisation: str
    title: str
    subtitle: str
    facts: Sequence[Fact]
    grids: Sequence[Grid] = ()
    facts_behind: Sequence[Fact] = ()
    """Further rows, below the grids."""
    signatures: Sequence[str] = ()
    """Whose signatures the last row has room for."""
    footer: str = ""
    steps: Grid | None = field(default=None)
    """What has happened so far, below the signatures."""
