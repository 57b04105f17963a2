"""The service as README.md sets it up has nothing that Django's own checks warn of."""

import secrets
import subprocess
import sys

import pytest

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
