"""歷程 as a file: what the page lists within its limits, every entry of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from items.day_words import moment_words
from items.exchange.columns import ACTION, CODE
from items.exchange.garbage_collection import garbage_collection_paused
from items.exchange.plan_import.batch_page import door_words
from items.exchange.spreadsheets.file_table import Column, FileTable, Merge, TableRow
from items.exchange.spreadsheets.write import WrittenFile, table_file
from items.models import (
    Assignment,
    Change,
    ControlRequest,
    ControlStep,
    ImportBatch,
    Programme,
    ProgressReport,
    ReportStep,
    User,
)
from items.models.labels import field_label
from items.roc import format_roc
from items.worklists.record import RecordKind, entries_of
from items.worklists.record_limits import RecordLimits

MOST_ENTRIES = 10_000
"""In one file: writing more takes longer than a proxy waits for an answer."""

FIELD, OLD, NEW = "欄位", "原來", "改為"
MADE, CHANGED = "新增項數", "修改項數"
"""Headings of what no field of a model holds."""

TEXT_WIDTHS = {
    "text": 46,
    "delay_factor": 12,
    "delay_reason": 22,
    "remedy": 22,
    "coordination": 22,
    "catch_up_month": 10,
}
"""{field of a report in words: width of its column}, in the order of the columns."""


def _columns_of_step(model: type[ReportStep] | type[ControlStep]) -> list[Column]:
    """What `_cells_of_step` fills: who did what with which item."""
    return [
        Column(field_label(model, "at"), 20),
        Column(field_label(model, "by"), 10),
        Column(field_label(model, "kind"), 10, is_centred=True),
        Column(field_label(model, "from_state"), 9, is_centred=True),
        Column(field_label(model, "to_state"), 9, is_centred=True),
        Column(CODE, 9, is_centred=True),
        Column(ACTION, 28),
        Column(field_label(Assignment, "department"), 12),
    ]


def _columns_of_texts() -> list[Column]:
    columns = []
    for name, width in TEXT_WIDTHS.items():
        is_centred = name == "catch_up_month"
        columns.append(Column(field_label(ProgressReport, name), width, is_centred=is_centred))
    return columns


STEP_COLUMNS = (
    *_columns_of_step(ReportStep),
    Column(field_label(ProgressReport, "period"), 13),
    Column(field_label(ProgressReport, "percent"), 9, is_centred=True),
    Column(field_label(ProgressReport, "work_status"), 10, is_centred=True),
    *_columns_of_texts(),
    Column(field_label(ReportStep, "words"), 22),
    Column(field_label(ReportStep, "door"), 7, is_centred=True),
)
CHANGE_COLUMNS = (
    Column(field_label(Change, "at"), 20),
    Column(field_label(Change, "by"), 10),
    Column(field_label(Change, "door"), 7, is_centred=True),
    Column(field_label(Change, "kind"), 7, is_centred=True),
    Column(field_label(Change, "model"), 14),
    Column(field_label(Change, "label"), 40),
    Column(FIELD, 16),
    Column(OLD, 40),
    Column(NEW, 40),
)
WANTED = "申請的內容"
CONTROL_COLUMNS = (
    *_columns_of_step(ControlStep),
    Column(field_label(ControlRequest, "kind"), 10, is_centred=True),
    Column(WANTED, 46),
    Column(field_label(ControlStep, "words"), 22),
    Column(field_label(ControlStep, "door"), 7, is_centred=True),
)
FIRST_FIELD = 6
"""The columns before this one are about the entry as a whole, and printed once for it."""
BATCH_COLUMNS = (
    Column(field_label(ImportBatch, "at"), 20),
    Column(field_label(ImportBatch, "by"), 10),
    Column(field_label(ImportBatch, "door"), 7, is_centred=True),
    Column(field_label(ImportBatch, "file_name"), 34),
    Column(field_label(ImportBatch, "sheet"), 20),
    Column(MADE, 9, is_centred=True),
    Column(CHANGED, 9, is_centred=True),
    Column(field_label(ImportBatch, "undone_at"), 20),
    Column(field_label(ImportBatch, "undone_by"), 10),
    Column(field_label(ImportBatch, "sha256"), 34),
)


@dataclass(frozen=True)
class RecordRows:
    """The rows of a file; of an entry that fills several, what is printed once."""

    columns: tuple[Column, ...]
    rows: list[TableRow]
    merges: Sequence[Merge] = ()


@garbage_collection_paused
def export_record(
    kind: RecordKind,
    user: User,
    programme: Programme,
    limits: RecordLimits,
    *,
    today: date,
    format: str,
) -> WrittenFile:
    """The file of one kind of entries within the limits.

    The file and its name say which entries they are, as those of the plan's list do.
    """
    table = record_table(kind, user, programme, limits, today)
    words = [condition.words for condition in limits.conditions()]
    title = "_".join([f"{programme.year}年度{kind.label}", format_roc(today), *words])
    return table_file(table, title, format)


def too_many_words(number: int) -> str:
    """Why there is no file of so many entries; empty where there is."""
    if number <= MOST_ENTRIES:
        return ""
    return (
        f"這個範圍有 {number:,} 筆，一個檔案最多 {MOST_ENTRIES:,} 筆；"
        "請用日期、人員、單位或項次縮小範圍，分成幾個檔案匯出。"
    )


def record_table(
    kind: RecordKind, user: User, programme: Programme, limits: RecordLimits, today: date
) -> FileTable:
    # Fetched once, and no more than fit: the table and its title count the same entries.
    entries = list(entries_of(kind, user, programme, limits)[:MOST_ENTRIES])
    if kind == RecordKind.REPORTS:
        rows = _step_rows(entries)
    elif kind == RecordKind.CONTROL:
        rows = _control_rows(entries)
    elif kind == RecordKind.IMPORTS:
        rows = _batch_rows(entries)
    else:
        rows = _change_rows(entries)
    return FileTable(
        name=kind.label,
        title=f"{programme.title}　{kind.label}",
        subtitle=_subtitle(limits, len(entries), today),
        columns=rows.columns,
        rows=rows.rows,
        merges=rows.merges,
        paper="A3",
    )


def _subtitle(limits: RecordLimits, number: int, today: date) -> str:
    """「115年11月22日匯出，共 3 筆；條件：日期 115年9月30日、單位 行政處」"""
    words = f"{format_roc(today)}匯出，共 {number:,} 筆"
    conditions = [f"{one.label} {one.words}" for one in limits.conditions()]
    if conditions:
        words += f"；條件：{'、'.join(conditions)}"
    return words


def _cells_of_step(step: ReportStep | ControlStep, assignment: Assignment) -> list[Any]:
    return [
        moment_words(step.at),
        step.by_words,
        step.get_kind_display(),
        step.get_from_state_display(),
        step.get_to_state_display(),
        assignment.action.code,
        assignment.action.title,
        str(assignment.department),
    ]


def _step_rows(steps: Sequence[ReportStep]) -> RecordRows:
    rows: list[TableRow] = []
    for step in steps:
        content: dict[str, Any] = step.content
        row = _cells_of_step(step, step.report.assignment)
        row.append(str(step.report.period))
        row.append(content.get("percent"))
        row.append(step.get_work_status_display())
        for name in TEXT_WIDTHS:
            # A step from before there was the field has no such key.
            row.append(content.get(name, ""))
        # Not `words`: those of a return are for few.
        row.append(step.readable_words)
        row.append(step.get_door_display())
        rows.append(row)
    return RecordRows(STEP_COLUMNS, rows)


def _control_rows(steps: Sequence[ControlStep]) -> RecordRows:
    rows: list[TableRow] = []
    for step in steps:
        row = _cells_of_step(step, step.request.assignment)
        row.append(step.request.get_kind_display())
        row.append("\n".join(step.content_lines()))
        # Not `words`: those of a return are for few.
        row.append(step.readable_words)
        row.append(step.get_door_display())
        rows.append(row)
    return RecordRows(CONTROL_COLUMNS, rows)


def _change_rows(changes: Sequence[Change]) -> RecordRows:
    """One row for each field that changed, so that a spreadsheet can filter by it."""
    rows: list[TableRow] = []
    merges = []
    for change in changes:
        entry = [
            moment_words(change.at),
            str(change.by),
            change.get_door_display(),
            change.get_kind_display(),
            change.subject(),
            change.label,
        ]
        first = len(rows)
        for field in change.differences():
            rows.append([*entry, field.label, field.old or "", field.new or ""])
        # An entry may have no fields, or only empty ones: it has a row all the same.
        if len(rows) == first:
            rows.append([*entry, "", "", ""])
        last = len(rows) - 1
        if last > first:
            merges += [Merge(column, first, last) for column in range(FIRST_FIELD)]
    return RecordRows(CHANGE_COLUMNS, rows, merges)


def _batch_rows(batches: Sequence[ImportBatch]) -> RecordRows:
    rows: list[TableRow] = []
    for batch in batches:
        # Most batches stand: their two cells stay empty.
        undone_at = undone_by = ""
        if batch.undone_at is not None:
            undone_at = moment_words(batch.undone_at)
            undone_by = str(batch.undone_by)
        row = [
            moment_words(batch.at),
            str(batch.by),
            door_words(batch),
            batch.file_name,
            batch.sheet,
            batch.counts.get("new"),
            batch.counts.get("changed"),
            undone_at,
            undone_by,
            batch.sha256,
        ]
        rows.append(row)
    return RecordRows(BATCH_COLUMNS, rows)
