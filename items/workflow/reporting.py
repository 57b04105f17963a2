"""The way of a report: 草稿 → 待主管 → 待研考 → 備查, with 退回 and 撤回."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from items import access
from items.models import (
    EDITABLE,
    Assignment,
    Door,
    Membership,
    NoticeEvent,
    Period,
    ProgressReport,
    Reopening,
    ReportState,
    ReportStep,
    StepKind,
    User,
)
from items.models.folded import folded_field
from items.models.progress import WRITERS, ProgressReportQuerySet
from items.models.reopening import UNLOCKED, reopening_of
from items.roc import format_roc
from items.workflow import attached, newest_figures, notices
from items.workflow.errors import Refusal, StaleReport, WorkflowError
from items.workflow.report_flags import flags_to_keep
from items.workflow.report_planned import planned_for
from items.workflow.report_quality import missing


def require_open(period: Period) -> None:
    """Raise where nothing may be written in the period."""
    if period.is_closed:
        message = f"{period}已經關閉，內容已鎖定；如需填報或更正，請洽研考。"
        raise WorkflowError(message, Refusal.PERIOD_CLOSED)
    if not period.is_open:
        message = f"{period}還沒有開放填報；如需填報或更正，請洽研考。"
        raise WorkflowError(message, Refusal.PERIOD_NOT_OPEN)


def hold_open(
    period_key: int, assignment_key: int, *, writes_on: date | None = None
) -> Reopening | None:
    """Read the period again, and hold it until the step is done; raise where it is locked.

    Else a draft or a step could slip into a period that is being closed, and what is kept of it
    would not be what its reports say. Of a closed period it returns the exception by which the
    assignment is open; on a day after its 補正期限 the department (`writes_on`) is refused.
    """
    period = Period.objects.select_for_update(no_key=True).get(pk=period_key)
    reopening = reopening_of(assignment_key, period)
    if reopening is None:
        require_open(period)
        return None
    if writes_on is not None and reopening.due_on < writes_on:
        due_on = format_roc(reopening.due_on)
        message = f"{period}的補正期限 {due_on} 已過，內容已鎖定；需要更多時間，請洽研考延長。"
        raise WorkflowError(message, Refusal.DUE_DAY_PAST)
    return reopening


def day_of(at: datetime) -> date:
    """The day in Taipei that a moment lies on."""
    return timezone.localtime(at).date()


def require_state(report: ProgressReport, *states: ReportState) -> None:
    """Raise where a step starts from other states than the one that the report is in."""
    if report.state not in states:
        state = report.get_state_display()
        message = f"「{report.assignment}」目前是「{state}」，這個步驟已經不適用。"
        raise WorkflowError(message, Refusal.REPORT_IN_ANOTHER_STATE)


def report_of(assignment: Assignment, period: Period) -> ProgressReport | None:
    """The report of an assignment that is at hand with its path; None where there is none."""
    reports = ProgressReport.objects.select_related(*WRITERS)
    # One row at most: the order of a list would be joined for nothing.
    report = reports.filter(assignment=assignment, period=period).order_by().first()
    if report is not None:
        report.assignment = assignment
        report.period = period
    return report


def current(report: ProgressReport) -> ProgressReport:
    """The report as the database holds it now, with its path."""
    return ProgressReport.objects.with_path().get(pk=report.pk)


# Writing.


@transaction.atomic
def write(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
) -> ProgressReport:
    """Save what the department wrote, as a draft or into a returned report, and return the report.

    `content` has fields of `ProgressReport.CONTENT`, and what it leaves out stays as it is: an older
    填報表 does not know every field. `version` is the one that the writer had
    before them, 0 for a report that did not exist yet. Raises `StaleReport` where somebody else was
    faster: nothing is written then.
    """
    hold_open(period.pk, assignment.pk, writes_on=day_of(at))
    if version == 0:
        return _write_first_draft(assignment, period, content, by=by, at=at)
    reports = ProgressReport.objects.filter(assignment=assignment, period=period)
    # One statement that checks and writes: between two of them somebody else could be faster.
    unchanged = reports.filter(UNLOCKED, version=version, state__in=EDITABLE)
    # Past the model, which would keep the folded words beside the texts by itself.
    words = _folded_words(reports, content)
    rows_written = unchanged.update(
        **content,
        folded=words,
        version=F("version") + 1,
        written_by=by,
        written_for=access.writes_for(by, assignment),
        updated_at=at,
    )
    report = report_of(assignment, period)
    if report is None:
        # A version, but no report: somebody made the number up.
        raise ProgressReport.DoesNotExist
    if rows_written == 0:
        raise StaleReport(report)
    return report


def _folded_words(reports: ProgressReportQuerySet, content: Mapping[str, Any]) -> str:
    """The words for searching once `content` is written to the one report of `reports`."""
    field = folded_field(ProgressReport)
    left_out = [name for name in field.sources if name not in content]
    if not left_out:
        return field.of(content)
    stored = reports.values(*left_out).first()
    if stored is None:
        raise ProgressReport.DoesNotExist
    return field.of({**stored, **content})


@transaction.atomic
def begin(assignment: Assignment, period: Period, *, by: User, at: datetime) -> ProgressReport:
    """The report to which evidence is attached: the one that is there, or an empty draft.

    It is held until the end of the transaction, so that nobody sends it meanwhile.
    """
    hold_open(period.pk, assignment.pk, writes_on=day_of(at))
    reports = ProgressReport.objects.filter(assignment=assignment, period=period)
    # The rows alone: what is joined to them by an outer join cannot be locked in PostgreSQL.
    if reports.select_for_update().values_list("pk", flat=True).first() is None:
        try:
            return _create_draft(assignment, period, {}, by=by, at=at)
        except StaleReport:
            reports.select_for_update().values_list("pk", flat=True).first()
    report = report_of(assignment, period)
    if report is None:
        raise ProgressReport.DoesNotExist
    return report


def _write_first_draft(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
) -> ProgressReport:
    try:
        return _create_draft(assignment, period, content, by=by, at=at)
    except StaleReport as stale:
        begun = stale.current
        if not begun.is_empty_draft:
            raise
    # Somebody, mostly the same person, has attached evidence before a word was written: there is
    # nothing that this text could overwrite.
    return write(assignment, period, content, version=begun.version, by=by, at=at)


def _create_draft(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
) -> ProgressReport:
    reopening = reopening_of(assignment.pk, Period.objects.get(pk=period.pk))
    unlocked_until = None
    if reopening is not None:
        unlocked_until = reopening.due_on
    try:
        # A transaction inside the transaction: PostgreSQL answers nothing more after an error.
        with transaction.atomic():
            report = ProgressReport.objects.create(
                assignment=assignment,
                period=period,
                **content,
                written_by=by,
                written_for=access.writes_for(by, assignment),
                updated_at=at,
                since=at,
                unlocked_until=unlocked_until,
            )
    except IntegrityError:
        reports = ProgressReport.objects.filter(assignment=assignment, period=period)
        existing = reports.with_path().first()
        if existing is None:
            # Something else was refused than a second report of the same period.
            raise
        raise StaleReport(existing) from None
    newest_figures.refresh(assignment.pk)
    return current(report)


# Who endorses it.


def heads_of(assignment: Assignment, writer: User) -> QuerySet[Membership]:
    """The heads who can endorse what `writer` writes for this assignment."""
    return Membership.objects.who_can_endorse(assignment.department_id, writer)


def heads_for(report: ProgressReport) -> QuerySet[Membership]:
    """The heads who can endorse this report."""
    return heads_of(report.assignment, report.written_by)


# The steps.


class StepTaken(TypedDict):
    """Who takes a step, when and how; the keyword arguments of every step."""

    by: User
    at: datetime
    version: NotRequired[int | None]
    """The one that the person has looked at; without it, that of the report."""
    door: NotRequired[Door]


def submit(report: ProgressReport, *, today: date, **step: Unpack[StepTaken]) -> ProgressReport:
    """送出: to the head, or straight to the coordinator where no other head can endorse it."""
    planned = planned_for(report.assignment, report.period, today)
    lacking = missing(report, today, planned)
    if lacking:
        raise WorkflowError("".join(lacking.values()), Refusal.REPORT_INCOMPLETE)
    if heads_for(report).exists():
        to_state = ReportState.WITH_HEAD
    else:
        to_state = ReportState.WITH_COORDINATOR
    flags = flags_to_keep(report, planned)
    return _move(report, StepKind.SUBMIT, to_state, planned=planned, flags=flags, **step)


@transaction.atomic
def write_and_submit(
    assignment: Assignment,
    period: Period,
    content: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
    today: date,
    door: Door = Door.PAGE,
) -> ProgressReport:
    """One click, one transaction: the text is saved and sent on, or neither."""
    report = write(assignment, period, content, version=version, by=by, at=at)
    return submit(report, by=by, at=at, today=today, door=door)


def endorse(
    report: ProgressReport, *, words: str = "", **step: Unpack[StepTaken]
) -> ProgressReport:
    """主管同意."""
    require_state(report, ReportState.WITH_HEAD)
    by = step["by"]
    if report.written_by_id == by.pk:
        message = "自己寫的辦理情形要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    absent = access.endorses_for(by, report)
    if absent is not None and absent.pk == report.written_by_id:
        message = f"這份是{absent}寫的，代理{absent}的人不能核可，要由另一位主管核可。"
        raise WorkflowError(message, Refusal.WRITER_ENDORSES)
    return _move(report, StepKind.ENDORSE, ReportState.WITH_COORDINATOR, words=words, **step)


def accept(report: ProgressReport, *, words: str = "", **step: Unpack[StepTaken]) -> ProgressReport:
    """研考備查."""
    require_state(report, ReportState.WITH_COORDINATOR)
    return _move(report, StepKind.ACCEPT, ReportState.ACCEPTED, words=words, **step)


def send_back(report: ProgressReport, *, words: str, **step: Unpack[StepTaken]) -> ProgressReport:
    """退回: never without a reason."""
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR, ReportState.ACCEPTED)
    reason = words.strip()
    if not reason:
        message = "請寫退回原因，讓承辦人知道要補什麼。"
        raise WorkflowError(message, Refusal.RETURN_WITHOUT_REASON)
    return _move(report, StepKind.RETURN, ReportState.RETURNED, words=reason, **step)


def recall(report: ProgressReport, **step: Unpack[StepTaken]) -> ProgressReport:
    """撤回 by the department, as long as nobody has acted on it since it was submitted.

    The report is again what it was before it was sent: a draft, or one that was returned, whose
    reason still has to be met.
    """
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR)
    last_step = report.steps.order_by("-at", "-id").first()
    if last_step is None or last_step.kind != StepKind.SUBMIT:
        message = "主管或研考已經處理這份辦理情形，不能撤回；需要更正請聯絡研考退回。"
        raise WorkflowError(message, Refusal.REPORT_HANDLED_ALREADY)
    to_state = ReportState(last_step.from_state)
    return _move(report, StepKind.RECALL, to_state, **step)


def _for_whom(report: ProgressReport, kind: StepKind, by: User) -> User | None:
    """Whom `by` stands in for with this step (代理); the plan office's steps are its own."""
    if kind in (StepKind.SUBMIT, StepKind.RECALL):
        return access.writes_for(by, report.assignment)
    if report.state == ReportState.WITH_HEAD:
        return access.endorses_for(by, report)
    return None


@transaction.atomic
def _move(
    report: ProgressReport,
    kind: StepKind,
    to_state: ReportState,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    words: str = "",
    door: Door = Door.PAGE,
    planned: int | None = None,
    flags: str | None = None,
) -> ProgressReport:
    """Move the report to another state, and keep the step with the content as it is now.

    `planned` is the percent that the report is held against from now on, and `flags` are its
    quality flags; without them, those that it kept before stay.
    """
    # The department keeps to its day; who decides may do so afterwards.
    writes_on = None
    if kind == StepKind.SUBMIT:
        writes_on = day_of(at)
    hold_open(report.period_id, report.assignment_id, writes_on=writes_on)
    if version is None:
        version = report.version
    # One statement that checks and moves: of two people who press at once, one moves it.
    unchanged = ProgressReport.objects.filter(
        UNLOCKED, pk=report.pk, version=version, state=report.state
    )
    if planned is None:
        planned = report.planned_percent
    if flags is None:
        flags = report.flags
    rows_moved = unchanged.update(
        state=to_state,
        version=F("version") + 1,
        planned_percent=planned,
        flags=flags,
        since=at,
    )
    if rows_moved == 0:
        raise StaleReport(current(report))
    ReportStep.objects.create(
        report=report,
        kind=kind,
        from_state=report.state,
        to_state=to_state,
        by=by,
        for_whom=_for_whom(report, kind, by),
        at=at,
        door=door,
        words=words,
        content=report.content(),
        planned_percent=planned,
        evidence=attached.kept_with_step(report, kind, at),
    )
    newest_figures.refresh(report.assignment_id)
    _tell_the_writers(report, kind, by=by, at=at)
    return current(report)


TOLD_TO_WRITERS = {
    StepKind.RETURN: NoticeEvent.REPORT_RETURNED,
    StepKind.ACCEPT: NoticeEvent.REPORT_ACCEPTED,
}
"""The steps that a department learns of by a notice; the others wait on somebody's list."""


def _tell_the_writers(report: ProgressReport, kind: StepKind, *, by: User, at: datetime) -> None:
    event = TOLD_TO_WRITERS.get(kind)
    if event is None:
        return
    people = notices.people_of(report.assignment, report.written_by, report.written_for)
    notices.tell(people, event, report, by=by, at=at)
