"""管制異動申請表: one application as the form that people print, sign and scan."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from items.day_words import moment_words
from items.models import Action, ControlFile, ControlRequest, User
from items.models.control_files import ControlFilePurpose
from items.models.departments import Department
from items.models.labels import field_label
from items.roc import format_roc
from items.worklists.control import decided_words, request_page
from reports.documents.paper import SIGNATURES, Fact, Grid, PaperForm

NAME = "管制異動申請表"
NOT_SENT = "（草稿，還沒有送出）"


def label(name: str) -> str:
    return field_label(ControlRequest, name)


def amendment_paper(user: User, request: ControlRequest, today: date) -> PaperForm:
    """The form as this reader may have it: why it was returned is not for everybody."""
    page = request_page(user, request)
    kind = request.get_kind_display()
    programme = request.assignment.action.programme
    changes = []
    for change in page.changes:
        changes.append([change.label, change.old, change.new])
    steps = []
    for step in page.steps:
        moment = moment_words(step.at)
        # `readable_words` and not `words`: those of a return are for few.
        steps.append([moment, step.get_kind_display(), step.by_words, step.readable_words])
    return PaperForm(
        organisation=settings.ORGANISATION,
        title=f"{NAME}（{kind}）",
        subtitle=f"{programme.title}　第 {page.number} 次申請",
        facts=_facts(request),
        grids=[Grid("申請的內容", ["項目", "現行", "申請"], [2, 5, 5], rows=changes)],
        facts_behind=_facts_behind(request, page.files),
        signatures=SIGNATURES,
        footer=f"{format_roc(today)}印製，{request.get_state_display()}",
        steps=_steps_grid(steps),
    )


def _steps_grid(steps: list[list[str]]) -> Grid | None:
    """The steps so far; None for a draft, which has taken no step yet."""
    if not steps:
        return None
    return Grid("經過", ["時間", "步驟", "人員", "說明"], [4, 2, 4, 6], steps)


def _facts(request: ControlRequest) -> list[Fact]:
    """Above the table: what the application is about."""
    action = request.assignment.action
    sent = NOT_SENT
    if request.submitted_at is not None:
        sent = moment_words(request.submitted_at)
    return [
        Fact("填表日期", sent),
        Fact(field_label(Action, "code"), action.code),
        Fact(field_label(Action, "title"), action.title),
        Fact(field_label(Action, "plan"), action.plan.title),
        Fact(str(Department._meta.verbose_name), str(request.assignment.department)),
        Fact(label("kind"), request.get_kind_display()),
        Fact(label("ground"), request.ground),
        Fact(label("reason"), request.reason),
        Fact(label("present_status"), request.present_status),
    ]


def _facts_behind(request: ControlRequest, files: Sequence[ControlFile]) -> list[Fact]:
    """Below the table: numbers, people, and what was decided."""
    proofs: list[str] = []
    for file in files:
        # The signed form comes back as a file too, but it is this very paper and proves nothing.
        if file.purpose == ControlFilePurpose.PROOF:
            number = len(proofs) + 1
            proofs.append(f"{number}. {file.file_name}")
    facts = [
        Fact("檢附佐證", "\n".join(proofs)),
        Fact(label("document_number"), request.document_number),
        Fact(label("written_by"), request.writer_words),
    ]
    if request.is_late:
        facts.append(Fact(label("late_reason"), request.late_reason))
    decided = decided_words(request)
    if decided:
        facts.append(Fact("決定", decided))
    if request.manager_on is not None:
        words = f"{format_roc(request.manager_on)}　{request.manager_number}"
        facts.append(Fact("首長核定", words))
    return facts
