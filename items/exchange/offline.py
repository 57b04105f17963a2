"""填報表: the workbook that a department fills in offline for one period; `returns` reads what comes back.

Each row carries the key of its assignment and the version of the report that its writer saw, in hidden columns, so that
what somebody changed in the browser meanwhile is never overwritten.
"""

import io

from django.db.models import DateField, Value
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from items.exchange.columns import ACTION, CODE, DEADLINE
from items.exchange.writers import Column, file_name
from items.exchange.writers.as_xlsx import BORDER, in_our_font, page, put
from items.exchange.writers.layout import FONT, LINE, heading_height, lines_in
from items.models import Assignment, ProgressReport, WorkStatus
from items.models.progress import TEXT_LENGTH

NAME = "填報表"
KEY, VERSION, STATE = "識別碼", "版次", "填報狀態"
FIELDS = {
    "text": Column("辦理情形", 46),
    "percent": Column("實際進度（%）", 10, is_centred=True),
    "work_status": Column("辦理狀態", 12, is_centred=True),
    "delay_reason": Column("落後原因", 26),
    "remedy": Column("因應對策", 26),
}
COLUMNS = (
    Column(CODE, 10, is_centred=True),
    Column(ACTION, 36),
    Column(DEADLINE, 12, is_centred=True),
    Column("預定進度（%）", 10, is_centred=True),
    *FIELDS.values(),
    Column(STATE, 10, is_centred=True),
    Column(KEY, 12),
    Column(VERSION, 6),
)
HEADING_ROW = 3
TITLE = f"{{period}}{NAME}　{{department}}"
HELP = "只有白色的格子可以填寫。填完存檔後到「我的填報」上傳，會先預覽再送出。"
OPEN_FILL = PatternFill("solid", fgColor="FFFFFF")
LOCKED_FILL = PatternFill("solid", fgColor="EEF1F0")
CONTENT_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(assignments, department, period, today):
    """(file name, bytes, content type) of the workbook for what a department owes in a period.

    `assignments` is what the reader may report on. Submitted and accepted reports are there to read, locked.
    """
    own = list(assignments.filter(department=department).expected_in(period).with_path().in_order())
    written = {
        report.assignment_id: report
        for report in ProgressReport.objects.filter(period=period, assignment__department=department)
    }
    planned = planned_percents(period, today)
    book = Workbook()
    in_our_font(book)
    sheet = book.active
    sheet.title = NAME
    _heading(sheet, period, department)
    for number, assignment in enumerate(own, start=HEADING_ROW + 1):
        _row(sheet, number, assignment, written.get(assignment.pk), period, planned[assignment.pk])
    _validate(sheet, HEADING_ROW + max(1, len(own)))
    sheet.protection.enable()
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    page(sheet, "A3", COLUMNS, HEADING_ROW)
    for name in (KEY, VERSION):
        sheet.column_dimensions[letter_of(name)].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return file_name(f"{period}{NAME}_{department}", "xlsx"), stream.getvalue(), CONTENT_XLSX


def planned_percents(period, today):
    """{assignment: 預定進度 at the period's end, or today while it runs}."""
    until = Value(period.ends_on, DateField())
    planned = Assignment.objects.for_programme(period.programme).with_planned(until, today)
    return dict(planned.order_by().values_list("pk", "planned"))


def letter_of(heading):
    return get_column_letter([column.heading for column in COLUMNS].index(heading) + 1)


def _heading(sheet, period, department):
    put(sheet.cell(1, 1), TITLE.format(period=period, department=department))
    put(sheet.cell(2, 1), HELP)
    sheet.cell(1, 1).font = Font(name=FONT, size=16, bold=True)
    sheet.cell(2, 1).font = Font(name=FONT, size=12)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 30, 20
    sheet.row_dimensions[HEADING_ROW].height = heading_height(COLUMNS)
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADING_ROW, number)
        put(cell, column.heading)
        cell.font, cell.border, cell.fill = Font(name=FONT, size=12, bold=True), BORDER, LOCKED_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _row(sheet, number, assignment, report, period, planned):
    is_open = period.is_open and (report is None or report.is_editable)
    content = report.content() if report else {}
    kind = "" if assignment.is_lead else "（協辦）"
    values = [
        assignment.action.code,
        assignment.action.title + kind,
        assignment.deadline_text,
        planned,
        *(shown(name, content.get(name)) for name in FIELDS),
        report.get_state_display() if report else "未填",
        f"{period.pk}-{assignment.pk}",
        report.version if report else 0,
    ]
    places = range(5, 5 + len(FIELDS))
    for place, (column, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
        cell = sheet.cell(number, place)
        put(cell, value if value != "" else None)
        is_free = is_open and place in places
        cell.font, cell.border = Font(name=FONT, size=12), BORDER
        cell.fill = OPEN_FILL if is_free else LOCKED_FILL
        cell.protection = Protection(locked=not is_free)
        horizontal = "center" if column.is_centred else "left"
        cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
    sheet.row_dimensions[number].height = max(70, lines_in(assignment.action.title, COLUMNS[1].width) * LINE + 6)


def shown(name, value):
    """A field as the sheet shows it."""
    return dict(WorkStatus.choices).get(value, "") if name == "work_status" else value


def _validate(sheet, last):
    labels = ",".join(WorkStatus.labels)
    rules = {
        "work_status": DataValidation(type="list", formula1=f'"{labels}"', allow_blank=True),
        "percent": DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=True),
    }
    for name in ("text", "delay_reason", "remedy"):
        rules[name] = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(TEXT_LENGTH), allow_blank=True
        )
    words = {"work_status": f"請選擇：{'、'.join(WorkStatus.labels)}。", "percent": "請填 0 到 100 的整數。"}
    for name, rule in rules.items():
        rule.error = words.get(name, f"最多 {TEXT_LENGTH} 個字。")
        rule.errorTitle, rule.showErrorMessage = FIELDS[name].heading, True
        letter = letter_of(FIELDS[name].heading)
        rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(rule)
