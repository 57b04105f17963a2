"""填報表: the workbook that a department fills in offline; `returned` reads what comes back.

Each row carries the key of its assignment and the version of the report that its writer saw, in
hidden columns, so that what somebody changed in the browser meanwhile is never overwritten.
"""

import io
from datetime import date

from openpyxl import Workbook

from items.exchange.columns import ACTION, CODE, DEADLINE
from items.exchange.offline.sheet_columns import (
    EARLIER,
    FIELDS,
    KEY,
    NAME,
    PLANNED,
    STATE,
    VERSION,
    shown,
)
from items.exchange.offline.sheet_look import (
    FIRST_ROW,
    HEADING_ROW,
    FirstCells,
    RowValues,
    add_rules,
    cell_at,
    place_of,
    protect_and_lay_out,
    write_heading,
    write_row,
)
from items.exchange.spreadsheets.write import FORMATS, WrittenFile, file_name
from items.exchange.spreadsheets.write_xlsx import in_our_widths, put
from items.models import Assignment, Department, Period, ProgressReport, ReportState
from items.models.assignment_queries import AssignmentQuerySet
from items.models.earlier_deadlines import show_earlier
from items.workflow.report_planned import planned_in

HELP = (
    "一、只有白色的格子可以填寫；在格子裡換行請按 Alt＋Enter（LibreOffice 按 Ctrl＋Enter）。這次不填的列留著就好，"
    "請不要刪除、增加或搬動列與欄。\n"
    "二、實際進度填 0 到 100 的整數，例如 75，不必加 %；辦理狀態從清單裡選。比預定進度落後 {points} 個百分點以上，"
    "要寫落後原因與因應對策；預計趕上月份寫成「{year}年12月」。\n"
    "三、填完存檔，到「我的填報」的「離線填報表」上傳：先預覽，再存成草稿或送出。"
)
NOTHING = "這一期沒有需要填報的項目。"


def workbook(
    assignments: AssignmentQuerySet, department: Department, period: Period, *, today: date
) -> WrittenFile:
    """The workbook for what a department owes in a period.

    `assignments` is what the reader may report on. Submitted and accepted reports are there to
    read, locked.
    """
    of_department = assignments.filter(department=department).expected_in(period)
    owed = list(of_department.with_path().in_order())
    show_earlier(owed, period.programme)
    # All at once: asking for each row would be three queries a row.
    reports = _reports(period, department)
    earlier_reports = _earlier_reports(period, department)
    planned = planned_in(period, today)

    book = Workbook()
    in_our_widths(book)
    sheet = book.worksheets[0]
    sheet.title = NAME
    title = f"{period}{NAME}　{department}"
    write_heading(sheet, title, _help_words(period))
    first_cells: FirstCells = {}
    for number, assignment in enumerate(owed, start=FIRST_ROW):
        report = reports.get(assignment.pk)
        values = _values(
            assignment,
            period,
            report,
            planned=planned[assignment.pk],
            earlier=earlier_reports.get(assignment.pk),
        )
        can_be_written = report is None or report.is_editable
        is_open = period.is_open and can_be_written
        write_row(sheet, number, values, is_open=is_open, first_cells=first_cells)
    if not owed:
        # An empty sheet looks like a mistake of the program.
        put(cell_at(sheet, FIRST_ROW, place_of(ACTION)), NOTHING)
    # A rule needs an area of one row at least.
    last_row = HEADING_ROW + max(1, len(owed))
    add_rules(sheet, last_row, period.programme.delay_factor_list)
    protect_and_lay_out(sheet)

    stream = io.BytesIO()
    book.save(stream)
    return WrittenFile(
        name=file_name(f"{period}{NAME}_{department}", "xlsx"),
        content=stream.getvalue(),
        content_type=FORMATS["xlsx"].content_type,
    )


def _reports(period: Period, department: Department) -> dict[int, ProgressReport]:
    """The reports of the period by their assignment; their last step says why one was returned."""
    reports = ProgressReport.objects.filter(period=period, assignment__department=department)
    with_steps = reports.select_related("period").prefetch_related("steps")
    return {report.assignment_id: report for report in with_steps}


def _earlier_reports(period: Period, department: Department) -> dict[int, ProgressReport]:
    """What each assignment last submitted for an earlier period."""
    submitted = ProgressReport.objects.submitted().filter(
        assignment__department=department, period__programme=period.programme_id
    )
    newest: dict[int, ProgressReport] = {}
    for report in submitted.before(period).select_related("period"):
        # The newest period comes first, and is kept.
        newest.setdefault(report.assignment_id, report)
    return newest


def _help_words(period: Period) -> str:
    if period.is_open:
        return HELP.format(points=period.programme.behind_threshold, year=period.programme.year)
    state = "還沒有開放填報"
    if period.is_closed:
        state = "已經關閉"
    return f"{period}{state}，這份檔案只能看，不能填寫。"


def _values(
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    planned: int,
    earlier: ProgressReport | None,
) -> RowValues:
    """The row of an assignment; `earlier` is what it last submitted."""
    title = assignment.action.title
    if not assignment.is_lead:
        # Supporting departments report as well, and have to see that others are in the lead.
        title += "（協辦）"
    values: RowValues = {
        CODE: assignment.action.code,
        ACTION: title,
        DEADLINE: _deadline_words(assignment),
        PLANNED: planned,
        STATE: _state_words(report),
        EARLIER: _earlier_words(earlier),
        KEY: f"{period.pk}-{assignment.pk}",
        VERSION: 0,
    }
    for name, column in FIELDS.items():
        values[column.heading] = None
        if report is not None:
            values[column.heading] = shown(name, getattr(report, name))
    if report is not None:
        values[VERSION] = report.version
    return values


def _deadline_words(assignment: Assignment) -> str:
    if assignment.earlier is None:
        return assignment.deadline_text
    return f"{assignment.deadline_text}\n{assignment.earlier.behind_words}"


def _earlier_words(earlier: ProgressReport | None) -> str:
    if earlier is None:
        return ""
    return f"{earlier.period.name} {earlier.percent}%：{earlier.text}"


def _state_words(report: ProgressReport | None) -> str:
    """填報狀態; of a returned report with the reason, which its writer has to answer."""
    if report is None:
        return "未填"
    if report.state == ReportState.RETURNED:
        last_step = max(report.steps.all(), key=lambda step: step.number, default=None)
        if last_step and last_step.words:
            return f"退回：{last_step.words}"
    return report.state_words
