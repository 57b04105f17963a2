"""彙整文字 of an item for a period: written, written again, or taken back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from items.models import Action, OfficialText, Period, ReportStep, User
from items.models.reopening import is_open_by_itself
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.holding import require_open


class OvertakenOfficialText(WorkflowError):
    """Somebody has composed it otherwise meanwhile. `current` is the text as it is now."""

    def __init__(self, current: OfficialText | None) -> None:
        self.current = current
        if current is None:
            self.text = ""
            message = "這段彙整文字剛才已由別人取消。"
        else:
            self.text = current.text
            message = f"這段彙整文字剛才已由{current.composed_by}改過。"
        super().__init__(f"{message}您的文字還在表單裡，請對照後再儲存。", Refusal.REPORT_CHANGED)


@transaction.atomic
def compose(
    action: Action, period: Period, text: str, *, seen: str, by: User, at: datetime
) -> OfficialText:
    """Write the one text of the item; `seen` is the one that the writer had before them, or ""."""
    stored = _held(action, period, seen=seen)
    if stored is None:
        stored = OfficialText(action=action, period=period)
    stored.text = text
    stored.composed_by = by
    stored.composed_at = at
    # The last step that the writer can have read: what departments send later shows as newer.
    of_item = ReportStep.objects.filter(report__assignment__action=action, report__period=period)
    stored.newest_step = of_item.aggregate(newest=Max("pk"))["newest"] or 0
    return history.save(stored, by=by, at=at)


@transaction.atomic
def take_back(action: Action, period: Period, *, seen: str, by: User, at: datetime) -> None:
    """Without it, the table prints each department's own text again."""
    stored = _held(action, period, seen=seen)
    if stored is not None:
        history.delete(stored, by=by, at=at)


def _held(action: Action, period: Period, *, seen: str) -> OfficialText | None:
    """The text as it is now, where it may be written; nobody else writes or closes meanwhile."""
    held = Period.objects.select_for_update().get(pk=period.pk)
    # A corrected part belongs into the text that stands for all.
    if not is_open_by_itself(action, held):
        require_open(held)
    texts = OfficialText.objects.select_related("composed_by", "action", "period__programme")
    stored = texts.filter(action=action, period=period).first()
    text_now = ""
    if stored is not None:
        text_now = stored.text
    if text_now != seen:
        raise OvertakenOfficialText(stored)
    return stored
