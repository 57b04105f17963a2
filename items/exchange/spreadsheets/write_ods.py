"""OpenDocument spreadsheets, written on the standard library: the known packages are unmaintained or slow."""

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from items.exchange.spreadsheets.file_table import plain
from items.exchange.spreadsheets.page_layout import (
    BOTTOM,
    FONT,
    FOOTER,
    PAPERS,
    SIDE,
    SIZE,
    TITLE_SIZE,
    TOP,
    above,
    heading_height,
    lay_out,
    points,
)

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "style": "style", "text": "text", "table": "table", "fo": "xsl-fo-compatible",
        "number": "datastyle", "svg": "svg-compatible", "manifest": "manifest",
    }.items()
)  # fmt: skip
_SPACES = re.compile(r"^ | {2,}|\t")


def write(table):
    """The bytes of a document with one sheet, ready to print."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        # Unpacked and first, so that programs know the file by its first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _manifest())
        archive.writestr("styles.xml", _styles(table))
        archive.writestr("content.xml", _content(table))
    return stream.getvalue()


def _manifest():
    files = (("/", MIMETYPE), ("content.xml", "text/xml"), ("styles.xml", "text/xml"))
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in files
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_NAMES} manifest:version="1.3">'
        f"{entries}</manifest:manifest>"
    )


def _styles(table):
    """The page: landscape, as wide as the paper, page x of y below; and the language, by which lines are broken."""
    paper = PAPERS[table.paper]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_NAMES} office:version="1.3">'
        '<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:language="zh" fo:country="TW"'
        ' style:language-asian="zh" style:country-asian="TW"/></style:default-style></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties'
        f' fo:page-width="{paper.width}pt" fo:page-height="{paper.height}pt" style:print-orientation="landscape"'
        f' fo:margin-left="{SIDE}pt" fo:margin-right="{SIDE}pt" fo:margin-top="{TOP}pt" fo:margin-bottom="{FOOTER}pt"'
        ' style:scale-to-X="1" style:scale-to-Y="0" style:table-centering="horizontal"/>'
        f'<style:footer-style><style:header-footer-properties svg:height="{BOTTOM - FOOTER}pt" fo:margin-top="6pt"/>'
        "</style:footer-style></style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="page"><style:footer><text:p>第 '
        "<text:page-number>1</text:page-number> 頁，共 <text:page-count>1</text:page-count> 頁</text:p></style:footer>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )


def _content(table):
    layout = lay_out(table)
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.3">',
        _automatic_styles(table, layout),
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(plain(table.name))} "
        'table:style-name="table">',
    ]
    parts += [f'<table:table-column table:style-name="c{n}"/>' for n in range(len(table.columns))]
    parts += _heading(table)
    parts += _rows(table.columns, layout)
    parts.append("</table:table></office:spreadsheet></office:body></office:document-content>")
    return "".join(parts)


def _automatic_styles(table, layout):
    columns = "".join(
        f'<style:style style:name="c{n}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{points(column):g}pt"/></style:style>'
        for n, column in enumerate(table.columns)
    )
    top = {heading_height(table.columns), *(height for _, _, height in above(table))}
    begins = {layout.heights[row] for row in layout.breaks}
    rows = "".join(_row_style(height) for height in top.union(layout.heights))
    rows += "".join(_row_style(height, begins_page=True) for height in begins)
    return (
        f'<office:font-face-decls><style:font-face style:name="kai" svg:font-family="{FONT}"/></office:font-face-decls>'
        '<office:automatic-styles><style:style style:name="table" style:family="table" '
        f'style:master-page-name="Default"/>{columns}{rows}'
        + _cell_style("title", "center", "middle", size=TITLE_SIZE, weight="bold", border=False)
        + _cell_style("subtitle", "end", "middle", border=False)
        + _cell_style("heading", "center", "middle", weight="bold", background="#e7eceb")
        + _cell_style("text", "start")
        + _cell_style("short", "center")
        + "</office:automatic-styles>"
    )


def _row_name(height, begins_page=False):
    return f"{'b' if begins_page else 'r'}{height * 4:.0f}"


def _row_style(height, begins_page=False):
    start = ' fo:break-before="page"' if begins_page else ""
    return (
        f'<style:style style:name="{_row_name(height, begins_page)}" style:family="table-row">'
        f'<style:table-row-properties style:row-height="{height:g}pt" style:use-optimal-row-height="false"{start}/>'
        "</style:style>"
    )


def _cell_style(name, align, place="top", size=SIZE, weight="normal", border=True, background=None):
    line = ' fo:border="0.5pt solid #000000" fo:padding="0.05cm"' if border else ""
    fill = f' fo:background-color="{background}"' if background else ""
    font = "".join(
        f' {prefix}:font-size{suffix}="{size}pt" {prefix}:font-weight{suffix}="{weight}" style:font-name{suffix}="kai"'
        for prefix, suffix in (("fo", ""), ("style", "-asian"))
    )
    return (
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties'
        f' style:vertical-align="{place}" fo:wrap-option="wrap"{line}{fill}/>'
        f'<style:paragraph-properties fo:text-align="{align}"/><style:text-properties{font}/></style:style>'
    )


def _heading(table):
    width = len(table.columns)
    for text, size, height in above(table):
        style = "title" if size == TITLE_SIZE else "subtitle"
        yield f'<table:table-row table:style-name="{_row_name(height)}">{_cell(text, style, columns=width)}'
        yield (
            f'<table:covered-table-cell table:number-columns-repeated="{width - 1}"/>'
            if width > 1
            else ""
        )
        yield "</table:table-row>"
    style = _row_name(heading_height(table.columns))
    yield f'<table:table-header-rows><table:table-row table:style-name="{style}">'
    yield from (_cell(column.heading, "heading") for column in table.columns)
    yield "</table:table-row></table:table-header-rows>"


def _rows(columns, layout):
    covered, spans, breaks = layout.covered(), layout.spans(), set(layout.breaks)
    styles = ["short" if column.is_centred else "text" for column in columns]
    for number, (row, height) in enumerate(zip(layout.rows, layout.heights, strict=True)):
        yield f'<table:table-row table:style-name="{_row_name(height, number in breaks)}">'
        for place, value in enumerate(row):
            if (number, place) in covered:
                yield f'<table:covered-table-cell table:style-name="{styles[place]}"/>'
            else:
                yield _cell(value, styles[place], rows=spans.get((number, place), 1))
        yield "</table:table-row>"


def _cell(value, style, rows=1, columns=1):
    span = (
        f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
        if rows * columns > 1
        else ""
    )
    opening = f'<table:table-cell table:style-name="{style}"{span}'
    if value is None or value == "":
        return f"{opening}/>"
    if isinstance(value, str):
        paragraphs = "".join(
            f"<text:p>{_marked_up(line)}</text:p>" for line in plain(value).split("\n")
        )
        return f'{opening} office:value-type="string">{paragraphs}</table:table-cell>'
    return f'{opening} office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def _marked_up(line):
    """Spaces in a row and tabs have elements of their own; a reader would fold them otherwise."""
    if not _SPACES.search(line) and not line.endswith(" "):
        return escape(line)
    line = escape(line).replace("\t", "<text:tab/>")
    return re.sub(r"^ +| +$| {2,}", lambda found: f'<text:s text:c="{len(found[0])}"/>', line)
