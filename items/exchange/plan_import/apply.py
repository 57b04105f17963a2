"""Carries out the `Writes` of a comparison, a few statements per table, and keeps what is needed to tell and undo it."""

import hashlib
from collections import defaultdict
from datetime import date
from functools import lru_cache
from itertools import chain

from items.exchange.columns import ACTION, BENEFIT, CODE, PLAN
from items.exchange.plan_import.bulk_insert import BATCH, insert
from items.exchange.plan_import.plan_now import FIELDS
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Change,
    ChangeKind,
    Method,
    Plan,
    Strategy,
)
from items.roc import format_roc

ENTRY = (
    "at", "by_id", "door", "programme_id", "kind", "model", "object_id", "label", "fields", "action_id"
)  # fmt: skip
CHANGEABLE = {
    Strategy: ["title"],
    Method: ["title", "position"],
    Plan: ["title", "position"],
    Action: [
        "plan",
        "position",
        "title",
        "expected_benefit",
        "every_department",
        "separate_deadlines",
    ],
    Assignment: ["kind", "position", "deadline", "deadline_text"],
}
"""What an import may change of a row that exists."""
POSITION = "順序"


class Written:
    """Keeps what is needed to tell and to undo: history `entries`, and the rows made, changed and removed."""

    def __init__(self, programme, by, at, door):
        self.programme = programme
        self.start = (at, by.pk, door, programme.pk)
        self.entries = []
        self.made = {model._meta.model_name: [] for model in FIELDS}
        self.changed = []
        self.removed = []

    def entry(self, model, pk, label, kind, fields):
        """As `items.workflow.history.entry` makes it, but a tuple: there may be tens of thousands."""
        action = pk if model is Action else None
        return (*self.start, kind, model._meta.model_name, pk, label[:200], fields, action)

    @property
    def records(self):
        """For `ImportBatch.changes`: by it, and only by it, the import can be undone."""
        return {"made": self.made, "changed": self.changed, "removed": self.removed}


def carry_out(writes, departments, programme, *, by, at, door):
    """Write everything; must run inside the transaction that locked what was compared.

    `departments` maps keys to departments, for the words of the history.
    """
    written = Written(programme, by, at, door)
    _make_nodes(writes.nodes, written)
    made = _make_actions(writes.actions, written)
    _edit(writes.edits, written)
    told = _hand_out(writes, made, departments, written)
    entries = chain(
        written.entries, _tell_made(made, told, written), _tell_changed(writes, told, written)
    )
    insert(Change, ENTRY, entries)
    return written


def imprint(model, values):
    """The values of a row that was made, by which a later change is noticed: long texts as a fingerprint of theirs."""
    return [
        make(value) if make else value for make, value in zip(IMPRINTS[model], values, strict=True)
    ]


def _text_imprint(text):
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


_day_imprint = lru_cache(maxsize=1000)(date.isoformat)
IMPRINTS = {
    model: tuple(
        _text_imprint
        if name in ("title", "expected_benefit")
        else _day_imprint
        if name == "deadline"
        else None
        for name in names
    )
    for model, names in FIELDS.items()
}


def _create(model, rows, written):
    model.objects.bulk_create(rows, batch_size=BATCH)
    names = FIELDS[model]
    made = written.made[model._meta.model_name]
    for row in rows:
        made.append([row.pk, imprint(model, [getattr(row, name) for name in names])])


def _make_nodes(nodes, written):
    """Level by level, since a method needs its strategy's key."""
    for model in (Strategy, Method, Plan):
        here = [node for kind, node in nodes if kind is model]
        parent, order, title = FIELDS[model]
        rows = [
            model(**{parent: _parent(node, written), order: node.order, title: node.title})
            for node in here
        ]
        _create(model, rows, written)
        for node, row in zip(here, rows, strict=True):
            node.pk = row.pk
            fields = {
                _name(model, title): [None, row.title],
                _name(model, order): [None, node.order],
            }
            if node.parent:
                fields[node.parent.heading] = [None, node.parent.cell]
            written.entries.append(
                written.entry(model, row.pk, str(row), ChangeKind.CREATED, fields)
            )


def _parent(node, written):
    return pk_of(node.parent) if node.parent else written.programme.pk


def pk_of(node):
    return node.stored.pk if node.stored else node.pk


def _name(model, field):
    return str(model._meta.get_field(field).verbose_name)


def _make_actions(actions, written):
    """{line: key of the new row}; the keys are asked for by code, which is cheaper than an instance for each."""
    rows = []
    for line, position in actions:
        row, targets = line.row, line.targets
        own = (
            pk_of(line.plan),
            position,
            line.code,
            row.action,
            row.benefit,
            targets.every,
            targets.separate,
        )
        rows.append(own)
    insert(Action, FIELDS[Action], rows)
    keys = (
        dict(Action.objects.for_programme(written.programme).order_by().values_list("code", "pk"))
        if rows
        else {}
    )
    written.made["action"] += [[keys[own[2]], imprint(Action, own)] for own in rows]
    return {line: keys[line.code] for line, _ in actions}


def _edit(edits, written):
    """Write the changed fields of rows that exist, in one statement per batch.

    An upsert, since it is many times faster than `bulk_update`; the rows are locked, so that it never inserts.
    """
    rows = defaultdict(list)
    for edit in edits:
        row = edit.stored.row(edit.model)
        after = {
            name: pk_of(value) if name == "plan_id" else value
            for name, value in edit.fields.items()
        }
        before = {name: getattr(row, name) for name in after}
        for name, value in after.items():
            setattr(row, name, value)
        rows[edit.model].append(row)
        written.changed.append([edit.model._meta.model_name, row.pk, before, after])
        if edit.model not in (Action, Assignment):
            fields = {_name(edit.model, name): [before[name], after[name]] for name in after}
            written.entries.append(
                written.entry(edit.model, row.pk, str(row), ChangeKind.CHANGED, fields)
            )
    for model, changed in rows.items():
        model.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=CHANGEABLE[model],
        )


def _hand_out(writes, made, departments, written):
    """Write new and taken back assignments; {line: {department: [old, new]}} in words, those edited included."""
    told = defaultdict(dict)
    rows, handed_out = [], written.made["assignment"]
    for line, target, kind, position in writes.assignments:
        action = line.action.pk if line.action else made[line]
        own = (action, target.department, kind, position, target.deadline, target.text)
        rows.append(own)
        # Without a key: action and department say which it is.
        handed_out.append([None, imprint(Assignment, own)])
        told[line][target.name] = [None, _words(kind, target.text, target.deadline)]
    insert(Assignment, FIELDS[Assignment], rows)
    for edit in writes.edits:
        if edit.model is Assignment:
            old, new = edit.stored, edit.fields
            before = _words(old.kind, old.text, old.deadline)
            after = _words(
                new.get("kind", old.kind),
                new.get("deadline_text", old.text),
                new.get("deadline", old.deadline),
            )
            told[edit.line].update(
                {departments[old.department].name: [before, after]} if before != after else {}
            )
    for line, old in writes.removed:
        # With its key: what comes back by undoing is the same row for the batches before.
        written.removed.append(dict(zip(("id", *FIELDS[Assignment]), old, strict=True)))
        told[line][departments[old.department].name] = [
            _words(old.kind, old.text, old.deadline),
            None,
        ]
    gone = [old.pk for _, old in writes.removed]
    for start in range(0, len(gone), BATCH):  # SQLite takes only so many keys at once
        Assignment.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return told


KINDS = dict(AssignmentKind.choices)


@lru_cache(maxsize=1000)
def _words(kind, text, deadline):
    day = format_roc(deadline)
    return f"{KINDS[kind]}，{text}" if text == day else f"{KINDS[kind]}，{text}（{day}）"


def _tell_made(made, told, written):
    """One entry tells the whole new item, departments included: one line of the table, one line of the timeline."""
    for line, pk in made.items():
        row = line.row
        fields = {
            CODE: [None, line.code],
            PLAN: [None, line.plan.title],
            ACTION: [None, row.action],
            BENEFIT: [None, row.benefit],
            **told[line],
        }
        yield written.entry(Action, pk, f"{line.code} {row.action}", ChangeKind.CREATED, fields)


def _tell_changed(writes, told, written):
    """One entry per item that exists: its cells as in the table, and its departments with their dates."""
    edits = {edit.stored.pk: edit for edit in writes.edits if edit.model is Action}
    lines = {line.action.pk: line for line in told if line.action}
    lines |= {edit.line.action.pk: edit.line for edit in writes.edits if edit.line}
    for pk in {**lines, **edits}:
        line, edit = lines.get(pk), edits.get(pk)
        fields = {}
        if line:
            fields = {
                change.heading: [change.old, change.new] for change in line.changes if change.is_own
            }
            fields |= told.get(line, {})
        if edit and "position" in edit.fields:
            fields[POSITION] = [edit.stored.position, edit.fields["position"]]
        row = (edit.stored if edit else line.action).row(Action)
        if edit:
            row.title = edit.fields.get("title", row.title)
        yield written.entry(Action, pk, str(row), ChangeKind.CHANGED, fields)
