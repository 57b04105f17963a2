"""實施策略, 推動方法 and 執行計畫: made and edited one by one, beside an import of the whole table."""

from datetime import datetime

from django.db import transaction

from items.models import Change, Door, Method, Plan, Programme, Strategy, User
from items.part_content import (
    Part,
    PartContent,
    parent_field,
    part_content_of,
    siblings_of_part,
)
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.placing import place_among


class OvertakenPart(WorkflowError):
    """Somebody saved the part in the meantime. `stored` is what the database holds."""

    def __init__(self, stored: PartContent, newest: Change | None) -> None:
        self.stored = stored
        self.newest = newest
        super().__init__("這一筆剛才已由別人更新，請先看過目前內容再決定。", Refusal.ITEM_CHANGED)


@transaction.atomic
def create_part(
    model: type[Part],
    programme: Programme,
    wanted: PartContent,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Part:
    """A new part at its place under its parent."""
    # The year is held until the part is there: two people at once get two places.
    Programme.objects.select_for_update().get(pk=programme.pk)
    part = model(title=wanted.title)
    setattr(part, f"{parent_field(model)}_id", wanted.parent_id)
    # A strategy has the number that the document gives it; the others are counted by their place.
    if isinstance(part, Strategy):
        part.number = wanted.place
        return history.save(part, by=by, at=at, door=door)
    siblings = siblings_of_part(model, wanted.parent_id)
    part.position = _last_position(type(part), siblings) + 1
    history.save(part, by=by, at=at, door=door)
    if wanted.place <= len(siblings):
        place_among(part, [*siblings, part.pk], wanted.place, by=by, at=at, door=door)
    return part


@transaction.atomic
def edit_part(
    part: Part,
    wanted: PartContent,
    *,
    seen: PartContent,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> None:
    """Write what differs; `seen` is what the person began with."""
    model = type(part)
    locked = model._default_manager.select_for_update().filter(pk=part.pk).first()
    if locked is None:
        raise WorkflowError("這一筆剛才已經刪除，沒有儲存。", Refusal.ITEM_GONE)
    stored = part_content_of(locked)
    if stored != seen:
        entries = Change.objects.filter(model=model._meta.model_name, object_id=part.pk)
        raise OvertakenPart(stored, entries.select_related("by").first())
    locked.title = wanted.title
    is_moved = wanted.parent_id != stored.parent_id
    if isinstance(locked, Strategy):
        locked.number = wanted.place
    elif is_moved:
        setattr(locked, f"{parent_field(model)}_id", wanted.parent_id)
        siblings = siblings_of_part(model, wanted.parent_id)
        locked.position = _last_position(type(locked), siblings) + 1
    history.save(locked, by=by, at=at, door=door)
    # A strategy has its number for a place, and what was moved stands behind its new siblings.
    if isinstance(locked, Strategy) or is_moved or wanted.place == stored.place:
        return
    siblings = siblings_of_part(model, stored.parent_id)
    place_among(locked, siblings, wanted.place, by=by, at=at, door=door)


def _last_position(model: type[Method] | type[Plan], siblings: list[int]) -> int:
    rows = model._default_manager.filter(pk__in=siblings)
    return max((row.position for row in rows), default=0)
