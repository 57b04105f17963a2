"""Rows that a walk of all addresses needs and no fixture makes: a letter, and an attached file."""

from items.evidence.storage import store
from items.models import Evidence, ReminderLetter
from tests.making import NOW, TODAY


def send_letter(programme, department, by):
    """稽催單 to the department."""
    return ReminderLetter.objects.create(
        programme=programme,
        number=1,
        department=department,
        department_name="行政處",
        dated_on=TODAY,
        answer_until=TODAY,
        content={"organisation": "分公司", "programme": "計畫", "issued_by": "顏", "items": []},
        issued_at=NOW,
        issued_by=by,
    )


def attach(report, by, name, **fields):
    """A file that is attached to a report in whatever state."""
    return Evidence.objects.create(
        report=report,
        kind="file",
        content_kind=name.rsplit(".", maxsplit=1)[1],
        file_name=name,
        sha256="0" * 64,
        received_sha256=name,
        stored_name=store(b"content"),
        added_by=by,
        added_at=NOW,
        **fields,
    )
