"""The files of 佐證資料 against the rows that name them: what is left over, lost or changed."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from items.evidence.storage import discard, evidence_storage, stored_names
from items.models import Evidence
from items.workflow.attached import discard_removed

_CHUNK = 1024 * 1024


class DamagedFile(NamedTuple):
    """A file that is not as it was attached, and what is wrong with it."""

    evidence: Evidence
    is_lost: bool


def orphans(*, before: datetime) -> list[str]:
    """Stored files that no row names, last written before a moment of the real clock.

    A younger one may belong to a request that has not written its row yet.
    """
    # First the files, then the rows: what is attached in between is named by a row.
    names = list(stored_names(before=before))
    named: set[str] = set()
    for pair in Evidence.objects.values_list("stored_name", "thumbnail_name").iterator():
        named.update(pair)
    return [name for name in names if name not in named]


def sweep(names: list[str]) -> None:
    discard(*names)


@transaction.atomic
def forget_removed(*, before: datetime, dry_run: bool) -> int:
    """Delete the files of what was taken away before a moment and never sent; how many.

    The next sending does the same; this is for reports that are never sent.
    """
    removed = Evidence.objects.filter(removed_at__lt=before, sent_at__isnull=True).files()
    if dry_run:
        return removed.count()
    return discard_removed(removed)


def damaged_files(*, verify: bool) -> list[DamagedFile]:
    """Files that are lost, and with `verify` those whose content is not what it was."""
    storage = evidence_storage()
    damaged = []
    in_order = Evidence.objects.files().select_related("report__assignment__action")
    for evidence in in_order.order_by("pk").iterator():
        if not storage.exists(evidence.stored_name):
            damaged.append(DamagedFile(evidence, is_lost=True))
        elif verify and _hash_of(evidence.stored_name) != evidence.sha256:
            damaged.append(DamagedFile(evidence, is_lost=False))
    return damaged


def _hash_of(name: str) -> str:
    digest = hashlib.sha256()
    with evidence_storage().open(name) as file:
        for chunk in file.chunks(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
