"""Rows put together (gate 7): what each row is, cells cut by the page joined, blanks filled from above."""

from collections import Counter
from dataclasses import dataclass, field

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    DEADLINE,
    LEAD,
    METHOD,
    PLAN,
    STRATEGY,
    SUPPORT,
)
from items.exchange.plan_table.headings import count_headings
from items.exchange.plan_table.ignored_rows import NUMBERED, reason_to_ignore, title_of
from items.exchange.plan_table.merged_cells import Grid, Written
from items.exchange.plan_table.rows import IgnoredRow, TableProblem
from items.exchange.spreadsheets.limits import MAX_CELL_CHARACTERS
from items.exchange.spreadsheets.text import join_cut, key, shorten
from items.exchange.spreadsheets.workbook import CellKind, address

LEVELS = (STRATEGY, METHOD, PLAN)
_OF_A_WHOLE_ROW = {DEADLINE, LEAD, SUPPORT, CODE}
_FINISHED = tuple("。！？；!?;」』）)】")


@dataclass(slots=True)
class Share:
    """The deadline and the departments of one line of an action; most actions have one."""

    row: int
    deadline: Written
    departments: Written
    support: Written | None

    @property
    def cells(self):
        return (self.deadline.place, self.departments.place)


@dataclass(slots=True)
class Record:
    """One action as it stands in the sheet, before its values are read."""

    numbers: list[int]
    cells: dict[str, Written]
    shares: list[Share]
    benefits: list[Written]
    said: set = field(default_factory=set)

    @property
    def number(self):
        return self.numbers[0]


class Reader:
    """Goes down the sheet once; `records`, `ignored`, `problems` and `warnings` are what it found."""

    def __init__(self, sheet, heading):
        self.sheet = sheet
        self.columns = heading.columns
        self.heading = heading
        self.grid = Grid(sheet, heading.columns.values())
        self.records, self.ignored, self.problems, self.warnings = [], [], [], []
        self.is_page_broken = sheet.kind == "dump"
        self._after_heading = False
        self._is_heading_merged = any(
            merge.top <= heading.row <= merge.bottom and merge.top < merge.bottom
            for merge in sheet.merges
        )
        self._first_line = self._line_above(sheet) if self._is_heading_merged else None
        self._first_column = min(heading.columns.values())
        self._titles = {title_of(row) for row in sheet.rows if row.number < heading.row}
        self._last, self._written, self._finished = {}, Counter(), Counter()

    def read(self):
        for row in self.sheet.rows:
            if row.number > self.heading.row:
                self._read_row(row)
        self._fill()
        return self

    def _read_row(self, row):
        number = row.number
        here = {name: self.grid.at(number, column) for name, column in self.columns.items()}
        if self.heading.is_repeated_by(here) or (
            self._first_line and _said(row) == self._first_line
        ):
            self.ignored.append(IgnoredRow(number, "重複的表頭"))
            # The second line of a heading merged over two rows breaks no page.
            self._after_heading = self._after_heading or not self._under_heading(number, here)
            self.is_page_broken |= self._after_heading
            return
        under = self._under_heading(number, here) if self._is_heading_merged else set()
        if {*LEVELS, ACTION} <= under:
            self.ignored.append(IgnoredRow(number, "表頭的第二行"))
            return
        if under:
            self._refuse_merged_heading(number, here, under)
            return
        if row.is_hidden:
            self.warnings.append(TableProblem(number, "", "這一列是隱藏的，仍然讀取。"))
        own = self._own(row, here)
        reason = reason_to_ignore(
            own, row.is_prose, self._after_heading, self._first_column, self._titles
        )
        if reason:
            self.ignored.append(IgnoredRow(number, reason))
            return
        self._take(row, here, own)
        self._after_heading = False

    def _line_above(self, sheet):
        """What the first line of a heading of two lines says, none if there is but one."""
        tops = [merge.top for merge in sheet.merges if merge.top < self.heading.row <= merge.bottom]
        return next((_said(row) for row in sheet.rows if tops and row.number == tops[0]), None)

    def _under_heading(self, number, here):
        """The columns whose heading is merged down into the row."""
        return {name for name, written in here.items() if written.row <= self.heading.row < number}

    def _refuse_merged_heading(self, number, here, under):
        name = min(under, key=self.columns.get)
        area = self.grid.area(number, self.columns[name])
        message = (
            f"表頭「{name}」的合併範圍 {address(*area[:2])}:{address(*area[2:])} 蓋到第 {number} 列的資料，"
            "請取消合併並填寫這一格。"
        )
        self.problems.append(TableProblem(number, name, message))

    def _own(self, row, here):
        """The cells of ours that are written in this very row, not under a merge."""
        own = {}
        for name, written in here.items():
            column = self.columns[name]
            if written.row != row.number or written.column != column:
                if column in row.cells:
                    self._warn_covered(row, column)
            elif not written.is_blank:
                own[name] = written
        return own

    def _warn_covered(self, row, column):
        text = row.cells[column].text
        area = self.grid.area(row.number, column)
        origin = self.grid.at(row.number, column)
        if text.strip() and text.strip() != origin.text:
            place = address(row.number, column)
            around = f"{address(*area[:2])}:{address(*area[2:])}"
            message = (
                f"儲存格 {place} 在合併範圍 {around} 內，其中的「{shorten(text)}」看不見，未採用。"
            )
            self.warnings.append(TableProblem(row.number, "", message))

    def _take(self, row, here, own):
        """A row with something in it: the rest of a cut cell, another line of a merged action, or an action."""
        names = set(own)
        if count_headings(written.text for written in own.values()) >= 4:
            name, column = next(
                pair
                for pair in self.columns.items()
                if not self.heading.is_said_by(here[pair[0]].text, pair[0])
            )
            message = (
                f"這一列像是另一個表頭，但儲存格 {address(row.number, column)} 不是第 {self.heading.row} 列所寫的「{name}」，"
                "請改成相同的欄位與順序。"
            )
            self.problems.append(TableProblem(row.number, name, message))
            return
        is_rest = (
            not names & _OF_A_WHOLE_ROW
            and self._is_uncovered(row)
            and not self._begins_strategy(own)
        )
        if self._after_heading and self.records and is_rest:
            self._continue(row.number, own)
            return
        if self._after_heading and self.records:
            own = self._continue_levels(row.number, own)
        if self._belongs_to_last(here):
            self._add_line(row, here)
        else:
            self._new_record(row, here)

    def _begins_strategy(self, own):
        """Whether a new number stands in the first column, as no rest of a cut cell has it."""
        above = self._last.get(STRATEGY)
        return bool(
            STRATEGY in own
            and above
            and NUMBERED.match(above.text)
            and NUMBERED.match(own[STRATEGY].text)
        )

    def _is_uncovered(self, row):
        """Neither deadline nor department reaches down into the row by a merge."""
        return not any(
            self.grid.is_covered(row.number, self.columns[name]) for name in (DEADLINE, LEAD)
        )

    def _continue(self, number, own):
        """The rest of a row that the page cut: each text goes on in the cell last written in its column."""
        record = self.records[-1]
        for name, written in own.items():
            self._join(number, name, written)
        record.numbers.append(number)

    def _join(self, number, name, written):
        record = self.records[-1]
        target = self._last.get(name)
        if name == ACTION or target is None or (name == BENEFIT and not self._is_same_plan(target)):
            target = record.cells[name] if name != BENEFIT else record.benefits[0]
        if target.is_blank or written.kind in (CellKind.ERROR, CellKind.NO_VALUE):
            target.kind = written.kind
        target.was_cleaned |= written.was_cleaned
        before = target.text
        if len(before) + len(written.text) > MAX_CELL_CHARACTERS:
            message = f"接續被換頁切斷的「{name}」後超過每格 {MAX_CELL_CHARACTERS:,} 個字元的上限，請縮短。"
            self.problems.append(TableProblem(record.number, name, message))
            return
        target.text = join_cut(before, written.text)
        message = f"接續被換頁切斷的「{name}」（{target.address}），已接成「…{before[-8:]}{written.text[:8]}…」。"
        self.warnings.append(TableProblem(number, name, message))

    def _is_same_plan(self, target):
        """Whether a benefit was written since the plan now in force began."""
        plan = self._last.get(PLAN)
        return plan is None or target.row >= plan.row

    def _continue_levels(self, number, own):
        """A whole action after a repeated heading may also carry the rest of a cut strategy, method or plan.

        It does where the cell above was left unfinished although that column's cells end as sentences do, as this rest
        does; a level that begins anew ends this, since what stands to its right is then new as well.
        """
        kept = dict(own)
        for name in LEVELS:
            if name not in own:
                continue
            if not self._is_cut(name, own):
                self._warn_perhaps_cut(number, name, own[name])
                break
            self._join(number, name, own[name])
            own[name].text = ""
            del kept[name]
        if BENEFIT in kept:
            self._warn_perhaps_cut(number, BENEFIT, kept[BENEFIT])
        return kept

    def _warn_perhaps_cut(self, number, name, written):
        if (
            name != STRATEGY
            and self._looks_cut(name)
            and not _is_same(written.text, self._last[name].text)
        ):
            message = f"上一頁最後的「{name}」沒有句號，可能被換頁切斷；這一列的「{name}」未接上去，請確認。"
            self.warnings.append(TableProblem(number, name, message))

    def _is_cut(self, name, own):
        above = self._last.get(name)
        text = own[name].text
        if (
            above is None
            or above.text.endswith(_FINISHED)
            or NUMBERED.match(text)
            or _is_same(text, above.text)
        ):
            return False
        if name == STRATEGY:
            # A new strategy would bring its own number and method.
            return bool(NUMBERED.match(above.text)) and (
                METHOD not in own or self._is_cut(METHOD, own)
            )
        # The rest of a cell ends as the others do, and a new plan would bring its own benefit.
        is_rest = text.endswith(_FINISHED) and self._mostly_finished(name)
        return is_rest and (BENEFIT not in own or self._looks_cut(name))

    def _looks_cut(self, name):
        """Whether the cell last written breaks off, while those of its column mostly end as sentences do."""
        above = self._last.get(name)
        if above is None or above.text.endswith(_FINISHED):
            return False
        return self._written[name] > 1 and self._mostly_finished(name)

    def _mostly_finished(self, name):
        """Whether the cells of a column before the last end as sentences do."""
        return 2 * self._finished[name] >= self._written[name] - 1

    def _belongs_to_last(self, here):
        """Whether the row shares the last action's cell through a merge: one action, several lines of departments."""
        return bool(self.records) and here[ACTION] is self.records[-1].cells[ACTION]

    def _add_line(self, row, here):
        record = self.records[-1]
        record.numbers.append(row.number)
        share = _share(row.number, here)
        if share.cells not in record.said:
            record.said.add(share.cells)
            record.shares.append(share)
        benefit = here[BENEFIT]
        if not benefit.is_blank and benefit.text not in record.said:
            record.said.add(benefit.text)
            record.benefits.append(benefit)
        for name in LEVELS:
            written = here[name]
            if (
                not written.is_blank
                and written.text != record.cells[name].text
                and written.row > record.number
            ):
                message = f"儲存格 {record.cells[ACTION].address} 的合併範圍跨越了兩個「{name}」，請依「{name}」分開合併。"
                self.problems.append(TableProblem(record.number, name, message))

    def _new_record(self, row, cells):
        share = _share(row.number, cells)
        said = {share.cells, cells[BENEFIT].text}
        self.records.append(Record([row.number], cells, [share], [cells[BENEFIT]], said))
        for name, written in cells.items():
            if not written.is_blank and self._last.get(name) is not written:
                self._last[name] = written
                self._written[name] += 1
                self._finished[name] += written.text.endswith(_FINISHED)

    def _fill(self):
        """Blank in the first three columns: as above, while every column to its left is unchanged."""
        above = None
        for record in self.records:
            changed = None
            for name in LEVELS:
                changed = self._fill_level(record, above, name, changed)
            self._fill_benefit(record, above, changed)
            above = record

    def _fill_level(self, record, above, name, changed):
        """Fill one cell; gives the column that changed, if any did up to here."""
        written = record.cells[name]
        if not written.is_blank:
            is_new = changed or above is None or not _is_same(written.text, above.cells[name].text)
            return (changed or name) if is_new else None
        if above is None:
            message = (
                f"「{name}」（儲存格 {written.address}）是空白，上面沒有可以沿用的內容，請填寫。"
            )
            self.problems.append(TableProblem(record.number, name, message))
            return changed or name
        if changed:
            message = f"「{name}」（儲存格 {written.address}）是空白，但左邊的「{changed}」已經不同，不能沿用上一列，請填寫。"
            self.problems.append(TableProblem(record.number, name, message))
            return changed
        record.cells[name] = above.cells[name]
        return None

    def _fill_benefit(self, record, above, changed):
        """Blank 預期效益: as above within one plan, but only in text broken into pages; merges are filled already."""
        if not record.benefits[0].is_blank or len(record.benefits) > 1:
            return
        if self.is_page_broken and above and not changed:
            record.benefits = above.benefits
        else:
            message = "「預期效益」是空白，沒有沿用上一列；如要相同，請填寫或合併儲存格。"
            self.warnings.append(TableProblem(record.number, BENEFIT, message))


def _said(row):
    return {column: key(cell.text[:200]) for column, cell in row.cells.items()}


def _is_same(one, other):
    return one == other or key(one) == key(other)


def _share(number, cells):
    return Share(number, cells[DEADLINE], cells[LEAD], cells.get(SUPPORT))
