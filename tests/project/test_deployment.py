"""The service as README.md sets it up has nothing that Django's own checks warn of; its examples work."""

import secrets
import shlex
import subprocess
import sys
from configparser import ConfigParser

import pytest
from django.core.management import get_commands, load_command_class

from dev_tools.environment import environment
from dev_tools.terminal import ROOT


@pytest.mark.slow
@pytest.mark.one_engine
def test_check_deploy_is_clean_with_the_settings_of_the_readme(tmp_path):
    variables = environment(
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="plan.example.org",
        DATA_DIR=str(tmp_path),
        BEHIND_PROXY="on",
    )
    # The last one is set by the browser tests for their own process.
    not_in_production = (
        "DEMONSTRATION",
        "DATABASE_URL",
        "DJANGO_SETTINGS_MODULE",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
    )
    for name in not_in_production:
        variables.pop(name, None)
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


UNITS = sorted((ROOT / "docs").glob("*/*.service"))


@pytest.mark.parametrize("service", UNITS, ids=lambda path: path.stem)
def test_what_an_example_timer_starts_is_a_command_that_there_is(service):
    """An office copies it and finds out after the first night, or when it needs the backup."""
    unit = ConfigParser(interpolation=None)
    # Names of systemd keep their capitals.
    unit.optionxform = str
    unit.read(service, "utf-8")
    python, manage, name, *arguments = shlex.split(unit["Service"]["ExecStart"])
    folder = unit["Service"]["WorkingDirectory"]
    assert (python, manage) == (f"{folder}/.venv/bin/python", "manage.py")
    command = load_command_class(get_commands()[name], name)
    # Ends the process where it takes no such arguments.
    command.create_parser(manage, name).parse_args(arguments)
    timer = service.with_suffix(".timer").read_text("utf-8")
    assert "OnCalendar=" in timer
    assert "WantedBy=timers.target" in timer
    assert service.with_suffix(".timer").name in (service.parent / "README.md").read_text("utf-8")


def test_there_is_an_example_timer_for_backups_and_one_for_reminders():
    assert [path.parent.name for path in UNITS] == ["backup", "reminders"]
