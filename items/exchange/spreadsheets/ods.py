"""OpenDocument sheets: content.xml read as a stream; repeated rows and cells are counted, never trusted."""

from items.exchange.spreadsheets.limits import (
    LAST_ROW,
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_ODS_STYLES,
    MAX_ROWS,
)
from items.exchange.spreadsheets.ods_cell import cell_from
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.workbook import (
    Bounds,
    SheetBuilder,
    Workbook,
    address,
    refuse_sheets_beyond,
    sheet_name,
)
from items.exchange.spreadsheets.xml_stream import Handler, local, parse

_PART = "content.xml"
# What may hold text without being the cell's own: notes, pictures and their frames, readings of characters, tracked
# changes, and outside of tables the lists of ranges and links. All of it is passed over.
_SKIPPED = frozenset(
    ["annotation", "shapes", "tracked-changes", "ruby-text", "frame", "g", "custom-shape", "rect", "line", "path",
     "polygon", "polyline", "ellipse", "circle", "caption", "connector", "control", "measure", "page-thumbnail",
     "scene", "sub-table", "dde-links", "forms", "event-listeners", "scripts"]
)  # fmt: skip


def read_ods(container, name):
    """The visible sheets of an OpenDocument spreadsheet."""
    if _PART not in container:
        raise Refused(
            f"這個 .ods 檔缺少內容（{_PART}），檔案可能已損壞，請用 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        )
    handler = ContentHandler(_PART)
    parse(container, handler)
    return Workbook(name, "ods", tuple(handler.sheets), tuple(handler.hidden_sheets))


def _number(text, default=1):
    """A repeat or span; anything but a plain positive number is taken for one."""
    if text is None or not (text.isascii() and text.isdigit()):
        return default
    return max(1, int(text[:9]))


class _LocalNames(dict):
    """Attributes by their local names; each full name is taken apart once."""

    def __missing__(self, name):
        self[name] = local(name)
        return self[name]

    def of(self, attributes):
        """Attributes without their namespaces; of the two types that an error cell has, `error` is the true one."""
        named = {}
        for name, value in attributes.items():
            name = self[name]
            if name != "value-type" or named.get(name) != "error":
                named[name] = value
        return named


class ContentHandler(Handler):
    """content.xml: tables with their rows, repeated rows and cells, spans, and hidden parts."""

    def __init__(self, part):
        starts = {
            "style": self._start_style, "table-properties": self._properties, "table": self._start_table,
            "table-row-group": self._start_group, "table-row": self._start_row, "table-column": self._start_column,
            "table-cell": self._start_cell, "covered-table-cell": self._start_cell, "p": self._start_paragraph,
            "s": self._spaces, "tab": self._tab, "line-break": self._line_break,
            **dict.fromkeys(_SKIPPED, self._skip),
        }  # fmt: skip
        ends = {
            "table": self._end_table, "table-row-group": self._end_group, "table-row": self._end_row,
            "table-cell": self._end_cell, "covered-table-cell": self._end_cell, "p": self._end_paragraph,
        }  # fmt: skip
        super().__init__(part, starts, ends)
        self._names = _LocalNames()
        self.sheets = []
        self.hidden_sheets = []
        self._bounds = Bounds()
        self._hidden_styles = set()
        self._styles = 0
        self._style = ""
        self._skipping = 0
        self._builder = self._cell = None
        self._name = ""
        self._hidden_table = self._row_hidden = False
        self._row = self._column = self._next_row = self._next_column = self._first_of_column = 1
        self._rows_repeated = self._columns_repeated = 1
        self._row_cells, self._pieces = [], []
        self._length = self._paragraphs = self._in_paragraph = self._hidden_groups = 0
        self._groups = []

    def opened(self, name, attributes):
        if not self._skipping:
            super().opened(name, attributes)
            return
        self.depth += 1
        self.elements += 1
        self._skipping += 1
        if self.depth > MAX_DEPTH:
            super().opened(name, attributes)

    def closed(self, name):
        if not self._skipping:
            super().closed(name)
            return
        self.depth -= 1
        self._skipping -= 1

    def _skip(self, attributes):
        self._skipping = 1

    def text(self, data):
        if self._in_paragraph and not self._skipping:
            self._add(data)

    def _add(self, data):
        self._pieces.append(data)
        self._length += len(data)
        if self._length > MAX_CELL_CHARACTERS:
            raise Refused(
                f"工作表「{self._name}」的儲存格 {address(self._row, self._column)} "
                f"超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短後再上傳。",
                RefusalReason.TOO_LARGE,
            )

    # Styles say which tables are hidden.

    def _start_style(self, attributes):
        self._style = self._names.of(attributes).get("name", "")
        self._styles += 1
        if self._styles > MAX_ODS_STYLES:
            raise Refused(
                f"檔案的格式超過 {MAX_ODS_STYLES:,} 種的上限，請清除格式後另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )

    def _properties(self, attributes):
        if self._names.of(attributes).get("display") == "false":
            self._hidden_styles.add(self._style)

    # Tables.

    def _start_table(self, attributes):
        if self._cell is not None:
            self._skip(attributes)
            return
        refuse_sheets_beyond(len(self.sheets) + len(self.hidden_sheets) + 1)
        attributes = self._names.of(attributes)
        self._name = sheet_name(attributes.get("name", ""))
        self._hidden_table = attributes.get("style-name") in self._hidden_styles
        self._builder = (
            None if self._hidden_table else SheetBuilder(self._name, "ods", self._bounds)
        )
        self._row = self._column = self._next_row = self._next_column = 1
        self._first_of_column = 1

    def _end_table(self):
        if self._hidden_table:
            self.hidden_sheets.append(self._name)
        elif self._builder is not None:
            self.sheets.append(self._builder.sheet())
        self._builder = None
        self._hidden_table = False

    def _start_column(self, attributes):
        attributes = self._names.of(attributes)
        repeated = _number(attributes.get("number-columns-repeated"))
        if self._builder is not None and attributes.get("visibility") in ("collapse", "filter"):
            last = min(self._first_of_column + repeated, MAX_COLUMNS + 1)
            self._builder.hidden_columns.update(range(self._first_of_column, last))
        self._first_of_column += repeated

    def _start_group(self, attributes):
        is_hidden = self._names.of(attributes).get("display") == "false"
        self._groups.append(is_hidden)
        self._hidden_groups += is_hidden

    def _end_group(self):
        self._hidden_groups -= self._groups.pop() if self._groups else 0

    # Rows.

    def _start_row(self, attributes):
        if self._builder is None:
            return
        attributes = self._names.of(attributes)
        self._row = self._next_row
        self._rows_repeated = _number(attributes.get("number-rows-repeated"))
        self._next_row = self._row + self._rows_repeated
        self._next_column = 1
        self._row_hidden = self._hidden_groups or attributes.get("visibility") in (
            "collapse",
            "filter",
        )
        self._row_cells = []

    def _end_row(self):
        """Put the row's cells as often as the row is repeated: the limits stop it long before memory does."""
        if self._builder is None or not self._row_cells:
            return
        if self._rows_repeated > MAX_ROWS:
            raise Refused(
                f"工作表「{self._name}」第 {self._row} 列重複 {self._rows_repeated:,} 次，"
                f"有文字的列超過 {MAX_ROWS:,} 列的上限，請刪除重複的列後再上傳。",
                RefusalReason.TOO_LARGE,
            )
        for number in range(self._row, min(self._next_row, LAST_ROW + 1)):
            if self._row_hidden:
                self._builder.hidden_rows.add(number)
            for column, cell in self._row_cells:
                self._builder.put(number, column, cell)

    # Cells.

    def _start_cell(self, attributes):
        if self._builder is None:
            return
        self._cell = attributes = self._names.of(attributes) if attributes else {}
        self._column = self._next_column
        self._columns_repeated = (
            _number(attributes.get("number-columns-repeated")) if attributes else 1
        )
        self._next_column = self._column + self._columns_repeated
        self._pieces = []
        self._length = self._paragraphs = self._in_paragraph = 0

    def _end_cell(self):
        if self._cell is None:
            return
        attributes, self._cell = self._cell, None
        if not attributes and not self._pieces:
            return
        self._span(attributes)
        cell = cell_from(attributes, "".join(self._pieces))
        if cell is None:
            return
        last = min(
            self._next_column, self._column + MAX_COLUMNS + 1, self._column + self._columns_repeated
        )
        self._row_cells.extend((column, cell) for column in range(self._column, last))
        if last > MAX_COLUMNS + 1:
            self._builder.put(self._row, last - 1, cell)

    def _span(self, attributes):
        rows = _number(attributes.get("number-rows-spanned"))
        columns = _number(attributes.get("number-columns-spanned"))
        if rows > 1 or columns > 1:
            self._builder.merge(
                self._row, self._column, self._row + rows - 1, self._column + columns - 1
            )

    # Text within a cell.

    def _start_paragraph(self, attributes):
        if self._cell is None:
            return
        if self._paragraphs and not self._in_paragraph:
            self._add("\n")
        self._paragraphs += 1
        self._in_paragraph += 1

    def _end_paragraph(self):
        if self._in_paragraph:
            self._in_paragraph -= 1

    def _spaces(self, attributes):
        if self._in_paragraph:
            self._add(
                " " * min(_number(self._names.of(attributes).get("c")), MAX_CELL_CHARACTERS + 1)
            )

    def _tab(self, attributes):
        if self._in_paragraph:
            self._add("\t")

    def _line_break(self, attributes):
        if self._in_paragraph:
            self._add("\n")
