"""Reports and assignments as the released version kept them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.project.migrations.early_office import AT, a_plan


@dataclass(frozen=True)
class ReportThen:
    """A report as the released version kept it, and what it was held against when it was sent."""

    sent_on: datetime
    entered: int | None
    """The planned percent that somebody entered for the period."""
    planned: int


SENT_REPORTS = {
    # 326 of 365 days; it would be 100 at the end of the period.
    "行政處": ReportThen(datetime(2026, 11, 22, 2, tzinfo=UTC), entered=None, planned=89),
    # In Taipei it is already the next morning: 327 days.
    "資訊室": ReportThen(datetime(2026, 11, 22, 20, tzinfo=UTC), entered=None, planned=90),
    "港務處": ReportThen(datetime(2027, 1, 5, 2, tzinfo=UTC), entered=None, planned=100),
    "業務處": ReportThen(datetime(2026, 11, 22, 2, tzinfo=UTC), entered=40, planned=40),
}
"""{department: its report}."""


@dataclass(frozen=True)
class ReportKeys:
    """The keys of the rows that `write` made."""

    held_against: int
    """The item with SENT_REPORTS."""
    with_copies: int
    """The item of which one department has sent two reports, and another none."""
    periods: dict
    """{number: the period} of these reports."""
    handed_out: int
    """The item that came to its departments on different days."""
    waiting: int
    """A report that waits in an open period, and took a step a day after it was written."""
    several_steps: int
    """A report whose steps were written in another order than that of their times."""


def write(office):
    with_copies, periods = write_reports_of_three_periods(office)
    return ReportKeys(
        held_against=write_sent_reports(office),
        with_copies=with_copies,
        periods=periods,
        handed_out=write_handing_out(office),
        waiting=write_waiting(office),
        several_steps=write_several_steps(office),
    )


def write_sent_reports(office):
    programme, action = a_plan(office.apps, 104)
    period = office.period(
        programme,
        number=4,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
        due_on=date(2027, 1, 7),
    )
    for name, sent in SENT_REPORTS.items():
        assignment = office.assign(action, name)
        if sent.entered is not None:
            office.rows("PlannedProgress").create(
                assignment=assignment, period=period, percent=sent.entered
            )
        report = office.report(assignment, period, state="accepted", percent=89)
        office.rows("ReportStep").create(
            report=report,
            kind="submit",
            from_state="draft",
            to_state="with_coordinator",
            by=office.user,
            at=sent.sent_on,
            door="page",
        )
    return action.pk


def write_waiting(office):
    programme, action = a_plan(office.apps, 111)
    period = office.period(
        programme,
        number=1,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
        opened_at=AT,
        opened_by=office.user,
    )
    assignment = action.assignments.get()
    report = office.report(assignment, period, state="with_coordinator", percent=25)
    office.rows("ReportStep").create(
        report=report,
        kind="submit",
        from_state="draft",
        to_state="with_coordinator",
        by=office.user,
        at=AT + timedelta(days=1),
        door="page",
    )
    return report.pk


def write_several_steps(office):
    programme, action = a_plan(office.apps, 117)
    period = office.period(
        programme, number=1, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)
    )
    report = office.report(action.assignments.get(), period, state="returned", percent=25)
    for kind, hours in (("return", 2), ("submit", 1), ("recall", 2)):
        office.rows("ReportStep").create(
            report=report,
            kind=kind,
            words="補件",
            from_state="draft",
            to_state="with_coordinator",
            by=office.user,
            at=AT + timedelta(hours=hours),
            door="page",
        )
    return report.pk


def write_reports_of_three_periods(office):
    programme, action = a_plan(office.apps, 105)
    reporting = action.assignments.get()
    office.assign(action, "資訊室")
    keys = {}
    states = ["accepted", "with_head", "draft"]
    for number, (state, percent) in enumerate(zip(states, (80, 55, 90), strict=True), start=1):
        period = office.period(
            programme, number, starts_on=date(2026, number, 1), ends_on=date(2026, number, 28)
        )
        keys[number] = period.pk
        office.report(reporting, period, state=state, percent=percent)
    return action.pk, keys


def write_handing_out(office):
    programme, action = a_plan(office.apps, 106)
    rows = {}
    for name in ("資訊室", "港務處", "業務處", "工程處"):
        rows[name] = office.assign(action, name)
    batch = office.batch(programme, at=AT + timedelta(days=60))
    at_import = {
        "programme": programme,
        "action": action,
        "object_id": action.pk,
        "at": batch.at,
        "door": "import",
    }
    office.entry("action", {"港務處": [None, "主辦，115年12月"]}, **at_import)
    office.entry("action", {"工程處": ["主辦，115年6月", "主辦，115年12月"]}, **at_import)
    office.entry(
        "assignment", {}, kind="created", object_id=rows["資訊室"].pk, at=AT + timedelta(days=200)
    )
    return action.pk
