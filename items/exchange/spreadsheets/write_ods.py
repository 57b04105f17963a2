"""OpenDocument spreadsheets, written on the standard library.

The known packages are unmaintained or slow.
"""

import io
import re
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from items.exchange.spreadsheets.file_table import CellValue, Column, FileTable, plain
from items.exchange.spreadsheets.ods_styles import (
    automatic_styles,
    cell_style_of,
    document_styles,
    row_style_name,
)
from items.exchange.spreadsheets.page_layout import CellPlace, Layout, lay_out
from items.exchange.spreadsheets.paper import heading_height, top_lines

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
TEXTS_IN_A_PIECE = 200
"""How many pieces, of a row each, are packed at a time."""
_SPACES = re.compile(r"^ | {2,}|\t")
_SPACES_TO_MARK = re.compile(r"^ +| +$| {2,}")


def _namespaces() -> str:
    names = {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "fo": "xsl-fo-compatible",
        "number": "datastyle",
        "svg": "svg-compatible",
        "manifest": "manifest",
    }
    declarations = []
    for prefix, name in names.items():
        declarations.append(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"')
    return " ".join(declarations)


_NAMESPACES = _namespaces()


def write(table: FileTable) -> bytes:
    """A document with one sheet, ready to print."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        # Unpacked and first, so that programs know the file by its first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _manifest())
        archive.writestr("styles.xml", _styles(table))
        content = zipfile.ZipInfo("content.xml", date_time=time.localtime()[:6])
        content.compress_type = zipfile.ZIP_DEFLATED
        # Piece by piece: of 10,000 rows the whole of it took 60 MB for a file of 0.2 MB.
        with archive.open(content, "w") as part:
            for piece in _in_pieces(_content(table)):
                part.write(piece)
    return stream.getvalue()


def _in_pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts together, some hundred at a time."""
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == TEXTS_IN_A_PIECE:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()


def _manifest() -> str:
    parts = {"/": MIMETYPE, "content.xml": "text/xml", "styles.xml": "text/xml"}
    entries = []
    for path, kind in parts.items():
        entries.append(
            f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        )
    return (
        f'{_DECLARATION}<manifest:manifest {_NAMESPACES} manifest:version="1.3">'
        f"{''.join(entries)}</manifest:manifest>"
    )


def _styles(table: FileTable) -> str:
    return (
        f'{_DECLARATION}<office:document-styles {_NAMESPACES} office:version="1.3">'
        f"{document_styles(table)}</office:document-styles>"
    )


def _content(table: FileTable) -> Iterator[str]:
    layout = lay_out(table)
    yield f'{_DECLARATION}<office:document-content {_NAMESPACES} office:version="1.3">'
    yield automatic_styles(table, layout)
    yield "<office:body><office:spreadsheet>"
    yield f'<table:table table:name={quoteattr(plain(table.name))} table:style-name="table">'
    for number in range(len(table.columns)):
        yield f'<table:table-column table:style-name="c{number}"/>'
    yield from _top_lines(table)
    yield _heading(table.columns)
    yield from _rows(table.columns, layout)
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def _top_lines(table: FileTable) -> Iterator[str]:
    """Title and subtitle, each across the whole table."""
    width = len(table.columns)
    for line in top_lines(table):
        style = "subtitle"
        if line.is_title:
            style = "title"
        cells = [_cell(line.text, style, columns=width)]
        if width > 1:
            cells.append(f'<table:covered-table-cell table:number-columns-repeated="{width - 1}"/>')
        yield _row(row_style_name(line.height), cells)


def _heading(columns: Sequence[Column]) -> str:
    """The heading row, which is printed on each page."""
    cells = [_cell(column.heading, "heading") for column in columns]
    row = _row(row_style_name(heading_height(columns)), cells)
    return f"<table:table-header-rows>{row}</table:table-header-rows>"


def _rows(columns: Sequence[Column], layout: Layout) -> Iterator[str]:
    styles = [cell_style_of(column) for column in columns]
    covered = layout.covered()
    spans = layout.spans()
    breaks = set(layout.breaks)
    for number, row in enumerate(layout.rows):
        cells = []
        for place, value in enumerate(row):
            style = styles[place]
            # Written all the same: a cell stands where it is counted in its row.
            if place in covered[number]:
                cells.append(f'<table:covered-table-cell table:style-name="{style}"/>')
            else:
                span = spans.get(CellPlace(number, place), 1)
                cells.append(_cell(value, style, rows=span))
        yield _row(row_style_name(layout.heights[number], number in breaks), cells)


def _row(style: str, cells: Iterable[str]) -> str:
    return f'<table:table-row table:style-name="{style}">{"".join(cells)}</table:table-row>'


def _cell(value: CellValue, style: str, rows: int = 1, columns: int = 1) -> str:
    """A cell that spans so many rows and columns."""
    opening = f'<table:table-cell table:style-name="{style}"'
    if rows > 1 or columns > 1:
        opening += f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    if value is None or value == "":
        return f"{opening}/>"
    # As text whatever it begins with: nothing becomes a formula, and 115-01 no day.
    if isinstance(value, str):
        paragraphs = [f"<text:p>{_marked_up(line)}</text:p>" for line in plain(value).split("\n")]
        return f'{opening} office:value-type="string">{"".join(paragraphs)}</table:table-cell>'
    return (
        f'{opening} office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _marked_up(line: str) -> str:
    """A line of text; spaces in a row and tabs have elements, since a reader would fold them."""
    escaped = escape(line)
    # Most lines have nothing to mark.
    if not _SPACES.search(line) and not line.endswith(" "):
        return escaped
    return _SPACES_TO_MARK.sub(_spaces_element, escaped.replace("\t", "<text:tab/>"))


def _spaces_element(match: re.Match[str]) -> str:
    return f'<text:s text:c="{len(match[0])}"/>'
