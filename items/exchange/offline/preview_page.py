"""What the page of a returned 填報表 shows: errors first, then conflicts, then what is written."""

from typing import NamedTuple

from items.diff import Piece, apart, marked
from items.exchange.offline.offline_sheet import EmptyRow, OfflineRow, OfflineSheet, RowOutcome
from items.exchange.preview_figure import PreviewFigure

MOST_LISTED = 200
"""Of problems, and of rows that are passed over. A file may have 15,000: a page of 2 MB, as dear to
draw as the file is to read, and nobody mends more before sending the next one."""


class MarkedField(NamedTuple):
    """A field with its differences marked."""

    heading: str
    old: str
    new: str
    changes: list[Piece]


class MarkedOfflineRow(NamedTuple):
    """A row with its fields; those that were blank before stand apart."""

    row: OfflineRow
    side_by_side: list[MarkedField]
    newly_written: list[MarkedField]


class RowProblem(NamedTuple):
    """Something to be put right in the file first."""

    number: int
    code: str
    sentences: str


class OfflinePreviewPage:
    """An `OfflineSheet` as the page shows it. The lists are worked out once."""

    def __init__(self, sheet: OfflineSheet) -> None:
        # Worked out here, since a template that reads a list twice would mark all texts twice.
        self.sheet = sheet
        self.problems = problems_of(sheet)
        self.conflicts = marked_rows(sheet, RowOutcome.CONFLICT)
        self.sent = marked_rows(sheet, RowOutcome.SENT)
        self.writes = marked_rows(sheet, RowOutcome.WRITE)
        self.same = sheet.with_outcome(RowOutcome.SAME)

    @property
    def heading(self) -> str:
        """What the preview means, in a sentence."""
        if self.problems:
            return f"有 {len(self.problems):,} 處要先改好"
        not_written = len(self.conflicts) + len(self.sent)
        if self.writes and not_written:
            return f"要寫入 {len(self.writes):,} 件，{not_written:,} 件不寫入"
        if self.writes:
            return f"要寫入 {len(self.writes):,} 件"
        if self.conflicts and self.sent:
            return f"有 {not_written:,} 件下載後有變動或已送出，不會寫入"
        if self.conflicts:
            return f"有 {not_written:,} 件下載後有變動，不會寫入"
        if self.sent:
            return f"有 {not_written:,} 件已送出，不會寫入"
        return "檔案和現在的內容相同"

    @property
    def figures(self) -> list[PreviewFigure]:
        sent = []
        # Seldom needed: four figures fit beside each other on a phone.
        if self.sent:
            sent.append(PreviewFigure(len(self.sent), "已送出", "sent", is_wrong=True))
        return [
            PreviewFigure(len(self.problems), "要先改好", "errors", is_wrong=True),
            PreviewFigure(len(self.conflicts), "下載後有變動", "conflicts", is_wrong=True),
            *sent,
            PreviewFigure(len(self.writes), "要寫入", "writes"),
            PreviewFigure(len(self.same), "沒有改變", "same"),
        ]

    @property
    def why_nothing_is_written(self) -> str:
        """Beside the buttons; "" where something can be written."""
        if self.sheet.can_save:
            return ""
        if self.problems:
            return f"請先改好上面 {len(self.problems):,} 處，現在不能寫入。"
        if self.conflicts or self.sent:
            return "沒有可以寫入的內容。"
        return "檔案和現在的內容相同，沒有要寫入的。"

    @property
    def listed_problems(self) -> list[RowProblem]:
        return self.problems[:MOST_LISTED]

    @property
    def further_problems(self) -> str:
        """A sentence about those that are not listed; "" where all are."""
        number = len(self.problems) - MOST_LISTED
        if number <= 0:
            return ""
        return f"先列出前 {MOST_LISTED} 處；改好後再上傳，會接著列出其餘的 {number:,} 處。"

    @property
    def listed_empty(self) -> list[EmptyRow]:
        return self.sheet.empty[:MOST_LISTED]

    @property
    def further_empty(self) -> str:
        """A sentence about those that are not listed; "" where all are."""
        number = len(self.sheet.empty) - MOST_LISTED
        if number <= 0:
            return ""
        return f"只列出前 {MOST_LISTED} 列，其餘 {number:,} 列也沒有填寫內容。"

    @property
    def is_short_of_sending(self) -> bool:
        return self.sheet.can_save and not self.sheet.can_submit


def problems_of(sheet: OfflineSheet) -> list[RowProblem]:
    """Rows with errors, then rows that belong to nothing; one entry for each row."""
    problems = []
    for row in sheet.with_outcome(RowOutcome.ERROR):
        code = row.assignment.action.code
        problems.append(RowProblem(row.number, code, "".join(row.problems)))
    for stray in sheet.strays:
        problems.append(RowProblem(stray.number, stray.code, stray.problem))
    return problems


def marked_rows(sheet: OfflineSheet, outcome: RowOutcome) -> list[MarkedOfflineRow]:
    """The rows of the sheet that come to this, in its order."""
    return [marked_row(row) for row in sheet.with_outcome(outcome)]


def marked_row(row: OfflineRow) -> MarkedOfflineRow:
    side_by_side = []
    newly_written = []
    for difference in row.differences:
        # In a text the words that differ are marked; a percent or a status is marked as a whole.
        mark = apart
        if difference.is_prose:
            mark = marked
        changes = mark(difference.old, difference.new)
        field = MarkedField(
            difference.heading, old=difference.old, new=difference.new, changes=changes
        )
        # With a blank there is nothing to compare; but in a conflict people have to see everything.
        if difference.old or row.conflict:
            side_by_side.append(field)
        else:
            newly_written.append(field)
    return MarkedOfflineRow(row, side_by_side, newly_written)
