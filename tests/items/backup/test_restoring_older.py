"""A backup of an earlier version comes back into this one, on both engines: rows, sign-in and all."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from items.backup.archive import Archive
from items.models import Action, Programme, ProgressReport, ReportStep, User
from tests.items.backup.content import CONTENT
from tests.items.views.answers import text_of
from tests.making import PASSWORD
from tests.project.migrations.early_office import EarlyOffice, a_plan, drop_all_tables

FIRST_WITH_BACKUPS = "0032_reopened_by_themselves"
"""The newest migration of the first version that could make a backup."""
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def laid_out(name):
    """The models after the named migration of ours, with the tables of all apps, on a new machine."""
    drop_all_tables()
    executor = MigrationExecutor(connection)
    targets = [("items", name)]
    for app, newest in executor.loader.graph.leaf_nodes():
        if app != "items":
            targets.append((app, newest))
    executor.migrate(targets)
    return executor.loader.project_state([("items", name)]).apps


def write_office(apps):
    """A year with one report that was accepted, as that version wrote it."""
    user = apps.get_model("items", "User").objects.create(username="mei", full_name="王美玲")
    office = EarlyOffice(apps, user)
    _, action = a_plan(apps, year=115)
    office.rows("Programme").update(state="running")
    programme = office.rows("Programme").get()
    quarter = office.period(
        programme, 1, date(2026, 1, 1), date(2026, 3, 31), opened_at=AT, opened_by=user
    )
    assignment = office.rows("Assignment").get()
    office.rows("Membership").create(user=user, department=assignment.department, role="reporter")
    report = office.rows("ProgressReport").create(
        assignment=assignment,
        period=quarter,
        text="完成地坪施工。",
        percent=40,
        work_status="in_progress",
        state="accepted",
        written_by=user,
        updated_at=AT,
        since=AT,
    )
    office.rows("ReportStep").create(
        report=report,
        kind="accept",
        from_state="with_coordinator",
        to_state="accepted",
        by=user,
        at=AT,
        content=CONTENT | {"coordination": "", "delay_factor": ""},
    )
    return action


@pytest.fixture
def older_backup(transactional_db, tmp_path):
    """The file; nothing is in the database afterwards, as on a new machine."""
    folder = tmp_path / "backups"
    folder.mkdir()
    write_office(laid_out(FIRST_WITH_BACKUPS))
    # The hash of a password is the same in every version.
    user = User(username="mei")
    user.set_password(PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE items_user SET password = %s", [user.password])
    call_command("backup", folder, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    (path,) = folder.iterdir()
    yield path
    call_command("migrate", interactive=False, verbosity=0)


@pytest.mark.slow
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(older_backup, capsys):
    with Archive(older_backup) as archive:
        migrations = set(archive.manifest.migrations)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    assert migrations < known
    call_command("restore", older_backup)
    assert "備份比程式舊，資料表已更新到目前的版本" in capsys.readouterr().out
    call_command("migrate", check_unapplied=True, verbosity=0)
    assert Programme.objects.get().year == 115
    assert Action.objects.get().code == "115-01"
    report = ProgressReport.objects.get()
    assert (report.text, report.percent, report.state) == ("完成地坪施工。", 40, "accepted")
    assert ReportStep.objects.get().report == report
    # The rows were written without the figures that a verb carries beside them: as README says.
    call_command("check_figures", rebuild=True)
    call_command("check_figures")
    assert Action.objects.get().assignments.get().newest_percent == 40
    client = Client()
    assert client.post("/login/", {"username": "mei", "password": PASSWORD}).status_code == 302
    User.objects.update(must_change_password=False)
    page = client.get(f"/115/reports/{report.pk}/")
    assert "完成地坪施工。" in text_of(page)
