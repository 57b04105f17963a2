"""What a preview shows of a comparison: the lists cut to what a page can hold.

Cut, since a plan of 10,000 rows would make a page of many megabytes; the files to download have
them whole (`preview_files`). It is plain data, so that it can be kept between upload and preview.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from items.diff import Marker, Piece, apart
from items.exchange.columns import ACTION, BENEFIT, METHOD, PLAN, STRATEGY
from items.exchange.plan_import.grouped_remarks import GroupedRemark, group_remarks
from items.exchange.plan_import.preview import (
    CellChange,
    ComparedRow,
    IgnoredLine,
    ImportPreview,
    KeptItem,
    Remark,
    RenamedNode,
    RowCounts,
    Status,
    UnknownDepartment,
)

SHOWN = 100
"""How many rows of each kind the page shows."""
SHOWN_CHARACTERS = 200_000
"""And how much text of old and new: cells of 32,767 characters would make a page of megabytes."""
LEAST_OF_A_STRATEGY = 3

PROSE = {STRATEGY, METHOD, PLAN, ACTION, BENEFIT}
"""The columns that are read as prose, and compared by the character."""


class MarkedCell(NamedTuple):
    """A cell with its differences marked."""

    heading: str
    old: str
    new: str
    changes: list[Piece]


class MarkedRow(NamedTuple):
    """An item that the file changes, with its changed cells."""

    code: str
    title: str
    number: int
    cells: list[MarkedCell]


class MarkedRename(NamedTuple):
    """A strategy, method or plan that gets a new text, and how many rows stand under it."""

    heading: str
    rows: int
    old: str
    new: str
    changes: list[Piece]


class NewUnderStrategy(NamedTuple):
    """The first of the new items of one strategy, and how many there are."""

    strategy: str
    number: int
    rows: list[ComparedRow]

    @property
    def words(self) -> str:
        if len(self.rows) < self.number:
            return f"{self.number:,} 項，列出前 {len(self.rows):,} 項"
        return f"{self.number:,} 項"


@dataclass(frozen=True)
class PreviewContent:
    """An `ImportPreview` as far as a page shows it; `digest` is that of the whole of it.

    `only_renamed` are changed items that change by a strategy's, method's or plan's new text
    alone. `other_codes` is the number of rows with a code of another year, which a person may
    take for new items.
    """

    digest: str
    sheet: str
    counts: RowCounts
    rows_read: int
    is_good: bool
    does_something: bool
    other_year: str
    lost_characters: str
    other_codes: int
    number_of_errors: int
    errors: list[GroupedRemark]
    are_errors_cut: bool
    error_columns: list[tuple[str, int]]
    remarks: list[str]
    are_warnings_cut: bool
    renamed: list[MarkedRename]
    is_renamed_cut: bool
    changed: list[MarkedRow]
    is_changed_cut: bool
    only_renamed: int
    new: list[NewUnderStrategy]
    unchanged: list[ComparedRow]
    missing: list[KeptItem]
    ignored: list[IgnoredLine]
    ignored_columns: list[str]
    unknown_departments: list[UnknownDepartment]
    number_of_unknown_departments: int


def preview_content(
    preview: ImportPreview, notes: Iterable[str], *, other_codes: int = 0
) -> PreviewContent:
    """What a page shows of a preview; `notes` are on the file as a whole."""
    grouped_errors = group_remarks(preview.errors)
    # One marker for all: together the texts of a page take two seconds to compare at most.
    marker = Marker()
    renamed = marked_renames(preview.renamed, marker)
    all_changed = preview.with_status(Status.CHANGED)
    changed_by_themselves = [row for row in all_changed if own_changes(row)]
    changed = marked_rows(changed_by_themselves, marker)
    return PreviewContent(
        digest=preview.digest,
        sheet=preview.sheet,
        counts=preview.counts,
        rows_read=preview.rows_read,
        is_good=preview.is_good,
        does_something=preview.does_something,
        other_year=preview.other_year,
        lost_characters=preview.lost_characters,
        other_codes=other_codes,
        number_of_errors=len(preview.errors),
        errors=grouped_errors[:SHOWN],
        are_errors_cut=len(grouped_errors) > SHOWN,
        error_columns=error_columns(preview.errors),
        # Beside errors and rows: what one should know of the file before confirming.
        remarks=remarks(notes, preview),
        are_warnings_cut=len(group_remarks(preview.warnings)) > SHOWN,
        renamed=renamed,
        is_renamed_cut=len(renamed) < len(preview.renamed),
        changed=changed,
        is_changed_cut=len(changed) < len(changed_by_themselves),
        only_renamed=len(all_changed) - len(changed_by_themselves),
        new=new_by_strategy(preview.with_status(Status.NEW)),
        unchanged=preview.with_status(Status.UNCHANGED)[:SHOWN],
        missing=list(preview.missing[:SHOWN]),
        ignored=list(preview.ignored[:SHOWN]),
        ignored_columns=list(preview.ignored_columns),
        unknown_departments=list(preview.unknown_departments[:SHOWN]),
        number_of_unknown_departments=len(preview.unknown_departments),
    )


def remarks(notes: Iterable[str], preview: ImportPreview) -> list[str]:
    """What one should know before confirming: about the file, the order, and single rows."""
    sentences = [*notes, *preview.notes]
    if preview.reordered:
        sentences.append(f"有 {preview.reordered:,} 處的順序會依檔案調整。")
    warnings = group_remarks(preview.warnings)
    sentences += [warning.sentence for warning in warnings[:SHOWN]]
    return sentences


def error_columns(errors: Iterable[Remark]) -> list[tuple[str, int]]:
    """(column, number of errors), the column with the most errors first."""
    # An error without a column is about rows or sheet as a whole.
    counter = Counter(error.column or "整張表" for error in errors)
    return counter.most_common()


def own_changes(row: ComparedRow) -> list[CellChange]:
    """The cells of a row, without those that change because a part above it is renamed."""
    return [change for change in row.changes if change.is_own]


def marked_rows(rows: Sequence[ComparedRow], marker: Marker) -> list[MarkedRow]:
    """As many of the first rows as a page can hold."""
    # Measured before they are marked: marking is what takes time.
    lengths = [length_of(own_changes(row)) for row in rows[:SHOWN]]
    marked = []
    for row in rows[: fitting(lengths)]:
        cells = []
        for change in own_changes(row):
            old, new = change.old, change.new
            pieces = marked_cell(marker, change.heading, old=old, new=new)
            cells.append(MarkedCell(change.heading, old=old, new=new, changes=pieces))
        marked.append(MarkedRow(row.code, row.title, number=row.number, cells=cells))
    return marked


def marked_renames(renames: Sequence[RenamedNode], marker: Marker) -> list[MarkedRename]:
    """As many of the first renames as a page can hold."""
    lengths = [length_of([rename]) for rename in renames[:SHOWN]]
    marked = []
    for rename in renames[: fitting(lengths)]:
        pieces = marker(rename.old, rename.new)
        marked.append(
            MarkedRename(
                rename.heading,
                rows=rename.rows,
                old=rename.old,
                new=rename.new,
                changes=pieces,
            )
        )
    return marked


def length_of(changes: Iterable[CellChange | RenamedNode]) -> int:
    """How many characters the changes take on the page."""
    return sum(len(change.old) + len(change.new) for change in changes)


def fitting(lengths: Iterable[int]) -> int:
    """How many entries of these lengths a page can hold: at least one, to see something."""
    room = SHOWN_CHARACTERS
    count = 0
    for length in lengths:
        room -= length
        if room < 0 and count > 0:
            break
        count += 1
    return count


def marked_cell(marker: Marker, heading: str, *, old: str, new: str) -> list[Piece]:
    """Mark the characters that differ in prose; days and departments as a whole."""
    if heading in PROSE and old and new:
        return marker(old, new)
    return apart(old, new)


def new_by_strategy(rows: Iterable[ComparedRow]) -> list[NewUnderStrategy]:
    """The new items in the order of the file, each strategy with its share of the page."""
    rows_of: dict[str, list[ComparedRow]] = defaultdict(list)
    for row in rows:
        # A path begins with its strategy.
        rows_of[row.path[0]].append(row)
    if not rows_of:
        return []
    # Each strategy has its share: else the first one would fill the page.
    share = max(SHOWN // len(rows_of), LEAST_OF_A_STRATEGY)
    groups = []
    for strategy, rows_of_strategy in rows_of.items():
        first_rows = rows_of_strategy[:share]
        groups.append(NewUnderStrategy(strategy, number=len(rows_of_strategy), rows=first_rows))
    return groups[:SHOWN]
