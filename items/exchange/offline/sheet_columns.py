"""The columns of a 填報表, which `workbook` writes and `sheet_lines` finds by their headings."""

from items.exchange.columns import ACTION, CODE, DEADLINE
from items.exchange.spreadsheets.file_table import Column
from items.models import ProgressReport, WorkStatus
from items.models.labels import field_label

NAME = "填報表"

PLANNED = "預定進度（%）"
STATE = field_label(ProgressReport, "state")
EARLIER = "上期辦理情形"
KEY = "識別碼"
"""Period and assignment, by which a row is known again however the sheet was sorted; hidden."""
VERSION = field_label(ProgressReport, "version")
"""The version of the report that its writer saw, so that nothing newer is overwritten; hidden."""
HIDDEN = (KEY, VERSION)

# Widths in half-width characters: what is read beside what is written has to fit on a screen.
FIELDS = {
    "text": Column(field_label(ProgressReport, "text"), 44),
    "percent": Column(field_label(ProgressReport, "percent"), 9, is_centred=True),
    "work_status": Column(field_label(ProgressReport, "work_status"), 10, is_centred=True),
    "delay_factor": Column(field_label(ProgressReport, "delay_factor"), 14),
    "delay_reason": Column(field_label(ProgressReport, "delay_reason"), 24),
    "remedy": Column(field_label(ProgressReport, "remedy"), 24),
    "coordination": Column(field_label(ProgressReport, "coordination"), 20),
    "catch_up_month": Column(field_label(ProgressReport, "catch_up_month"), 11, is_centred=True),
}
"""The columns that a department fills in, by the field of the report."""
FIELD_HEADINGS = tuple(column.heading for column in FIELDS.values())
LAST_FIELD = FIELD_HEADINGS[-1]
ADDED = ("delay_factor", "coordination", "catch_up_month")
"""Fields that an older 填報表 has no columns for; what the report says there stays as it is."""

SHEET_COLUMNS = (
    Column(CODE, 9, is_centred=True),
    Column(ACTION, 32),
    Column(DEADLINE, 15, is_centred=True),
    Column(PLANNED, 9, is_centred=True),
    Column(STATE, 18),
    Column(EARLIER, 30),
    *FIELDS.values(),
    Column(KEY, 12),
    Column(VERSION, 6),
)


def shown(name: str, value: str | int | None) -> str | int | None:
    """The value of a field as the sheet shows it."""
    # The sheet's list offers the labels, so the cell has to hold one of them.
    if name == "work_status" and value in WorkStatus.values:
        return WorkStatus(value).label
    return value
