"""The list on screen as a file, filtered and sorted as it is there."""

from django.db.models import Prefetch

from items.exchange.columns import BENEFIT, PrintedLead, lead_cells, printed, strategy_cell
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.official import COLUMNS, path_merges
from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import file_name, write
from items.lights import Light
from items.models import Assignment
from items.plan_lines import lines_of
from items.roc import format_roc

LISTED = (
    Column("預定進度（%）", 9, is_centred=True),
    Column("實際進度（%）", 9, is_centred=True),
    Column("燈號", 11, is_centred=True),
    Column("說明", 18),
)


@garbage_collection_paused
def export_actions(filters, today, format):
    """(file name, bytes, content type) of the list on screen, whatever its page: a `PlanFilter` and its actions.

    Order, progress and light are those of the page. The file and its name say by which conditions the rows were chosen:
    on paper and in a folder of downloads nobody sees the address of the list.
    """
    table = action_table(filters, today)
    words = (chip.words for chip in filters.chips())
    name = "_".join([f"{filters.programme.year}年度計畫表", format_roc(today), *words])
    return (file_name(name, format), *write(table, format))


def action_table(filters, today):
    programme, department = filters.programme, filters.chosen_department
    assignments = (
        Assignment.objects.with_light(today)
        .select_related("department", "action__plan__method__strategy__programme")
        .order_by("kind", "position", "id")
    )
    actions = list(filters.qs.with_path().prefetch_related(Prefetch("assignments", assignments)))
    columns = (*(COLUMNS[heading] for heading in COLUMNS), *LISTED)
    places = [
        (
            action.plan.method.strategy_id,
            action.plan.method_id,
            action.plan_id,
            action.expected_benefit,
        )
        for action in actions
    ]
    return FileTable(
        name=f"{programme.year}年度計畫",
        title=programme.title,
        subtitle=_told(filters, len(actions), today),
        columns=columns,
        rows=[_listed(line) for line in lines_of(actions, department)],
        merges=path_merges(places, list(COLUMNS).index(BENEFIT)),
        paper="A3",
    )


def _told(filters, count, today):
    """「115年11月22日，共 3 項；條件：單位 行政處、燈號 落後；進度與燈號只看行政處」"""
    told = [f"{format_roc(today)}，共 {count} 項"]
    conditions = "、".join(f"{chip.label} {chip.words}" for chip in filters.chips())
    if conditions:
        told.append(f"條件：{conditions}")
    if filters.chosen_department:
        told.append(f"進度與燈號只看{filters.chosen_department}")
    return "；".join(told)


def _listed(line):
    action = line.action
    leads = tuple(PrintedLead(lead.department.name, lead.deadline_text) for lead in action.leads())
    cells = lead_cells(action.every_department, action.separate_deadlines, leads)
    return [
        action.code,
        strategy_cell(line.strategy.number, line.strategy.title),
        line.method.title,
        line.plan.title,
        action.title,
        printed(cells.deadlines),
        printed(cells.names),
        printed(each.department.name for each in action.supporters()),
        action.expected_benefit,
        line.planned,
        line.actual,
        Light(line.light).label if line.light else "",
        line.light_reason,
    ]
