"""The official table read from a sheet.

There is one row for each action as written, and everything that is wrong with it.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from items.exchange.columns import ACTION, CODE, METHOD, PLAN, STRATEGY
from items.exchange.plan_table.blanks import fill_blanks
from items.exchange.plan_table.cell_checks import check_cells, warn_of_struck_cells
from items.exchange.plan_table.cell_lists import split_strategy
from items.exchange.plan_table.departments_and_deadlines import (
    DepartmentsAndDeadlines,
    read_departments,
)
from items.exchange.plan_table.headings import RUNNING, Heading, find_heading, refuse_incomplete
from items.exchange.plan_table.merged_cells import SheetCells, merge_address
from items.exchange.plan_table.progress_table import refuse_progress_table
from items.exchange.plan_table.records import Record, put_together
from items.exchange.plan_table.rows import IgnoredRow, PlanRow, PlanTable, TableProblem
from items.exchange.plan_table.sub_headings import refuse_divided_headings
from items.exchange.plan_table.table_lines import sort_rows
from items.exchange.spreadsheets.limits import MAX_CHARACTERS
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key
from items.exchange.spreadsheets.workbook import MergedArea, Sheet, SheetRow, column_letter

_CODE = re.compile(r"1\d\d-\d+", re.ASCII)
_TITLE = re.compile(r"(?P<year>\d{3})年度?\S*計[畫劃]")
_LONGEST_TITLE = 200
_OVERLAPS_NAMED = 5


class ProgrammeTitle(NamedTuple):
    """What the lines above the heading call the programme; `year` is its 民國 year."""

    title: str = ""
    year: int | None = None


def read_table(
    sheet: Sheet,
    programme_year: int,
    ends_on: date | None = None,
    whole_names: tuple[str, ...] = (),
) -> PlanTable:
    """Gates 6 to 8: the PlanTable of a Sheet, with all its problems at once.

    Raises `Refused` if its headings will not do. `programme_year` is the 民國 year, and `ends_on`
    the last day, which open-ended deadlines stand for. `whole_names` are names of departments that
    hold a separator: see `cell_lists.names_that_split`.
    """
    heading = find_heading(sheet)
    if heading is None:
        raise Refused(f"工作表「{sheet.name}」沒有表頭，請選擇其他工作表。")
    if not heading.is_complete:
        refuse_incomplete(sheet, heading)

    refuse_divided_headings(sheet, heading)
    refuse_progress_table(sheet, heading)

    # Each pass returns its result and what it finds wrong. No pass changes what an earlier one has
    # returned, so that they can be read, and tested, one by one.
    sheet_cells = SheetCells(sheet, heading.columns.values())
    sorted_rows = sort_rows(sheet, heading, sheet_cells)
    together = put_together(sorted_rows.lines)
    filled = fill_blanks(together.records, is_page_broken=sorted_rows.is_page_broken)
    if not filled.records and not sorted_rows.problems:
        raise Refused(
            f"工作表「{sheet.name}」的表頭（第 {heading.row} 列）下面沒有資料列（0 列），"
            "或都被合併儲存格蓋住，請確認選對了檔案。"
        )

    rows = []
    characters = 0
    problems = [*sorted_rows.problems, *together.problems, *filled.problems]
    warnings = [
        *sorted_rows.warnings,
        *together.warnings,
        *filled.warnings,
    ]
    # Looking through all records once more takes time, and hardly any sheet has such a cell.
    if sheet_cells.has_struck:
        warnings += warn_of_struck_cells(filled.records)
    # Actions with problems become rows as well: the preview shows all problems at once, row by row.
    for record in filled.records:
        checked = check_cells(record)
        characters += checked.characters
        if characters > MAX_CHARACTERS:
            raise _too_much_text(record)
        departments = read_departments(record, programme_year, ends_on, whole_names=whole_names)
        rows.append(_plan_row(record, departments, heading))
        problems += [*checked.problems, *departments.problems]
        warnings += [*checked.warnings, *departments.warnings]

    rows_above = [row for row in sheet.rows if row.number < heading.row]
    programme_title = _programme_title(rows_above)
    notes = [
        *sheet.notes,
        *_notes_on_hidden_columns(sheet, heading),
        *_notes_on_running_numbers(filled.records, heading),
        *_notes_on_overlaps(sheet_cells.overlaps),
    ]
    ignored = [IgnoredRow(row.number, "表頭以上的文字") for row in rows_above]
    ignored += sorted_rows.ignored
    return PlanTable(
        sheet=sheet.name,
        heading_row=heading.row,
        rows=tuple(rows),
        problems=_in_order(problems),
        warnings=_in_order(warnings),
        notes=tuple(notes),
        ignored=tuple(sorted(ignored)),
        ignored_columns=(*heading.ignored, *_columns_without_heading(sheet, heading)),
        title=programme_title.title,
        year=programme_title.year,
        is_big5=sheet.is_big5,
    )


def _in_order(problems: Iterable[TableProblem]) -> tuple[TableProblem, ...]:
    """From top to bottom, whichever pass has met them."""
    return tuple(sorted(problems))


def _too_much_text(record: Record) -> Refused:
    """A small file may grow beyond memory where one long cell is merged over 20,000 rows."""
    return Refused(
        f"合併儲存格與空白沿用展開後，到第 {record.number} 列為止的文字超過"
        f" {MAX_CHARACTERS:,} 個字元的上限，請縮短或分成幾個檔案後再上傳。"
    )


def _plan_row(record: Record, departments: DepartmentsAndDeadlines, heading: Heading) -> PlanRow:
    cells = record.cells
    strategy = split_strategy(cells[STRATEGY].text)
    benefits = [benefit.text for benefit in record.benefits if benefit.text]
    code = _code_cell(record)
    if _is_running_number(code, heading):
        code = ""
    return PlanRow(
        number=record.number,
        numbers=tuple(record.numbers),
        strategy_number=strategy.number,
        strategy_title=strategy.title,
        strategy_text=cells[STRATEGY].text,
        method=cells[METHOD].text,
        plan=cells[PLAN].text,
        action=cells[ACTION].text,
        code=code,
        deadlines=tuple(departments.deadlines),
        deadline_text=departments.deadline_text,
        departments=tuple(department.name for department in departments.departments),
        supporting=departments.supporting,
        benefit="\n".join(benefits),
        places={name: cell.place for name, cell in cells.items()},
        department_places=tuple(department.place for department in departments.departments),
        is_handed_out=departments.is_handed_out,
    )


def _code_cell(record: Record) -> str:
    """What stands under 項次編號 or one of its synonyms, folded."""
    if CODE not in record.cells:
        return ""
    return key(record.cells[CODE].text)


def _is_running_number(code: str, heading: Heading) -> bool:
    """Whether it only counts the rows: under 項次 or such anything but a code of ours (3, 1-2)."""
    return bool(code) and heading.has_running_number and not _CODE.fullmatch(code)


def _columns_without_heading(sheet: Sheet, heading: Heading) -> list[str]:
    """Columns with text in the table and nothing above it."""
    columns_with_text: set[int] = set()
    for row in sheet.rows:
        if row.number > heading.row and not row.is_prose:
            columns_with_text.update(row.cells)
    words = []
    for column in sorted(columns_with_text - heading.keys.keys()):
        words.append(f"沒有表頭（{column_letter(column)} 欄）")
    return words


def _notes_on_hidden_columns(sheet: Sheet, heading: Heading) -> list[str]:
    """People who have hidden a column may not expect that it is read."""
    notes = []
    for name, column in heading.columns.items():
        if column in sheet.hidden_columns:
            notes.append(f"「{name}」（{column_letter(column)} 欄）是隱藏的，仍然讀取。")
    return notes


def _notes_on_running_numbers(records: Iterable[Record], heading: Heading) -> list[str]:
    """People who number the rows may believe that the number tells items apart."""
    codes = [_code_cell(record) for record in records]
    if not any(_is_running_number(code, heading) for code in codes):
        return []
    # By the heading in the file, where the person looks for it, and not by our name.
    running_headings = [word for word in heading.keys.values() if word in RUNNING]
    name = running_headings[0]
    return [f"「{name}」欄的流水號不是項次編號，未採用；項次編號的形式如「115-01」。"]


def _notes_on_overlaps(overlaps: Iterable[MergedArea]) -> list[str]:
    """Merges that were not used; some of them named, since a file may have thousands."""
    areas = [merge_address(merge) for merge in sorted(overlaps)]
    if not areas:
        return []
    named = "、".join(areas[:_OVERLAPS_NAMED])
    more = ""
    if len(areas) > _OVERLAPS_NAMED:
        more = f"等 {len(areas):,} 個"
    return [f"合併範圍 {named} {more}與上面的合併範圍重疊，未採用；請取消重疊的合併。"]


def _programme_title(rows: Iterable[SheetRow]) -> ProgrammeTitle:
    """The first text that names a year's plan, from the lines above the heading."""
    for row in rows:
        for cell in row.cells.values():
            text, _ = clean(cell.text)
            title = text.lstrip("#").strip()
            # Searching a whole cell of 32,767 characters is slow, and such a text is no title.
            if len(title) >= _LONGEST_TITLE:
                continue
            match = _TITLE.search(title)
            if match:
                return ProgrammeTitle(title, int(match["year"]))
    return ProgrammeTitle()
