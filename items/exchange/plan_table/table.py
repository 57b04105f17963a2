"""The official table read from a sheet: one row for each action as written, and everything that is wrong with it."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.plan_table.cell_lists import split_strategy
from items.exchange.plan_table.deadlines import read_shares
from items.exchange.plan_table.headings import (
    BENEFIT,
    CODE,
    DEADLINE,
    DEPARTMENT,
    RUNNING,
    SUPPORT,
    find_heading,
    refuse_incomplete,
)
from items.exchange.plan_table.row_reader import ACTION, LEVELS, METHOD, PLAN, STRATEGY, Reader
from items.exchange.spreadsheets.limits import MAX_CHARACTERS, Refused
from items.exchange.spreadsheets.text import clean, key, shorten
from items.exchange.spreadsheets.workbook import CellKind, address, column_letter
from items.roc import Deadline

_CODE = re.compile(r"1\d\d-\d+")
_DITTO = frozenset(("同上", "同前", "同左", "同上列", "〃", "″", "〞", "々", '"', "＂"))
_TITLE = re.compile(r"\d{3}年度?\S*計[畫劃]")


class Problem(NamedTuple):
    """Something to be mended, or in `warnings` to be looked at; the message names cell and remedy.

    `row` is the row as the person sees it (0: the whole sheet), `column` our heading ("": the whole row).
    """

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One action as written, with its blanks filled.

    `strategy` is (number or None, title) and `strategy_text` the same as written. `departments` has the names as
    written, in order. `deadlines` is one for all of them or one for each; it is empty where it could not be read,
    which then is among the problems. `supporting` is None where the table has no such column. `numbers` are all the
    sheet's rows that the action stands on, `number` the first; `places` maps our headings to (row, column), and
    `department_places` says it of each department, which may stand on another line of the action.
    """

    number: int
    numbers: tuple[int, ...]
    strategy: tuple[int | None, str]
    strategy_text: str
    method: str
    plan: str
    action: str
    code: str
    deadlines: tuple[Deadline, ...]
    deadline_text: str
    departments: tuple[str, ...]
    supporting: tuple[str, ...] | None
    benefit: str
    places: dict[str, tuple[int, int]]
    department_places: tuple[tuple[int, int], ...] = ()

    @property
    def cells(self):
        """Our headings and the cells that this row's text stands in, such as E5."""
        return {name: address(*place) for name, place in self.places.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """What a sheet holds. Every row with text is in `rows` (with problems or not) or, with its reason, in `ignored`.

    `title` and `year` come from the lines above the heading, where they stand there; `notes` are about the sheet as a
    whole.
    """

    sheet: str
    heading_row: int
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    notes: tuple[str, ...]
    ignored: tuple[tuple[int, str], ...]
    ignored_columns: tuple[str, ...]
    title: str = ""
    year: int | None = None

    @property
    def rows_read(self):
        """Actions read, those with problems included."""
        return len(self.rows)


def read_table(sheet, programme_year, ends_on=None):
    """Gates 6 to 8: the Table of a Sheet, with all its problems at once; Refused if its headings will not do.

    `programme_year` is the 民國 year, and `ends_on` the last day, which open-ended deadlines stand for.
    """
    heading = find_heading(sheet)
    if heading is None:
        raise Refused(f"工作表「{sheet.name}」沒有表頭，請選擇其他工作表。")
    if not heading.is_complete:
        refuse_incomplete(sheet, heading)
    above = [row for row in sheet.rows if row.number < heading.row]
    reader = Reader(sheet, heading).read()
    if not reader.records and not reader.problems:
        raise Refused(
            f"工作表「{sheet.name}」的表頭（第 {heading.row} 列）下面沒有資料列（0 列），或都被合併儲存格蓋住，請確認選對了檔案。"
        )
    maker = _Maker(heading, reader, programme_year, ends_on)
    rows = tuple(maker.row(record) for record in reader.records)
    title, year = _programme_title(above)
    ignored = [(row.number, "表頭以上的文字") for row in above] + reader.ignored
    notes = tuple(_notes(sheet, heading, reader, maker.has_running_numbers))
    columns = (*heading.ignored, *_without_heading(sheet, heading))
    return Table(
        sheet.name, heading.row, rows, tuple(sorted(maker.problems)), tuple(sorted(maker.warnings)),
        notes, tuple(sorted(ignored)), columns, title, year,
    )  # fmt: skip


class _Maker:
    """Makes rows from records and collects what is wrong with their values."""

    def __init__(self, heading, reader, programme_year, ends_on):
        self.heading = heading
        self.programme = programme_year, ends_on
        self.characters = 0
        self.has_running_numbers = False
        self.problems = [Problem(*found) for found in reader.problems]
        self.warnings = [Problem(*found) for found in reader.warnings]

    def row(self, record):
        for name, written in self._all_cells(record):
            self._check(record, name, written)
            self.characters += len(written.text)
        if self.characters > MAX_CHARACTERS:
            raise Refused(
                f"合併儲存格與空白沿用展開後，到第 {record.number} 列為止的文字超過 {MAX_CHARACTERS:,} 個字元的上限，"
                "請縮短或分成幾個檔案後再上傳。"
            )
        cells = record.cells
        strategy = cells[STRATEGY].text
        shares = read_shares(record, self.programme)
        self.problems += [Problem(*found) for found in shares.problems]
        self.warnings += [Problem(*found) for found in shares.warnings]
        benefit = "\n".join(benefit.text for benefit in record.benefits if benefit.text)
        places = {name: written.place for name, written in cells.items()}
        return Row(
            record.number, tuple(record.numbers), split_strategy(strategy), strategy, cells[METHOD].text,
            cells[PLAN].text, cells[ACTION].text, self._code(record), shares.deadlines, shares.deadline_text,
            shares.departments, shares.supporting, benefit, places, shares.places,
        )  # fmt: skip

    def _all_cells(self, record):
        """Every cell that the action stands on, with its heading."""
        yield from ((name, record.cells[name]) for name in (*LEVELS, ACTION))
        for share in record.shares:
            yield from ((DEADLINE, share.deadline), (DEPARTMENT, share.departments))
            if share.support:
                yield SUPPORT, share.support
        yield from ((BENEFIT, benefit) for benefit in record.benefits)
        if CODE in record.cells:
            yield CODE, record.cells[CODE]

    def _check(self, record, name, written):
        is_ditto = written.text in _DITTO and name not in (DEADLINE, DEPARTMENT)
        if (
            written.kind is CellKind.TEXT
            and written.text
            and not written.was_cleaned
            and not is_ditto
        ):
            return
        place = f"「{name}」（儲存格 {written.address}）"
        if written.kind is CellKind.ERROR:
            message = f"{place}是錯誤值 {shorten(written.text)}，請修正公式或填入文字。"
        elif written.kind is CellKind.NO_VALUE:
            message = f"{place}是沒有計算結果的公式，請用 Excel 開啟並存檔，或改填文字。"
        elif is_ditto:
            message = f"{place}寫的是「{written.text}」，請填寫內容，或與上一列合併儲存格。"
        elif written.is_blank and name in (ACTION, DEPARTMENT):
            message = f"{place}是空白，請填寫；若是上一列被換頁切斷的部分，請併回上一列。"
        else:
            if written.was_cleaned:
                message = f"{place}含有看不見的控制字元，已移除。"
                self.warnings.append(Problem(record.number, name, message))
            return
        # Of a cell merged down from above, the row that it spoils.
        row = written.row if written.row in record.numbers else record.number
        self.problems.append(Problem(row, name, message))

    def _code(self, record):
        """The 項次編號; a running number under 項次 or such (3, 1-2, 一) is none."""
        if CODE not in record.cells:
            return ""
        text = key(record.cells[CODE].text)
        if not text or not self.heading.has_running_number or _CODE.fullmatch(text):
            return text
        self.has_running_numbers = True
        return ""


def _without_heading(sheet, heading):
    """Columns with text in the table and nothing above it."""
    used = set().union(
        *(row.cells for row in sheet.rows if row.number > heading.row and not row.is_prose)
    )
    return [
        f"沒有表頭（{column_letter(column)} 欄）" for column in sorted(used - heading.keys.keys())
    ]


def _notes(sheet, heading, reader, has_running_numbers):
    """What to know about the sheet as a whole."""
    yield from sheet.notes
    for name, column in heading.columns.items():
        if column in sheet.hidden_columns:
            yield f"「{name}」（{column_letter(column)} 欄）是隱藏的，仍然讀取。"
    if has_running_numbers:
        name = next(word for word in heading.keys.values() if word in RUNNING)
        yield f"「{name}」欄的流水號不是項次編號，未採用；項次編號的形式如「115-01」。"
    if reader.grid.overlaps:
        ranges = [
            f"{address(*area[:2])}:{address(*area[2:])}" for area in sorted(reader.grid.overlaps)
        ]
        more = f"等 {len(ranges):,} 個" if len(ranges) > 5 else ""
        yield f"合併範圍 {'、'.join(ranges[:5])} {more}與上面的合併範圍重疊，未採用；請取消重疊的合併。"


def _programme_title(rows):
    """The programme's title and its year from the lines above the heading."""
    for row in rows:
        for cell in row.cells.values():
            text = clean(cell.text)[0].lstrip("#").strip()
            if len(text) < 200 and (match := _TITLE.search(text)):
                return text, int(match[0][:3])
    return "", None
