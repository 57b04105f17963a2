"""佐證資料 in a form that was sent: files, a link, what is said about them, what is taken away.

The form works without a script; the script of the page sends one file at a time through the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from items.evidence.kinds import ACCEPT, ALLOWED_WORDS
from items.evidence.prepare import prepared
from items.evidence.refused import FileRefused
from items.evidence.sizes import MEGABYTE, size_words
from items.evidence.storage import DISK_FULL
from items.forms import evidence as evidence_forms
from items.forms.base import error_sentences
from items.forms.evidence import EvidenceForm, EvidenceToWrite
from items.models import Assignment, Evidence, Period, ProgressReport
from items.requests import OfficeRequest, key_in
from items.workflow import WorkflowError
from items.workflow import evidence as verbs
from items.worklists.evidence import attached_elsewhere, evidence_of
from plan_tracker.receiving import disk_was_full

REMOVE = "remove-"
PUT_BACK = "put-back-"
"""How the `intent` of a button begins; the key follows."""

_NAMES_SHOWN = 3


@dataclass(frozen=True)
class TakenEvidence:
    """What became of the evidence in a form; `problems` and `notes` are whole sentences.

    `report` is the one that it belongs to, which may have begun with it. `refused_forms` are those
    whose words could not be saved, by the key of their evidence.
    """

    report: ProgressReport | None = None
    attached: list[Evidence] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused_forms: dict[int, EvidenceForm] = field(default_factory=dict)
    removed: Evidence | None = None

    @property
    def attached_words(self) -> str:
        """「已附上「會議紀錄.pdf」。」; empty where nothing was."""
        if not self.attached:
            return ""
        words = "".join(f"「{one.name}」" for one in self.attached[:_NAMES_SHOWN])
        if len(self.attached) > _NAMES_SHOWN:
            words += f"等 {len(self.attached)} 個"
        return f"已附上{words}。"

    @property
    def removed_words(self) -> str:
        if self.removed is None:
            return ""
        return f"已移除「{self.removed.name}」。"

    def and_then(self, later: "TakenEvidence") -> "TakenEvidence":
        """Both together."""
        return TakenEvidence(
            report=later.report or self.report,
            attached=self.attached + later.attached,
            problems=self.problems + later.problems,
            notes=self.notes + later.notes,
            refused_forms=self.refused_forms | later.refused_forms,
            removed=later.removed or self.removed,
        )


def take_evidence(
    request: OfficeRequest,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
) -> TakenEvidence:
    """Do what the form says about evidence; each thing by itself: one refusal loses no other."""
    taken = TakenEvidence(report)
    for file in request.FILES.getlist(evidence_forms.FILES):
        outcome = _take_file(request, assignment, period, file)
        taken = taken.and_then(outcome)
    # The form is read by now: only that says whether a file was left out.
    if disk_was_full(request):
        taken = taken.and_then(TakenEvidence(problems=[f"有檔案沒有附上：{DISK_FULL}"]))
    taken = taken.and_then(_take_address(request, assignment, period))
    begun = taken.report
    if begun is None:
        return taken
    taken = taken.and_then(_take_step(request, begun))
    return taken.and_then(_take_words(request, period, begun))


def _take_file(
    request: OfficeRequest, assignment: Assignment, period: Period, file: UploadedFile
) -> TakenEvidence:
    try:
        attached = _attach(request, assignment, period, file)
    except FileRefused as error:
        return TakenEvidence(problems=[f"「{file.name}」沒有附上：{error.sentence}"])
    except WorkflowError as error:
        return TakenEvidence(problems=[f"「{file.name}」沒有附上：{error}"])
    return _attached(request, attached)


def _attach(
    request: OfficeRequest, assignment: Assignment, period: Period, file: UploadedFile
) -> Evidence:
    # Before it is read into memory.
    size = file.size or 0
    most = settings.EVIDENCE_FILE_BYTES
    if size > most:
        raise FileRefused(
            f"這個檔案有 {size_words(size)}，超過一個檔案 {most // MEGABYTE} MB 的上限；"
            "請縮小圖片、分成幾個檔案，或改附網址。"
        )
    ready = prepared(file.name or "", file.read())
    return verbs.add_file(assignment, period, ready, by=request.user, at=request.now)


def _take_address(request: OfficeRequest, assignment: Assignment, period: Period) -> TakenEvidence:
    address = request.POST.get(evidence_forms.ADDRESS, "").strip()
    if not address:
        return TakenEvidence()
    try:
        attached = verbs.add_link(assignment, period, address, by=request.user, at=request.now)
    except WorkflowError as error:
        return TakenEvidence(problems=[f"「{address[:60]}」沒有附上：{error}"])
    return _attached(request, attached)


def _attached(request: OfficeRequest, attached: Evidence) -> TakenEvidence:
    notes = []
    note = attached_elsewhere(request.user, attached)
    if note:
        notes.append(note)
    return TakenEvidence(report=attached.report, attached=[attached], notes=notes)


def _take_step(request: OfficeRequest, report: ProgressReport) -> TakenEvidence:
    """Take one away, or put it back."""
    intent = request.POST.get("intent", "")
    is_removal = intent.startswith(REMOVE)
    if not is_removal and not intent.startswith(PUT_BACK):
        return TakenEvidence()
    key = key_in(intent.removeprefix(REMOVE).removeprefix(PUT_BACK))
    # No button of ours: the request was made by hand.
    if key is None:
        return TakenEvidence()
    evidence = report.evidence.filter(pk=key).select_related("removed_by").first()
    if evidence is None:
        return TakenEvidence(problems=["找不到這個佐證資料，請重新整理這一頁。"])
    try:
        if is_removal:
            removed = verbs.remove(evidence, by=request.user, at=request.now)
            return TakenEvidence(removed=removed)
        verbs.put_back(evidence, at=request.now)
    except WorkflowError as error:
        return TakenEvidence(problems=[str(error)])
    return TakenEvidence(notes=[f"「{evidence.name}」已復原。"])


def _take_words(request: OfficeRequest, period: Period, report: ProgressReport) -> TakenEvidence:
    """Save what was written about the evidence on the page, where it was changed there."""
    taken = TakenEvidence()
    is_about_some = any(name.startswith(evidence_forms.PREFIX) for name in request.POST)
    if not is_about_some:
        return taken
    for evidence in evidence_of(report):
        form = EvidenceForm(evidence, period.programme.year, request.POST)
        # What was attached meanwhile, in another tab, was not on this page and is not emptied by it.
        is_on_page = form.add_prefix("seen") in request.POST
        if is_on_page and form.is_touched:
            taken = taken.and_then(_describe(request, evidence, form))
    return taken


def _describe(request: OfficeRequest, evidence: Evidence, form: EvidenceForm) -> TakenEvidence:
    if not form.is_valid():
        problem = f"「{evidence.name}」：{error_sentences(form)}"
        return TakenEvidence(problems=[problem], refused_forms={evidence.pk: form})
    try:
        verbs.describe(
            evidence,
            description=form.cleaned_data["description"],
            proves_on=form.cleaned_data["proves_on"],
            today=request.today,
        )
    except WorkflowError as error:
        return TakenEvidence(problems=[str(error)], refused_forms={evidence.pk: form})
    return TakenEvidence()


# The part of the page.


@dataclass(frozen=True)
class EvidenceSection:
    """The part of the form about evidence; `rows` are what is attached now."""

    rows: Sequence[EvidenceToWrite]
    taken: TakenEvidence
    accept: str = ACCEPT
    allowed: str = ALLOWED_WORDS

    @property
    def most_bytes(self) -> int:
        return settings.EVIDENCE_FILE_BYTES

    @property
    def most_megabytes(self) -> int:
        return settings.EVIDENCE_FILE_BYTES // MEGABYTE

    @property
    def too_large(self) -> str:
        """What the script says of a file that it does not even begin to send."""
        return (
            f"超過一個檔案 {self.most_megabytes} MB 的上限；請縮小圖片、分成幾個檔案，或改附網址。"
        )


def evidence_section(
    report: ProgressReport | None, period: Period, taken: TakenEvidence
) -> EvidenceSection:
    """One query, and none where there is no report."""
    rows = []
    for evidence in evidence_of(report):
        # What was written and refused stays as it was written.
        form = taken.refused_forms.get(evidence.pk)
        if form is None:
            form = EvidenceForm(evidence, period.programme.year)
        rows.append(EvidenceToWrite(evidence, form))
    return EvidenceSection(rows, taken)
