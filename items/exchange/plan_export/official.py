"""The official table out again, as it came in.

What was exported is imported as unchanged, cell by cell.
"""

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
    printed,
    strategy_cell,
)
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_export.notes_columns import (
    EARLIER,
    LINKS,
    append_if_filled,
    earlier_cell,
    links_cell,
)
from items.exchange.plan_export.table_layout import (
    PRINTED_COLUMNS,
    RowPlace,
    benefit_merges,
    columns_of,
    path_merges,
    row_of,
)
from items.exchange.plan_import.handing_out import stored_cells
from items.exchange.plan_import.plan_now import PlanNow, load
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.spreadsheets.file_table import FileTable
from items.exchange.spreadsheets.write import WrittenFile, table_file
from items.models import Programme
from items.models.earlier_deadlines import earlier_deadlines
from items.models.item_links import links_of_year
from items.roc import format_roc


@garbage_collection_paused
def export_programme(programme: Programme, format: str) -> WrittenFile:
    """The file of the whole official table."""
    return table_file(official_table(programme), programme.title, format)


def official_table(programme: Programme) -> FileTable:
    """The official table of a programme, in a fixed number of queries.

    協辦單位 is a column only where the plan has any: the approved document has none.
    """
    plan_now = load(programme)
    actions = _in_order(plan_now)
    # An empty column would look as if somebody had forgotten to fill it.
    headings = list(PRINTED_COLUMNS)
    if not any(action.supports for action in actions):
        headings.remove(SUPPORT)
    earlier = earlier_deadlines(programme)
    links = {}
    # Nothing has taken over anything where everything stands for itself.
    if any(action.has_gone_into_others for action in actions):
        links = links_of_year(programme)
    rows = []
    places = []
    earlier_cells = []
    links_cells = []
    for action in actions:
        cells = _cells(action, plan_now)
        earlier_cells.append(earlier_cell(_leads_by_key(action, plan_now), earlier))
        links_cells.append(links_cell(action.pk, links))
        rows.append(row_of(cells, headings))
        places.append(_place(action, plan_now))
    columns = columns_of(headings)
    append_if_filled(EARLIER, earlier_cells, columns=columns, rows=rows)
    append_if_filled(LINKS, links_cells, columns=columns, rows=rows)
    return FileTable(
        name=f"{programme.year}年度計畫",
        title=programme.title,
        subtitle=_approved(programme),
        columns=tuple(columns),
        rows=rows,
        merges=path_merges(places, headings) + benefit_merges(places, headings),
    )


def _in_order(plan_now: PlanNow) -> list[StoredAction]:
    """As the official table prints them."""

    def order_of(action: StoredAction) -> tuple[int, ...]:
        strategy, method, plan = plan_now.path_of(action)
        # The keys stand behind the positions, which two rows that came of a form may share.
        return (
            strategy.number,
            method.position,
            method.pk,
            plan.position,
            plan.pk,
            action.position,
            action.pk,
        )

    return sorted(plan_now.actions.values(), key=order_of)


def _cells(action: StoredAction, plan_now: PlanNow) -> dict[str, str]:
    """The cells of an action by heading."""
    strategy, method, plan = plan_now.path_of(action)
    leads = stored_cells(action, plan_now)
    return {
        CODE: action.code,
        STRATEGY: strategy_cell(strategy.number, strategy.title),
        METHOD: method.title,
        PLAN: plan.title,
        ACTION: action.title,
        DEADLINE: printed(leads.deadlines),
        LEAD: printed(leads.names),
        SUPPORT: printed(plan_now.department_names(action.supports)),
        BENEFIT: action.expected_benefit,
    }


def _leads_by_key(action: StoredAction, plan_now: PlanNow) -> dict[int, PrintedLead]:
    leads = {}
    for lead in action.leads:
        name = plan_now.departments[lead.department_id].name
        leads[lead.pk] = PrintedLead(name, lead.deadline_text)
    return leads


def _place(action: StoredAction, plan_now: PlanNow) -> RowPlace:
    path = plan_now.path_of(action)
    return RowPlace(
        strategy=path.strategy.pk,
        method=path.method.pk,
        plan=path.plan.pk,
        benefit=action.expected_benefit,
    )


def _approved(programme: Programme) -> str:
    """「115年4月27日核定」, nothing while the document has not been approved."""
    if programme.approved_on is None:
        return ""
    return f"{format_roc(programme.approved_on)}核定"
