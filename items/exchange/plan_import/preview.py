"""What an import would do, before anything is written: the page shows it, the command prints it."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from items.exchange.columns import BENEFIT, DEADLINE, LEAD, METHOD, PLAN, SUPPORT, printed
from items.exchange.plan_import.wanted_assignments import HandingOut

if TYPE_CHECKING:
    # For the annotations alone: what is written is worked out from what is shown.
    from items.exchange.plan_import.changes import PlanChanges


class Status(StrEnum):
    """What becomes of one row of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


class Remark(NamedTuple):
    """An error or a warning with its place.

    `row` is the number that the person sees, None for the whole sheet.
    """

    sheet: str
    row: int | None
    column: str | None
    message: str


class IgnoredLine(NamedTuple):
    """A row of the sheet that was read and left out, and why."""

    row: int
    reason: str


class CellChange(NamedTuple):
    """One cell of an item, as it is now and as the file has it.

    Not `is_own` where a strategy, method or plan gets a new text: that is shown once, not for every
    row below it.
    """

    heading: str
    old: str
    new: str
    is_own: bool = True


class NewCell(NamedTuple):
    """One cell of a new item: our heading, and the text with which it will be written."""

    heading: str
    text: str


class ComparedRow(NamedTuple):
    """What becomes of one row of the file; `path` are the cells of strategy, method and plan.

    `handing_out` and `benefit` are those of a new item; other rows have `changes`.
    """

    number: int
    status: Status
    code: str
    path: tuple[str, ...]
    title: str
    changes: tuple[CellChange, ...] = ()
    handing_out: HandingOut | None = None
    benefit: str = ""

    @property
    def cells_of_new(self) -> list[NewCell]:
        """Where a new item falls, its deadline, departments and benefit, as they will be written.

        The strategy is left out: new items stand under it. A blank in the file may mean "as
        above". Made when asked for: a page shows a hundred of 10,000 new items.
        """
        _, method, plan = self.path
        cells = [NewCell(METHOD, method), NewCell(PLAN, plan)]
        if self.handing_out is not None:
            cells.append(NewCell(DEADLINE, printed(self.handing_out.cells.deadlines)))
            cells.append(NewCell(LEAD, printed(self.handing_out.cells.names)))
            names = printed(support.name for support in self.handing_out.supports or ())
            if names:
                cells.append(NewCell(SUPPORT, names))
        cells.append(NewCell(BENEFIT, self.benefit))
        return cells


class KeptItem(NamedTuple):
    """An item of the programme that the file does not have: it stays as it is."""

    code: str
    title: str


class RenamedNode(NamedTuple):
    """A strategy, method or plan whose text the file changes, and how many rows stand under it."""

    heading: str
    old: str
    new: str
    rows: int


class UnknownDepartment(NamedTuple):
    """A name that no department has; `similar` is the department that it may mean, or ""."""

    name: str
    similar: str

    @property
    def question(self) -> str:
        """「是不是「行政處」？」; empty where no department is like it."""
        if not self.similar:
            return ""
        return f"是不是「{self.similar}」？"


class RowCounts(TypedDict):
    """Numbers of rows, and of items for `missing`."""

    new: int
    changed: int
    unchanged: int
    error: int
    ignored: int
    missing: int


@dataclass(frozen=True)
class ImportPreview:
    """Every row that was read, accounted for.

    `rows_read` = new + changed + unchanged + ignored + rows with errors. What stands above the
    heading is not part of the table, and a row that the page cut counts once. `other_errors` are
    rows that could not even be taken for an item. `plan_changes` is what `confirm` would write, and
    None where any row has an error: then nothing may be written at all. `other_year` is a sentence
    where the file speaks of another year, `lost_characters` one where it has ? for characters of
    the plan; else both are "".
    """

    sheet: str
    rows: tuple[ComparedRow, ...] = ()
    errors: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()
    ignored: tuple[IgnoredLine, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    missing: tuple[KeptItem, ...] = ()
    renamed: tuple[RenamedNode, ...] = ()
    other_errors: int = 0
    other_year: str = ""
    lost_characters: str = ""
    unknown_departments: tuple[UnknownDepartment, ...] = ()
    plan_changes: "PlanChanges | None" = field(default=None, repr=False, compare=False)

    @property
    def counts(self) -> RowCounts:
        # A counter has a 0 also for a status that no row has.
        statuses = Counter(row.status for row in self.rows)
        return {
            "new": statuses[Status.NEW],
            "changed": statuses[Status.CHANGED],
            "unchanged": statuses[Status.UNCHANGED],
            "error": statuses[Status.ERROR] + self.other_errors,
            "ignored": len(self.ignored),
            "missing": len(self.missing),
        }

    @property
    def rows_read(self) -> int:
        return len(self.rows) + self.other_errors + len(self.ignored)

    @property
    def reordered(self) -> int:
        """How many rows only change their place among their siblings."""
        if self.plan_changes is None:
            return 0
        return self.plan_changes.reordered

    def with_status(self, status: Status) -> list[ComparedRow]:
        return [row for row in self.rows if row.status == status]

    @property
    def is_good(self) -> bool:
        return not self.errors

    @property
    def does_something(self) -> bool:
        return self.plan_changes is not None and not self.plan_changes.is_empty

    @property
    def digest(self) -> str:
        """A fingerprint of all that the person was shown.

        Where it differs at confirm, the plan has changed since.
        """
        # Without `plan_changes`: it follows from the rows, and its objects have no lasting text.
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
