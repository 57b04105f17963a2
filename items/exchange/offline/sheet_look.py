"""What the sheet of a 填報表 looks like: open cells, heights of rows, what may be typed."""

from collections.abc import Sequence
from copy import copy

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from items.exchange.offline.sheet_columns import (
    FIELD_HEADINGS,
    FIELDS,
    HIDDEN,
    LAST_FIELD,
    SHEET_COLUMNS,
)
from items.exchange.spreadsheets.file_table import Column
from items.exchange.spreadsheets.page_layout import TALLEST
from items.exchange.spreadsheets.paper import (
    FONT,
    LINE,
    PADDING,
    SIZE,
    heading_height,
    lines_in,
)
from items.exchange.spreadsheets.write_xlsx import BORDER, page, put
from items.models import WorkStatus
from items.models.progress import TEXT_LENGTH

TITLE_ROW, HELP_ROW, HEADING_ROW = 1, 2, 3
FIRST_ROW = HEADING_ROW + 1
TITLE_SIZE, TITLE_HEIGHT = 16, 30
TEXT_FORMAT = "@"
"""Text stays text, also where it begins with - or =."""
PERCENT_FORMAT = "[=0]0;[<1]0.00;0"
"""In the general format 50% would turn the cell into one of percents.

The middle part keeps 0.5 that somebody pasted from looking like 1.
"""

LONGEST_LIST = 255
"""As many characters as the list of a rule may have."""

LOWEST = 4 * LINE
"""The height of a row that nobody has written in yet, so that it invites to."""

OPEN_FILL = PatternFill("solid", fgColor="FFFFFF")
LOCKED_FILL = PatternFill("solid", fgColor="EEF1F0")
HEADING_FILL = PatternFill("solid", fgColor="D5E8E2")

FirstCells = dict[tuple[int, bool], Cell]
"""{(number of the column, whether it can be written in): the first such cell of the sheet}"""

RowValues = dict[str, str | int | None]
"""What stands in a row, by the column's heading."""


def place_of(heading: str) -> int:
    """The number of a column, counted from 1."""
    headings = [column.heading for column in SHEET_COLUMNS]
    return headings.index(heading) + 1


def letter_of(heading: str) -> str:
    return get_column_letter(place_of(heading))


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell to be written; rows and columns are counted from 1."""
    cell = sheet.cell(row, column)
    # Cells that a merge hides cannot be written, and none of ours is written after merging.
    assert isinstance(cell, Cell)
    return cell


class GrowingRow(RowDimension):
    """A row that is tall enough to begin with, and grows with what is typed into it.

    A file says of each row how tall it is (ht) and whether somebody has set that by hand
    (customHeight). openpyxl writes the second wherever there is the first, and offers no other way;
    programs then keep the row at its height, and what is typed is cut off. Without any height the
    row would be one line, which invites nobody to write.
    """

    @property
    def customHeight(self) -> bool:
        return False


def write_heading(sheet: Worksheet, title: str, words: str) -> None:
    _write_line(sheet, TITLE_ROW, title, font=Font(name=FONT, size=TITLE_SIZE, bold=True))
    sheet.row_dimensions[TITLE_ROW].height = TITLE_HEIGHT

    _write_line(sheet, HELP_ROW, words, font=Font(name=FONT, size=SIZE))
    number_of_lines = words.count("\n") + 1
    sheet.row_dimensions[HELP_ROW].height = number_of_lines * LINE

    for number, column in enumerate(SHEET_COLUMNS, start=1):
        cell = cell_at(sheet, HEADING_ROW, number)
        put(cell, column.heading)
        cell.font = Font(name=FONT, size=SIZE, bold=True)
        cell.border = BORDER
        cell.fill = LOCKED_FILL
        if column.heading in FIELD_HEADINGS:
            cell.fill = HEADING_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[HEADING_ROW].height = heading_height(SHEET_COLUMNS)


def _write_line(sheet: Worksheet, number: int, text: str, font: Font) -> None:
    """A text across all columns that one sees."""
    cell = cell_at(sheet, number, 1)
    put(cell, text)
    cell.font = font
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    last_seen = place_of(LAST_FIELD)
    sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=last_seen)


def write_row(
    sheet: Worksheet,
    number: int,
    values: RowValues,
    *,
    is_open: bool,
    first_cells: FirstCells,
) -> None:
    """One row; what may be written in is white and not locked.

    `first_cells` belongs to the sheet. Cells of a kind take over the look of the first of them: to
    make and compare six objects for each cell took 7 ms a row.
    """
    most_lines = 1
    for place, column in enumerate(SHEET_COLUMNS, start=1):
        value = values[column.heading]
        is_field = column.heading in FIELD_HEADINGS
        can_be_written = is_open and is_field
        cell = cell_at(sheet, number, place)
        # An empty text fills a cell: Ctrl+arrow stops at it, and COUNTA counts it.
        if value == "":
            value = None
        put(cell, value)
        kind = (place, can_be_written)
        if kind in first_cells:
            # The name that openpyxl's own manual gives for it; only its stubs leave it out.
            cell._style = copy(first_cells[kind]._style)  # type: ignore[attr-defined]
        else:
            _give_look(cell, column, can_be_written=can_be_written)
            first_cells[kind] = cell
        # Programs take the height that the file says, and work it out only when somebody types.
        if isinstance(value, str):
            most_lines = max(most_lines, lines_in(value, column.width))
    height = max(LOWEST, most_lines * LINE + PADDING)
    sheet.row_dimensions[number] = GrowingRow(sheet, index=number, ht=min(height, TALLEST))


def _give_look(cell: Cell, column: Column, *, can_be_written: bool) -> None:
    cell.font = Font(name=FONT, size=SIZE)
    cell.border = BORDER
    cell.fill = LOCKED_FILL
    if can_be_written:
        cell.fill = OPEN_FILL
    cell.protection = Protection(locked=not can_be_written)
    horizontal = "left"
    if column.is_centred:
        horizontal = "center"
    cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
    if column == FIELDS["percent"]:
        cell.number_format = PERCENT_FORMAT
    elif column.heading in FIELD_HEADINGS:
        cell.number_format = TEXT_FORMAT


def add_rules(sheet: Worksheet, last_row: int, factors: Sequence[str]) -> None:
    """What may be typed. It saves people a round; `field_values` checks everything again."""
    labels = ",".join(WorkStatus.labels)
    work_status = DataValidation(type="list", formula1=f'"{labels}"', allow_blank=True)
    work_status_words = f"請從清單選：{'、'.join(WorkStatus.labels)}。"
    _add_rule(sheet, "work_status", work_status, words=work_status_words, last_row=last_row)

    choices = ",".join(factors)
    # A name with a comma in it would be two, and a quotation mark would end the list.
    has_separators = choices.count(",") >= len(factors) or '"' in choices
    # What does not fit is checked when the file comes back.
    if factors and len(choices) <= LONGEST_LIST and not has_separators:
        factor = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
        factor_words = "請從清單選，或留白。"
        _add_rule(sheet, "delay_factor", factor, words=factor_words, last_row=last_row)

    percent = DataValidation(
        type="whole", operator="between", formula1="0", formula2="100", allow_blank=True
    )
    percent_words = "請填 0 到 100 的整數，例如 75，不必加 %。"
    # Said before somebody types, since percents are what people write in five ways.
    percent.prompt = percent_words
    percent.showInputMessage = True
    _add_rule(sheet, "percent", percent, words=percent_words, last_row=last_row)

    for name in ("text", "delay_reason", "remedy", "coordination"):
        length = DataValidation(
            type="textLength",
            operator="lessThanOrEqual",
            formula1=str(TEXT_LENGTH),
            allow_blank=True,
        )
        words = f"最多 {TEXT_LENGTH:,} 個字。"
        _add_rule(sheet, name, length, words=words, last_row=last_row)


def _add_rule(
    sheet: Worksheet, name: str, rule: DataValidation, *, words: str, last_row: int
) -> None:
    heading = FIELDS[name].heading
    letter = letter_of(heading)
    rule.error = words
    rule.errorTitle = heading
    rule.showErrorMessage = True
    rule.add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
    sheet.add_data_validation(rule)


def protect_and_lay_out(sheet: Worksheet) -> None:
    sheet.protection.enable()
    # Rows and columns may be made taller and wider, since people read before they write.
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    page(sheet, "A3", SHEET_COLUMNS, heading_row=HEADING_ROW)
    # Code and title stay in sight beside the fields, which are far to the right.
    sheet.freeze_panes = f"C{FIRST_ROW}"
    for heading in HIDDEN:
        sheet.column_dimensions[letter_of(heading)].hidden = True
