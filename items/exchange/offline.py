"""填報表: the workbook that a department fills in offline for one period, and what came back in it.

Each row carries the key of its assignment and the version of the report that its writer saw, in hidden columns; a
report that somebody changed in the browser meanwhile is shown beside the file's and never overwritten.
"""

import io
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.db.models import DateField, Value
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from items.exchange.columns import ACTION, CODE, DEADLINE
from items.exchange.sheet import Refused, clean, key, read_workbook
from items.exchange.writers import Column, file_name
from items.exchange.writers.as_xlsx import BORDER, FONT, page, put
from items.models import Assignment, Door, ProgressReport, WorkStatus
from items.models.progress import TEXT_LENGTH
from items.workflow import WorkflowError, reports

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
    sheet.row_dimensions[number].height = 110


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


class Outcome(StrEnum):
    """What becomes of one row of a returned workbook."""

    WRITE = "write"
    SAME = "same"
    CONFLICT = "conflict"
    ERROR = "error"


@dataclass
class Returned:
    """One row that came back; `current` is the report as it is now, `lacking` what a submission still needs."""

    number: int
    assignment: Assignment
    content: dict
    version: int
    current: ProgressReport | None
    outcome: Outcome = Outcome.SAME
    problems: list = field(default_factory=list)
    lacking: dict = field(default_factory=dict)

    def cells(self):
        """[(heading, as it is now, as in the file)] of what differs."""
        now = self.current.content() if self.current else dict.fromkeys(FIELDS)
        pairs = (
            (column.heading, shown(name, now[name]), shown(name, self.content[name])) for name, column in FIELDS.items()
        )
        texts = ((heading, *("" if value is None else str(value) for value in values)) for heading, *values in pairs)
        return [(heading, old, new) for heading, old, new in texts if old != new]


@dataclass
class Returns:
    """A whole workbook that came back; `rows` in its order, `ignored` the rows that are not of ours."""

    rows: list
    ignored: list

    def having(self, outcome):
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def can_save(self):
        return bool(self.having(Outcome.WRITE)) and not self.having(Outcome.ERROR)

    @property
    def can_submit(self):
        return self.can_save and not any(row.lacking for row in self.having(Outcome.WRITE))


def read(content, name, assignments, period, today):
    """The `Returns` of a workbook. `assignments` is what the person may report on; other rows are refused one by one.

    Raises `Refused` for a file that is no 填報表.
    """
    rows, columns = _table(content, name)
    own = {each.pk: each for each in assignments.for_programme(period.programme).with_path()}
    current = {
        report.assignment_id: report
        for report in ProgressReport.objects.with_path().filter(period=period, assignment__in=list(own))
    }
    planned = planned_percents(period, today)
    found, ignored, seen = [], [], set()
    for row in rows:
        cells = {heading: row.cells[place] for heading, place in columns.items() if place in row.cells}
        which = cells[KEY].text.strip() if KEY in cells else ""
        if not which:
            ignored.append((row.number, "沒有識別碼，不是填報表的列。"))
            continue
        assignment = own.get(_assignment_in(which, period))
        if assignment is None or assignment.pk in seen:
            ignored.append((row.number, "不是這一期、貴單位可以填報的項目，或重複的列。"))
            continue
        seen.add(assignment.pk)
        found.append(_returned(row.number, assignment, cells, current.get(assignment.pk), period, today, planned))
    return Returns(found, ignored)


def _table(content, name):
    book = read_workbook(content, name)
    for sheet in book.sheets:
        for row in sheet.rows[:10]:
            columns = {key(cell.text): place for place, cell in row.cells.items()}
            headings = {heading: columns.get(key(heading)) for heading in (KEY, VERSION, *_headings())}
            if all(headings.values()):
                return [each for each in sheet.rows if each.number > row.number], headings
    raise Refused(f"這不是{NAME}：找不到表頭（{'、'.join(_headings())}）。請用這一頁下載的檔案填寫，並保留所有欄位。")


def _headings():
    return [column.heading for column in FIELDS.values()]


def _assignment_in(which, period):
    period_pk, _, assignment = which.partition("-")
    return int(assignment) if period_pk == str(period.pk) and assignment.isdecimal() and len(assignment) < 18 else None


def _returned(number, assignment, cells, current, period, today, planned):
    problems = []
    content = {name: _value(name, cells.get(column.heading), problems) for name, column in FIELDS.items()}
    if content["work_status"] == WorkStatus.FINISHED and content["percent"] not in (None, 100):
        problems.append("辦理狀態是「已完成」時，實際進度要是 100%。")
    version = cells[VERSION].text if VERSION in cells else ""
    if not version.isdecimal():
        problems.append("版次被改過，無法判斷是根據哪一版填寫；請重新下載填報表。")
    row = Returned(number, assignment, content, int(version) if version.isdecimal() else 0, current, problems=problems)
    if problems:
        row.outcome = Outcome.ERROR
    elif not row.cells():
        row.outcome = Outcome.SAME
    elif row.version != (current.version if current else 0) or (current and not current.is_editable):
        row.outcome = Outcome.CONFLICT
    elif not period.is_open:
        row.outcome = Outcome.ERROR
        problems.append(f"{period}{'已經關閉' if period.is_closed else '還沒有開放填報'}。")
    else:
        row.outcome = Outcome.WRITE
        draft = ProgressReport(assignment=assignment, period=period, **content)
        row.lacking = reports.missing(draft, today, planned=planned[assignment.pk])
    return row


def _value(name, cell, problems):
    text = clean(cell.text)[0] if cell else ""
    heading = FIELDS[name].heading
    if name == "percent":
        number = text.removesuffix("%").removesuffix(".0").strip()
        if not number:
            return None
        if not number.isdecimal() or not number.isascii() or int(number) > 100:
            problems.append(f"{heading}「{text[:20]}」要是 0 到 100 的整數。")
            return None
        return int(number)
    if name == "work_status":
        states = {key(label): value for value, label in WorkStatus.choices}
        if text and key(text) not in states:
            problems.append(f"{heading}「{text[:20]}」要是：{'、'.join(WorkStatus.labels)}。")
        return states.get(key(text), "")
    if len(text) > TEXT_LENGTH:
        problems.append(f"{heading}有 {len(text):,} 個字，最多 {TEXT_LENGTH:,} 個字。")
    return text


@transaction.atomic
def take(returns, period, *, by, at, today, submit):
    """Write what came back as drafts, or send it on; all of it or nothing. The number of reports written.

    A report that somebody changes while this runs raises `StaleReport`: nothing is written then.
    """
    if not (returns.can_submit if submit else returns.can_save):
        raise WorkflowError("填報表裡有錯誤或缺漏，沒有寫入任何資料。")
    rows = returns.having(Outcome.WRITE)
    for row in rows:
        who = {"version": row.version, "by": by, "at": at}
        if submit:
            reports.write_and_submit(row.assignment, period, row.content, today=today, door=Door.IMPORT, **who)
        else:
            reports.write(row.assignment, period, row.content, **who)
    return len(rows)
