"""The styles of an OpenDocument spreadsheet: the page, and how columns, rows and cells look."""

from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.page_layout import Layout
from items.exchange.spreadsheets.paper import (
    BOTTOM,
    FONT,
    FOOTER,
    PAPERS,
    SIDE,
    SIZE,
    TITLE_SIZE,
    TOP,
    heading_height,
    points,
    top_lines,
)

_HEADING_COLOUR = "#e7eceb"


def document_styles(table: FileTable) -> str:
    """The page: landscape, as wide as the paper, page x of y below; and the language.

    Lines are broken by the rules of the language.
    """
    paper = PAPERS[table.paper]
    return (
        '<office:styles><style:default-style style:family="table-cell">'
        '<style:text-properties fo:language="zh" fo:country="TW"'
        ' style:language-asian="zh" style:country-asian="TW"/>'
        "</style:default-style></office:styles>"
        '<office:automatic-styles><style:page-layout style:name="page">'
        "<style:page-layout-properties"
        f' fo:page-width="{paper.width}pt" fo:page-height="{paper.height}pt"'
        ' style:print-orientation="landscape"'
        f' fo:margin-left="{SIDE}pt" fo:margin-right="{SIDE}pt"'
        f' fo:margin-top="{TOP}pt" fo:margin-bottom="{FOOTER}pt"'
        # One page wide, and as many down as it takes.
        ' style:scale-to-X="1" style:scale-to-Y="0" style:table-centering="horizontal"/>'
        "<style:footer-style>"
        f'<style:header-footer-properties svg:height="{BOTTOM - FOOTER}pt" fo:margin-top="6pt"/>'
        "</style:footer-style></style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Default"'
        ' style:page-layout-name="page"><style:footer><text:p>'
        "第 <text:page-number>1</text:page-number> 頁，共 <text:page-count>1</text:page-count> 頁"
        "</text:p></style:footer></style:master-page></office:master-styles>"
    )


def automatic_styles(table: FileTable, layout: Layout) -> str:
    """The styles that the content refers to: c0, c1 … for columns, and those named below."""
    parts = [
        f'<office:font-face-decls><style:font-face style:name="kai" svg:font-family="{FONT}"/>'
        "</office:font-face-decls><office:automatic-styles>"
        '<style:style style:name="table" style:family="table" style:master-page-name="Default"/>'
    ]
    for number, column in enumerate(table.columns):
        parts.append(_column_style(number, column))
    parts.extend(_row_styles(table, layout))
    parts.append(_cell_style("title", "center", vertical="middle", size=TITLE_SIZE, is_bold=True))
    parts.append(_cell_style("subtitle", "end", vertical="middle"))
    parts.append(
        _cell_style(
            "heading",
            "center",
            vertical="middle",
            is_bold=True,
            has_border=True,
            background=_HEADING_COLOUR,
        )
    )
    parts.append(_cell_style("text", "start", has_border=True))
    parts.append(_cell_style("short", "center", has_border=True))
    parts.append("</office:automatic-styles>")
    return "".join(parts)


def cell_style_of(column: Column) -> str:
    """The name of the style of a column's cells below the heading."""
    if column.is_centred:
        return "short"
    return "text"


def row_style_name(height: float, begins_page: bool = False) -> str:
    """The name of the style of rows of a height; r for most, b for those that begin a page."""
    kind = "r"
    if begins_page:
        kind = "b"
    # Names hold no point: in quarters of points all heights are whole.
    return f"{kind}{height * 4:.0f}"


def _column_style(number: int, column: Column) -> str:
    return (
        f'<style:style style:name="c{number}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{points(column):g}pt"/></style:style>'
    )


def _row_styles(table: FileTable, layout: Layout) -> list[str]:
    """A style for each height that a row has, and for each that a row at the top of a page has."""
    heights = set(layout.heights)
    heights.add(heading_height(table.columns))
    for line in top_lines(table):
        heights.add(line.height)
    first_heights = {layout.heights[row] for row in layout.breaks}
    styles = [_row_style(height) for height in sorted(heights)]
    for height in sorted(first_heights):
        styles.append(_row_style(height, begins_page=True))
    return styles


def _row_style(height: float, begins_page: bool = False) -> str:
    page_break = ""
    if begins_page:
        page_break = ' fo:break-before="page"'
    return (
        f'<style:style style:name="{row_style_name(height, begins_page)}" style:family="table-row">'
        f'<style:table-row-properties style:row-height="{height:g}pt"'
        f' style:use-optimal-row-height="false"{page_break}/></style:style>'
    )


def _cell_style(
    name: str,
    horizontal: str,
    *,
    vertical: str = "top",
    size: int = SIZE,
    is_bold: bool = False,
    has_border: bool = False,
    background: str = "",
) -> str:
    cell_properties = f' style:vertical-align="{vertical}" fo:wrap-option="wrap"'
    if has_border:
        cell_properties += ' fo:border="0.5pt solid #000000" fo:padding="0.05cm"'
    if background:
        cell_properties += f' fo:background-color="{background}"'
    weight = "normal"
    if is_bold:
        weight = "bold"
    # Chinese characters have properties of their own, beside those of Latin ones.
    font = (
        f' fo:font-size="{size}pt" fo:font-weight="{weight}" style:font-name="kai"'
        f' style:font-size-asian="{size}pt" style:font-weight-asian="{weight}"'
        ' style:font-name-asian="kai"'
    )
    return (
        f'<style:style style:name="{name}" style:family="table-cell">'
        f"<style:table-cell-properties{cell_properties}/>"
        f'<style:paragraph-properties fo:text-align="{horizontal}"/>'
        f"<style:text-properties{font}/></style:style>"
    )
