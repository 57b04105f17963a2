"""What `confirm` will write, worked out from a comparison without errors; rows still as dictionaries of fields."""

from collections import defaultdict
from dataclasses import dataclass, field

from items.exchange.columns import ACTION, BENEFIT, DEADLINE, HANDED_OUT, LEAD
from items.exchange.plan_import.path_tree import arrange, same
from items.exchange.plan_import.plan_now import by_parent
from items.models import Action, Assignment, AssignmentKind, Method, Plan, Strategy

LEADS, SUPPORTS = AssignmentKind.LEAD, AssignmentKind.SUPPORT
POSITION_ONLY = {"position"}


@dataclass(slots=True)
class Edit:
    """A stored row and the fields that it gets; `line` where it comes from a row of the file."""

    model: type
    stored: object
    fields: dict
    line: object = None


@dataclass(slots=True)
class Writes:
    """New rows name their parents by node or line, since those may have no primary key yet."""

    nodes: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    assignments: list = field(default_factory=list)
    edits: list = field(default_factory=list)
    removed: list = field(default_factory=list)

    def __bool__(self):
        return any((self.nodes, self.actions, self.assignments, self.edits, self.removed))

    @property
    def reordered(self):
        """Rows that only change their place among their siblings."""
        return sum(
            1
            for edit in self.edits
            if edit.fields.keys() == POSITION_ONLY and edit.model is not Assignment
        )


def writes_of(lines, grown, stored):
    """The `Writes` of lines that have been matched, under a tree whose nodes have been recognised."""
    writes = Writes()
    edits = _Edits(writes.edits)
    _write_nodes(grown, stored, writes, edits)
    _write_actions(lines, grown, stored, writes, edits)
    for line in lines:
        _hand_out(line, stored, writes, edits)
    return writes


class _Edits:
    """One edit per stored row, whichever part of the comparison asks for it."""

    def __init__(self, found):
        self.found = found
        self.by_row = {}

    def set(self, model, stored, line=None, **fields):
        if not fields:
            return
        edit = self.by_row.get((model, stored.pk))
        if edit is None:
            edit = self.by_row[model, stored.pk] = Edit(model, stored, {}, line)
            self.found.append(edit)
        edit.fields.update(fields)
        edit.line = edit.line or line


def _write_nodes(grown, stored, writes, edits):
    models = ((Strategy, grown.strategies), (Method, grown.methods), (Plan, grown.plans))
    for model, nodes in models:
        for node in nodes:
            if node.stored is None:
                writes.nodes.append((model, node))
            elif node.is_renamed:
                edits.set(model, node.stored, title=node.title)
    _place_nodes(grown.strategies, Method, by_parent(stored.methods), edits)
    _place_nodes(grown.methods, Plan, by_parent(stored.plans), edits)


def _place_nodes(parents, model, stored_by_parent, edits):
    for parent in parents:
        here = stored_by_parent[parent.stored.pk] if parent.stored else []
        wanted = list(parent.children.values())
        by_pk = {node.pk: node for node in here}
        siblings = [(node.order, node.pk, node.pk) for node in here]
        for sibling, position in arrange(
            siblings, [node.stored.pk if node.stored else node for node in wanted]
        ):
            if sibling in by_pk:
                edits.set(model, by_pk[sibling], position=position)
            else:
                sibling.order = position


def _write_actions(lines, grown, stored, writes, edits):
    at_home, gone = defaultdict(list), set()
    for line in lines:
        if line.action and (line.plan.stored is None or line.plan.stored.pk != line.action.plan):
            gone.add(line.action.pk)
    for action in stored.actions.values():
        if action.pk not in gone:
            at_home[action.plan].append((action.position, action.pk, action.pk))
    for plan in grown.plans:
        _place_actions(
            plan, at_home[plan.stored.pk] if plan.stored else [], gone, stored, writes, edits
        )
    for line in lines:
        if line.action and line.changes:
            edits.set(Action, line.action, line, **_action_fields(line))


def _place_actions(plan, here, gone, stored, writes, edits):
    wanted = [
        line.action.pk if line.action and line.action.pk not in gone else line
        for line in plan.lines
    ]
    for sibling, position in arrange(here, wanted):
        if isinstance(sibling, int):
            edits.set(Action, stored.actions[sibling], position=position)
        elif sibling.action:
            edits.set(Action, sibling.action, sibling, plan_id=plan, position=position)
        else:
            writes.actions.append((sibling, position))


def _action_fields(line):
    row, action, targets = line.row, line.action, line.targets
    headings = {change.heading for change in line.changes}
    fields = {}
    if ACTION in headings:
        fields["title"] = row.action
    if BENEFIT in headings:
        fields["expected_benefit"] = row.benefit
    if headings & {LEAD, DEADLINE}:
        if targets.every != action.every:
            fields["every_department"] = targets.every
        if targets.separate != action.separate:
            fields["separate_deadlines"] = targets.separate
    return fields


def _hand_out(line, stored, writes, edits):
    targets, action = line.targets, line.action
    if action and HANDED_OUT.isdisjoint(change.heading for change in line.changes):
        return
    held = {each.department: each for each in (*action.leads, *action.supports)} if action else {}
    for kind, wanted in ((LEADS, targets.leads), (SUPPORTS, targets.supports)):
        if wanted is None:
            continue
        there = (action.leads if kind == LEADS else action.supports) if action else []
        moved = [target.department for target in wanted] != [each.department for each in there]
        for place, target in enumerate(wanted, start=1):
            everywhere = targets.every and kind == LEADS
            position = stored.departments[target.department].position if everywhere else place
            if target.department in held:
                each = held[target.department]
                fields = _changed(each, target, kind, line)
                if moved and each.position != position:
                    fields["position"] = position
                edits.set(Assignment, each, line, **fields)
            else:
                writes.assignments.append((line, target, kind, position))
    _take_back(line, held, writes)


def _changed(each, target, kind, line):
    """The fields of an assignment that the file changes. 協辦 follows the deadline of the leads only where it had it."""
    fields = {} if each.kind == kind else {"kind": kind}
    moved = any(change.heading == DEADLINE for change in line.changes)
    follows = kind == LEADS or (moved and each.text in {lead.text for lead in line.action.leads})
    if follows and not same(each.text, target.text):
        fields |= {"deadline": target.deadline, "deadline_text": target.text}
    return fields


def _take_back(line, held, writes):
    """What the file no longer names; `compare` has made sure that nothing was reported on it."""
    targets = line.targets
    named = {target.department for target in (*targets.leads, *(targets.supports or ()))}
    for each in held.values():
        if each.department not in named and (each.kind == LEADS or targets.supports is not None):
            writes.removed.append((line, each))
