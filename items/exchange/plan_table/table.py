"""The official table read from a sheet: one row for each action as written, and everything that is wrong with it."""

import re

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
from items.exchange.plan_table.cell_lists import split_strategy
from items.exchange.plan_table.deadlines import read_shares
from items.exchange.plan_table.headings import RUNNING, find_heading, refuse_incomplete
from items.exchange.plan_table.row_reader import LEVELS, Reader
from items.exchange.plan_table.rows import IgnoredRow, PlanRow, PlanTable, TableProblem
from items.exchange.spreadsheets.limits import MAX_CHARACTERS
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key, shorten
from items.exchange.spreadsheets.workbook import CellKind, address, column_letter

_CODE = re.compile(r"1\d\d-\d+")
_DITTO = frozenset(("同上", "同前", "同左", "同上列", "〃", "″", "〞", "々", '"', "＂"))
_TITLE = re.compile(r"\d{3}年度?\S*計[畫劃]")


def read_table(sheet, programme_year, ends_on=None):
    """Gates 6 to 8: the PlanTable of a Sheet, with all its problems at once; Refused if its headings will not do.

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
    ignored = [IgnoredRow(row.number, "表頭以上的文字") for row in above] + reader.ignored
    notes = tuple(_notes(sheet, heading, reader, maker.has_running_numbers))
    columns = (*heading.ignored, *_without_heading(sheet, heading))
    return PlanTable(
        sheet=sheet.name,
        heading_row=heading.row,
        rows=rows,
        problems=tuple(sorted(maker.problems)),
        warnings=tuple(sorted(maker.warnings)),
        notes=notes,
        ignored=tuple(sorted(ignored)),
        ignored_columns=columns,
        title=title,
        year=year,
    )


class _Maker:
    """Makes rows from records and collects what is wrong with their values."""

    def __init__(self, heading, reader, programme_year, ends_on):
        self.heading = heading
        self.programme = programme_year, ends_on
        self.characters = 0
        self.has_running_numbers = False
        self.problems = list(reader.problems)
        self.warnings = list(reader.warnings)

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
        strategy_number, strategy_title = split_strategy(cells[STRATEGY].text)
        shares = read_shares(record, self.programme)
        self.problems += shares.problems
        self.warnings += shares.warnings
        benefit = "\n".join(benefit.text for benefit in record.benefits if benefit.text)
        places = {name: written.place for name, written in cells.items()}
        return PlanRow(
            number=record.number,
            numbers=tuple(record.numbers),
            strategy_number=strategy_number,
            strategy_title=strategy_title,
            strategy_text=cells[STRATEGY].text,
            method=cells[METHOD].text,
            plan=cells[PLAN].text,
            action=cells[ACTION].text,
            code=self._code(record),
            deadlines=shares.deadlines,
            deadline_text=shares.deadline_text,
            departments=shares.departments,
            supporting=shares.supporting,
            benefit=benefit,
            places=places,
            department_places=shares.places,
        )

    def _all_cells(self, record):
        """Every cell that the action stands on, with its heading."""
        yield from ((name, record.cells[name]) for name in (*LEVELS, ACTION))
        for share in record.shares:
            yield from ((DEADLINE, share.deadline), (LEAD, share.departments))
            if share.support:
                yield SUPPORT, share.support
        yield from ((BENEFIT, benefit) for benefit in record.benefits)
        if CODE in record.cells:
            yield CODE, record.cells[CODE]

    def _check(self, record, name, written):
        is_ditto = written.text in _DITTO and name not in (DEADLINE, LEAD)
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
        elif written.is_blank and name in (ACTION, LEAD):
            message = f"{place}是空白，請填寫；若是上一列被換頁切斷的部分，請併回上一列。"
        else:
            if written.was_cleaned:
                message = f"{place}含有看不見的控制字元，已移除。"
                self.warnings.append(TableProblem(record.number, name, message))
            return
        # Of a cell merged down from above, the row that it spoils.
        row = written.row if written.row in record.numbers else record.number
        self.problems.append(TableProblem(row, name, message))

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
