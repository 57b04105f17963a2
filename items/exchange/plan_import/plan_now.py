"""What the database holds of one programme, fetched in a fixed number of queries whatever its size."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Change,
    ChangeKind,
    Department,
    Method,
    Plan,
    PlannedProgress,
    ProgressReport,
    Strategy,
)

FIELDS = {
    Strategy: ("programme_id", "number", "title"),
    Method: ("strategy_id", "position", "title"),
    Plan: ("method_id", "position", "title"),
    Action: (
        "plan_id", "position", "code", "title", "expected_benefit", "every_department", "separate_deadlines"
    ),
    Assignment: ("action_id", "department_id", "kind", "position", "deadline", "deadline_text"),
}  # fmt: skip
"""What an import writes of each table; everything else of a row is out of its reach."""


class StoredNode(NamedTuple):
    """A strategy, method or plan; `order` is its number or position."""

    pk: int
    parent: int
    order: int
    title: str

    def row(self, model):
        return model(**dict(zip(("pk", *FIELDS[model]), self, strict=True)))


class StoredAssignment(NamedTuple):
    pk: int
    action: int
    department: int
    kind: str
    position: int
    deadline: date
    text: str

    def row(self, model):
        return model(**dict(zip(("pk", *FIELDS[model]), self, strict=True)))


@dataclass(slots=True)
class StoredAction:
    pk: int
    plan: int
    position: int
    code: str
    title: str
    benefit: str
    every: bool
    separate: bool
    leads: list = field(default_factory=list)
    supports: list = field(default_factory=list)

    def row(self, model):
        """As an instance with all that an import may write."""
        own = (
            self.plan,
            self.position,
            self.code,
            self.title,
            self.benefit,
            self.every,
            self.separate,
        )
        return model(pk=self.pk, **dict(zip(FIELDS[model], own, strict=True)))


@dataclass(frozen=True, slots=True)
class Stored:
    """The programme as dictionaries by primary key, each in the order of the official table."""

    departments: dict
    strategies: dict
    methods: dict
    plans: dict
    actions: dict
    used: frozenset

    def path(self, action):
        """(strategy, method, plan) of an action."""
        plan = self.plans[action.plan]
        method = self.methods[plan.parent]
        return self.strategies[method.parent], method, plan


def load(programme, lock=False):
    """Read everything that an import compares with; with `lock`, nobody changes it before the transaction ends.

    From the top down, each level by itself: without a lock, what somebody else's import hangs on meanwhile is left out.
    """
    departments = {
        department.pk: department for department in Department.objects.order_by("position", "id")
    }
    # Each level by a subquery, not a join: a lock would hold what is joined as well.
    of_strategies = Strategy.objects.filter(programme=programme)
    of_methods = Method.objects.filter(strategy__in=of_strategies)
    of_plans = Plan.objects.filter(method__in=of_methods)
    strategies = _nodes(of_strategies.order_by("number"), {programme.pk}, lock)
    methods = _nodes(of_methods.order_by("position", "id"), strategies, lock)
    plans = _nodes(of_plans.order_by("position", "id"), methods, lock)
    actions = _actions(of_plans, plans, lock)
    _hang_assignments(programme, actions, departments, lock)
    return Stored(departments, strategies, methods, plans, actions, used(programme))


def _nodes(queryset, above, lock):
    rows = _locked(queryset, lock).values_list("pk", *FIELDS[queryset.model])
    nodes = (StoredNode(*row) for row in rows)
    return {node.pk: node for node in nodes if node.parent in above}


def _locked(queryset, lock):
    return queryset.select_for_update(no_key=True) if lock else queryset


def _actions(of_plans, plans, lock):
    rows = _locked(Action.objects.filter(plan__in=of_plans).order_by("position", "id"), lock)
    actions = (StoredAction(*row) for row in rows.values_list("pk", *FIELDS[Action]))
    return {action.pk: action for action in actions if action.plan in plans}


def _hang_assignments(programme, actions, departments, lock):
    mine = Action.objects.for_programme(programme)
    rows = _locked(Assignment.objects.filter(action__in=mine).order_by("position", "id"), lock)
    for row in rows.values_list("pk", *FIELDS[Assignment]):
        assignment = StoredAssignment(*row)
        if assignment.action in actions and assignment.department in departments:
            action = actions[assignment.action]
            (action.leads if assignment.kind == AssignmentKind.LEAD else action.supports).append(
                assignment
            )


def used(programme):
    """Assignments that carry what an import must never touch: reports in any state, or 預定進度 entered by hand."""
    found = set()
    for model in (ProgressReport, PlannedProgress):
        found.update(
            model.objects.filter(period__programme=programme)
            .order_by()
            .values_list("assignment_id", flat=True)
            .distinct()
        )
    return frozenset(found)


def last_number(programme, actions):
    """The highest number that a code has had, of items that are gone too: their history and links keep it."""
    gone = Change.objects.filter(
        programme=programme, model=Action._meta.model_name, kind=ChangeKind.DELETED
    )
    labels = gone.order_by().values_list("label", flat=True)
    codes = chain(
        (action.code for action in actions), (label.partition(" ")[0] for label in labels)
    )
    numbers = (code.rpartition("-")[2] for code in codes)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def by_parent(nodes):
    """{parent: [nodes in order]}."""
    grouped = defaultdict(list)
    for node in nodes.values():
        grouped[node.parent].append(node)
    return grouped
