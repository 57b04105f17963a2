"""What stands in the way of undoing an import, in sentences for the person who asked."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import SET_NULL

from items.exchange.plan_import.undo_plan import (
    LEVELS,
    GivenAssignment,
    PlanModel,
    PlanSinceImport,
    RowKey,
)
from items.exchange.plan_import.undo_record import imprint
from items.models import Action, Assignment, Method, Plan, Strategy
from items.models.labels import field_label


def obstacles_to_undoing(since: PlanSinceImport) -> list[str]:
    """Empty where nothing stands in the way."""
    sentences: list[str] = []
    for find in (_altered, _hung_on, _grown, _homeless, _handed_out):
        sentences.extend(find(since))
    return sentences


def _altered(since: PlanSinceImport) -> Iterator[str]:
    """Rows whose fields are no longer what the import wrote."""
    for model in LEVELS:
        for key, values in since.created[model].items():
            yield from _differing(since, model, key, written=values, current_value=_imprint_of)
        for pk, edit in since.edited[model].items():
            yield from _differing(since, model, pk, written=edit.after, current_value=getattr)
        if model is Action:
            yield from _released(since)


def _released(since: PlanSinceImport) -> Iterator[str]:
    """New items that are no longer under control: undoing an import must not undo a decision."""
    for key in since.created[Action]:
        action = since.now[Action].get(key)
        if action is not None and not action.is_controlled:
            status = action.get_control_status_display()
            yield f"{since.name_of(Action, key)}在匯入之後已經「{status}」。"


def _imprint_of(row: Any, name: str) -> Any:
    return imprint(name, getattr(row, name))


def _differing(
    since: PlanSinceImport,
    model: PlanModel,
    key: RowKey,
    written: Mapping[str, Any],
    *,
    current_value: Callable[[Any, str], Any],
) -> Iterator[str]:
    """What differs in the fields that the batch wrote; the model may have got others since."""
    row = since.now[model].get(key)
    if row is None:
        yield f"{since.name_of(model, key)}在匯入之後已經刪除或移走。"
        return
    for name, value in written.items():
        if current_value(row, name) != value:
            yield f"{since.name_of(model, key)}的「{field_label(model, name)}」在匯入之後改過。"


def _hung_on(since: PlanSinceImport) -> Iterator[str]:
    """What people have written since about rows that would go: reports, 預定進度, 彙整文字."""
    for model, level in LEVELS.items():
        created = since.created[model]
        for relation in model._meta.related_objects:
            # The level below is looked at by `_grown`; entries of the history stay without the row.
            if relation.related_model in LEVELS or relation.on_delete is SET_NULL:
                continue
            hanging_model = relation.related_model
            name = relation.field.name
            # Those of the whole year: a list of the created keys would be as long as the import.
            of_year = {f"{name}__{level.programme_path}": since.programme}
            rows = hanging_model._default_manager.filter(**of_year)
            key_column = f"{name}_id"
            keys = rows.order_by(key_column).values_list(key_column, flat=True)
            for key in keys.distinct():
                if key in created:
                    label = hanging_model._meta.verbose_name
                    yield f"{since.name_of(model, key)}已經有{label}。"


class _Below(NamedTuple):
    """What hangs under a model, and by which field."""

    child_model: PlanModel
    parent: str


BELOW: dict[PlanModel, _Below] = {
    Strategy: _Below(Method, "strategy_id"),
    Method: _Below(Plan, "method_id"),
    Plan: _Below(Action, "plan_id"),
    Action: _Below(Assignment, "action_id"),
}


def _grown(since: PlanSinceImport) -> Iterator[str]:
    """Rows that somebody has put under what the import created."""
    moved_by_import = since.moved_actions()
    for model, below in BELOW.items():
        created = since.created[model]
        created_children = since.created[below.child_model]
        for pk, row in since.now[below.child_model].items():
            parent = getattr(row, below.parent)
            # What the import put there goes with it.
            if parent not in created or pk in created_children:
                continue
            if below.child_model is Action and pk in moved_by_import:
                continue
            name = since.name_of(below.child_model, pk)
            yield f"{since.name_of(model, parent)}底下在匯入之後新增了{name}。"


def _homeless(since: PlanSinceImport) -> Iterator[str]:
    """Items that the import moved, and that cannot go where they were."""
    for pk, edit in since.moved_actions().items():
        if edit.before["plan_id"] not in since.now[Plan]:
            yield f"{since.name_of(Action, pk)}原來的執行計畫已經刪除。"


def _handed_out(since: PlanSinceImport) -> Iterator[str]:
    """Departments that lost an item to the import, and have it again or cannot have it any more."""
    for values in since.removed:
        given = GivenAssignment(values["action_id"], values["department_id"])
        if given in since.assignment_keys:
            name = since.name_of(Assignment, since.assignment_keys[given])
            yield f"{name}在匯入之後重新分辦。"
        elif given.action_id not in since.now[Action]:
            yield "原來分辦的項目已經刪除。"
        elif given.department_id not in since.departments:
            yield "原來分辦的單位已經刪除。"
