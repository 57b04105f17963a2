"""Where the demonstration is loaded, and where it is not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from items.demonstration import accounts
from items.models import Programme, ProgressReport, User

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("load_demonstration", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.one_engine
@pytest.mark.slow
def test_the_command_loads_an_empty_database_and_keeps_what_a_second_run_finds():
    assert "已載入" in run()
    before = ProgressReport.objects.count(), User.objects.count()
    assert "保留不動" in run()
    assert (ProgressReport.objects.count(), User.objects.count()) == before


@pytest.mark.one_engine
def test_a_database_with_a_person_or_a_plan_is_left_alone(coordinator):
    assert "保留不動" in run()
    assert not Programme.objects.exists()


def test_outside_the_demonstration_nothing_is_loaded_and_no_account_is_named(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="不是示範模式"):
        run()
    with pytest.raises(CommandError, match="不是示範模式"):
        run("--accounts")
    assert accounts.demonstration_accounts() == []
    assert not User.objects.exists()
