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
)
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.action_cells import action_cells, place_of
from items.exchange.plan_export.table_layout import (
    Cell,
    columns_of,
    merge_equal,
    path_merges,
    row_of,
)
from items.exchange.spreadsheets.file_table import Column, FileTable, Merge
from items.exchange.spreadsheets.write import file_name, write
from items.lights import Light
from items.models import Assignment, Period, ProgressReport
from items.models.assignments import AssignmentQuerySet
from items.models.labels import field_label
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.roc import format_roc
from items.workflow.report_planned import planned_in

PLANNED = Column("預定進度（%）", 9, is_centred=True)
ACTUAL = Column("實際進度（%）", 9, is_centred=True)
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
) -> tuple[str, bytes, str]:
    """(file name, bytes, content type) of a period's table.

    `assignments` and `reports` are what the reader may see; only submitted reports of the period
    are taken from them.
    """
    table = progress_table(assignments, reports, period, today)
    content, content_type = write(table, format)
    return file_name(f"{period}辦理情形", format), content, content_type


def progress_table(
    assignments: AssignmentQuerySet, reports: ProgressReportQuerySet, period: Period, today: date
) -> FileTable:
    """燈號 and 預定進度 are those of the period's last day, or of today while the period runs."""
    day = min(today, period.ends_on)
    # A light of today would show a past period's reports as late.
    of_programme = assignments.for_programme(period.programme)
    # What was handed out later is no row of a period that was closed by then, nor in its count.
    there = of_programme.of_period(period)
    basis = LightBasis.of(period.programme, day)
    in_table = list(there.with_light_on(basis).with_path().in_order())
    planned = planned_in(period, today)
    submitted = {}
    # A draft belongs to its department alone.
    for report in reports.submitted().filter(period=period):
        submitted[report.assignment_id] = report
    rows = []
    for assignment in in_table:
        sent = submitted.get(assignment.pk)
        row = row_of(_plan_cells(assignment), HEADINGS)
        row.append(_planned_cell(sent, planned[assignment.pk]))
        row += _report_cells(sent)
        row.append(_light_cell(assignment))
        rows.append(row)
    return FileTable(
        name=str(period),
        title=f"{period.programme.title}　{period.name}辦理情形",
        subtitle=f"已送出 {len(submitted)} 件，共 {len(rows)} 件；燈號以{format_roc(day)}為準",
        columns=(*_plan_columns(), PLANNED, ACTUAL, TEXT, *DELAY.values(), LIGHT),
        rows=rows,
        merges=_merges(in_table),
        paper="A3",
    )


def _merges(in_table: Sequence[Assignment]) -> list[Merge]:
    """What stands once for the departments of an item, and for the items of a plan."""
    places = []
    actions = []
    deadlines = []
    for assignment in in_table:
        places.append(place_of(assignment.action))
        actions.append(assignment.action_id)
        deadlines.append(_deadline_key(assignment))
    merges = path_merges(places, HEADINGS)
    for heading in (CODE, ACTION, BENEFIT):
        merges += merge_equal(actions, HEADINGS.index(heading))
    merges += merge_equal(deadlines, HEADINGS.index(DEADLINE))
    return merges


def _plan_columns() -> list[Column]:
    columns = []
    for column in columns_of(HEADINGS):
        width = NARROWER.get(column.heading, column.width)
        columns.append(column._replace(width=width))
    return columns


def _deadline_key(assignment: Assignment) -> Hashable:
    """One 完成期限 for several departments is one cell, as in the official table."""
    action = assignment.action
    if action.separate_deadlines:
        return action.pk, assignment.pk
    return action.pk, assignment.deadline_text


def _plan_cells(assignment: Assignment) -> dict[str, str]:
    """The cells of the plan by heading."""
    name = assignment.department.name
    if not assignment.is_lead:
        name = f"{name}\n（協辦）"
    cells = action_cells(assignment.action)
    cells[DEADLINE] = assignment.deadline_text
    cells[LEAD] = name
    return cells


def _planned_cell(report: ProgressReport | None, planned: int) -> int:
    """What the report was held against when it was sent; without one, the plan of the day."""
    if report is None or report.planned_percent is None:
        return planned
    return report.planned_percent


def _report_cells(report: ProgressReport | None) -> list[Cell]:
    """實際進度, 辦理情形 and what was said of a delay."""
    if report is None:
        nothing = ["" for _ in DELAY]
        return [None, "未填報", *nothing]
    delay = [getattr(report, name) for name in DELAY]
    return [report.percent, report.text, *delay]


def _light_cell(assignment: Assignment) -> str:
    label = str(Light(assignment.light).label)
    if assignment.light_reason:
        return f"{label}\n{assignment.light_reason}"
    return label
