"""From a file's bytes to its official table: the one way in for the page and the command."""

import hashlib

from django.core.cache import caches

from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_table.headings import candidate_sheets, count_headings
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused

LONGEST_NAME = 255
"""As much of a sheet's name as is kept: that of a text file is its file's."""


MOST_NAMED = 20
"""As many hidden sheets as a note names: a file may hold a hundred thousand."""


class WhichSheet(Exception):
    """Several sheets have our heading row; `names` are theirs, and the person says which. Hidden ones are not offered."""

    def __init__(self, names, hidden=()):
        self.names = tuple(names)
        message = f"這個檔案有 {len(self.names)} 張計畫表，請選擇要匯入的工作表：{'、'.join(self.names)}。"
        super().__init__(message + hidden_note(hidden))


def hidden_note(names):
    more = f"等 {len(names):,} 張" if len(names) > MOST_NAMED else ""
    return f"隱藏的工作表沒有讀取：{'、'.join(names[:MOST_NAMED])}{more}。" if names else ""


@garbage_collection_paused
def table_of(content, name, programme, sheet=""):
    """The `Table` of one sheet, and the notes on the whole file.

    Raises `Refused` for a file that cannot be read, `WhichSheet` where several sheets could be meant.

    A file is asked for again and again: when it comes, for its preview, at confirm, and often once more to be sure.
    What was read of it is kept for that while, by all that the reading depends on.
    """
    what = (hashlib.sha256(content).hexdigest(), name, sheet, programme.year, programme.ends_on)
    key = hashlib.sha256(repr(what).encode("utf-8", "surrogatepass")).hexdigest()
    found = caches["tables"].get(key)
    if found is None:
        found = _read(content, name, programme, sheet)
        caches["tables"].set(key, found)
    return found


def _read(content, name, programme, sheet):
    workbook = read_workbook(content, name, count_headings)
    sheets = candidate_sheets(workbook)
    chosen = (
        [each for each in sheets if each.name[:LONGEST_NAME] == sheet[:LONGEST_NAME]]
        if sheet
        else sheets
    )
    if not chosen:
        names = "、".join(each.name for each in sheets)
        raise Refused(f"檔案裡沒有名為「{sheet}」的計畫表；可以匯入的工作表是：{names}。")
    if len(chosen) > 1:
        _refuse_unnamed(chosen)
        raise WhichSheet((each.name for each in chosen), workbook.hidden_sheets)
    notes = list(workbook.notes)
    if workbook.hidden_sheets:
        notes.append(hidden_note(workbook.hidden_sheets))
    return read_table(chosen[0], programme.year, programme.ends_on), notes


def _refuse_unnamed(sheets):
    """Who is asked for one of several must be able to say which; invisible characters may be all that tells two apart."""
    names = {each.name[:LONGEST_NAME] for each in sheets}
    if len(names) < len(sheets) or "" in names:
        raise Refused(
            "檔案裡有幾張計畫表，工作表的名稱空白或看起來相同，無法選擇；請改成不同的名稱後再上傳。"
        )
