"""Which step of which report is missing, since when, and whose turn it is: for letters and mail.

The texts of `owing` count the same for a page; a test compares both.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from items.models import (
    Assignment,
    Period,
    Programme,
    ProgressReport,
    Reopening,
    ReportState,
)
from items.models.assignment_queries import OFFICIAL_ORDER
from items.models.filing_states import MISSING, OUTSTANDING
from items.models.light_basis import fetch_periods
from items.models.sent_reminders import RemindedKey
from items.worklists.department_reminder import ReminderKind
from items.worklists.filing_counts import FiledYear, FilingWay, filed_year
from plan_tracker.clock import day_of


@dataclass(frozen=True)
class OwedStep:
    """One step that is missing for one assignment in one period, as values.

    `person` is the 承辦人, of a report that waits for a head its writer; None for nobody in
    particular. `since` is the day from which it is this step that is missing.
    """

    kind: ReminderKind
    period: Period
    assignment: int
    action: int
    department: int
    code: str
    title: str
    state: str
    person: int | None
    since: date
    due_on: date

    @property
    def key(self) -> RemindedKey:
        return RemindedKey(assignment=self.assignment, period=self.period.pk)

    @property
    def year(self) -> int:
        return self.period.programme.year

    @property
    def is_endorsement(self) -> bool:
        return self.kind is ReminderKind.TO_ENDORSE

    @property
    def subject_words(self) -> str:
        """「115-04 設置休憩區」, on one line, also where somebody has typed several."""
        return f"{self.code} {' '.join(self.title.split())}"

    @property
    def what_words(self) -> str:
        """「115年第4季尚未填報」"""
        return f"{self.period}{self.step_words}"

    @property
    def is_open(self) -> bool:
        """Whether somebody can take the step now."""
        return self.kind is not ReminderKind.CLOSED

    @property
    def step_words(self) -> str:
        """「尚未填報」, 「草稿尚未送出」, 「退回待補正」, 「待主管核可」"""
        if self.kind is ReminderKind.TO_ENDORSE:
            return "已送出，待主管核可"
        words = {
            MISSING: "尚未填報",
            ReportState.DRAFT.value: "草稿尚未送出",
            ReportState.RETURNED.value: "退回待補正",
        }[self.state]
        if self.kind is ReminderKind.CLOSED:
            return f"{words}（填報期已關閉）"
        return words

    def is_overdue(self, today: date) -> bool:
        return self.due_on < today


def owed_steps(programme: Programme, department: int | None = None) -> list[OwedStep]:
    """All steps of a year that departments owe, in the order of the plan, period by period.

    Without a right: what a draft says is not in it, and the plan office counts drafts anyway. The
    year in one query, and one for each opened period; two more where something of it was not sent.
    """
    periods = fetch_periods(programme)
    assignments = Assignment.objects.all()
    if department is not None:
        assignments = assignments.filter(department=department)
    year = filed_year(assignments, periods)
    if year is None:
        return []
    exceptions = _exceptions_of(programme)
    steps = []
    for period in periods:
        # Nothing is owed of what was never opened.
        if period.opened_at is None:
            continue
        of_period = exceptions.get(period.pk, {})
        steps += _to_report(year, period, of_period, department)
        steps += _to_endorse(period, of_period, department)
    return steps


def _exceptions_of(programme: Programme) -> dict[int, dict[int, Reopening]]:
    """{key of a closed period: {key of an assignment: what opens it by itself}}"""
    exceptions: dict[int, dict[int, Reopening]] = defaultdict(dict)
    for reopening in Reopening.objects.active().filter(period__programme=programme):
        of_period = exceptions[reopening.period_id]
        of_period[reopening.assignment_id] = reopening
    return exceptions


def _to_report(
    year: FiledYear,
    period: Period,
    exceptions: dict[int, Reopening],
    department: int | None,
) -> list[OwedStep]:
    # Of most closed periods everything was sent: the count knows it already.
    if not year.numbers_in(period, OUTSTANDING):
        return []
    owing = year.in_states(Assignment.objects.all(), period, OUTSTANDING)
    if department is not None:
        owing = owing.filter(department=department)
    returned = _returned_at(period, department)
    steps = []
    # As values: the letters and mails of a whole period name thousands of them.
    rows = owing.order_by(*OFFICIAL_ORDER, "pk").values(
        "pk",
        "action_id",
        "department_id",
        "contact_id",
        "filing_states",
        "handed_out_on",
        "action__code",
        "action__title",
    )
    for row in rows:
        way = FilingWay(row["filing_states"], row["handed_out_on"])
        exception = exceptions.get(row["pk"])
        kind = ReminderKind.TO_REPORT
        # Nobody can write it any more: the letter sends the department to the plan office.
        if period.is_closed and exception is None:
            kind = ReminderKind.CLOSED
        step = OwedStep(
            kind=kind,
            period=period,
            assignment=row["pk"],
            action=row["action_id"],
            department=row["department_id"],
            code=row["action__code"],
            title=row["action__title"],
            state=year.states_of[way][period.pk],
            person=row["contact_id"],
            since=_since(period, row["handed_out_on"], exception, returned.get(row["pk"])),
            due_on=_due_on(period, exception),
        )
        steps.append(step)
    return steps


def _to_endorse(
    period: Period, exceptions: dict[int, Reopening], department: int | None
) -> list[OwedStep]:
    waiting = ProgressReport.objects.filter(period=period, state=ReportState.WITH_HEAD)
    if period.is_closed:
        # Locked, except for reports that were opened again by themselves.
        waiting = waiting.filter(assignment__in=list(exceptions))
    if department is not None:
        waiting = waiting.filter(assignment__department=department)
    steps = []
    rows = waiting.order_by("assignment__action__code", "assignment_id").values(
        "assignment_id",
        "assignment__action_id",
        "assignment__department_id",
        "assignment__action__code",
        "assignment__action__title",
        "state",
        "written_by_id",
        "since",
        "updated_at",
    )
    for row in rows:
        step = OwedStep(
            kind=ReminderKind.TO_ENDORSE,
            period=period,
            assignment=row["assignment_id"],
            action=row["assignment__action_id"],
            department=row["assignment__department_id"],
            code=row["assignment__action__code"],
            title=row["assignment__action__title"],
            state=row["state"],
            person=row["written_by_id"],
            since=day_of(row["since"] or row["updated_at"]),
            due_on=_due_on(period, exceptions.get(row["assignment_id"])),
        )
        steps.append(step)
    return steps


def _returned_at(period: Period, department: int | None) -> dict[int, datetime]:
    """{key of an assignment: when its report came back}"""
    reports = ProgressReport.objects.filter(state=ReportState.RETURNED, period=period)
    if department is not None:
        reports = reports.filter(assignment__department=department)
    moments = {}
    for assignment, since, updated_at in reports.values_list(
        "assignment_id", "since", "updated_at"
    ):
        # Reports of before there was `since` have the day of their last change.
        moments[assignment] = since or updated_at
    return moments


def _since(
    period: Period,
    handed_out_on: date | None,
    exception: Reopening | None,
    returned_at: datetime | None,
) -> date:
    """From when on it was the department's turn; as `whose_turn.turn_to_write` says it."""
    if returned_at is not None:
        return day_of(returned_at)
    if exception is not None:
        return day_of(exception.opened_at)
    opened_at = period.reopened_at or period.opened_at
    # `owed_steps` passes over periods that were never opened.
    assert opened_at is not None
    since = day_of(opened_at)
    if handed_out_on is not None:
        since = max(since, handed_out_on)
    return since


def _due_on(period: Period, exception: Reopening | None) -> date:
    if exception is not None:
        return exception.due_on
    return period.due_on


def by_department(steps: Iterable[OwedStep]) -> dict[int, list[OwedStep]]:
    """{key of a department: its steps}, each in their order."""
    steps_of: dict[int, list[OwedStep]] = {}
    for step in steps:
        steps_of.setdefault(step.department, []).append(step)
    return steps_of


def number_overdue(steps: Sequence[OwedStep], today: date) -> int:
    return sum(step.is_overdue(today) for step in steps)
