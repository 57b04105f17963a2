"""The official table with what was reported for one period: one row per 分辦, the plan's cells merged as on paper."""

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
from items.exchange.plan_export.official import COLUMNS, path_merges
from items.exchange.spreadsheets.file_table import Column, FileTable, runs
from items.exchange.spreadsheets.write import file_name, write
from items.lights import Light
from items.roc import format_roc
from items.workflow.reporting import planned_in

PLANNED = Column("預定進度（%）", 9, is_centred=True)
ACTUAL = Column("實際進度（%）", 9, is_centred=True)
TEXT = Column("辦理情形", 42)
REASON = Column("落後原因", 20)
REMEDY = Column("因應對策", 20)
LIGHT = Column("燈號", 12, is_centred=True)
HEADINGS = (CODE, STRATEGY, METHOD, PLAN, ACTION, BENEFIT, DEADLINE, LEAD)
NARROWER = {STRATEGY: 12, METHOD: 16, PLAN: 16, ACTION: 28, BENEFIT: 18}
"""The plan's own columns, beside which the reports need room."""

ACTION_COLUMNS = (HEADINGS.index(CODE), HEADINGS.index(ACTION), HEADINGS.index(BENEFIT))


@garbage_collection_paused
def export_progress(assignments, reports, period, today, format):
    """(file name, bytes, content type) of a period's table.

    `assignments` and `reports` are what the reader may see; only submitted reports of the period are taken from them.
    """
    table = progress_table(assignments, reports, period, today)
    return (file_name(f"{period}辦理情形", format), *write(table, format))


def progress_table(assignments, reports, period, today):
    """燈號 and 預定進度 are those of the period's last day, or of today while the period still runs."""
    day = min(today, period.ends_on)
    rows = list(assignments.for_programme(period.programme).with_light(day).with_path().in_order())
    planned = planned_in(period, today)
    submitted = {
        report.assignment_id: report for report in reports.submitted().filter(period=period)
    }
    places = [_place(assignment.action) for assignment in rows]
    merges = path_merges(places)
    for column in ACTION_COLUMNS:
        merges += runs(
            rows, column, lambda one, other: rows[one].action_id == rows[other].action_id
        )
    merges += runs(
        rows, HEADINGS.index(DEADLINE), lambda one, other: _when(rows[one]) == _when(rows[other])
    )
    return FileTable(
        name=str(period),
        title=f"{period.programme.title}　{period.name}辦理情形",
        subtitle=f"已送出 {len(submitted)} 件，共 {len(rows)} 件；燈號以{format_roc(day)}為準",
        columns=(*map(_plan_column, HEADINGS), PLANNED, ACTUAL, TEXT, REASON, REMEDY, LIGHT),
        rows=[_row(each, submitted.get(each.pk), planned[each.pk]) for each in rows],
        merges=merges,
        paper="A3",
    )


def _plan_column(heading):
    column = COLUMNS[heading]
    return column._replace(width=NARROWER.get(heading, column.width))


def _place(action):
    plan = action.plan
    return plan.method.strategy_id, plan.method_id, plan.pk, ""


def _when(assignment):
    """One 完成期限 for several departments is one cell, as in the official table."""
    action = assignment.action
    return action.pk, assignment.deadline_text, assignment.pk if action.separate_deadlines else None


def _row(assignment, report, planned):
    action = assignment.action
    plan = action.plan
    strategy = plan.method.strategy
    light, reason = Light(assignment.light).label, assignment.light_reason
    return [
        action.code,
        strategy_cell(strategy.number, strategy.title),
        plan.method.title,
        plan.title,
        action.title,
        action.expected_benefit,
        assignment.deadline_text,
        assignment.department.name
        if assignment.is_lead
        else f"{assignment.department.name}\n（協辦）",
        planned,
        report.percent if report else None,
        report.text if report else "未填報",
        report.delay_reason if report else "",
        report.remedy if report else "",
        f"{light}\n{reason}" if reason else light,
    ]
