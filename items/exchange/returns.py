"""A 填報表 that came back: what each row would write, what somebody else wrote meanwhile, and what cannot be taken."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from items.exchange.offline import FIELDS, KEY, NAME, VERSION, planned_percents, shown
from items.exchange.sheet import Refused, clean, key, read_workbook
from items.models import Assignment, Door, ProgressReport, WorkStatus
from items.models.progress import TEXT_LENGTH
from items.workflow import WorkflowError, reports


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
