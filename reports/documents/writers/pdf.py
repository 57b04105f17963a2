"""A paper as PDF, by typst: tagged for screen readers, with the fonts in it."""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from reports.documents.paper import PaperForm

_SOURCE = Path(__file__).with_name("paper.typ")


@cache
def _fonts() -> typst.Fonts:
    """Noto of the package, then those of the machine, for a character that Noto lacks.

    Read once in a process: reading the fonts takes ten times as long as writing a page.
    """
    folder = files("justmytype_intl_cjk") / "fonts"
    return typst.Fonts(font_paths=[str(folder)])


def write_pdf(paper: PaperForm, at: datetime) -> bytes:
    """The file. `at` is when it was made, as its properties say."""
    # As data beside the source: a text that was written into it could be read as commands of typst.
    data = json.dumps(asdict(paper), ensure_ascii=False)
    content = typst.compile(
        _SOURCE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": data},
        timestamp=int(at.timestamp()),
    )
    # One document; the stub believes that there may be several.
    assert isinstance(content, bytes)
    return content
