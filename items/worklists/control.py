"""管制異動 as plain data: one application with its way, the list of a year, those of an item."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from items import access
from items.day_words import moment_words
from items.evidence.kinds import ACCEPT, ALLOWED_WORDS
from items.evidence.sizes import MEGABYTE
from items.models import (
    Action,
    Assignment,
    ControlFile,
    ControlKind,
    ControlRequest,
    ControlStep,
    ProgressReport,
    User,
)
from items.models.history_words import EMPTY, label_of
from items.models.item_links import LinkedItem, successors_of_request
from items.models.labels import field_label
from items.roc import format_roc
from items.workflow.control_files import purpose_of
from items.worklists.succession import taken_over, what_it_means

SUCCESSORS_LABEL = label_of(ControlRequest, ControlRequest.SUCCESSORS)


@dataclass(frozen=True)
class WantedChange:
    """One thing that is asked for, beside what the plan says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class RequestPage:
    """One application as its page shows it."""

    request: ControlRequest
    changes: list[WantedChange]
    steps: list[ControlStep]
    files: list[ControlFile]
    number: int
    """第幾次: one more than were approved of this department for the item before."""
    meaning: list[str]
    """What follows from 併案 or 分案 beside what is asked for."""
    successors: list[LinkedItem]
    """The items that take over since it was approved."""

    @property
    def heading(self) -> str:
        """「展延申請（第 1 次）」"""
        return f"{self.request.get_kind_display()}申請（第 {self.number} 次）"

    @property
    def step_heading(self) -> str:
        """What the reader may do with it, above the buttons."""
        if self.request.decidable:
            return "研考決定"
        if self.request.endorsable:
            return "主管核可"
        return "撤回"

    @property
    def reason_words(self) -> str:
        """Which of the reader's steps need a reason."""
        if self.request.decidable:
            return "退回補正、不通過都要寫原因。"
        return "退回補正都要寫原因。"

    def approval_words(self, *, manager_decides: bool) -> str:
        """What an approval takes, and what it changes at once."""
        sentence = "通過後立刻照申請更動計畫"
        if manager_decides:
            sentence = f"這一類由首長核定：通過要填核定日期與文號。{sentence}"
        # Of 併案 and 分案 the reports of the other items go back, which `meaning` says.
        if not self.request.has_successors:
            sentence += "；這一項在開放的填報期已送出的辦理情形，會退回並說明原因"
        return f"{sentence}。"

    @property
    def purpose(self) -> str:
        """What a file that somebody attaches now is for."""
        return purpose_of(self.request).value

    @property
    def accept(self) -> str:
        return ACCEPT

    @property
    def allowed(self) -> str:
        return ALLOWED_WORDS

    @property
    def most_megabytes(self) -> int:
        return settings.EVIDENCE_FILE_BYTES // MEGABYTE


def request_page(user: User, request: ControlRequest) -> RequestPage:
    steps = access.request_steps_with_words(user).filter(request=request)
    # What was refused or withdrawn has changed nothing, and is no 「第 1 次」.
    approved = ControlRequest.objects.approved_before(request.assignment, request)
    return RequestPage(
        request=request,
        changes=wanted_changes(request),
        steps=list(steps.select_related("by", "for_whom")),
        files=list(access.files_to_read(user, request)),
        number=approved + 1,
        meaning=what_it_means(request),
        successors=successors_of_request(request),
    )


def wanted_changes(request: ControlRequest) -> list[WantedChange]:
    """What is asked for; of a draft beside what the plan says now."""
    # As the plan was when it was sent: it may have changed since, by this very approval too.
    was_sent = request.submitted_at is not None and not request.is_editable
    kind = ControlKind(request.kind)
    if kind == ControlKind.EXTEND:
        return [_deadline_change(request, was_sent=was_sent)]
    if kind == ControlKind.ADJUST:
        return _wording_changes(request, request.assignment.action, was_sent=was_sent)
    label = field_label(Action, "control_status")
    if request.has_successors:
        return _successor_changes(request, label)
    return [WantedChange(label, "列管中", str(kind.label))]


def _deadline_change(request: ControlRequest, *, was_sent: bool) -> WantedChange:
    assignment = request.assignment
    old = deadline_words(assignment.deadline_text, format_roc(assignment.deadline))
    if was_sent and request.old_deadline is not None:
        old = deadline_words(request.old_deadline_text, format_roc(request.old_deadline))
    new = EMPTY
    # A draft may be saved before a day was chosen.
    if request.deadline is not None:
        new = deadline_words(request.deadline_text, format_roc(request.deadline))
    return WantedChange(field_label(Assignment, "deadline"), old, new)


def _successor_changes(request: ControlRequest, label: str) -> list[WantedChange]:
    """The status, then the items that take over, each with its departments."""
    wanted = taken_over(request)
    changes = [WantedChange(label, "列管中", wanted.status)]
    present = wanted.present_shares or EMPTY
    if not wanted.successors:
        changes.append(WantedChange(SUCCESSORS_LABEL, present, EMPTY))
    for successor in wanted.successors:
        heading = "併入的項目"
        if request.kind == ControlKind.SPLIT:
            heading = f"分出的第 {successor.number} 項"
        changes.append(WantedChange(heading, present, "\n".join(successor.lines())))
        # Said once, beside the first.
        present = EMPTY
    return changes


def _wording_changes(
    request: ControlRequest, action: Action, *, was_sent: bool
) -> list[WantedChange]:
    changes = []
    for name in ("title", "expected_benefit"):
        new = getattr(request, name)
        # Empty means that this text is to stay as it is.
        if not new:
            continue
        old = getattr(action, name)
        if was_sent:
            old = getattr(request, f"old_{name}")
        changes.append(WantedChange(field_label(Action, name), old or EMPTY, new))
    if request.added_department is not None:
        label = field_label(ControlRequest, "added_department")
        changes.append(WantedChange(label, EMPTY, request.added_department.name))
    return changes


def deadline_words(written: str, day: str) -> str:
    """「116年3月（116年3月31日）」; the words alone where they are the day."""
    if written == day:
        return day
    return f"{written}（{day}）"


def stopped_words(stopped: Sequence[ProgressReport]) -> str:
    """The sentence of reports that waited, of items that an approval has ended."""
    return f"等核可或審核的辦理情形 {len(stopped):,} 件不必再審，已退回單位並說明原因。"


def decided_words(request: ControlRequest) -> str:
    """「115年11月22日 10:00 顏佳慧通過」; empty of one that nobody has decided."""
    if request.decided_at is None:
        return ""
    moment = moment_words(request.decided_at)
    return f"{moment} {request.decided_by}{request.get_state_display()}"
