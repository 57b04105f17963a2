"""What the database holds of one programme, in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from django.db.models import Model, QuerySet

from items.exchange.plan_import.stored_rows import (
    StoredAction,
    StoredAssignment,
    StoredMethod,
    StoredPath,
    StoredPlan,
    StoredStrategy,
)
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    ControlRequest,
    Department,
    Method,
    Plan,
    PlannedProgress,
    Programme,
    ProgressReport,
    Strategy,
)
from items.models.light_rules import PROGRAMME
from items.workflow.codes import running_number


class NodeColumns(NamedTuple):
    """The columns of a strategy, method or plan: what it hangs below, its place there, its text."""

    parent: str
    order: str
    title: str


NODE_COLUMNS: dict[type[Model], NodeColumns] = {
    Strategy: NodeColumns("programme_id", "number", "title"),
    Method: NodeColumns("strategy_id", "position", "title"),
    Plan: NodeColumns("method_id", "position", "title"),
}

FIELDS: dict[type[Model], tuple[str, ...]] = {
    **NODE_COLUMNS,
    Action: (
        "plan_id",
        "position",
        "code",
        "title",
        "expected_benefit",
        "every_department",
        "separate_deadlines",
    ),
    Assignment: (
        "action_id",
        "department_id",
        "kind",
        "position",
        "deadline",
        "deadline_text",
        "handed_out_on",
    ),
}
"""What an import writes of each table, from the top down; everything else is out of its reach."""

WHOLE_ASSIGNMENT = ("id", *FIELDS[Assignment], "contact_id", "of_year_id")
"""What is kept of an assignment that an import removes: undoing brings all of it back."""


@dataclass(frozen=True, slots=True)
class PlanNow:
    """The programme as dictionaries by primary key, each in the order of the official table.

    `in_use` has the keys of the assignments that an import must never touch.
    """

    departments: dict[int, Department]
    strategies: dict[int, StoredStrategy]
    methods: dict[int, StoredMethod]
    plans: dict[int, StoredPlan]
    actions: dict[int, StoredAction]
    in_use: frozenset[int]

    def path_of(self, action: StoredAction) -> StoredPath:
        plan = self.plans[action.plan_id]
        method = self.methods[plan.method_id]
        return StoredPath(self.strategies[method.strategy_id], method, plan)

    def department_names(self, assignments: Iterable[StoredAssignment]) -> list[str]:
        return [self.departments[assignment.department_id].name for assignment in assignments]


def load(programme: Programme, lock: bool = False) -> PlanNow:
    """Read all that an import compares with; with `lock`, nobody changes it in this transaction.

    From the top down, each level by itself: without a lock, somebody else's import may hang on
    rows meanwhile, and those are left out.
    """
    # Also those that are closed: they keep the items that they have, and the table prints their names.
    departments = {
        department.pk: department for department in Department.objects.order_by("position", "id")
    }
    # Each level by a subquery, not a join: a lock would hold what is joined as well.
    of_strategies = Strategy.objects.filter(programme=programme)
    of_methods = Method.objects.filter(strategy__in=of_strategies)
    of_plans = Plan.objects.filter(method__in=of_methods)
    of_actions = Action.objects.filter(plan__in=of_plans)

    strategies = {}
    for values in _fetch(of_strategies.order_by("number"), StoredStrategy._fields, lock):
        strategy = StoredStrategy._make(values)
        strategies[strategy.pk] = strategy

    methods = {}
    for values in _fetch(of_methods.order_by("position", "id"), StoredMethod._fields, lock):
        method = StoredMethod._make(values)
        if method.strategy_id in strategies:
            methods[method.pk] = method

    plans = {}
    for values in _fetch(of_plans.order_by("position", "id"), StoredPlan._fields, lock):
        plan = StoredPlan._make(values)
        if plan.method_id in methods:
            plans[plan.pk] = plan

    actions = {}
    names = ("pk", *FIELDS[Action], "control_status")
    for values in _fetch(of_actions.order_by("position", "id"), names, lock):
        # The first fields of the dataclass are these, in that order.
        action = StoredAction(*values)
        if action.plan_id in plans:
            actions[action.pk] = action

    of_assignments = Assignment.objects.filter(action__in=Action.objects.for_programme(programme))
    rows = _fetch(of_assignments.order_by("position", "id"), StoredAssignment._fields, lock)
    _hang_on(actions, departments, rows)
    return PlanNow(
        departments=departments,
        strategies=strategies,
        methods=methods,
        plans=plans,
        actions=actions,
        in_use=assignments_in_use(programme) | _records(actions.values()),
    )


def _fetch(queryset: QuerySet, names: tuple[str, ...], lock: bool) -> Iterable[tuple]:
    if lock:
        # `no_key`: reports and their history may go on being saved beside an import.
        queryset = queryset.select_for_update(no_key=True)
    return queryset.values_list(*names)


def _hang_on(
    actions: Mapping[int, StoredAction],
    departments: Mapping[int, Department],
    rows: Iterable[tuple],
) -> None:
    """Put each assignment under its action; a row has the fields of `StoredAssignment`."""
    for values in rows:
        assignment = StoredAssignment._make(values)
        action = actions.get(assignment.action_id)
        # Hung on by somebody else since the levels above were read.
        if action is None or assignment.department_id not in departments:
            continue
        if assignment.kind == AssignmentKind.LEAD:
            action.leads.append(assignment)
        else:
            action.supports.append(assignment)


def assignments_in_use(programme: Programme) -> frozenset[int]:
    """Assignments with reports in any state, with 預定進度 entered by hand, or with 管制異動."""
    # By programme, not by assignment: a list of keys would be as long as the plan.
    in_use: set[int] = set()
    for model in (ProgressReport, PlannedProgress):
        rows = model.objects.filter(period__programme=programme)
        in_use.update(rows.order_by().values_list("assignment_id", flat=True).distinct())
    requests = ControlRequest.objects.filter(**{f"assignment__{PROGRAMME}": programme})
    in_use.update(requests.order_by().values_list("assignment_id", flat=True).distinct())
    return frozenset(in_use)


def _records(actions: Iterable[StoredAction]) -> frozenset[int]:
    """The assignments of items that others took over: as `AssignmentQuerySet.with_past` has it."""
    keys: set[int] = set()
    for action in actions:
        if action.has_gone_into_others:
            keys.update(assignment.pk for assignment in action.assignments)
    return frozenset(keys)


def highest_number(programme: Programme, actions: Iterable[StoredAction]) -> int:
    """The highest number that a code has had, of items that are gone too.

    A fixture or an older database may bring actions without `last_code`: then theirs count.
    """
    highest = programme.last_code
    for action in actions:
        highest = max(highest, running_number(action.code))
    return highest


Stored = TypeVar("Stored", StoredMethod, StoredPlan)


def by_parent(nodes: Mapping[int, Stored]) -> dict[int, list[Stored]]:
    """{key of the parent: nodes in order}."""
    grouped: dict[int, list[Stored]] = defaultdict(list)
    for node in nodes.values():
        grouped[node.parent_id].append(node)
    return grouped
