"""Database, folder and stored files are for the account of the service alone."""

import os

import pytest

from plan_tracker.rights_check import check_rights

GOOD = "q8Jz-Vb3nX0sLr7TfWm2KyEc9HdPa5UgZo4QiS6jRw1BxNtC8vMlG-kAeYu_DpF"
PRODUCTION = {"SECRET_KEY": GOOD, "ALLOWED_HOSTS": "plan.example.org"}
MIGRATE = (
    "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'plan_tracker.settings'; import django; "
    "django.setup(); from django.db import connection; connection.ensure_connection(); "
    "connection.cursor().execute('create table t (x int)')"
)


def rights(path):
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_new_folder_and_database_are_for_their_owner_alone(start, tmp_path):
    """Whatever the shell's umask: 022 is what machines come with."""
    before = os.umask(0o022)
    try:
        done = start(MIGRATE, DATA_DIR=str(tmp_path / "new" / "var"), **PRODUCTION)
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "new" / "var"
    assert rights(folder) == "0o700"
    assert rights(folder / "plan_tracker.sqlite3") == "0o600"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_everybody_can_read_is_said_with_the_remedy(settings, tmp_path):
    settings.DEMONSTRATION = False
    settings.VAR = tmp_path
    tmp_path.chmod(0o755)
    (warning,) = check_rights(None)
    assert warning.msg == f"這台機器上的每一個帳號都能讀取 {tmp_path}。"
    assert warning.hint == f"請以服務的帳號執行：chmod o= '{tmp_path}'"
    tmp_path.chmod(0o750)
    assert check_rights(None) == []
