"""From a file's bytes to its official table: the one way in for the page and the command."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_table.cell_lists import names_that_split
from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.rows import PlanTable
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.workbook import Sheet
from items.first_names import first_names
from items.models import Department, Programme

LONGEST_NAME = 255
"""As much of a sheet's name as is kept: that of a text file is the name of the file."""

MOST_NAMED = 20
"""As many hidden sheets as a note names: a file may hold a hundred thousand."""


class ReadFile(NamedTuple):
    """The table of one sheet, and the notes on the whole file."""

    table: PlanTable
    notes: list[str]


class WhichSheet(Exception):
    """Several sheets have our heading row, and the person says which of `names` is meant.

    Hidden sheets are not offered.
    """

    def __init__(self, names: Iterable[str], hidden: Sequence[str] = ()) -> None:
        self.names = tuple(names)
        message = (
            f"這個檔案有 {len(self.names)} 張計畫表，"
            f"請選擇要匯入的工作表：{'、'.join(self.names)}。"
        )
        super().__init__(message + hidden_note(hidden))


def hidden_note(names: Sequence[str]) -> str:
    """Which sheets were not read; nothing where none is hidden."""
    if not names:
        return ""
    return f"隱藏的工作表沒有讀取：{first_names(names, MOST_NAMED, '張')}。"


def table_of(content: bytes, name: str, programme: Programme, sheet: str = "") -> ReadFile:
    """Read one sheet of a file, here and now, however large it is.

    Raises `Refused` for a file that cannot be read, `WhichSheet` where several sheets could be
    meant.
    """
    return read_sheet(content, name, programme, sheet=sheet, whole_names=names_with_separators())


def names_with_separators() -> tuple[str, ...]:
    """The departments whose names would be taken for several: reading a cell depends on them."""
    return names_that_split(Department.objects.order_by("id").values_list("name", flat=True))


@garbage_collection_paused
def read_sheet(
    content: bytes, name: str, programme: Programme, sheet: str, *, whole_names: tuple[str, ...]
) -> ReadFile:
    """The same, without asking the database."""
    workbook = read_workbook(content, name)
    candidates = candidate_sheets(workbook)
    chosen = candidates
    if sheet:
        short_name = sheet[:LONGEST_NAME]
        chosen = [candidate for candidate in candidates if _short_name(candidate) == short_name]
    if not chosen:
        names = "、".join(candidate.name for candidate in candidates)
        raise Refused(f"檔案裡沒有名為「{sheet}」的計畫表；可以匯入的工作表是：{names}。")
    # Where a name was given, several are left only if two sheets have the same name.
    if len(chosen) > 1:
        _refuse_alike(chosen)
        raise WhichSheet((candidate.name for candidate in chosen), workbook.hidden_sheets)
    notes = list(workbook.notes)
    # Said also where one visible sheet leaves no choice: the plan may be on the hidden one.
    if workbook.hidden_sheets:
        notes.append(hidden_note(workbook.hidden_sheets))
    table = read_table(chosen[0], programme.year, programme.ends_on, whole_names=whole_names)
    return ReadFile(table, notes)


def _short_name(sheet: Sheet) -> str:
    return sheet.name[:LONGEST_NAME]


def _refuse_alike(sheets: Sequence[Sheet]) -> None:
    """A person who is asked for one of several must be able to say which.

    Invisible characters may be all that distinguishes two names.
    """
    names = {_short_name(sheet) for sheet in sheets}
    if len(names) < len(sheets) or "" in names:
        raise Refused(
            "檔案裡有幾張計畫表，工作表的名稱空白或看起來相同，無法選擇；請改成不同的名稱後再上傳。"
        )
