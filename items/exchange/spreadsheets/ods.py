"""OpenDocument sheets: content.xml read as a stream.

Repeated rows and cells are counted, never trusted.
"""

from typing import NamedTuple

from items.exchange.spreadsheets.limits import (
    LAST_ROW,
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
)
from items.exchange.spreadsheets.ods_cell import cell_from
from items.exchange.spreadsheets.ods_skipping import SkippingHandler
from items.exchange.spreadsheets.ods_style_reader import StyleReader
from items.exchange.spreadsheets.ods_text import OdsCellText
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.sheet_builder import (
    Bounds,
    SheetBuilder,
    refuse_sheets_beyond,
    sheet_name,
)
from items.exchange.spreadsheets.workbook import Cell, Sheet, Workbook, address
from items.exchange.spreadsheets.xml_stream import Attributes, local, parse
from items.exchange.spreadsheets.zip_file import Container

_PART = "content.xml"
_HIDDEN = ("collapse", "filter")


def read_ods(container: Container, name: str) -> Workbook:
    """The visible sheets of an OpenDocument spreadsheet."""
    if _PART not in container:
        raise Refused(
            f"這個 .ods 檔缺少內容（{_PART}），檔案可能已損壞，請用 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        )
    handler = ContentHandler(_PART)
    parse(container, handler)
    return Workbook(name, "ods", tuple(handler.sheets), hidden_sheets=tuple(handler.hidden_sheets))


class _LocalNames(dict[str, str]):
    """The local names of attributes: a full name is taken apart once."""

    def __missing__(self, name: str) -> str:
        self[name] = local(name)
        return self[name]

    def of(self, attributes: Attributes) -> dict[str, str]:
        """Attributes by their local names.

        LibreOffice gives an error cell two types under two namespaces, of which `error` is true.
        """
        by_local_name: dict[str, str] = {}
        for name, value in attributes.items():
            local_name = self[name]
            if local_name == "value-type" and by_local_name.get(local_name) == "error":
                continue
            by_local_name[local_name] = value
        return by_local_name


class _PlacedCell(NamedTuple):
    """A cell and its column, kept until its row ends: a row may stand for several."""

    column: int
    cell: Cell


class ContentHandler(SkippingHandler):
    """content.xml: tables with their rows, repeated rows and cells, spans, and hidden parts."""

    def __init__(self, part: str) -> None:
        super().__init__(
            part,
            starts={
                "style": self._start_style,
                "table-properties": self._set_table_properties,
                "text-properties": self._set_text_properties,
                "table": self._start_table,
                "table-row-group": self._start_group,
                "table-row": self._start_row,
                "table-column": self._start_column,
                "table-cell": self._start_cell,
                "covered-table-cell": self._start_cell,
                "p": self._start_paragraph,
                "span": self._start_span,
                "s": self._add_spaces,
                "tab": self._add_tab,
                "line-break": self._add_line_break,
            },
            ends={
                "table": self._end_table,
                "table-row-group": self._end_group,
                "table-row": self._end_row,
                "table-cell": self._end_cell,
                "covered-table-cell": self._end_cell,
                "p": self._end_paragraph,
                "span": self._end_span,
            },
        )
        self.sheets: list[Sheet] = []
        self.hidden_sheets: list[str] = []
        self._names = _LocalNames()
        self._bounds = Bounds()
        self._styles = StyleReader()
        # The table; `_builder` is none outside of tables and in a hidden one.
        self._table_name = ""
        self._is_hidden_table = False
        self._builder: SheetBuilder | None = None
        self._next_row = 1
        self._next_column_setting = 1
        self._struck_columns: set[int] = set()
        self._groups_hidden: list[bool] = []
        # The row.
        self._row = 1
        self._rows_repeated = 1
        self._is_row_hidden = False
        self._row_cells: list[_PlacedCell] = []
        self._next_column = 1
        # The cell; `_cell_attributes` is none between cells.
        self._cell_attributes: dict[str, str] | None = None
        self._column = 1
        self._columns_repeated = 1
        self._text = OdsCellText()

    # Styles.

    def _start_style(self, attributes: Attributes) -> None:
        by_name = self._names.of(attributes)
        self._styles.start(by_name.get("name", ""), by_name.get("parent-style-name"))

    def _set_table_properties(self, attributes: Attributes) -> None:
        self._styles.set_table_properties(self._names.of(attributes))

    def _set_text_properties(self, attributes: Attributes) -> None:
        self._styles.set_text_properties(self._names.of(attributes))

    # Tables.

    def _start_table(self, attributes: Attributes) -> None:
        if self._cell_attributes is not None:
            # A table within a cell: none of ours.
            self.skip(attributes)
            return
        refuse_sheets_beyond(len(self.sheets) + len(self.hidden_sheets) + 1)
        by_name = self._names.of(attributes)
        self._table_name = sheet_name(by_name.get("name", ""))
        self._is_hidden_table = by_name.get("style-name") in self._styles.hidden
        self._builder = None
        if not self._is_hidden_table:
            self._builder = SheetBuilder(self._table_name, "ods", self._bounds)
        self._row = 1
        self._next_row = 1
        self._column = 1
        self._next_column = 1
        self._next_column_setting = 1
        self._struck_columns.clear()

    def _end_table(self) -> None:
        if self._is_hidden_table:
            self.hidden_sheets.append(self._table_name)
        elif self._builder is not None:
            self.sheets.append(self._builder.sheet())
        self._builder = None
        self._is_hidden_table = False

    def _start_column(self, attributes: Attributes) -> None:
        by_name = self._names.of(attributes)
        first = self._next_column_setting
        repeated = _number(by_name.get("number-columns-repeated"))
        self._next_column_setting = first + repeated
        if self._builder is None:
            return
        # The last element stands for all 16,384 columns: only those that are read count.
        end = min(self._next_column_setting, MAX_COLUMNS + 1)
        if by_name.get("visibility") in _HIDDEN:
            self._builder.hidden_columns.update(range(first, end))
        if by_name.get("default-cell-style-name") in self._styles.struck:
            self._struck_columns.update(range(first, end))

    def _start_group(self, attributes: Attributes) -> None:
        """Rows that a person folded together, perhaps away."""
        is_hidden = self._names.of(attributes).get("display") == "false"
        self._groups_hidden.append(is_hidden)

    def _end_group(self) -> None:
        if self._groups_hidden:
            self._groups_hidden.pop()

    # Rows.

    def _start_row(self, attributes: Attributes) -> None:
        if self._builder is None:
            return
        by_name = self._names.of(attributes)
        self._row = self._next_row
        self._rows_repeated = _number(by_name.get("number-rows-repeated"))
        self._next_row = self._row + self._rows_repeated
        self._next_column = 1
        self._is_row_hidden = by_name.get("visibility") in _HIDDEN or any(self._groups_hidden)
        self._row_cells = []

    def _end_row(self) -> None:
        """Put the row's cells as often as the row is repeated."""
        builder = self._builder
        if builder is None or not self._row_cells:
            return
        # The limits of the builder would stop it too, but only after twenty thousand rows.
        if self._rows_repeated > MAX_ROWS:
            raise Refused(
                f"工作表「{self._table_name}」第 {self._row} 列重複 {self._rows_repeated:,} 次，"
                f"有文字的列超過 {MAX_ROWS:,} 列的上限，請刪除重複的列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        rows_end = min(self._next_row, LAST_ROW + 1)
        for row in range(self._row, rows_end):
            if self._is_row_hidden:
                builder.hidden_rows.add(row)
            for column, cell in self._row_cells:
                builder.put(row, column, cell)

    # Cells.

    def _start_cell(self, attributes: Attributes) -> None:
        if self._builder is None:
            return
        # Most cells of an empty table have no attributes, and there may be a million of them.
        by_name = self._names.of(attributes) if attributes else {}
        self._cell_attributes = by_name
        self._column = self._next_column
        self._columns_repeated = _number(by_name.get("number-columns-repeated"))
        self._next_column = self._column + self._columns_repeated
        self._text = OdsCellText()

    def _end_cell(self) -> None:
        builder = self._builder
        attributes = self._cell_attributes
        self._cell_attributes = None
        if builder is None or attributes is None:
            return
        text = self._text
        if not attributes and not text.pieces:
            return
        self._merge_span(builder, attributes)
        cell = cell_from(attributes, "".join(text.pieces))
        if cell is None:
            return
        if text.struck_pieces:
            cell = cell._replace(struck="".join(text.struck_pieces))
        elif self._is_cell_struck(attributes):
            cell = cell._replace(struck=cell.text)
        # A cell that is repeated beyond the limit: the first one beyond is enough to be refused.
        columns_end = min(self._next_column, self._column + MAX_COLUMNS + 1)
        for column in range(self._column, columns_end):
            self._row_cells.append(_PlacedCell(column, cell))
        if columns_end > MAX_COLUMNS + 1:
            builder.put(self._row, columns_end - 1, cell)

    def _is_cell_struck(self, attributes: dict[str, str]) -> bool:
        """Whether the cell's style crosses it out; a cell without one has that of its column."""
        # Asked for every cell, and nearly no file has anything crossed out.
        if not self._styles.struck:
            return False
        if "style-name" in attributes:
            return attributes["style-name"] in self._styles.struck
        return self._column in self._struck_columns

    def _merge_span(self, builder: SheetBuilder, attributes: Attributes) -> None:
        """Merge the cells that this one lies over."""
        rows = _number(attributes.get("number-rows-spanned"))
        columns = _number(attributes.get("number-columns-spanned"))
        # A span of one cell is no merge.
        if rows == 1 and columns == 1:
            return
        bottom = self._row + rows - 1
        right = self._column + columns - 1
        builder.merge(self._row, self._column, bottom=bottom, right=right)

    # Text within a cell.

    def text(self, data: str) -> None:
        if self._text.paragraphs_open and not self.skipped_depth:
            self._add(data)

    def _add(self, text: str) -> None:
        self._text.add(text)
        self._refuse_too_long()

    def _refuse_too_long(self) -> None:
        if self._text.length > MAX_CELL_CHARACTERS:
            raise Refused(
                f"工作表「{self._table_name}」的儲存格 {address(self._row, self._column)} "
                f"超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短後再上傳。",
                RefusalReason.TOO_LARGE,
            )

    def _start_paragraph(self, attributes: Attributes) -> None:
        if self._cell_attributes is not None:
            self._text.start_paragraph()
            self._refuse_too_long()

    def _end_paragraph(self) -> None:
        self._text.end_paragraph()

    def _start_span(self, attributes: Attributes) -> None:
        if self._cell_attributes is None:
            return
        style = self._names.of(attributes).get("style-name")
        self._text.start_span(is_struck=style in self._styles.struck)

    def _end_span(self) -> None:
        self._text.end_span()

    def _add_spaces(self, attributes: Attributes) -> None:
        """Spaces in a row have an element of their own, with their number."""
        if self._text.paragraphs_open:
            count = _number(self._names.of(attributes).get("c"))
            self._add(" " * min(count, MAX_CELL_CHARACTERS + 1))

    def _add_tab(self, attributes: Attributes) -> None:
        if self._text.paragraphs_open:
            self._add("\t")

    def _add_line_break(self, attributes: Attributes) -> None:
        if self._text.paragraphs_open:
            self._add("\n")


def _number(text: str | None) -> int:
    """How often something is repeated or how far it spans; 1 for anything but a positive number."""
    if text is None or not (text.isascii() and text.isdigit()):
        return 1
    # Nine figures are more than any limit.
    return max(1, int(text[:9]))
