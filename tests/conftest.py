"""A few named people and one small plan, as fixtures for every test."""

import pytest
import time_machine
from django.db import connection

from items.models import Department, Role
from items.workflow.report_flags import flags_to_keep
from items.workflow.report_planned import planned_for
from tests import (
    copied_template,
    kept_database,
    quick_expressions,
    quick_flush,
    quick_frames,
    quick_garbage,
    quick_states,
)
from tests.making import (
    START,
    TODAY,
    action_maker,
    make_programme,
    make_quarters,
    make_report,
    make_user,
)

quick_expressions.install()
quick_flush.install()
quick_states.install()


def pytest_configure(config):
    config.pluginmanager.register(quick_frames.Roomy(config))
    config.pluginmanager.register(quick_garbage.Freezing())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """A copy of the migrated database lies where the test database will be looked for."""
    if connection.vendor == "sqlite":
        kept_database.lay_out()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Django takes a copy that lies there already; its folder or its server goes with the run."""
    is_ours = connection.vendor == "sqlite" or copied_template.is_possible()
    return django_db_keepdb or is_ours


@pytest.fixture(scope="session")
def template(django_db_modify_db_settings, django_db_blocker):
    """The turn of this process at the database that all copy; None where there is no such thing."""
    if not copied_template.is_possible():
        return None
    copied = copied_template.CopiedTemplate()
    with django_db_blocker.unblock():
        copied.lay_out()
    return copied


@pytest.fixture(scope="session")
def django_db_setup(template, django_db_setup, django_db_blocker):
    if template is not None:
        with django_db_blocker.unblock():
            template.keep()
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            connection.close()
        kept_database.keep()
    yield
    with django_db_blocker.unblock():
        # Windows removes no folder with an open file in it.
        connection.close()


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
    return make_programme()


@pytest.fixture
def quarters(programme, coordinator):
    return make_quarters(programme, coordinator)


@pytest.fixture
def q3(quarters):
    return quarters[2]


@pytest.fixture
def q4(quarters):
    return quarters[3]


@pytest.fixture(name="make_action")
def _make_action(programme):
    """make_action(departments=[…], deadline=…) → an action under the plan's one path, assigned to the departments."""
    return action_maker(programme)


@pytest.fixture(name="make_report")
def _make_report():
    """make_report(assignment, period, by, …) → a report in any state, without the steps that led to it."""
    return make_report


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
def clock():
    """A clock that stands still until the test moves it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in(client):
    """sign_in(user) → a client that is signed in as this person."""

    def enter(user):
        client.force_login(user)
        return client

    return enter
