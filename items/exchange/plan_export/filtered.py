"""The list on screen as a file, filtered and sorted as it is there."""

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
    SUPPORT,
    PrintedLead,
    lead_cells,
    printed,
    strategy_cell,
)
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.listed import PrintedLine, listed_lines
from items.exchange.plan_export.notes_columns import (
    EARLIER,
    LINKS,
    append_if_filled,
    earlier_cell,
    links_cell,
)
from items.exchange.plan_export.table_layout import (
    ACTUAL,
    PLANNED,
    PRINTED_COLUMNS,
    Cell,
    RowPlace,
    benefit_merges,
    columns_of,
    path_merges,
    row_of,
)
from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import WrittenFile, table_file
from items.filters import PlanFilter
from items.lights import Light
from items.listed_actions import ListedAction
from items.models.earlier_deadlines import earlier_deadlines
from items.models.item_links import links_of_year
from items.roc import format_roc

LIGHT = Column("燈號", 11, is_centred=True)
LIGHT_REASON = Column("說明", 18)


@garbage_collection_paused
def export_actions(filters: PlanFilter, today: date, format: str) -> WrittenFile:
    """The file of the list on screen, all its pages.

    Order, progress and light are those of the page. The file and its name say by which conditions
    the rows were chosen: on paper and in a folder of downloads nobody sees the list's address.
    """
    parts = [f"{filters.programme.year}年度計畫表", format_roc(today)]
    for chip in filters.chips():
        parts.append(chip.words)
    return table_file(action_table(filters, today), "_".join(parts), format)


def action_table(filters: PlanFilter, today: date) -> FileTable:
    """The actions that the filters choose."""
    programme = filters.programme
    headings = list(PRINTED_COLUMNS)
    lines = listed_lines(filters)
    earlier = earlier_deadlines(programme)
    links = links_of_year(programme)
    rows = []
    earlier_cells = []
    links_cells = []
    for line in lines:
        row = row_of(_plan_cells(line), headings)
        earlier_cells.append(earlier_cell(_leads_by_key(line), earlier))
        links_cells.append(links_cell(line.action.pk, links))
        row += _progress_cells(line)
        rows.append(row)
    # Only equal neighbours are merged: in a list sorted by deadline or light there may be none.
    places = [_place_of(line.action) for line in lines]
    columns = [*columns_of(headings), PLANNED, ACTUAL, LIGHT, LIGHT_REASON]
    append_if_filled(EARLIER, earlier_cells, columns=columns, rows=rows)
    append_if_filled(LINKS, links_cells, columns=columns, rows=rows)
    return FileTable(
        name=f"{programme.year}年度計畫",
        title=programme.title,
        subtitle=_subtitle(filters, len(lines), today),
        columns=tuple(columns),
        rows=rows,
        merges=path_merges(places, headings) + benefit_merges(places, headings),
        paper="A3",
    )


def _place_of(action: ListedAction) -> RowPlace:
    return RowPlace(
        strategy=action.plan__method__strategy_id,
        method=action.plan__method_id,
        plan=action.plan_id,
        benefit=action.expected_benefit,
    )


def _leads_by_key(line: PrintedLine) -> dict[int, PrintedLead]:
    leads = {}
    for lead in line.leads:
        leads[lead.pk] = PrintedLead(lead.department_name, lead.deadline_text)
    return leads


def _subtitle(filters: PlanFilter, count: int, today: date) -> str:
    """「115年11月22日，共 3 項；條件：單位 行政處、燈號 落後；進度與燈號只看行政處」"""
    parts = [f"{format_roc(today)}，共 {count:,} 項"]
    conditions = [f"{chip.label} {chip.words}" for chip in filters.chips()]
    if conditions:
        parts.append(f"條件：{'、'.join(conditions)}")
    if filters.chosen_department:
        parts.append(f"進度與燈號只看{filters.chosen_department}")
    return "；".join(parts)


def _plan_cells(line: PrintedLine) -> dict[str, str]:
    """The cells of the plan by heading."""
    action = line.action
    leads = []
    for lead in line.leads:
        leads.append(PrintedLead(lead.department_name, lead.deadline_text))
    printed_leads = lead_cells(action.every_department, action.separate_deadlines, tuple(leads))
    supporters = [support.department_name for support in line.supporters]
    return {
        CODE: action.code,
        STRATEGY: strategy_cell(
            action.plan__method__strategy__number, action.plan__method__strategy__title
        ),
        METHOD: action.plan__method__title,
        PLAN: action.plan__title,
        ACTION: action.title,
        DEADLINE: printed(printed_leads.deadlines),
        LEAD: printed(printed_leads.names),
        SUPPORT: printed(supporters),
        BENEFIT: action.expected_benefit,
    }


def _progress_cells(line: PrintedLine) -> list[Cell]:
    light = ""
    if line.light:
        light = Light(line.light).label
    return [line.planned, line.actual, light, line.light_reason]
