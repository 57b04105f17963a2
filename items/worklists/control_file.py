"""管制異動清冊: all applications of a year as a file, which goes with the year's result."""

from items.exchange.columns import ACTION, CODE
from items.exchange.spreadsheets.file_table import Column, FileTable, TableRow
from items.models import Assignment, ControlRequest, Programme, User
from items.models.labels import field_label
from items.roc import format_roc
from items.worklists.control import decided_words, wanted_changes
from items.worklists.control_lists import year_requests
from plan_tracker.clock import day_of

NAME = "管制異動清冊"
WANTED = "現行 → 申請"
DECIDED = "決定"


def control_file(user: User, programme: Programme) -> FileTable:
    """What was sent in the order in which it was sent; drafts belong to their department alone."""
    requests = [row for row in year_requests(user, programme) if row.submitted_at is not None]
    rows = [_row(number, request) for number, request in enumerate(requests, start=1)]
    # Offices report apart what was applied for after the year's last day for applications.
    late = [request for request in requests if request.is_late]
    words = f"共 {len(rows):,} 件"
    if late:
        words += f"，其中逾期申請 {len(late):,} 件"
    return FileTable(
        name=NAME,
        title=f"{programme.title}　{NAME}",
        subtitle=words,
        columns=_columns(),
        rows=rows,
        paper="A3",
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("件次", 6, is_centred=True),
        Column(CODE, 9, is_centred=True),
        Column(ACTION, 28),
        Column(field_label(Assignment, "department"), 12),
        Column(field_label(ControlRequest, "kind"), 10, is_centred=True),
        Column(field_label(ControlRequest, "ground"), 16),
        Column(WANTED, 40),
        Column(field_label(ControlRequest, "submitted_at"), 14),
        Column(field_label(ControlRequest, "document_number"), 18),
        Column(field_label(ControlRequest, "state"), 9, is_centred=True),
        Column(DECIDED, 22),
        Column(field_label(ControlRequest, "manager_number"), 18),
        Column(field_label(ControlRequest, "late_reason"), 26),
    )


def _row(number: int, request: ControlRequest) -> TableRow:
    action = request.assignment.action
    changes = []
    for change in wanted_changes(request):
        changes.append(f"{change.label}：{change.old} → {change.new}")
    sent_on = ""
    if request.submitted_at is not None:
        sent_on = format_roc(day_of(request.submitted_at))
    return [
        number,
        action.code,
        action.title,
        str(request.assignment.department),
        request.get_kind_display(),
        request.ground,
        "\n".join(changes),
        sent_on,
        request.document_number,
        request.get_state_display(),
        decided_words(request),
        request.manager_number,
        request.late_reason,
    ]
