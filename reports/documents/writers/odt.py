"""A paper as .odt, the format in which the government wants editable files."""

import io
from collections.abc import Sequence
from datetime import datetime

from odfdo import Cell, Column, Document, Element, Paragraph, Row, Style, Table

from reports.documents.paper import Fact, Grid, PaperForm

FONT = "Noto Sans CJK TC"
WIDTH = 174
"""The width of the text in millimetres: A4 without its margins."""
LABEL_WIDTH = 28
SIGNATURE_HEIGHT = "18mm"


class _Writer:
    """One document while it is written; its automatic styles are named as they are needed."""

    def __init__(self) -> None:
        self.document = Document("text")
        self.body = self.document.body
        # The template of the library is not empty.
        self.body.clear()
        self._add_styles()
        self._tables = 0

    def _add_styles(self) -> None:
        for name, size, align, weight in (
            ("FormCentre", "11pt", "center", "normal"),
            ("FormTitle", "17pt", "center", "bold"),
            ("FormText", "10.5pt", "start", "normal"),
            ("FormHead", "10.5pt", "start", "bold"),
            ("FormSign", "10.5pt", "center", "normal"),
            ("FormFoot", "8pt", "start", "normal"),
        ):
            self._add(_paragraph_style(name, size=size, align=align, weight=weight))
        for name, colour in (("FormCell", ""), ("FormLabel", "#f0f0f0")):
            style = Style("table-cell", name=name)
            properties = {"fo:border": "0.5pt solid #5a5a5a", "fo:padding": "1.5mm"}
            if colour:
                properties["fo:background-color"] = colour
            style.set_properties(area="table-cell", properties=properties)
            self._add(style)
        room = Style("table-row", name="FormRoom")
        room.set_properties(area="table-row", properties={"style:min-row-height": SIGNATURE_HEIGHT})
        self._add(room)

    def _add(self, style: Style) -> None:
        self.document.insert_style(style, automatic=True)

    def paragraph(self, text: str, style: str) -> None:
        self.body.append(Paragraph(text, style=style))

    def table(self, widths: Sequence[float]) -> Table:
        """An empty table with columns of these widths in millimetres."""
        self._tables += 1
        name = f"Form{self._tables}"
        style = Style("table", name=name)
        style.set_properties(
            area="table", properties={"style:width": f"{WIDTH}mm", "table:align": "center"}
        )
        self._add(style)
        table = Table(name, style=name)
        for place, width in enumerate(widths):
            column_style = Style("table-column", name=f"{name}.{place}")
            column_style.set_properties(
                area="table-column", properties={"style:column-width": f"{width:.1f}mm"}
            )
            self._add(column_style)
            table.append(Column(style=f"{name}.{place}"))
        self.body.append(table)
        return table

    def facts(self, facts: Sequence[Fact]) -> None:
        if not facts:
            return
        table = self.table([LABEL_WIDTH, WIDTH - LABEL_WIDTH])
        for fact in facts:
            row = Row()
            row.append(_cell(fact.label, is_label=True))
            row.append(_cell(fact.text))
            table.append(row)

    def grid(self, grid: Grid) -> None:
        self.paragraph(grid.heading, "FormHead")
        # The widths of a grid are shares: only the writer knows how wide its page is.
        whole = sum(grid.widths)
        table = self.table([WIDTH * width / whole for width in grid.widths])
        # Rows in this element are printed again at the top of each page.
        head = Element.from_tag("table:table-header-rows")
        row = Row()
        for column in grid.columns:
            row.append(_cell(column, is_label=True))
        head.append(row)
        table.append(head)
        for texts in grid.rows:
            row = Row()
            for text in texts:
                row.append(_cell(text))
            table.append(row)

    def signatures(self, names: Sequence[str]) -> None:
        if not names:
            return
        self.paragraph("", "FormText")
        table = self.table([WIDTH / len(names)] * len(names))
        labels = Row()
        room = Row(style="FormRoom")
        for name in names:
            labels.append(_cell(name, is_label=True, style="FormSign"))
            room.append(_cell(""))
        table.append(labels)
        table.append(room)


def _paragraph_style(name: str, *, size: str, align: str, weight: str) -> Style:
    style = Style("paragraph", name=name)
    style.set_properties(
        area="paragraph",
        properties={
            "fo:text-align": align,
            "fo:margin-top": "1mm",
            "fo:margin-bottom": "1mm",
        },
    )
    style.set_properties(
        area="text",
        properties={
            # ODF keeps the font of Chinese characters apart from that of Latin ones: each is said
            # twice.
            "style:font-name-asian": FONT,
            "style:font-family-asian": FONT,
            "fo:font-family": FONT,
            "fo:font-size": size,
            "style:font-size-asian": size,
            "fo:font-weight": weight,
            "style:font-weight-asian": weight,
            "fo:language": "zh",
            "fo:country": "TW",
            "style:language-asian": "zh",
            "style:country-asian": "TW",
        },
    )
    return style


def _cell(text: str, *, is_label: bool = False, style: str = "FormText") -> Cell:
    """A cell of text, each line of the writer in a paragraph of its own."""
    cell_style = "FormCell"
    if is_label:
        cell_style = "FormLabel"
    cell = Cell(style=cell_style)
    cell.set_attribute("office:value-type", "string")
    for line in text.split("\n"):
        cell.append(Paragraph(line, style=style))
    return cell


def write_odt(paper: PaperForm, at: datetime) -> bytes:
    writer = _Writer()
    writer.paragraph(paper.organisation, "FormCentre")
    # A paragraph and no heading: the outline of the usual template would number it.
    writer.paragraph(paper.title, "FormTitle")
    writer.paragraph(paper.subtitle, "FormCentre")
    writer.facts(paper.facts)
    for grid in paper.grids:
        writer.grid(grid)
    if paper.facts_behind:
        writer.paragraph("", "FormText")
        writer.facts(paper.facts_behind)
    writer.signatures(paper.signatures)
    if paper.steps is not None:
        writer.grid(paper.steps)
    writer.paragraph(paper.footer, "FormFoot")
    meta = writer.document.meta
    meta.title = paper.title
    meta.creator = paper.organisation
    meta.creation_date = at
    meta.date = at
    stream = io.BytesIO()
    writer.document.save(stream)
    return stream.getvalue()
