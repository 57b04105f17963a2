"""A year of any size, as it is on the demonstration's day, the 22nd of November.

Items, departments, people, and reports with their steps; the running period is half reported.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks._exchange_rows import NAMES, rows, xlsx
from benchmarks._many_rows import count_as_postgres_does, multiply
from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import (
    Assignment,
    Department,
    Frequency,
    Membership,
    MembershipRole,
    Period,
    Programme,
    ProgrammeState,
    ProgressReport,
    ReportState,
    ReportStep,
    Role,
    StepKind,
    User,
    WorkStatus,
)
from items.workflow import closed_figures, closing, newest_figures, periods

TAIPEI = ZoneInfo("Asia/Taipei")
STARTED_AT = datetime(2026, 1, 5, 9, tzinfo=TAIPEI)
LARGE = 5_000
"""Items from which on a year is copied inside the database, and reports by the month."""
COPIED = 1_000
"""Items of the year that a large one is copied from."""
MONTHS = range(4, 12)
"""Of a large year: eight, from the approval of its plan in April to November."""
BATCH = 2_000
TEXT = (
    "11月20日完成地坪施工與動線標示，辦理說明會2場，計86人參加；"
    "問卷滿意度由88分提高為91分，並依意見修正作業程序第3點，預計12月10日公告實施。"
)

STATES_IN_TURN = (
    ReportState.DRAFT,
    None,
    ReportState.WITH_HEAD,
    ReportState.WITH_COORDINATOR,
    ReportState.ACCEPTED,
    ReportState.RETURNED,
)
"""What the assignments have of the running quarter, one after the other; None is 未填."""


@dataclass(frozen=True)
class Year:
    """A year with its people; reporter and head are those of the first department."""

    programme: Programme
    reporter: User
    head: User
    coordinator: User
    manager: User


def make_year(count: int) -> Year:
    """`count` items, two assignments to each on average, in twenty departments.

    Quarters up to `LARGE` items, from there on eight months.
    """
    if count < LARGE:
        year = _written_year(count, Frequency.QUARTER)
        # As an office has it, whose periods were closed by the verb.
        closing.keep_missing(closing.periods_without_state(), at=STARTED_AT)
        count_as_postgres_does()
        return year
    year = _written_year(COPIED, Frequency.MONTH)
    multiply(count // COPIED, items=COPIED)
    Programme.objects.update(last_code=count)
    return year


def _written_year(count: int, frequency: Frequency) -> Year:
    departments = Department.objects.bulk_create(
        Department(name=name, position=place) for place, name in enumerate(NAMES, start=1)
    )
    programme = Programme.objects.create(
        year=115,
        title="115年度計畫",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=ProgrammeState.RUNNING,
        frequency=frequency,
    )
    year = _with_people(programme, departments[0])
    content = xlsx(rows(count))
    table = table_of(content, "計畫.xlsx", programme).table
    source = Source("計畫.xlsx", content)
    confirm(table, programme, source, by=year.coordinator, at=STARTED_AT)
    # As an approved plan: everything was there before the first period was closed.
    Assignment.objects.update(handed_out_on=None)
    _report(year)
    newest_figures.rebuild()
    closed_figures.keep_missing()
    return year


def _with_people(programme: Programme, department: Department) -> Year:
    """One person of each role, and a head beside the reporter."""
    people = {}
    for role in Role:
        name = role.name.lower()
        people[role] = User.objects.create_user(name, full_name=role.label, role=role)
    reporter = people[Role.STAFF]
    head = User.objects.create_user("head", full_name="主管", role=Role.STAFF)
    Membership.objects.create(user=reporter, department=department, role=MembershipRole.REPORTER)
    Membership.objects.create(user=head, department=department, role=MembershipRole.HEAD)
    return Year(
        programme=programme,
        reporter=reporter,
        head=head,
        coordinator=people[Role.COORDINATOR],
        manager=people[Role.MANAGER],
    )


def _report(year: Year) -> None:
    """All periods but the last are accepted and closed, and that one is half reported."""
    periods.lay_out(year.programme, by=year.coordinator, at=STARTED_AT)
    if year.programme.frequency == Frequency.MONTH:
        year.programme.periods.exclude(number__in=MONTHS).delete()
    *closed, running = year.programme.periods.order_by("number")
    for period in (*closed, running):
        _open(period, year)
    assignments = list(Assignment.objects.order_by("pk").values_list("pk", flat=True))
    for period in closed:
        _close(period, year)
        _write(year, _accepted(year, period, assignments))
    _write(year, _of_running(year, running))


def _open(period: Period, year: Year) -> None:
    period.opened_at = datetime.combine(period.starts_on, STARTED_AT.timetz())
    period.opened_by = year.coordinator
    period.save()


def _close(period: Period, year: Year) -> None:
    period.closed_at = datetime.combine(period.due_on, STARTED_AT.timetz())
    period.closed_by = year.coordinator
    period.first_closed_on = period.due_on
    period.save()


def _accepted(year: Year, period: Period, assignments: list[int]) -> Iterator[ProgressReport]:
    for place, assignment in enumerate(assignments):
        yield _made(year, period, assignment, place=place, state=ReportState.ACCEPTED)


def _of_running(year: Year, period: Period) -> Iterator[ProgressReport]:
    departments = Assignment.objects.order_by("pk").values_list("pk", "department_id")
    done: Counter[int] = Counter()
    for place, (assignment, department) in enumerate(departments):
        # Counted by department, so that each has some of every state, a draft first.
        state = STATES_IN_TURN[done[department] % len(STATES_IN_TURN)]
        done[department] += 1
        if state is not None:
            yield _made(year, period, assignment, place=place, state=state)


def _made(
    year: Year, period: Period, assignment: int, *, place: int, state: ReportState
) -> ProgressReport:
    planned = 100 * period.ends_on.month // 12
    is_behind = place % 23 > 15
    return ProgressReport(
        assignment_id=assignment,
        period=period,
        text=f"{period.name}第{place}件：{TEXT}",
        percent=max(planned - place % 23, 0),
        planned_percent=planned,
        work_status=WorkStatus.IN_PROGRESS,
        delay_reason="採購流標一次" if is_behind else "",
        remedy="改採開口契約" if is_behind else "",
        state=state,
        written_by=year.reporter,
        updated_at=datetime.combine(period.starts_on, STARTED_AT.timetz()) + timedelta(days=20),
    )


def _write(year: Year, made: Iterator[ProgressReport]) -> None:
    reports = ProgressReport.objects.bulk_create(made, batch_size=BATCH)
    steps = []
    for report in reports:
        if report.state == ReportState.DRAFT:
            continue
        steps.append(
            ReportStep(
                report=report,
                number=2,
                kind=StepKind.SUBMIT,
                from_state=ReportState.DRAFT,
                to_state=ReportState.WITH_HEAD,
                by=year.reporter,
                at=report.updated_at,
                content=report.content(),
            )
        )
    ReportStep.objects.bulk_create(steps, batch_size=BATCH)
