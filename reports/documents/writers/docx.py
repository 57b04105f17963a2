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
WIDTH = 174
"""Of the text, in millimetres: A4 without its margins."""
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
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
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
    properties.created = properties.modified = at
    properties.comments = ""


def _run(paragraph: Paragraph, text: str, *, size: float | None = None, bold: bool = False) -> None:
    """Text with its line breaks; what XML cannot hold was refused when it was written."""
    run = paragraph.add_run(text)
    run.font.name = FONT
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    run.bold = bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    if size is not None:
        run.font.size = Pt(size)


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
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _facts(document: WordDocument, facts: Sequence[Fact]) -> None:
    table = _table(document, len(facts), [LABEL_WIDTH, WIDTH - LABEL_WIDTH])
    for row, fact in zip(table.rows, facts, strict=True):
        label, text = row.cells
        _shade(label)
        _run(label.paragraphs[0], fact.label)
        _run(text.paragraphs[0], fact.text)


def _grid(document: WordDocument, grid: Grid) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, grid.heading, bold=True)
    whole = sum(grid.widths)
    widths = [WIDTH * width / whole for width in grid.widths]
    table = _table(document, len(grid.rows) + 1, widths)
    head = table.rows[0]
    _repeat_on_each_page(head)
    for cell, column in zip(head.cells, grid.columns, strict=True):
        _shade(cell)
        _run(cell.paragraphs[0], column)
    for row, texts in zip(table.rows[1:], grid.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _run(cell.paragraphs[0], text)


def _signatures(document: WordDocument, names: Sequence[str]) -> None:
    if not names:
        return
    document.add_paragraph()
    table = _table(document, 2, [WIDTH / len(names)] * len(names))
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        _shade(cell)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        # The row to sign in stays on the page of its names.
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        _run(cell.paragraphs[0], name)
    table.rows[1].height = Mm(SIGNATURE_HEIGHT)


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), "F0F0F0")
    cell._element.get_or_add_tcPr().append(shading)


def _repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
