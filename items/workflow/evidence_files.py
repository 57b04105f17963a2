"""The files of 佐證資料 against the rows that name them: what is left over, lost or changed."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from items.evidence.storage import discard, evidence_storage, stored_names
from items.models import ControlFile, Evidence
from items.workflow.attached import discard_removed

_CHUNK = 1024 * 1024


class DamagedFile(NamedTuple):
    """A file that is not as it was attached, and what is wrong with it."""

    place: str
    """Where it is attached: the report or the application."""
    name: str
    is_lost: bool


def orphans(*, before: datetime) -> list[str]:
    """Stored files that no row names, last written before a moment of the real clock.

    A younger one may belong to a request that has not written its row yet.
    """
    # First the files, then the rows: what is attached in between is named by a row.
    names = list(stored_names(before=before))
    named: set[str] = set()
    # Rows of what was taken away as well: it can be put back until its report is sent.
    for names_of_row in Evidence.objects.values_list("stored_name", "thumbnail_name").iterator():
        named.update(names_of_row)
    named.update(ControlFile.objects.values_list("stored_name", flat=True))
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
    damaged: list[DamagedFile] = []
    # One by one: an office has tens of thousands of files after some years.
    in_order = Evidence.objects.files().select_related("report__assignment__action")
    for evidence in in_order.order_by("pk").iterator():
        place = str(evidence.report)
        damaged += _damage(evidence, place, evidence.name, verify=verify)
    with_files = ControlFile.objects.select_related("request__assignment__action")
    for one in with_files.order_by("pk").iterator():
        damaged += _damage(one, str(one.request), one.file_name, verify=verify)
    return damaged


def _damage(
    kept: Evidence | ControlFile, place: str, name: str, *, verify: bool
) -> list[DamagedFile]:
    """What is wrong with one file; nothing where it is as it was attached."""
    if not evidence_storage().exists(kept.stored_name):
        return [DamagedFile(place, name, is_lost=True)]
    if verify and _hash_of(kept.stored_name) != kept.sha256:
        return [DamagedFile(place, name, is_lost=False)]
    return []


def _hash_of(name: str) -> str:
    digest = hashlib.sha256()
    with evidence_storage().open(name) as file:
        for chunk in file.chunks(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
