"""Undoing a 匯入批次: every row back to what it was, as long as nothing that the import wrote has been changed since."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.db import transaction

from items.exchange.plan_import.apply import imprint
from items.exchange.plan_import.confirm import take_turn
from items.exchange.plan_import.plan_now import FIELDS
from items.models import (
    Action,
    Assignment,
    Change,
    ChangeKind,
    Department,
    Door,
    HistoryHome,
    ImportBatch,
    Method,
    Plan,
    PlannedProgress,
    Programme,
    ProgressReport,
    Strategy,
)
from items.workflow import history
from items.workflow.errors import WorkflowError

BATCH = 1000
PARENTS = {
    Strategy: (Programme, "programme"),
    Method: (Strategy, "strategy"),
    Plan: (Method, "method"),
    Action: (Plan, "plan"),
    Assignment: (Action, "action"),
}
PATHS = {
    Strategy: "",
    Method: "strategy__",
    Plan: "method__strategy__",
    Action: "plan__method__strategy__",
    Assignment: "action__plan__method__strategy__",
}
MODELS = {model._meta.model_name: model for model in FIELDS}
CHILDREN = {
    Strategy: (Method, "strategy"),
    Method: (Plan, "method"),
    Plan: (Action, "plan"),
    Action: (Assignment, "action"),
}


class AlreadyUndone(WorkflowError):
    """A second press of the button, or somebody else was faster: what was wanted is done."""

    def __init__(self):
        super().__init__("這次匯入已經復原過了，不必再復原一次。")


class NotUndone(WorkflowError):
    """`obstacles` are the sentences that say what stands in the way; nothing was written."""

    def __init__(self, obstacles):
        super().__init__("這次匯入不能復原。")
        self.obstacles = obstacles


def obstacles(batch):
    """Sentences that say what stands in the way of undoing; empty where nothing does."""
    return _obstacles(_Records(batch))


def _obstacles(records):
    found = (_altered, _reported, _grown, _moved, _handed_out)
    return [sentence for obstacles_of in found for sentence in obstacles_of(records)]


@transaction.atomic
def undo(batch, *, by, at, door=Door.PAGE):
    """Take back everything that the batch wrote, with history entries, or raise `NotUndone`, once: then `AlreadyUndone`."""
    take_turn(batch.programme)
    batch = (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("programme")
        .get(pk=batch.pk)
    )
    if batch.undone_at:
        raise AlreadyUndone
    records = _Records(batch, lock=True)
    found = _obstacles(records)
    if found:
        raise NotUndone(found)
    entries = [
        *_take_away(records, by=by, at=at, door=door),
        *_put_back(records, by=by, at=at, door=door),
    ]
    Change.objects.bulk_create(entries, batch_size=BATCH)
    batch.undone_at, batch.undone_by = at, by
    batch.save(update_fields=["undone_at", "undone_by"])
    return batch


class _Records:
    """The batch's records by model: rows made, changed and removed, and the rows as they are now."""

    def __init__(self, batch, *, lock=False):
        self.programme = batch.programme
        self.departments = Department.objects.in_bulk()
        self.now = _now(batch.programme, self.departments, lock)
        self.there = {
            (row.action_id, row.department_id): pk for pk, row in self.now[Assignment].items()
        }
        self.made, self.changed = defaultdict(dict), defaultdict(dict)
        for model in FIELDS:
            for pk, values in batch.changes["made"][model._meta.model_name]:
                # A new assignment is known by its action and department; those stand for a key where it is gone.
                key = self.there.get(tuple(values[:2]), tuple(values[:2])) if pk is None else pk
                self.made[model][key] = values
        for name, pk, before, after in batch.changes["changed"]:
            self.changed[MODELS[name]][pk] = (_dated(before), _dated(after))
        self.removed = [_dated(fields) for fields in batch.changes["removed"]]

    def name(self, model, pk):
        label = str(self.now[model].get(pk) or self.gone.get((model._meta.model_name, pk), ""))
        return (
            f"{model._meta.verbose_name}「{label[:30]}」"
            if label
            else f"一筆{model._meta.verbose_name}"
        )

    @cached_property
    def gone(self):
        """What the history calls the rows that are there no more."""
        entries = Change.objects.filter(programme=self.programme, kind=ChangeKind.DELETED).order_by(
            "id"
        )
        return {
            (model, pk): label
            for model, pk, label in entries.values_list("model", "object_id", "label")
        }


def _dated(fields):
    """JSON keeps days as text."""
    deadline = fields.get("deadline")
    return fields | {"deadline": date.fromisoformat(deadline)} if deadline else fields


def _now(programme, departments, lock):
    """{model: {key: row}} of the whole plan, each row with its parent: made once, not again for every row below it.

    With `lock`, nobody changes a row, or hangs anything on it, between the check for obstacles and the writing.
    """
    now = {}
    for model, (parent, name) in PARENTS.items():
        rows = model.objects.filter(**{f"{PATHS[model]}programme": programme})
        above = now.get(parent, {programme.pk: programme})
        now[model] = {}
        for row in rows.select_for_update(of=["self"]) if lock else rows:
            key = getattr(row, f"{name}_id")
            # Without a lock somebody else may have hung it on since the level above was read.
            if key in above:
                setattr(row, name, above[key])
                now[model][row.pk] = row
    for row in now[Assignment].values():
        if row.department_id in departments:
            row.department = departments[row.department_id]
    return now


def _altered(records):
    """Rows whose fields are no longer what the import wrote."""
    for model in FIELDS:
        for pk, values in records.made[model].items():
            row = records.now[model].get(pk)
            now = row and imprint(model, [getattr(row, name) for name in FIELDS[model]])
            yield from _differing(
                records, model, pk, dict(zip(FIELDS[model], values, strict=True)), now
            )
        for pk, (_, after) in records.changed[model].items():
            row = records.now[model].get(pk)
            yield from _differing(
                records, model, pk, after, row and [getattr(row, name) for name in after]
            )
        yield from _released(model, records)


def _differing(records, model, pk, wanted, now):
    if now is None:
        yield f"{records.name(model, pk)}在匯入之後已經刪除或移走。"
        return
    for (name, value), current in zip(wanted.items(), now, strict=True):
        if value != current:
            yield f"{records.name(model, pk)}的「{_label(model, name)}」在匯入之後改過。"


def _released(model, records):
    if model is Action:
        for pk in records.made[Action]:
            row = records.now[Action].get(pk)
            if row and not row.is_controlled:
                yield f"{records.name(Action, pk)}在匯入之後已經「{row.get_control_status_display()}」。"


def _reported(records):
    """Reports or 預定進度 on assignments that would go."""
    for model, words in ((ProgressReport, "辦理情形"), (PlannedProgress, "預定進度")):
        of_programme = model.objects.filter(period__programme=records.programme).order_by(
            "assignment_id"
        )
        for pk in of_programme.values_list("assignment_id", flat=True).distinct():
            if pk in records.made[Assignment]:
                yield f"{records.name(Assignment, pk)}已經有{words}。"


def _grown(records):
    """Rows that somebody has put under what the import made."""
    for model, (child, parent) in CHILDREN.items():
        made = records.made[model]
        for pk, row in records.now[child].items():
            if getattr(row, f"{parent}_id") in made and pk not in records.made[child]:
                moved = (
                    child is Action
                    and pk in records.changed[Action]
                    and "plan_id" in records.changed[Action][pk][0]
                )
                if not moved:
                    yield f"{records.name(model, getattr(row, f'{parent}_id'))}底下在匯入之後新增了{records.name(child, pk)}。"


def _moved(records):
    """Items that the import moved, and that cannot go where they were."""
    for pk, (before, _) in records.changed[Action].items():
        if "plan_id" in before and before["plan_id"] not in records.now[Plan]:
            yield f"{records.name(Action, pk)}原來的執行計畫已經刪除。"


def _handed_out(records):
    """Departments taken back by the import that have been given the item again, or that cannot have it any more."""
    for fields in records.removed:
        pk = records.there.get((fields["action_id"], fields["department_id"]))
        if pk:
            yield f"{records.name(Assignment, pk)}在匯入之後重新分辦。"
        elif fields["action_id"] not in records.now[Action]:
            yield "原來分辦的項目已經刪除。"
        elif fields["department_id"] not in records.departments:
            yield "原來分辦的單位已經刪除。"


def _entry(records, row, kind, fields, who, action=None):
    return history.entry(row, kind, fields, home=HistoryHome(records.programme, action), **who)


def _take_away(records, **who):
    """Delete what the import made, the leaves first. Moved items leave their new plan before it goes."""
    for pk, (before, _) in records.changed[Action].items():
        if "plan_id" in before:
            Action.objects.filter(pk=pk).update(plan_id=before["plan_id"])
    for model in reversed(FIELDS):
        pks = list(records.made[model])
        for pk in pks:
            row = records.now[model][pk]
            yield _entry(
                records,
                row,
                ChangeKind.DELETED,
                history.differences(history.values_of(row), None),
                who,
            )
        for start in range(0, len(pks), BATCH):
            model.objects.filter(pk__in=pks[start : start + BATCH]).delete()


def _put_back(records, **who):
    for model in FIELDS:
        rows = []
        for pk, (before, after) in records.changed[model].items():
            row = records.now[model][pk]
            for name, value in before.items():
                setattr(row, name, value)
            rows.append(row)
            fields = {_label(model, name): [after[name], before[name]] for name in before}
            yield _entry(records, row, ChangeKind.CHANGED, fields, who, _action_of(row))
        names = {
            name.removesuffix("_id")
            for before, _ in records.changed[model].values()
            for name in before
        }
        if rows:
            model.objects.bulk_create(
                rows,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=sorted(names),
            )
    again = [Assignment(**fields) for fields in records.removed]
    Assignment.objects.bulk_create(again, batch_size=BATCH)
    for row in again:
        row.action = action = records.now[Action][row.action_id]
        row.department = records.departments[row.department_id]
        yield _entry(
            records,
            row,
            ChangeKind.CREATED,
            history.differences(None, history.values_of(row)),
            who,
            action,
        )


def _label(model, name):
    return str(model._meta.get_field(name.removesuffix("_id")).verbose_name)


def _action_of(row):
    if isinstance(row, Action):
        return row
    return row.action if isinstance(row, Assignment) else None
