"""Files between preview and confirm: kept on the server, for one person, one table and one hour."""

import hashlib
import secrets
from datetime import datetime, timedelta

from items.models import Programme, Upload, User

LIFETIME = timedelta(hours=1)
MOST_SEALED_BYTES = 16 * 1024 * 1024
"""What was found in a file is kept up to this size; beyond it, it is found anew each time."""
KEPT = 3
"""How many files of one person wait at once: one per tab, as people work, and not more."""


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(
    name: str,
    content: bytes,
    *,
    programme: Programme | None,
    table: str = "",
    sheet: str = "",
    seen: str = "",
    read_table: bytes = b"",
    comparison: bytes = b"",
    by: User,
    at: datetime,
) -> Upload:
    """Keep a file whose preview is about to be shown.

    Old files of everybody go, and all of the person's own except the last ones. `table` says what
    kind of file it is: "" for the official table, else a 填報表 of one period or a flat table of
    the back office. `read_table` and `comparison` are what was found in it, sealed.
    """
    Upload.objects.filter(at__lte=at - LIFETIME).delete()
    earlier_files = Upload.objects.filter(programme=programme, by=by, table=table)
    newest_first = earlier_files.order_by("-pk").values_list("pk", flat=True)
    # The new file takes one of the places. A list, since no database deletes from a sliced
    # queryset.
    superfluous = list(newest_first[KEPT - 1 :])
    Upload.objects.filter(pk__in=superfluous).delete()
    return Upload.objects.create(
        programme=programme,
        by=by,
        at=at,
        reference=secrets.token_urlsafe(32),
        file_name=name,
        content=content,
        sha256=digest_of(content),
        table=table,
        sheet=sheet,
        seen=seen,
        read_table=_within_bounds(read_table),
        comparison=_within_bounds(comparison),
    )


def _within_bounds(sealed: bytes) -> bytes:
    if len(sealed) > MOST_SEALED_BYTES:
        return b""
    return sealed


def waiting(
    reference: str,
    *,
    programme: Programme | None = None,
    table: str = "",
    by: User,
    at: datetime,
) -> Upload | None:
    """The upload of this reference, or None: somebody else's, of another table, used up or too old.

    Where `programme` is given, an upload for another year is None as well.
    """
    # PostgreSQL refuses a text with this character, and would answer with an error page.
    if "\0" in reference:
        return None
    uploads = Upload.objects.filter(reference=reference, table=table, by=by, at__gt=at - LIFETIME)
    if programme is not None:
        uploads = uploads.filter(programme=programme)
    # The table is opened by the confirmation alone.
    upload = uploads.select_related("programme").defer("read_table").first()
    if upload is None:
        return None
    # What is written is exactly what was shown, also where the database has changed meanwhile.
    if digest_of(bytes(upload.content)) != upload.sha256:
        return None
    return upload


def remember_preview(upload: Upload, *, seen: str, sheet: str | None = None) -> None:
    """Keep the fingerprint of the preview that is shown now and, where it was chosen, its sheet."""
    upload.seen = seen
    if sheet is not None:
        upload.sheet = sheet
    # Not `save`: the upload may be gone since, and the confirmation says so better than an error
    # does.
    Upload.objects.filter(pk=upload.pk).update(seen=upload.seen, sheet=upload.sheet)


def keep_found(upload: Upload, *, read_table: bytes, comparison: bytes) -> None:
    """Keep what another look at the file has found, sealed."""
    Upload.objects.filter(pk=upload.pk).update(
        read_table=_within_bounds(read_table), comparison=_within_bounds(comparison)
    )


def treat_other_codes(upload: Upload, *, as_new: bool) -> None:
    """Remember whether codes of another year make new items."""
    upload.other_codes_are_new = as_new
    Upload.objects.filter(pk=upload.pk).update(other_codes_are_new=as_new)


def use_up(upload: Upload) -> bool:
    """Whether it was still there: it is good for one confirmation, however often one presses."""
    number_deleted, _ = Upload.objects.filter(pk=upload.pk).delete()
    return number_deleted == 1
