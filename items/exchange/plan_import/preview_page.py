"""What the page of an import's preview shows: counts first, then what needs eyes.

Long lists are cut, since a plan of 10,000 rows would make a page of many megabytes; the files to
download have them whole (`preview_files`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from items.diff import Marker, Piece, apart
from items.exchange.columns import ACTION, BENEFIT, METHOD, PLAN, STRATEGY
from items.exchange.plan_import.confirm import compare
from items.exchange.plan_import.grouped_remarks import group_remarks
from items.exchange.plan_import.preview import (
    CellChange,
    ComparedRow,
    IgnoredLine,
    ImportPreview,
    KeptItem,
    Remark,
    RenamedNode,
    Status,
)
from items.exchange.plan_import.source import LONGEST_NAME, WhichSheet, table_of
from items.exchange.preview_figure import PreviewFigure
from items.models import Programme, Upload

SHOWN = 100
"""How many rows of each kind the page shows."""
SHOWN_CHARACTERS = 200_000
"""And how much text of old and new: cells of 32,767 characters would make a page of megabytes."""
LEAST_OF_A_STRATEGY = 3
MOST_ERRORS_WITHOUT_SUMMARY = 10

PROSE = {STRATEGY, METHOD, PLAN, ACTION, BENEFIT}
"""The columns that are read as prose, and compared by the character."""


class FirstLook(NamedTuple):
    """The sheet of a preview and its digest; both "" while the person has to say which."""

    sheet: str
    digest: str


def first_look(content: bytes, name: str, programme: Programme, sheet: str = "") -> FirstLook:
    """Read a file that has just come, or another sheet of it. Raises `Refused`."""
    try:
        table, _ = table_of(content, name, programme, sheet)
    except WhichSheet:
        return FirstLook("", "")
    return FirstLook(table.sheet[:LONGEST_NAME], compare(table, programme).digest)


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
            return f"{self.number:,} 項，列出前 {len(self.rows)} 項"
        return f"{self.number:,} 項"


class PlanPreviewPage:
    """An `ImportPreview` as the page shows it: its lists are cut to what a page can hold."""

    shown = SHOWN

    def __init__(
        self,
        upload: Upload,
        preview: ImportPreview,
        notes: Iterable[str],
        *,
        is_one_of_several: bool,
        other_codes: int = 0,
    ) -> None:
        self.upload = upload
        self.preview = preview
        self.counts = preview.counts
        self.is_stale = preview.digest != upload.seen
        # How many rows have a code of another year, which a person may take for new items.
        self.other_codes = other_codes
        self.unknown_departments = preview.unknown_departments
        # A text file has one sheet, which is called as the file is: that is not said twice.
        self.shows_sheet = upload.sheet != upload.file_name
        self.offers_other_sheet = self.shows_sheet and is_one_of_several
        self.number_of_errors = len(preview.errors)
        grouped_errors = group_remarks(preview.errors)
        self.errors = grouped_errors[:SHOWN]
        self.are_errors_cut = len(grouped_errors) > SHOWN
        self.error_columns = error_columns(preview.errors)
        # Beside errors and rows: what one should know of the file before confirming.
        self.remarks = remarks(notes, preview)
        self.are_warnings_cut = len(group_remarks(preview.warnings)) > SHOWN

        # One marker for all: together the texts of a page take two seconds to compare at most.
        marker = Marker()
        self.renamed = marked_renames(preview.renamed, marker)
        all_changed = preview.with_status(Status.CHANGED)
        changed_by_themselves = [row for row in all_changed if own_changes(row)]
        self.changed = marked_rows(changed_by_themselves, marker)
        self.is_renamed_cut = len(self.renamed) < len(preview.renamed)
        self.is_changed_cut = len(self.changed) < len(changed_by_themselves)
        self.only_renamed = len(all_changed) - len(changed_by_themselves)

        self.new = new_by_strategy(preview.with_status(Status.NEW))
        self.unchanged: Sequence[ComparedRow] = preview.with_status(Status.UNCHANGED)[:SHOWN]
        self.missing: Sequence[KeptItem] = preview.missing[:SHOWN]
        self.ignored: Sequence[IgnoredLine] = preview.ignored[:SHOWN]

    @property
    def heading(self) -> str:
        """What the preview means, in a sentence."""
        new, changed = self.counts["new"], self.counts["changed"]
        if self.number_of_errors:
            return f"有 {self.number_of_errors:,} 個錯誤，還不能匯入"
        if not self.preview.does_something:
            return "不需要匯入，沒有要改的"
        if new and changed:
            return f"要新增 {new:,} 項、修改 {changed:,} 項"
        if new:
            return f"要新增 {new:,} 項"
        if changed:
            return f"要修改 {changed:,} 項"
        return "要調整順序"

    @property
    def source(self) -> str:
        """The file and the sheet that was read."""
        if self.shows_sheet:
            return f"{self.upload.file_name}，工作表「{self.preview.sheet}」"
        return self.upload.file_name

    @property
    def rows_words(self) -> str:
        return f"，讀到 {self.preview.rows_read:,} 列。"

    @property
    def figures(self) -> list[PreviewFigure]:
        # A row that is only changed by a strategy's new text is listed under that text alone.
        changed_list = "changed" if self.changed else "renamed"
        return [
            PreviewFigure(self.counts["error"], "有錯誤的列", "errors", is_wrong=True),
            PreviewFigure(self.counts["changed"], "修改", changed_list),
            PreviewFigure(self.counts["new"], "新增", "new"),
            PreviewFigure(self.counts["unchanged"], "相同", "unchanged"),
            PreviewFigure(self.counts["ignored"], "略過", "ignored"),
            PreviewFigure(self.counts["missing"], "檔案沒有", "missing"),
        ]

    @property
    def has_many_errors(self) -> bool:
        """So many that it helps to know first in which columns they are."""
        return self.number_of_errors > MOST_ERRORS_WITHOUT_SUMMARY

    @property
    def ignored_words(self) -> str:
        words = f"略過的 {self.counts['ignored']:,} 列"
        if self.preview.ignored_columns:
            words += f"與 {len(self.preview.ignored_columns)} 欄"
        return words

    @property
    def what_is_written(self) -> list[tuple[str, int]]:
        """(verb, number of items): the figures once more, beside the button."""
        verbs = [("新增", self.counts["new"]), ("修改", self.counts["changed"])]
        return [(verb, number) for verb, number in verbs if number]

    @property
    def nothing_to_do_words(self) -> str:
        missing = self.counts["missing"]
        if missing:
            rest = f"計畫裡其他的 {missing:,} 項不受影響。"
            return f"檔案裡的每一列都與計畫相同，不需要匯入；{rest}"
        return "檔案與計畫完全相同，不需要匯入。"


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
    """The cells of a row, but for those that a renamed strategy, method or plan changes."""
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
    """Of prose the very characters that differ; of days and departments the whole value."""
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
