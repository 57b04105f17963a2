"""計畫表 by page: the values of its items, from which a line is made where its HTML is not kept.

Of the 68 ms that 200 lines took which somebody had read before, 50 were spent on making model
instances, lights and rows, only to find the same HTML again (docs/decisions/0029).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from items import access
from items.access.prepared import PreparedForPersonAndKeys
from items.listed_actions import ListedAction
from items.models import Action, Department, Method, Plan, Strategy, User
from items.models.earlier_deadlines import EarlierDeadline, earlier_deadlines, note_earlier
from items.models.item_links import links_of_year
from items.models.light_basis import LightBasis
from items.models.prefetched import keep_assignments
from items.models.row_light import EnteredOf, EnteredPercent, Lamp, entered_for
from items.plan_lines import PlanLine, cell_spans
from items.worklists.line_values import (
    LineAssignment,
    assignment_of,
    values_by_key,
    with_right_that_shows,
)
from items.worklists.plan_rows import (
    PlanPageLink,
    PlanPageRow,
    PlanRowSpans,
    plan_page_links,
    plan_page_row,
)
from plan_tracker.row_memo import RowToMake, ShortKeys


@dataclass(frozen=True)
class TableView:
    """How the table is shown to a person: held against what, about whom, with which cells."""

    basis: LightBasis
    department: Department | None
    is_spanning: bool
    """Cells span equal neighbours in the order of the plan; in a sorted list they span nothing."""
    shows_benefit: bool


@dataclass(frozen=True)
class PlanPageGroup:
    """The rows of one strategy on a page, so that a table body never cuts a spanning cell."""

    strategy: str
    rows: list[RowToMake]


class LineSources(NamedTuple):
    """All that a line is made from, beside the basis of its lights."""

    action: ListedAction
    spans: PlanRowSpans
    assignments: tuple[LineAssignment, ...]
    """In the order of the official table."""
    entered: tuple[tuple[EnteredPercent, ...], ...]
    """預定進度 that was entered, of each assignment."""
    earlier: tuple[EarlierDeadline | None, ...]
    """What an extension has replaced, of each assignment."""
    links: tuple[PlanPageLink, ...]
    department: int | None
    shows_benefit: bool


_ACTIONS = PreparedForPersonAndKeys[Any](
    lambda user, keys: (
        access.visible_actions(user)
        .filter(pk__in=keys)
        .order_by()
        .values_list(*ListedAction._fields)
    )
)
_ASSIGNMENTS = PreparedForPersonAndKeys[Any](
    lambda user, keys: (
        access.visible_assignments(user)
        .filter(action__in=keys)
        .order_by("kind", "position", "id")
        .values_list(*LineAssignment._fields)
    )
)
_SHORT_KEYS = ShortKeys()


def plan_table(user: User, keys: Sequence[int], view: TableView) -> list[PlanPageGroup]:
    """The lines of these items in the order of their keys, in as many queries as for one."""
    # The database returns them in its own order.
    action_of = {}
    for values in _ACTIONS(user, keys):
        action = ListedAction._make(values)
        action_of[action.pk] = action
    actions = [action_of[key] for key in keys]
    lines = _sources_of(user, actions, view)
    # Not by its key alone: the basis has columns that were changed since.
    shared = _SHORT_KEYS.of(view.basis.key)
    lamp = Lamp(view.basis)
    groups = []
    for _, lines_of_strategy in groupby(lines, key=_strategy_of_line):
        rows = []
        for sources in lines_of_strategy:
            rows.append(RowToMake(sources, shared, partial(_row_of, sources, lamp)))
        strategy = _strategy_of(sources.action)
        groups.append(PlanPageGroup(str(strategy), rows))
    return groups


def _strategy_of_line(line: LineSources) -> int:
    return line.action.plan__method__strategy_id


# The values.


def _sources_of(
    user: User, actions: Sequence[ListedAction], view: TableView
) -> Iterable[LineSources]:
    assignments = _assignments_of(user, actions, view.basis)
    entered = entered_for(assignments, view.basis)
    earlier = earlier_deadlines(view.basis.programme)
    links = links_of_year(view.basis.programme)
    assignments_of: dict[int, list[LineAssignment]] = {action.pk: [] for action in actions}
    for assignment in assignments:
        assignments_of[assignment.action_id].append(assignment)
    spans = [PlanRowSpans()] * len(actions)
    if view.is_spanning:
        spans = _spans_of(actions)
    department = None
    if view.department is not None:
        department = view.department.pk
    for action, spans_of_line in zip(actions, spans, strict=True):
        of_line = assignments_of[action.pk]
        # Tuples all through: these values are the key by which the HTML of the line is kept.
        entered_of_line = [tuple(entered.get(one.pk, ())) for one in of_line]
        earlier_of_line = [earlier.get(one.pk) for one in of_line]
        yield LineSources(
            action=action,
            spans=spans_of_line,
            assignments=tuple(of_line),
            entered=tuple(entered_of_line),
            earlier=tuple(earlier_of_line),
            links=plan_page_links(links.get(action.pk)),
            department=department,
            shows_benefit=view.shows_benefit,
        )


def _assignments_of(
    user: User, actions: Sequence[ListedAction], basis: LightBasis
) -> list[LineAssignment]:
    """The assignments of the items, each with the reader's right where it shows."""
    assignments = []
    for values in _ASSIGNMENTS(user, [action.pk for action in actions]):
        assignments.append(with_right_that_shows(LineAssignment._make(values), basis))
    return assignments


def _spans_of(actions: Sequence[ListedAction]) -> list[PlanRowSpans]:
    # A page may begin in the middle of a strategy: its cell is then printed again, as paper does.
    strategies = cell_spans([action.plan__method__strategy_id for action in actions])
    methods = cell_spans([action.plan__method_id for action in actions])
    plans = cell_spans([action.plan_id for action in actions])
    # 預期效益 is printed once for the actions of a plan that share it.
    benefits = cell_spans([(action.plan_id, action.expected_benefit) for action in actions])
    spans = []
    for place in range(len(actions)):
        spans_of_line = PlanRowSpans(
            strategy=strategies[place],
            method=methods[place],
            plan=plans[place],
            benefit=benefits[place],
        )
        spans.append(spans_of_line)
    return spans


# A line from its values, as of any other page.


def _row_of(sources: LineSources, lamp: Lamp) -> PlanPageRow:
    action = _action_of(sources.action)
    assignments = [assignment_of(values) for values in sources.assignments]
    keep_assignments({action.pk: action}, assignments)
    entered: EnteredOf = values_by_key(sources.assignments, sources.entered)
    lamp.light_up(assignments, entered)
    note_earlier(assignments, values_by_key(sources.assignments, sources.earlier))
    # The lights of the leads alone count for an item, unless one department is asked for.
    subjects = action.leads()
    if sources.department is not None:
        subjects = [one for one in assignments if one.department_id == sources.department]
    return plan_page_row(
        PlanLine(action, subjects),
        sources.spans,
        sources.links,
        year=lamp.basis.programme.year,
        shows_benefit=sources.shows_benefit,
    )


def _strategy_of(values: ListedAction) -> Strategy:
    return Strategy(
        pk=values.plan__method__strategy_id,
        number=values.plan__method__strategy__number,
        title=values.plan__method__strategy__title,
    )


def _action_of(values: ListedAction) -> Action:
    # As much of an item as a line reads; it is never saved.
    method = Method(
        pk=values.plan__method_id,
        strategy=_strategy_of(values),
        title=values.plan__method__title,
    )
    return Action(
        pk=values.pk,
        plan=Plan(pk=values.plan_id, method=method, title=values.plan__title),
        code=values.code,
        title=values.title,
        expected_benefit=values.expected_benefit,
        every_department=values.every_department,
        separate_deadlines=values.separate_deadlines,
        control_status=values.control_status,
    )
