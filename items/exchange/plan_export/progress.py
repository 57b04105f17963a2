"""The official table with what was reported for one period.

It has one row for each 分辦; the plan's cells are merged as on paper.
"""

from collections.abc import Hashable, Sequence
from datetime import date

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    DEADLINE,
    LEAD,
    METHOD,
    PLAN,
    STRATEGY,
    strategy_cell,
)
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.table_layout import (
    ACTUAL,
    PLANNED,
    Cell,
    RowPlace,
    columns_of,
    merge_equal,
    path_merges,
    row_of,
)
from items.exchange.spreadsheets.file_table import Column, FileTable, Merge
from items.exchange.spreadsheets.write import WrittenFile, table_file
from items.models import Period, PeriodClosing, ProgressReport
from items.models.assignment_queries import AssignmentQuerySet
from items.models.closing import closing_in_force
from items.models.labels import field_label
from items.models.period_line import PeriodLine
from items.models.progress import ProgressReportQuerySet
from items.roc import format_roc
from items.workflow.period_lines import light_day_of, period_lines

TEXT = Column("辦理情形", 42)
DELAY = {
    "delay_factor": Column(field_label(ProgressReport, "delay_factor"), 11),
    "delay_reason": Column(field_label(ProgressReport, "delay_reason"), 20),
    "remedy": Column(field_label(ProgressReport, "remedy"), 20),
    "coordination": Column(field_label(ProgressReport, "coordination"), 16),
    "catch_up_month": Column(field_label(ProgressReport, "catch_up_month"), 10, is_centred=True),
}
"""What is said where an item is behind, by the field of the report."""
LIGHT = Column("燈號", 12, is_centred=True)
HEADINGS = (CODE, STRATEGY, METHOD, PLAN, ACTION, BENEFIT, DEADLINE, LEAD)
NARROWER = {STRATEGY: 12, METHOD: 16, PLAN: 16, ACTION: 28, BENEFIT: 18}
"""The plan's own columns, beside which the reports need room."""


@garbage_collection_paused
def export_progress(
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
    period: Period,
    today: date,
    format: str,
) -> WrittenFile:
    """The file of a period's table.

    `assignments` and `reports` are what the reader may see; only submitted reports of the period
    are taken from them. Of a closed period it is what was kept at closing, for every reader alike.
    """
    closing = closing_in_force(period)
    if closing is not None:
        return export_closing(closing, format)
    table = progress_table(assignments, reports, period, today=today)
    return table_file(table, f"{period}辦理情形", format)


@garbage_collection_paused
def export_closing(closing: PeriodClosing, format: str) -> WrittenFile:
    """The same of one state that was kept, also where the period was opened again since."""
    title = f"{closing.period_name}辦理情形"
    if closing.number > 1:
        title += f"（第{closing.number}次關閉）"
    return table_file(closing_table(closing), title, format)


def progress_table(
    assignments: AssignmentQuerySet, reports: ProgressReportQuerySet, period: Period, today: date
) -> FileTable:
    """燈號 and 預定進度 are those of the period's last day, or of today while the period runs."""
    lines = list(period_lines(period, today, assignments=assignments, reports=reports))
    return _table(
        lines,
        name=str(period),
        title=f"{period.programme.title}　{period.name}辦理情形",
        lights_words=f"；燈號以{format_roc(light_day_of(period, today))}為準",
    )


@garbage_collection_paused
def export_day(
    lines: Sequence[PeriodLine], period: Period, words: str, day: date, format: str
) -> WrittenFile:
    """The same of a day on which the period was not closed; `words` say what the lines are."""
    table = _table(
        lines,
        name=str(period),
        title=f"{period.programme.title}　{period.name}辦理情形",
        of_state=f"{words}；",
    )
    return table_file(table, f"{period}辦理情形（{format_roc(day)}）", format)


def closing_table(closing: PeriodClosing) -> FileTable:
    """The table of a state, from what was kept and nothing else."""
    # Window by window: the texts of 100,000 rows at once would take hundreds of megabytes twice.
    lines = [kept.line for kept in closing.lines.order_by("place").iterator(chunk_size=2000)]
    # The name of the period without its year, which the title says already.
    _year, _mark, name = closing.period_name.partition("年")
    return _table(
        lines,
        name=closing.period_name,
        title=f"{closing.title}　{name}辦理情形",
        lights_words=f"；燈號以{format_roc(closing.light_day)}為準",
        of_state=f"{closing.words}；",
    )


def _table(
    lines: Sequence[PeriodLine],
    *,
    name: str,
    title: str,
    of_state: str = "",
    lights_words: str = "",
) -> FileTable:
    number_sent = 0
    rows = []
    for line in lines:
        if line.report is not None:
            number_sent += 1
        row = row_of(_plan_cells(line), HEADINGS)
        row.append(line.planned)
        row += _report_cells(line)
        row.append(_light_cell(line))
        rows.append(row)
    # Items that have gone into others are printed, but their successors report: they would be
    # counted twice.
    number_counted = sum(1 for line in lines if line.is_counted)
    counted = f"已送出 {number_sent:,} 件，共 {number_counted:,} 件"
    if number_counted < len(lines):
        counted += f"（另列已併案、分案 {len(lines) - number_counted:,} 件，由承接的項目填報）"
    return FileTable(
        name=name,
        title=title,
        subtitle=f"{of_state}{counted}{lights_words}",
        columns=(*_plan_columns(), PLANNED, ACTUAL, TEXT, *DELAY.values(), LIGHT),
        rows=rows,
        merges=_merges(lines),
        paper="A3",
    )


def _merges(lines: Sequence[PeriodLine]) -> list[Merge]:
    """What stands once for the departments of an item, and for the items of a plan."""
    places = []
    actions = []
    deadlines = []
    for line in lines:
        place = RowPlace(
            strategy=line.strategy_key,
            method=line.method_key,
            plan=line.plan_key,
            benefit=line.expected_benefit,
        )
        places.append(place)
        actions.append(line.action_key)
        deadlines.append(_deadline_key(line))
    merges = path_merges(places, HEADINGS)
    for heading in (CODE, ACTION, BENEFIT):
        merges += merge_equal(actions, HEADINGS.index(heading))
    merges += merge_equal(deadlines, HEADINGS.index(DEADLINE))
    # Behind the columns of the plan stand 預定進度 and 實際進度.
    place_of_text = len(HEADINGS) + 2
    merges += merge_equal([_text_key(line) for line in lines], place_of_text)
    return merges


def _plan_columns() -> list[Column]:
    columns = []
    for column in columns_of(HEADINGS):
        width = NARROWER.get(column.heading, column.width)
        columns.append(column._replace(width=width))
    return columns


def _text_key(line: PeriodLine) -> Hashable:
    """One text that stands for all departments of an item is one cell."""
    if line.official_text:
        return (line.action_key,)
    return line.action_key, line.assignment_key


def _deadline_key(line: PeriodLine) -> Hashable:
    """One 完成期限 for several departments is one cell, as in the official table."""
    if line.separate_deadlines:
        return line.action_key, line.assignment_key
    return line.action_key, _deadline_cell(line)


def _plan_cells(line: PeriodLine) -> dict[str, str]:
    """The cells of the plan by heading."""
    department = line.department
    if not line.is_lead:
        department = f"{department}\n（協辦）"
    return {
        CODE: line.code,
        STRATEGY: strategy_cell(line.strategy_number, line.strategy),
        METHOD: line.method,
        PLAN: line.plan,
        ACTION: line.action,
        BENEFIT: line.expected_benefit,
        DEADLINE: _deadline_cell(line),
        LEAD: department,
    }


def _deadline_cell(line: PeriodLine) -> str:
    if line.earlier_deadline:
        return f"{line.deadline_text}\n（原 {line.earlier_deadline}）"
    return line.deadline_text


def _report_cells(line: PeriodLine) -> list[Cell]:
    """實際進度, 辦理情形 and what was said of a delay."""
    # 彙整文字 stands for all departments of an item, also for one that has not reported.
    if line.report is None:
        nothing = ["" for _ in DELAY]
        return [None, line.official_text or "未填報", *nothing]
    text = line.official_text or line.report_text("text")
    delay = [line.report_text(name) for name in DELAY]
    return [line.percent, text, *delay]


def _light_cell(line: PeriodLine) -> str:
    if line.light_reason:
        return f"{line.light_label}\n{line.light_reason}"
    return line.light_label
