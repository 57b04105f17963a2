"""A 填報表 that came back: what each row would write, what somebody else wrote meanwhile, and what cannot be taken."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction

from items.exchange.columns import CODE
from items.exchange.offline.workbook import FIELDS, KEY, NAME, VERSION, shown
from items.exchange.plan_import.path_tree import same
from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key
from items.exchange.spreadsheets.workbook import CellKind
from items.models import Assignment, Door, Period, ProgressReport, WorkStatus
from items.models.progress import TEXT_LENGTH
from items.workflow import WorkflowError, reporting

_KEY = re.compile(r"(\d{1,17})-(\d{1,17})", re.ASCII)
_VERSION = re.compile(r"\d{1,9}", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3})(?:\.0+)?%?", re.ASCII)


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
    conflict: str = ""

    @property
    def is_untouched(self):
        """Blank as it was downloaded: what was written in the browser since then is contradicted by nothing."""
        return self.version == 0 and all(value in (None, "") for value in self.content.values())

    def cells(self):
        """[(heading, as it is now, as in the file)] of what differs."""
        now = self.current.content() if self.current else dict.fromkeys(FIELDS)
        pairs = (
            (column.heading, shown(name, now[name]), shown(name, self.content[name]))
            for name, column in FIELDS.items()
        )
        texts = (
            (heading, *("" if value is None else str(value) for value in values))
            for heading, *values in pairs
        )
        return [(heading, old, new) for heading, old, new in texts if old != new]


class Stray(NamedTuple):
    """A row in which somebody wrote, but which belongs to nothing that could be written: never passed over quietly."""

    number: int
    code: str
    problem: str


@dataclass
class Returns:
    """A whole workbook that came back; `rows` in its order.

    `ignored` are (row, reason) of rows with nothing in them; `absent` are the items to be written that the file lacks.
    """

    rows: list
    strays: list
    ignored: list
    absent: list

    def having(self, outcome):
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def can_save(self):
        return bool(self.having(Outcome.WRITE)) and not self.has_errors

    @property
    def has_errors(self):
        return bool(self.strays or self.having(Outcome.ERROR))

    @property
    def can_submit(self):
        return self.can_save and not any(row.lacking for row in self.having(Outcome.WRITE))

    @property
    def digest(self):
        """A fingerprint of all that the person was shown: where it differs at confirm, somebody has written since."""
        rows = [
            (row.number, row.outcome, row.cells(), row.conflict, row.problems, row.lacking)
            for row in self.rows
        ]
        shown = (rows, self.strays, self.ignored, [each.pk for each in self.absent])
        return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()


def is_ours(content, name):
    """Whether a file that some other door refused is a 填報表."""
    try:
        return bool(_table(content, name))
    except Refused:
        return False


def read(content, name, assignments, period, today):
    """The `Returns` of a workbook. `assignments` is what the person may report on; other rows are refused one by one.

    Raises `Refused` for a file that is no 填報表, or that of another period or department.
    """
    if not period.is_open:
        raise Refused(
            f"{period}{'已經關閉' if period.is_closed else '還沒有開放填報'}，不能上傳；如需填報或更正，請洽研考。"
        )
    lines = _lines(*_table(content, name))
    own = {each.pk: each for each in assignments.for_programme(period.programme).with_path()}
    _require_some(lines, own, period)
    current = {
        report.assignment_id: report
        for report in ProgressReport.objects.with_path().filter(
            period=period, assignment__in=list(own)
        )
    }
    planned = reporting.planned_in(period, today)
    returns = Returns([], [], [], [])
    seen = {}
    for line in lines:
        assignment = own.get(line.assignment) if line.period == period.pk else None
        problem = _stray(line, assignment, seen)
        if assignment and not problem:
            seen[assignment.pk] = line.number
            returns.rows.append(
                _returned(line, assignment, current.get(assignment.pk), period, today, planned)
            )
        elif line.is_written_in:
            returns.strays.append(Stray(line.number, line.code, problem))
        else:
            returns.ignored.append((line.number, problem))
    returns.absent = _absent(assignments, period, [own[pk] for pk in seen], current)
    return returns


class Line(NamedTuple):
    """A row of the sheet below its heading; `period` and `assignment` are the numbers in its key, 0 for none."""

    number: int
    cells: dict
    code: str
    period: int
    assignment: int

    @property
    def is_written_in(self):
        return any(column.heading in self.cells for column in FIELDS.values())


def _lines(rows, columns):
    lines = []
    for row in rows:
        cells = {
            heading: row.cells[place]
            for heading, place in columns.items()
            if place and place in row.cells
        }
        numbers = _KEY.fullmatch(clean(cells[KEY].text)[0]) if KEY in cells else None
        code = clean(cells[CODE].text)[0] if CODE in cells else ""
        lines.append(
            Line(row.number, cells, code, *(map(int, numbers.groups()) if numbers else (0, 0)))
        )
    return lines


def _require_some(lines, own, period):
    """A file of which nothing belongs here is refused as a whole, and the sentence says where it does belong."""
    keyed = [line for line in lines if line.assignment]
    if not keyed:
        raise Refused(
            "沒有一列認得出是哪個項目（識別碼不見了）。請重新下載填報表，把內容貼到新的檔案再上傳。"
        )
    if any(line.period == period.pk and line.assignment in own for line in keyed):
        return
    other = (
        Period.objects.filter(pk=keyed[0].period)
        .exclude(pk=period.pk)
        .select_related("programme")
        .first()
    )
    if other:
        raise Refused(
            f"這是{other}的{NAME}，這一頁收的是{period}的。請重新下載{period}的{NAME}填寫。"
        )
    theirs = Assignment.objects.filter(pk=keyed[0].assignment).select_related("department").first()
    whose = f"這是{theirs.department}的{NAME}，" if theirs and keyed[0].period == period.pk else ""
    raise Refused(f"{whose}裡面沒有您可以填報的項目。請由這一頁下載自己單位的{NAME}填寫。")


def _stray(line, assignment, seen):
    """Why a row cannot be taken, "" if it can."""
    if not line.assignment:
        return f"識別碼不見了或被改過，認不出是哪個項目。請重新下載{NAME}，把這一列的內容貼過去；不需要的話請清空這一列。"
    if assignment is None:
        return "不是這一期、貴單位可以填報的項目，請清空或刪除這一列。"
    if assignment.pk in seen:
        return f"和第 {seen[assignment.pk]} 列是同一個項目，請只留一列。"
    if CODE in line.cells and key(line.code) != key(assignment.action.code):
        both = f"項次編號是「{line.code[:20]}」，識別碼卻是 {assignment.action.code} 的"
        return f"{both}，看不出要寫到哪一項。請重新下載{NAME}填寫。"
    return ""


def _absent(assignments, period, found, current):
    """What the departments of the file could write but it lacks: rows that somebody deleted."""
    departments = {each.department_id for each in found}
    expected = (
        assignments.expected_in(period).filter(department__in=departments).with_path().in_order()
    )
    missing = [each for each in expected if each not in found]
    return [each for each in missing if each.pk not in current or current[each.pk].is_editable]


def _table(content, name):
    book = read_workbook(content, name)
    for sheet in book.sheets:
        for row in sheet.rows[:10]:
            columns = {key(cell.text): place for place, cell in row.cells.items()}
            headings = {
                heading: columns.get(key(heading)) for heading in (KEY, VERSION, *_headings())
            }
            if all(headings.values()):
                headings[CODE] = columns.get(key(CODE))
                return [each for each in sheet.rows if each.number > row.number], headings
    raise Refused(_not_ours(book))


def _not_ours(book):
    try:
        candidate_sheets(book)
    except Refused:
        return f"這不是{NAME}：找不到表頭（{'、'.join(_headings())}）。請用這一頁下載的檔案填寫，並保留所有欄位。"
    return f"這是計畫表，不是{NAME}。計畫表由研考或系統管理在「匯入計畫表」上傳；填報請用這一頁下載的檔案。"


def _headings():
    return [column.heading for column in FIELDS.values()]


def _returned(line, assignment, current, period, today, planned):
    problems = []
    content = {
        name: _value(name, line.cells.get(column.heading), problems)
        for name, column in FIELDS.items()
    }
    if current:
        content = {name: _kept(getattr(current, name), value) for name, value in content.items()}
    version = _VERSION.fullmatch(line.cells[VERSION].text if VERSION in line.cells else "")
    if not version:
        problems.append(f"版次被改過，無法判斷是根據哪一版填寫；請重新下載{NAME}。")
    version = int(version[0]) if version else 0
    row = Returned(line.number, assignment, content, version, current, problems=problems)
    if problems:
        row.outcome = Outcome.ERROR
    elif row.is_untouched or not row.cells():
        row.outcome = Outcome.SAME
    elif conflict := _conflict(row):
        row.outcome, row.conflict = Outcome.CONFLICT, conflict
    else:
        row.outcome = Outcome.WRITE
        draft = ProgressReport(assignment=assignment, period=period, **content)
        row.lacking = reporting.missing(draft, today, planned=planned[assignment.pk])
    return row


def _kept(now, written):
    """What a sheet cannot hold, such as an invisible character that was pasted into the page, is nobody's change."""
    return now if now and isinstance(now, str) and same(now, written) else written


def _conflict(row):
    """Why the row may not be written, "" if it may: sent on, or changed in the browser since the download."""
    now = row.current
    if now and not now.is_editable:
        return f"已經送出（{now.state_words}），檔案裡的修改不會寫入。要更正請先在網頁撤回，或請主管、研考退回。"
    if row.version == (now.version if now else 0):
        return ""
    if now is None:
        return "下載時的內容已經不在了，檔案裡的內容不會寫入。要填請用網頁，或重新下載填報表。"
    return f"下載之後內容又有變動（最後是{now.written_by}存的），檔案裡的內容不會寫入。要採用請到網頁修改，或重新下載填報表。"


def _value(name, cell, problems):
    text = clean(cell.text)[0] if cell else ""
    heading = FIELDS[name].heading
    if cell and cell.kind in (CellKind.ERROR, CellKind.NO_VALUE):
        problems.append(
            f"{heading}是算不出結果的公式{f'（{text[:20]}）' if text else ''}，請改成文字或數字。"
        )
        return None if name == "percent" else ""
    if name == "percent":
        return _percent(cell, text, problems) if text else None
    if name == "work_status":
        states = {key(label): value for value, label in WorkStatus.choices}
        if text and key(text) not in states:
            problems.append(f"{heading}「{text[:20]}」要是：{'、'.join(WorkStatus.labels)}。")
        return states.get(key(text), "")
    if len(text) > TEXT_LENGTH:
        problems.append(f"{heading}有 {len(text):,} 個字，最多 {TEXT_LENGTH:,} 個字。")
    return text


def _percent(cell, text, problems):
    """75, 75% and ７５ are one; 0.75 might be three quarters or less than one percent, so it is asked."""
    match = _PERCENT.fullmatch(key(text))
    if match and int(match[1]) <= 100:
        return int(match[1])
    fraction = (
        cell.value * 100
        if cell.kind is CellKind.NUMBER and cell.value and 0 < cell.value < 1
        else 0
    )
    hint = (
        f"如果是 {fraction:.0f}%，請填 {fraction:.0f}。"
        if "%" not in text and fraction >= 1
        else ""
    )
    problems.append(f"{FIELDS['percent'].heading}「{text[:20]}」要是 0 到 100 的整數。{hint}")
    return None


@transaction.atomic
def take(returns, period, *, by, at, today, submit):
    """Write what came back as drafts, or send it on; all of it or nothing. The number of reports written.

    A report that somebody changes while this runs raises `StaleReport`: nothing is written then.
    """
    if not (returns.can_submit if submit else returns.can_save):
        raise WorkflowError("填報表裡有錯誤或缺漏，請先改好。")
    rows = returns.having(Outcome.WRITE)
    for row in rows:
        who = {"version": row.version, "by": by, "at": at}
        if submit:
            reporting.write_and_submit(
                row.assignment, period, row.content, today=today, door=Door.IMPORT, **who
            )
        else:
            reporting.write(row.assignment, period, row.content, **who)
    return len(rows)
