"""A paper as .docx, for offices that write on in Word."""

import io
from collections.abc import Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from reports.documents.paper import Fact, Grid, PaperForm

FONT = "Microsoft JhengHei"
"""What Word in Taiwan has; LibreOffice takes its own in its place."""
MARGIN = 18
WIDTH = 210 - 2 * MARGIN
"""The width of the text in millimetres: A4 without its margins."""
LABEL_WIDTH = 28
SIGNATURE_HEIGHT = 18


def write_docx(paper: PaperForm, at: datetime) -> bytes:
    document = Document()
    _lay_out(document, paper, at)
    _centred(document, paper.organisation, size=11)
    heading = document.add_heading(level=1)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(heading, paper.title, size=17, bold=True)
    _centred(document, paper.subtitle, size=10)
    _facts(document, paper.facts)
    for grid in paper.grids:
        _grid(document, grid)
    if paper.facts_behind:
        # Word joins two tables that nothing stands between.
        document.add_paragraph()
        _facts(document, paper.facts_behind)
    _signatures(document, paper.signatures)
    if paper.steps is not None:
        _grid(document, paper.steps)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _lay_out(document: WordDocument, paper: PaperForm, at: datetime) -> None:
    section = document.sections[0]
    # A4: python-docx begins with a page of American letter size.
    section.page_width = Mm(210)
    section.page_height = Mm(297)
    section.left_margin = Mm(MARGIN)
    section.right_margin = Mm(MARGIN)
    section.top_margin = Mm(16)
    section.bottom_margin = Mm(18)
    style = document.styles["Normal"]
    style.font.name = FONT
    style.font.size = Pt(10.5)
    # Word keeps the font of Chinese characters apart from that of Latin ones.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(2)
    _run(section.footer.paragraphs[0], paper.footer, size=8)
    properties = document.core_properties
    properties.title = paper.title
    properties.author = paper.organisation
    properties.language = "zh-TW"
    # Otherwise the file would have the day of python-docx's template, and its name as a comment.
    properties.created = at
    properties.modified = at
    properties.comments = ""


def _run(paragraph: Paragraph, text: str, *, size: float | None = None, bold: bool = False) -> None:
    """Text with its line breaks; what XML cannot hold was refused when it was written."""
    run = paragraph.add_run(text)
    font = run.font
    font.name = FONT
    # `font.name` sets the font of Latin characters alone, and python-docx has no other way.
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONT)
    run.bold = bold
    # The heading style of python-docx's template is blue.
    font.color.rgb = RGBColor(0, 0, 0)
    if size is not None:
        font.size = Pt(size)


def _centred(document: WordDocument, text: str, *, size: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size=size)


def _table(document: WordDocument, rows: int, widths: Sequence[float]) -> Table:
    """A table with lines, whose columns keep their widths in millimetres."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        # Both are needed: Word reads the widths of cells, LibreOffice those of columns.
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _facts(document: WordDocument, facts: Sequence[Fact]) -> None:
    widths = [LABEL_WIDTH, WIDTH - LABEL_WIDTH]
    table = _table(document, len(facts), widths)
    for row, fact in zip(table.rows, facts, strict=True):
        label_cell, text_cell = row.cells
        _write_label(label_cell, fact.label)
        _write(text_cell, fact.text)


def _write(cell: _Cell, text: str) -> None:
    _run(cell.paragraphs[0], text)


def _write_label(cell: _Cell, text: str) -> None:
    _shade(cell)
    _write(cell, text)


def _grid(document: WordDocument, grid: Grid) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    # Without it the heading may stand alone at the foot of a page.
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, grid.heading, bold=True)
    number_of_rows = len(grid.rows) + 1
    table = _table(document, number_of_rows, _widths_of(grid))
    head, *body = table.rows
    _repeat_on_each_page(head)
    for cell, column in zip(head.cells, grid.columns, strict=True):
        _write_label(cell, column)
    for row, texts in zip(body, grid.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell, text)


def _widths_of(grid: Grid) -> list[float]:
    """In millimetres; the widths of a grid are shares, since only a writer knows its page."""
    all_shares = sum(grid.widths)
    return [WIDTH * share / all_shares for share in grid.widths]


def _signatures(document: WordDocument, names: Sequence[str]) -> None:
    if not names:
        return
    document.add_paragraph()
    width = WIDTH / len(names)
    table = _table(document, 2, [width] * len(names))
    row_of_names, row_to_sign = table.rows
    for cell, name in zip(row_of_names.cells, names, strict=True):
        _write_label(cell, name)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        # Keeps the row to sign in on the same page as the names above it.
        paragraph.paragraph_format.keep_with_next = True
    row_to_sign.height = Mm(SIGNATURE_HEIGHT)


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), "F0F0F0")
    cell._element.get_or_add_tcPr().append(shading)


def _repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
