"""The list on screen as a file, filtered and sorted as it is there."""

from datetime import date

from django.db.models import Prefetch

from items.exchange.columns import DEADLINE, LEAD, SUPPORT, PrintedLead, lead_cells, printed
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.action_cells import action_cells, place_of
from items.exchange.plan_export.table_layout import (
    PRINTED_COLUMNS,
    Cell,
    benefit_merges,
    columns_of,
    path_merges,
    row_of,
)
from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import file_name, write
from items.filters import PlanFilter
from items.lights import Light
from items.models import Action, Assignment
from items.plan_lines import PlanLine, lines_of
from items.roc import format_roc

PLANNED = Column("預定進度（%）", 9, is_centred=True)
ACTUAL = Column("實際進度（%）", 9, is_centred=True)
LIGHT = Column("燈號", 11, is_centred=True)
LIGHT_REASON = Column("說明", 18)


@garbage_collection_paused
def export_actions(filters: PlanFilter, today: date, format: str) -> tuple[str, bytes, str]:
    """(file name, bytes, content type) of the list on screen, whatever its page.

    Order, progress and light are those of the page. The file and its name say by which conditions
    the rows were chosen: on paper and in a folder of downloads nobody sees the list's address.
    """
    parts = [f"{filters.programme.year}年度計畫表", format_roc(today)]
    for chip in filters.chips():
        parts.append(chip.words)
    name = file_name("_".join(parts), format)
    content, content_type = write(action_table(filters, today), format)
    return name, content, content_type


def action_table(filters: PlanFilter, today: date) -> FileTable:
    """The actions that the filters choose, in a fixed number of queries."""
    programme = filters.programme
    # Departments are prefetched, not joined, and the path comes with the action alone: a join makes
    # seven new instances for each assignment. The path is joined, since SQLite takes no prefetch
    # from more than a thousand plans.
    lit = Assignment.objects.with_light(filters.basis).prefetch_related("department")
    # The order of the assignments is that of the official table: 主辦 first, as written.
    assignments = Prefetch("assignments", lit.order_by("kind", "position", "id"))
    actions = list(filters.qs.with_path().prefetch_related(assignments))
    headings = list(PRINTED_COLUMNS)
    rows = []
    for line in lines_of(actions, filters.chosen_department):
        cells = _plan_cells(line.action)
        row = row_of(cells, headings)
        row += _progress_cells(line)
        rows.append(row)
    # Sorted by deadline or light, neighbours may have nothing in common: then nothing is merged.
    places = [place_of(action) for action in actions]
    return FileTable(
        name=f"{programme.year}年度計畫",
        title=programme.title,
        subtitle=_subtitle(filters, len(actions), today),
        columns=(*columns_of(headings), PLANNED, ACTUAL, LIGHT, LIGHT_REASON),
        rows=rows,
        merges=path_merges(places, headings) + benefit_merges(places, headings),
        paper="A3",
    )


def _subtitle(filters: PlanFilter, count: int, today: date) -> str:
    """「115年11月22日，共 3 項；條件：單位 行政處、燈號 落後；進度與燈號只看行政處」"""
    parts = [f"{format_roc(today)}，共 {count} 項"]
    conditions = [f"{chip.label} {chip.words}" for chip in filters.chips()]
    if conditions:
        parts.append(f"條件：{'、'.join(conditions)}")
    if filters.chosen_department:
        parts.append(f"進度與燈號只看{filters.chosen_department}")
    return "；".join(parts)


def _plan_cells(action: Action) -> dict[str, str]:
    """The cells of the plan by heading."""
    leads = []
    for lead in action.leads():
        leads.append(PrintedLead(lead.department.name, lead.deadline_text))
    printed_leads = lead_cells(action.every_department, action.separate_deadlines, tuple(leads))
    supporters = [support.department.name for support in action.supporters()]
    cells = action_cells(action)
    cells[DEADLINE] = printed(printed_leads.deadlines)
    cells[LEAD] = printed(printed_leads.names)
    cells[SUPPORT] = printed(supporters)
    return cells


def _progress_cells(line: PlanLine) -> list[Cell]:
    light = ""
    if line.light:
        light = Light(line.light).label
    return [line.planned, line.actual, light, line.light_reason]
