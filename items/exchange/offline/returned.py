"""A 填報表 that came back: what it would write, what has changed meanwhile, what is refused."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from items.exchange.columns import CODE
from items.exchange.offline.compare_row import compare_row
from items.exchange.offline.offline_sheet import EmptyRow, OfflineRow, OfflineSheet, StrayRow
from items.exchange.offline.sheet_columns import NAME
from items.exchange.offline.sheet_lines import ReportKey, SheetLine
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import key
from items.models import Assignment, Period, ProgressReport
from items.models.assignment_queries import AssignmentQuerySet
from items.workflow.report_planned import planned_in

QUOTED = 20
"""How many characters of a cell a sentence quotes."""


def compare(
    lines: list[SheetLine], assignments: AssignmentQuerySet, *, period: Period, today: date
) -> OfflineSheet:
    """The rows of a workbook beside what the database has.

    `assignments` is what the person may report on; rows of others are refused one by one.

    Raises `Refused` for the 填報表 of another period or department.
    """
    require_open(period)
    reportable = _reportable(assignments, period)
    _require_some(lines, reportable, period)
    reports = _reports(period, reportable)
    planned = planned_in(period, today)

    rows: list[OfflineRow] = []
    strays: list[StrayRow] = []
    empty: list[EmptyRow] = []
    row_number_of: dict[int, int] = {}
    for line in lines:
        assignment = _assignment_of(line, reportable, period, row_number_of=row_number_of)
        if isinstance(assignment, Misfit):
            if line.is_written_in:
                strays.append(StrayRow(line.number, line.code, assignment.reason))
            else:
                empty.append(EmptyRow(line.number, assignment.reason))
            continue
        # A later row of the same assignment is a copy of this one, and is refused.
        row_number_of[assignment.pk] = line.number
        row = compare_row(
            line,
            assignment,
            reports.get(assignment.pk),
            period=period,
            today=today,
            planned=planned[assignment.pk],
        )
        rows.append(row)
    in_file = [row.assignment for row in rows]
    absent = _absent(assignments, period, in_file, reports=reports)
    return OfflineSheet(rows=rows, strays=strays, empty=empty, absent=absent)


# Whether the file belongs here.


def require_open(period: Period) -> None:
    """Asked before a file is read: where the period is not open, no other file would help."""
    if period.is_open:
        return
    if period.is_closed:
        # 個別重新開放 opens the form of an item, and no file.
        words = "如需填報或更正，請洽研考；個別重新開放的項目，請到「我的填報」直接在網頁上補正。"
        raise Refused(f"{period}已經關閉，不能上傳；{words}")
    raise Refused(f"{period}還沒有開放填報，不能上傳；如需填報或更正，請洽研考。")


def _reportable(assignments: AssignmentQuerySet, period: Period) -> dict[int, Assignment]:
    of_year = assignments.for_programme(period.programme).with_path()
    return {assignment.pk: assignment for assignment in of_year}


def _require_some(
    lines: list[SheetLine], reportable: Mapping[int, Assignment], period: Period
) -> None:
    """Refuse a file of which nothing belongs here, and say where it does belong."""
    keys = [line.key for line in lines if line.key is not None]
    if not keys:
        raise Refused(
            "沒有一列認得出是哪個項目（識別碼不見了）。請重新下載填報表，把內容貼到新的檔案再上傳。"
        )
    for report_key in keys:
        if report_key.period == period.pk and report_key.assignment in reportable:
            return
    # All rows of a workbook are of one period and one department, so the first one speaks for all.
    raise Refused(_words_of_foreign(keys[0], period))


def _words_of_foreign(first: ReportKey, period: Period) -> str:
    """Where a 填報表 belongs whose rows are none that the person may write here."""
    nothing_here = f"裡面沒有您可以填報的項目。請由這一頁下載自己單位的{NAME}填寫。"
    if first.period == period.pk:
        foreign = Assignment.objects.select_related("department").filter(pk=first.assignment)
        assignment = foreign.first()
        if assignment is None:
            return nothing_here
        return f"這是{assignment.department}的{NAME}，{nothing_here}"
    other_period = Period.objects.select_related("programme").filter(pk=first.period).first()
    if other_period is None:
        return nothing_here
    return f"這是{other_period}的{NAME}，這一頁收的是{period}的。請重新下載{period}的{NAME}填寫。"


def _reports(period: Period, pks: Collection[int]) -> dict[int, ProgressReport]:
    """The reports of the period as they are now, by their assignment."""
    reports = ProgressReport.objects.with_path().filter(period=period, assignment__in=list(pks))
    return {report.assignment_id: report for report in reports}


# One row.


class Misfit(NamedTuple):
    """Why a row is of nothing that the person may write."""

    reason: str


def _assignment_of(
    line: SheetLine,
    reportable: Mapping[int, Assignment],
    period: Period,
    *,
    row_number_of: Mapping[int, int],
) -> Assignment | Misfit:
    """What a row is of. `row_number_of` has the rows before it, by their assignment."""
    if line.key is None:
        return Misfit(
            f"識別碼不見了或被改過，認不出是哪個項目。請重新下載{NAME}，"
            "把這一列的內容貼過去；不需要的話請清空這一列。"
        )
    assignment = reportable.get(line.key.assignment)
    if assignment is None or line.key.period != period.pk:
        return Misfit("不是這一期、貴單位可以填報的項目，請清空或刪除這一列。")
    if assignment.pk in row_number_of:
        return Misfit(f"和第 {row_number_of[assignment.pk]} 列是同一個項目，請只留一列。")
    code = assignment.action.code
    if CODE in line.cells and key(line.code) != key(code):
        # Sorting leaves hidden columns behind: text and key would be of two different items.
        both = f"項次編號是「{line.code[:QUOTED]}」，識別碼卻是 {code} 的"
        return Misfit(f"{both}，看不出要寫到哪一項。請重新下載{NAME}填寫。")
    return assignment


# What is not in the file.


def _absent(
    assignments: AssignmentQuerySet,
    period: Period,
    in_file: list[Assignment],
    *,
    reports: Mapping[int, ProgressReport],
) -> list[Assignment]:
    """What the departments of the file could write but it lacks: rows that somebody deleted."""
    pks_in_file = {assignment.pk for assignment in in_file}
    departments = {assignment.department_id for assignment in in_file}
    # Only these departments: somebody who writes for two sends a file for each.
    expected = assignments.expected_in(period).filter(department__in=departments)
    absent = []
    for assignment in expected.with_path().in_order():
        report = reports.get(assignment.pk)
        can_be_written = report is None or report.is_editable
        if can_be_written and assignment.pk not in pks_in_file:
            absent.append(assignment)
    return absent
