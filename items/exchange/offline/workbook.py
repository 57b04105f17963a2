"""填報表: the workbook that a department fills in offline for one period; `returns` reads what comes back.

Each row carries the key of its assignment and the version of the report that its writer saw, in hidden columns, so that
what somebody changed in the browser meanwhile is never overwritten.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension

from items.exchange.columns import ACTION, CODE, DEADLINE
from items.exchange.spreadsheets.file_table import Column
from items.exchange.spreadsheets.page_layout import (
    FONT,
    LINE,
    PADDING,
    SIZE,
    TALLEST,
    heading_height,
    lines_in,
)
from items.exchange.spreadsheets.write import file_name
from items.exchange.spreadsheets.write_xlsx import BORDER, in_our_widths, page, put
from items.models import ProgressReport, ReportState, WorkStatus
from items.models.progress import TEXT_LENGTH
from items.workflow.reporting import planned_in

NAME = "填報表"
KEY, VERSION, STATE, EARLIER = "識別碼", "版次", "填報狀態", "上期辦理情形"
FIELDS = {
    "text": Column("辦理情形", 44),
    "percent": Column("實際進度（%）", 9, is_centred=True),
    "work_status": Column("辦理狀態", 10, is_centred=True),
    "delay_reason": Column("落後原因", 24),
    "remedy": Column("因應對策", 24),
}
COLUMNS = (
    Column(CODE, 9, is_centred=True),
    Column(ACTION, 32),
    Column(DEADLINE, 15, is_centred=True),
    Column("預定進度（%）", 9, is_centred=True),
    Column(STATE, 18),
    Column(EARLIER, 30),
    *FIELDS.values(),
    Column(KEY, 12),
    Column(VERSION, 6),
)
OPEN_PLACES = range(7, 7 + len(FIELDS))
HEADING_ROW = 3
TITLE = f"{{period}}{NAME}　{{department}}"
HELP = (
    "一、只有白色的格子可以填寫；在格子裡換行請按 Alt＋Enter（LibreOffice 按 Ctrl＋Enter）。這次不填的列留著就好，"
    "請不要刪除、增加或搬動列與欄。\n"
    "二、實際進度填 0 到 100 的整數，例如 75，不必加 %；辦理狀態從清單裡選。比預定進度落後 {points} 個百分點以上，"
    "要寫落後原因與因應對策。\n"
    "三、填完存檔，到「我的填報」的「離線填報表」上傳：先預覽，再存成草稿或送出。"
)
NOT_OPEN = "{period}{state}，這份檔案只能看，不能填寫。"
NOTHING = "這一期沒有需要填報的項目。"
PERCENT_FORMAT = "[=0]0;[<1]0.00;0"
"""Not the general one, which 50% would turn into one of percents; and 0.5 that was pasted does not look like 1."""

LOWEST = 4 * LINE
"""The height of a row that nobody has written in yet, so that it invites to."""

OPEN_FILL = PatternFill("solid", fgColor="FFFFFF")
LOCKED_FILL = PatternFill("solid", fgColor="EEF1F0")
HEADING_FILL = PatternFill("solid", fgColor="D5E8E2")
CONTENT_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(assignments, department, period, today):
    """(file name, bytes, content type) of the workbook for what a department owes in a period.

    `assignments` is what the reader may report on. Submitted and accepted reports are there to read, locked.
    """
    own = list(assignments.filter(department=department).expected_in(period).with_path().in_order())
    written = _written(period, department)
    earlier = _earlier(period, department)
    planned = planned_in(period, today)
    book = Workbook()
    in_our_widths(book)
    sheet = book.active
    sheet.title = NAME
    _heading(sheet, period, department)
    for number, assignment in enumerate(own, start=HEADING_ROW + 1):
        report = written.get(assignment.pk)
        values = _values(
            assignment, report, earlier.get(assignment.pk), planned[assignment.pk], period
        )
        _row(
            sheet, number, values, is_open=period.is_open and (report is None or report.is_editable)
        )
    if not own:
        put(sheet.cell(HEADING_ROW + 1, 2), NOTHING)
    _validate(sheet, HEADING_ROW + max(1, len(own)))
    sheet.protection.enable()
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    page(sheet, "A3", COLUMNS, HEADING_ROW)
    sheet.freeze_panes = f"C{HEADING_ROW + 1}"
    for name in (KEY, VERSION):
        sheet.column_dimensions[letter_of(name)].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return file_name(f"{period}{NAME}_{department}", "xlsx"), stream.getvalue(), CONTENT_XLSX


def _written(period, department):
    """{assignment: its report of the period}, with its steps: the last one says why it was returned."""
    reports = ProgressReport.objects.filter(period=period, assignment__department=department)
    return {
        report.assignment_id: report
        for report in reports.select_related("period").prefetch_related("steps")
    }


def _earlier(period, department):
    """{assignment: what it last submitted for an earlier period}."""
    reports = ProgressReport.objects.submitted().filter(
        assignment__department=department,
        period__programme=period.programme_id,
        period__ends_on__lt=period.starts_on,
    )
    return {
        report.assignment_id: report
        for report in reports.select_related("period").order_by("period__ends_on")
    }


def letter_of(heading):
    return get_column_letter([column.heading for column in COLUMNS].index(heading) + 1)


class GrowingRow(RowDimension):
    """Tall enough to begin with, and taller with what is typed: its height is not one that somebody has set."""

    @property
    def customHeight(self):
        return False


def _heading(sheet, period, department):
    words = HELP.format(points=period.programme.behind_threshold)
    if not period.is_open:
        words = NOT_OPEN.format(
            period=period, state="已經關閉" if period.is_closed else "還沒有開放填報"
        )
    lines = (
        (TITLE.format(period=period, department=department), 16, 30),
        (words, SIZE, (words.count("\n") + 1) * LINE),
    )
    for number, (text, size, height) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        put(cell, text)
        cell.font = Font(name=FONT, size=size, bold=number == 1)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[number].height = height
        sheet.merge_cells(
            start_row=number, end_row=number, start_column=1, end_column=OPEN_PLACES[-1]
        )
    sheet.row_dimensions[HEADING_ROW].height = heading_height(COLUMNS)
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADING_ROW, number)
        put(cell, column.heading)
        cell.font, cell.border = Font(name=FONT, size=SIZE, bold=True), BORDER
        cell.fill = HEADING_FILL if number in OPEN_PLACES else LOCKED_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _values(assignment, report, earlier, planned, period):
    """One row as it is written, in the order of `COLUMNS`."""
    content = report.content() if report else {}
    return [
        assignment.action.code,
        assignment.action.title + ("" if assignment.is_lead else "（協辦）"),
        assignment.deadline_text,
        planned,
        _state(report),
        f"{earlier.period.name} {earlier.percent}%：{earlier.text}" if earlier else "",
        *(shown(name, content.get(name)) for name in FIELDS),
        f"{period.pk}-{assignment.pk}",
        report.version if report else 0,
    ]


def _state(report):
    """填報狀態; of a returned report with the reason, which its writer has to answer."""
    if report is None:
        return "未填"
    last = max(report.steps.all(), key=lambda step: (step.at, step.pk), default=None)
    is_returned = report.state == ReportState.RETURNED and last and last.words
    return f"退回：{last.words}" if is_returned else report.state_words


def _row(sheet, number, values, is_open):
    lines = 1
    for place, (column, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
        cell = sheet.cell(number, place)
        put(cell, value if value != "" else None)
        is_free = is_open and place in OPEN_PLACES
        cell.font, cell.border = Font(name=FONT, size=SIZE), BORDER
        cell.fill = OPEN_FILL if is_free else LOCKED_FILL
        cell.protection = Protection(locked=not is_free)
        horizontal = "center" if column.is_centred else "left"
        cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
        if place in OPEN_PLACES:
            # Text stays text, also where it begins with - or =; and 50% does not turn the cell into one of percents.
            cell.number_format = PERCENT_FORMAT if column == FIELDS["percent"] else "@"
        if isinstance(value, str):
            lines = max(lines, lines_in(value, column.width))
    row = GrowingRow(sheet, index=number, ht=min(max(LOWEST, lines * LINE + PADDING), TALLEST))
    sheet.row_dimensions[number] = row


def shown(name, value):
    """A field as the sheet shows it."""
    return dict(WorkStatus.choices).get(value, "") if name == "work_status" else value


def _validate(sheet, last):
    labels = ",".join(WorkStatus.labels)
    rules = {
        "work_status": DataValidation(type="list", formula1=f'"{labels}"', allow_blank=True),
        "percent": DataValidation(
            type="whole", operator="between", formula1="0", formula2="100", allow_blank=True
        ),
    }
    for name in ("text", "delay_reason", "remedy"):
        rules[name] = DataValidation(
            type="textLength",
            operator="lessThanOrEqual",
            formula1=str(TEXT_LENGTH),
            allow_blank=True,
        )
    words = {
        "work_status": f"請從清單選：{'、'.join(WorkStatus.labels)}。",
        "percent": "請填 0 到 100 的整數，例如 75，不必加 %。",
    }
    rules["percent"].prompt, rules["percent"].showInputMessage = words["percent"], True
    for name, rule in rules.items():
        rule.error = words.get(name, f"最多 {TEXT_LENGTH} 個字。")
        rule.errorTitle, rule.showErrorMessage = FIELDS[name].heading, True
        letter = letter_of(FIELDS[name].heading)
        rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(rule)
