"""What an import would do, worked out before anything is written: the page shows it, the command prints it."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """What becomes of one row of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


class Remark(NamedTuple):
    """An error or a warning, with its place; `row` is the number that the person sees, None for the whole sheet."""

    sheet: str
    row: int | None
    column: str | None
    message: str


class Ignored(NamedTuple):
    """A row that was read and left out, and why."""

    row: int
    reason: str


class CellChange(NamedTuple):
    """One cell of an item, as it is now and as the file has it.

    Not `is_own` where a strategy, method or plan gets a new text: that is told once, not for every row below it.
    """

    heading: str
    old: str
    new: str
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row of the file beside the item that it speaks of."""

    number: int
    status: Status
    code: str
    path: tuple
    title: str
    changes: tuple = ()


class Kept(NamedTuple):
    """An item of the programme that the file does not have: it stays as it is."""

    code: str
    title: str


class Renamed(NamedTuple):
    """A strategy, method or plan whose text the file changes, and how many rows stand under it."""

    heading: str
    old: str
    new: str
    rows: int


@dataclass(frozen=True)
class Preview:
    """Every row that was read, accounted for.

    `rows_read` = new + changed + unchanged + ignored + rows with errors; what stands above the heading is not of the
    table, and a row that the page cut counts once. `other_errors` are rows that could not even be taken for an item.
    `writes` is what `confirm` would do; it is None where any row has an error: then nothing may be written at all.
    """

    sheet: str
    rows: tuple = ()
    errors: tuple = ()
    warnings: tuple = ()
    notes: tuple = ()
    ignored: tuple = ()
    ignored_columns: tuple = ()
    missing: tuple = ()
    renamed: tuple = ()
    reordered: int = 0
    other_errors: int = 0
    writes: object = field(default=None, repr=False, compare=False)

    @property
    def counts(self):
        """{new, changed, unchanged, error, ignored, missing}: numbers of rows, and of items for `missing`."""
        found = Counter(row.status for row in self.rows)
        return {
            "new": found[Status.NEW],
            "changed": found[Status.CHANGED],
            "unchanged": found[Status.UNCHANGED],
            "error": found[Status.ERROR] + self.other_errors,
            "ignored": len(self.ignored),
            "missing": len(self.missing),
        }

    @property
    def rows_read(self):
        return len(self.rows) + self.other_errors + len(self.ignored)

    def with_status(self, status):
        return [row for row in self.rows if row.status == status]

    @property
    def is_good(self):
        return not self.errors

    @property
    def does_something(self):
        return self.is_good and bool(self.writes)

    @property
    def digest(self):
        """A fingerprint of all that the person was shown: where it differs at confirm, the plan has changed since."""
        shown = (
            self.sheet,
            self.rows,
            self.errors,
            self.warnings,
            self.missing,
            self.renamed,
            self.reordered,
        )
        return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()
