"""The files of 佐證資料: into a backup and out of it."""

from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils import timezone

from items.backup.archive import CHUNK, Archive, ArchiveWriter
from items.evidence.storage import discard, evidence_storage, stored_names

FOLDER = "evidence/"


def all_names() -> list[str]:
    """What lies in the store now, whether a row speaks of it or not."""
    # By the clock of the file system, and also what was written this very second.
    return sorted(stored_names(before=timezone.now() + timedelta(days=1)))


def write(archive: ArchiveWriter, names: list[str]) -> None:
    """Write the files that are there and not yet in the archive."""
    for name in names:
        entry = FOLDER + name
        if entry in archive.entries:
            continue
        try:
            file = evidence_storage().open(name)
        except FileNotFoundError:
            # Taken away meanwhile; whether it is missed is known when the database is copied.
            continue
        with file:
            archive.add(entry, file.chunks(CHUNK), compress=False)


def put_back(archive: Archive) -> list[str]:
    """Write the files that rows speak of; their names. After a failure none of them is left."""
    storage = evidence_storage()
    written: list[str] = []
    try:
        for name in archive.manifest.evidence:
            written.append(name)
            _put_one(storage, name, archive)
    except BaseException:
        discard(*written)
        raise
    return written


def _put_one(storage: Storage, name: str, archive: Archive) -> None:
    # What an interrupted restoring has left, perhaps half of it.
    storage.delete(name)
    with archive.opened(FOLDER + name) as content:
        storage.save(name, File(content))
