"""The way of a report: 草稿 → 待主管 → 待研考 → 備查, with 退回 and 撤回."""

from django.db import IntegrityError, transaction
from django.db.models import DateField, F, Value

from items.models import (
    Assignment,
    Door,
    Membership,
    Period,
    ProgressReport,
    ReportState,
    ReportStep,
    StepKind,
)
from items.workflow.errors import StaleReport, WorkflowError

SHORT_TEXT = 8
"""A report of so few characters (「持續辦理中」) tells nobody what was done."""


def require_open(period):
    if not period.is_open:
        words = "已經關閉，內容已鎖定" if period.is_closed else "還沒有開放填報"
        raise WorkflowError(f"{period}{words}；如需填報或更正，請洽研考。")


def current(report):
    return ProgressReport.objects.with_path().get(pk=report.pk)


@transaction.atomic
def write(assignment, period, content, *, version, by, at):
    """Save what the department wrote, as a draft or into a returned report, and return the report.

    `content` has the fields of `ProgressReport.CONTENT`; `version` is the one that the writer had before them, 0 for
    a report that did not exist yet. Raises `StaleReport` where somebody else was faster: nothing is written then.
    """
    # Read again and held until the end: else a first draft could slip into a period that is being closed.
    require_open(Period.objects.select_for_update(no_key=True).get(pk=period.pk))
    if version == 0:
        return _create(assignment, period, content, by=by, at=at)
    mine = ProgressReport.objects.filter(assignment=assignment, period=period)
    written = mine.filter(
        version=version,
        state__in=[ReportState.DRAFT, ReportState.RETURNED],
        period__closed_at__isnull=True,
    ).update(**content, version=F("version") + 1, written_by=by, updated_at=at)
    report = mine.with_path().get()
    if not written:
        raise StaleReport(report)
    return report


def _create(assignment, period, content, *, by, at):
    try:
        with transaction.atomic():
            report = ProgressReport.objects.create(
                assignment=assignment, period=period, **content, written_by=by, updated_at=at
            )
    except IntegrityError:
        existing = (
            ProgressReport.objects.with_path().filter(assignment=assignment, period=period).first()
        )
        if existing is None:
            raise
        raise StaleReport(existing) from None
    return current(report)


def planned_for(assignment, period, today):
    """預定進度 that a report for this period is held against: that of its last day, or of today while it runs."""
    return _planned(period, today).get(pk=assignment.pk).planned


def planned_in(period, today):
    """{key of an assignment: `planned_for` it} of all assignments of the period's programme."""
    found = _planned(period, today).for_programme(period.programme)
    return dict(found.order_by().values_list("pk", "planned"))


def _planned(period, today):
    return Assignment.objects.with_planned(Value(period.ends_on, DateField()), today)


def missing(report, today, planned=None):
    """{field: sentence} of what a report still lacks before it can be submitted; `planned` spares asking for each."""
    lacking = {}
    if not report.text.strip():
        lacking["text"] = "請寫辦理情形：做了什麼、成果多少、什麼時候。"
    if report.percent is None:
        lacking["percent"] = "請填實際進度，0 到 100。"
    if not report.work_status:
        lacking["work_status"] = "請選辦理狀態。"
    if report.work_status == "finished" and report.percent is not None and report.percent != 100:
        lacking["percent"] = "辦理狀態是「已完成」時，實際進度要是 100%。"
    if report.percent is not None:
        planned = (
            planned_for(report.assignment, report.period, today) if planned is None else planned
        )
        points = planned - report.percent
        if points >= report.period.programme.behind_threshold:
            for field, words in (("delay_reason", "落後原因"), ("remedy", "因應對策")):
                if not getattr(report, field).strip():
                    lacking[field] = f"比預定進度落後 {points} 個百分點，請寫{words}。"
    return lacking


def heads_of(assignment, writer):
    return Membership.objects.who_can_endorse(assignment.department_id, writer)


def heads_for(report):
    return heads_of(report.assignment, report.written_by)


def submit(report, *, by, at, today, version=None, door=Door.PAGE):
    """Send a report on: to the head, or straight to the coordinator where no other head can endorse it."""
    lacking = missing(report, today)
    if lacking:
        raise WorkflowError("".join(lacking.values()))
    to_state = ReportState.WITH_HEAD if heads_for(report).exists() else ReportState.WITH_COORDINATOR
    return _move(report, StepKind.SUBMIT, to_state, by=by, at=at, version=version, door=door)


@transaction.atomic
def write_and_submit(assignment, period, content, *, version, by, at, today, door=Door.PAGE):
    """One click, one transaction: the text is saved and sent on, or neither."""
    report = write(assignment, period, content, version=version, by=by, at=at)
    return submit(report, by=by, at=at, today=today, door=door)


def endorse(report, *, by, at, version=None, words="", door=Door.PAGE):
    """主管同意."""
    require_state(report, ReportState.WITH_HEAD)
    if report.written_by_id == by.pk:
        raise WorkflowError("自己寫的辦理情形要由另一位主管核可。")
    return _move(
        report,
        StepKind.ENDORSE,
        ReportState.WITH_COORDINATOR,
        by=by,
        at=at,
        version=version,
        words=words,
        door=door,
    )


def accept(report, *, by, at, version=None, words="", door=Door.PAGE):
    """研考備查."""
    require_state(report, ReportState.WITH_COORDINATOR)
    return _move(
        report,
        StepKind.ACCEPT,
        ReportState.ACCEPTED,
        by=by,
        at=at,
        version=version,
        words=words,
        door=door,
    )


def send_back(report, *, by, at, words, version=None, door=Door.PAGE):
    """退回: never without a reason."""
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR, ReportState.ACCEPTED)
    if not words.strip():
        raise WorkflowError("請寫退回原因，讓承辦人知道要補什麼。")
    return _move(
        report,
        StepKind.RETURN,
        ReportState.RETURNED,
        by=by,
        at=at,
        version=version,
        words=words.strip(),
        door=door,
    )


def recall(report, *, by, at, version=None, door=Door.PAGE):
    """撤回 by the department, as long as nobody has acted on it since it was submitted."""
    require_state(report, ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR)
    last = report.steps.order_by("-at", "-id").first()
    if last is None or last.kind != StepKind.SUBMIT:
        raise WorkflowError("主管或研考已經處理這份辦理情形，不能撤回；需要更正請聯絡研考退回。")
    return _move(
        report, StepKind.RECALL, ReportState.DRAFT, by=by, at=at, version=version, door=door
    )


def require_state(report, *states):
    if report.state not in states:
        raise WorkflowError(
            f"「{report.assignment}」目前是「{report.get_state_display()}」，這個步驟已經不適用。"
        )


@transaction.atomic
def _move(report, kind, to_state, *, by, at, version=None, words="", door=Door.PAGE):
    """Change the state in one UPDATE that checks version, state and period, and keep the step with the content."""
    require_open(report.period)
    moved = ProgressReport.objects.filter(
        pk=report.pk,
        version=report.version if version is None else version,
        state=report.state,
        period__closed_at__isnull=True,
    ).update(state=to_state, version=F("version") + 1)
    if not moved:
        raise StaleReport(current(report))
    ReportStep.objects.create(
        report=report,
        kind=kind,
        from_state=report.state,
        to_state=to_state,
        by=by,
        at=at,
        door=door,
        words=words,
        content=report.content(),
    )
    return current(report)


def flags(report, earlier):
    """Quality flags of a submitted report, as words: what the plan office looks at first (product.md, "The year")."""
    found = []
    if earlier and report.text.strip() == earlier.text.strip():
        found.append("與上期文字相同")
    if len(report.text.strip().rstrip("。.")) <= SHORT_TEXT:
        found.append("內容過短")
    if (
        earlier
        and report.percent is not None
        and earlier.percent is not None
        and report.percent < earlier.percent
    ):
        found.append(f"進度倒退（上期 {earlier.percent}%）")
    return tuple(found)
