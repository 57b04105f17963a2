"""A few named people and one small plan, as fixtures for every test."""

import gc
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection

from items.models import (
    Action,
    Assignment,
    Department,
    Method,
    Plan,
    Programme,
    ProgrammeState,
    ProgressReport,
    ReportState,
    Role,
    Strategy,
)
from items.workflow import newest_figures, periods
from items.workflow.report_flags import flags_to_keep
from items.workflow.report_planned import planned_for
from tests import kept_database
from tests.kept_rows import periods_as_made_by
from tests.making import NOW, TODAY, make_user


def pytest_collection_finish():
    """Leave Django and the collected tests out of every later round of the garbage collector.

    Nothing of them is ever freed, and looking through it again and again costs about four parts
    in a hundred of the processor time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """A copy of the kept database lies where SQLite's test database will be looked for."""
    if connection.vendor == "sqlite":
        kept_database.lay_out()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Django takes a file that lies there already; the folder it lies in goes with the process."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            connection.close()
        kept_database.keep()
    yield
    with django_db_blocker.unblock():
        # Windows removes no folder with an open file in it.
        connection.close()


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def administration(db):
    return Department.objects.create(name="行政處", position=1)


@pytest.fixture
def information(db):
    return Department.objects.create(name="資訊室", position=2)


@pytest.fixture
def mei(administration):
    """美, who reports for 行政處."""
    return make_user("mei", "王美玲", reporter=administration)


@pytest.fixture
def hao(information):
    """豪, who reports for 資訊室."""
    return make_user("hao", "林志豪", reporter=information)


@pytest.fixture
def head(administration):
    return make_user("head", "陳處長", head=administration)


@pytest.fixture
def coordinator(db):
    return make_user("coordinator", "顏研考", Role.COORDINATOR)


@pytest.fixture
def manager(db):
    return make_user("manager", "林總經理", Role.MANAGER)


@pytest.fixture
def auditor(db):
    return make_user("auditor", "稽核員", Role.AUDITOR)


@pytest.fixture
def admin(db):
    return make_user("admin", "系統管理員", Role.ADMIN)


@pytest.fixture
def programme(db):
    """115年度, 執行中, without periods."""
    return Programme.objects.create(
        year=115,
        title="115年度花蓮港務分公司提升服務品質執行計畫",
        approved_on=date(2026, 4, 27),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=ProgrammeState.RUNNING,
    )


@pytest.fixture
def quarters(programme, coordinator):
    """Four quarters: the first three opened and closed, the fourth open until 115年12月1日."""
    return periods_as_made_by(_make_quarters, programme, coordinator)


def _make_quarters(programme, coordinator):
    periods.lay_out(programme, by=coordinator, at=NOW - timedelta(days=300))
    quarters = list(programme.periods.all())
    for quarter in quarters[:3]:
        periods.open_period(quarter, by=coordinator, at=NOW - timedelta(days=60))
        periods.close_period(quarter, by=coordinator, at=NOW - timedelta(days=30))
    periods.open_period(
        quarters[3], due_on=date(2026, 12, 1), by=coordinator, at=NOW - timedelta(days=6)
    )
    return quarters


@pytest.fixture
def q3(quarters):
    return quarters[2]


@pytest.fixture
def q4(quarters):
    return quarters[3]


@pytest.fixture
def make_action(programme):
    """make_action(departments=[…], deadline=…) → an action under the plan's one path, assigned to the departments."""
    strategy, _ = Strategy.objects.get_or_create(
        programme=programme, number=1, defaults={"title": "完備基礎服務項目"}
    )
    method, _ = Method.objects.get_or_create(
        strategy=strategy, position=1, defaults={"title": "建立標準作業流程"}
    )
    plan, _ = Plan.objects.get_or_create(
        method=method, position=1, defaults={"title": "滾動檢討作業流程"}
    )
    numbers = count(1)

    def make(
        departments=(), *, title="設置民眾休憩區", deadline=date(2026, 12, 31), code=None, **fields
    ):
        number = next(numbers)
        action = Action.objects.create(
            **{
                "plan": plan,
                "position": number,
                "code": code or f"115-{number:02}",
                "title": title,
                "expected_benefit": "增進民眾洽公之便利性。",
                **fields,
            }
        )
        for position, department in enumerate(departments):
            Assignment.objects.create(
                action=action,
                department=department,
                position=position,
                deadline=deadline,
                deadline_text="115年12月",
            )
        return action

    return make


@pytest.fixture
def make_report():
    """make_report(assignment, period, by, …) → a report in any state, without the steps that led to it."""

    def make(
        assignment,
        period,
        by,
        *,
        text="完成地坪施工。",
        percent=75,
        state=ReportState.ACCEPTED,
        **fields,
    ):
        report = ProgressReport.objects.create(
            **{
                "assignment": assignment,
                "period": period,
                "text": text,
                "percent": percent,
                "work_status": "in_progress",
                "state": state,
                "written_by": by,
                "updated_at": NOW,
                "since": NOW,
                **fields,
            }
        )
        # What the steps that led here would have done.
        newest_figures.refresh(assignment.pk)
        return report

    return make


@pytest.fixture
def raise_flags():
    """raise_flags(report) → the report with the quality flags that sending it would have raised."""

    def keep(report):
        planned = report.planned_percent
        if planned is None:
            planned = planned_for(report.assignment, report.period, TODAY)
        report.flags = flags_to_keep(report, planned)
        report.save(update_fields=["flags"])
        return report

    return keep


@pytest.fixture
def sign_in(client):
    """sign_in(user) → a client that is signed in as this person."""

    def enter(user):
        client.force_login(user)
        return client

    return enter
