"""What a backup says about itself: its hashes, the versions that made it, and how many rows."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from items.backup.refused import BackupFault, BackupRefused

FORMAT = 1
"""Goes up when an older program could not read what a newer one writes."""
NO_BACKUP = "這不是 plan_tracker 的備份檔，或檔案沒有複製完整；請換一份備份。"


@dataclass(frozen=True)
class EntryHash:
    """One file within the backup."""

    size: int
    """In bytes, as it is unpacked."""
    sha256: str


@dataclass(frozen=True)
class SequenceValue:
    """Where the numbers of a column go on; PostgreSQL only.

    Not the highest number in use: one that was deleted must not be given again, since the history
    still speaks of it.
    """

    table: str
    column: str
    value: int
    was_used: bool


@dataclass(frozen=True)
class Manifest:
    """What stands in a backup, and what made it."""

    made_at: str
    """ISO 8601, in Taipei's time."""
    organisation: str
    is_demonstration: bool
    engine: str
    """"sqlite" or "postgresql"."""
    versions: dict[str, str]
    """Versions of Python, Django and the database; for people only."""
    migrations: list[str]
    """"items.0001_initial" of every migration of the database, sorted."""
    rows: dict[str, int]
    """{table: how many}."""
    sequences: list[SequenceValue]
    evidence: list[str]
    """Names of all stored files that rows speak of and that the backup has."""
    lost_evidence: list[str]
    """Those that were missing already when the backup was made."""
    entries: dict[str, EntryHash] = field(default_factory=dict)
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def manifest_from(text: bytes) -> Manifest:
    """The manifest of a backup; `BackupRefused` where it is none or of a newer format."""
    try:
        values: dict[str, Any] = json.loads(text)
        written_format = values["format"]
    except (ValueError, KeyError, TypeError):
        raise BackupRefused(NO_BACKUP, BackupFault.UNREADABLE) from None
    if written_format != FORMAT:
        raise BackupRefused(
            f"備份檔的格式是第 {written_format} 版，這個程式只認得第 {FORMAT} 版；"
            "請用做出這份備份的程式版本還原。",
            BackupFault.NEWER_FORMAT,
        )
    try:
        entries = {name: EntryHash(**entry) for name, entry in values.pop("entries").items()}
        sequences = [SequenceValue(**sequence) for sequence in values.pop("sequences")]
        return Manifest(entries=entries, sequences=sequences, **values)
    except (AttributeError, KeyError, TypeError):
        raise BackupRefused(NO_BACKUP, BackupFault.UNREADABLE) from None
