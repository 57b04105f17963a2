"""A 填報表 that came back, row by row.

`returned` makes these shapes, `preview_page` shows them and `confirm` writes them.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from items.exchange.offline.field_values import Content
from items.models import Assignment, ProgressReport


class RowOutcome(StrEnum):
    """What becomes of one row of a returned workbook."""

    WRITE = "write"
    SAME = "same"
    SENT = "sent"
    CONFLICT = "conflict"
    ERROR = "error"


class FieldDifference(NamedTuple):
    """A field as the report has it now and as the file has it, in words.

    `is_prose` marks texts that are read, in contrast to percents and choices.
    """

    heading: str
    old: str
    new: str
    is_prose: bool


@dataclass(frozen=True)
class OfflineRow:
    """One row that came back, beside the report as it is now.

    `version` is that of the report that its writer saw, 0 for none. `conflict` says why the row may
    not be written, and `lacking` what a submission still needs: {field: sentence}.
    """

    number: int
    assignment: Assignment
    current: ProgressReport | None
    content: Content
    version: int
    outcome: RowOutcome
    differences: list[FieldDifference]
    problems: list[str] = field(default_factory=list)
    conflict: str = ""
    lacking: dict[str, str] = field(default_factory=dict)


class StrayRow(NamedTuple):
    """A row with text that belongs to no report that could be written: people have to know."""

    number: int
    code: str
    problem: str


class EmptyRow(NamedTuple):
    """A row that belongs to nothing and in which nobody wrote."""

    number: int
    reason: str


@dataclass(frozen=True)
class OfflineSheet:
    """A whole workbook that came back; `absent` are the items to be written that the file lacks."""

    rows: list[OfflineRow]
    strays: list[StrayRow]
    empty: list[EmptyRow]
    absent: list[Assignment]

    def with_outcome(self, outcome: RowOutcome) -> list[OfflineRow]:
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def has_errors(self) -> bool:
        return bool(self.strays or self.with_outcome(RowOutcome.ERROR))

    @property
    def can_save(self) -> bool:
        return bool(self.with_outcome(RowOutcome.WRITE)) and not self.has_errors

    @property
    def can_submit(self) -> bool:
        # One click sends all rows or none: nobody would know afterwards which were sent.
        lacks_something = any(row.lacking for row in self.with_outcome(RowOutcome.WRITE))
        return self.can_save and not lacks_something

    @property
    def digest(self) -> str:
        """A fingerprint of all that was shown: if it differs later, somebody has written since."""
        rows = [
            (row.number, row.outcome, row.differences, row.conflict, row.problems, row.lacking)
            for row in self.rows
        ]
        absent = [assignment.pk for assignment in self.absent]
        # `repr`, since it keeps apart what a text might run together: "1" and 1, None and "".
        everything = repr((rows, self.strays, self.empty, absent))
        return hashlib.sha256(everything.encode("utf-8", "surrogatepass")).hexdigest()
