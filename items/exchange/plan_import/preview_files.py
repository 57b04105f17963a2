"""The errors of a preview, or all of its rows, as a file to work through beside the sheet."""

from items.exchange.columns import ACTION, CODE
from items.exchange.plan_import.preview import Status
from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import file_name, write

LISTS = {"errors": "錯誤清單", "rows": "比對清單"}
WORDS = {Status.NEW: "新增", Status.CHANGED: "修改", Status.UNCHANGED: "相同", Status.ERROR: "錯誤"}


def export(what, preview, source, format):
    """(file name, bytes, content type) of "errors" or "rows" of a `Preview` of the file `source`."""
    columns, rows = (_errors if what == "errors" else _rows)(preview)
    table = FileTable(LISTS[what], f"{LISTS[what]}：{source}", "", columns, rows)
    return (
        file_name(f"{LISTS[what]}_{source.rpartition('.')[0] or source}", format),
        *write(table, format),
    )


def _errors(preview):
    columns = (
        Column("工作表", 16),
        Column("列", 7, is_centred=True),
        Column("欄位", 14),
        Column("類別", 8, is_centred=True),
        Column("說明", 80),
    )
    found = [(remark, "錯誤") for remark in preview.errors] + [
        (remark, "提醒") for remark in preview.warnings
    ]
    return columns, [
        [remark.sheet, remark.row, remark.column or "", kind, remark.message]
        for remark, kind in found
    ]


def _rows(preview):
    """Every row that was read: what becomes of it, and each changed cell on a line of its own."""
    columns = (
        Column("列", 7, is_centred=True),
        Column("結果", 8, is_centred=True),
        Column(CODE, 10, is_centred=True),
        Column(ACTION, 40),
        Column("欄位", 14),
        Column("計畫現在的內容", 36),
        Column("檔案的內容", 36),
    )
    rows = []
    for row in preview.rows:
        start = [row.number, WORDS[row.status], row.code, row.title]
        # What a row with errors would change is not known: a cell that could not be read is not a blank one.
        changes = () if row.status == Status.ERROR else row.changes
        rows += [[*start, *change[:3]] for change in changes] or [[*start, "", "", ""]]
    rows += [[row.row, "略過", "", row.reason, "", "", ""] for row in preview.ignored]
    rows.sort(key=lambda row: row[0])
    rows += [[None, "保留", kept.code, kept.title, "", "", ""] for kept in preview.missing]
    return columns, rows
