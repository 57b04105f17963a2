"""What becomes of 佐證資料 when a report takes a step."""

from datetime import datetime
from typing import Any

from django.db import transaction

from items.evidence.storage import discard
from items.models import Evidence, ProgressReport, StepKind
from items.models.evidence import EvidenceQuerySet
from items.models.prepared import Prepared, Slot

_OF_REPORT = Prepared(lambda: Evidence.objects.filter(report=Slot("report")))


def kept_with_step(report: ProgressReport, kind: StepKind, at: datetime) -> list[dict[str, Any]]:
    """What is attached to the report now, for its step; sending it also seals what is attached.

    What was once sent keeps its file for ever. What was taken away before is gone from now on.
    """
    rows = _OF_REPORT(report=report.pk)
    if kind == StepKind.SUBMIT and rows:
        never_sent = Evidence.objects.filter(report=report, sent_at__isnull=True)
        never_sent.attached().update(sent_at=at)
        discard_removed(never_sent.filter(removed_at__isnull=False))
    return [evidence.as_kept() for evidence in rows if not evidence.is_removed]


def discard_removed(removed: EvidenceQuerySet) -> int:
    """Forget the files of evidence that was taken away and never sent; of how many."""
    names = []
    number = 0
    for stored_name, thumbnail_name in removed.files().values_list("stored_name", "thumbnail_name"):
        names += [stored_name, thumbnail_name]
        number += 1
    removed.files().update(stored_name="", thumbnail_name="")
    # Only then: what is rolled back must still have its file.
    transaction.on_commit(lambda: discard(*names))
    return number
