"""What a run's PostgreSQL begins as: the tables after the newest migration, in statements for a server."""

import pytest
from django.db import connection

from plan_tracker.ready_database import has_open_migrations
from tests import copied_template, kept_dump


def test_nothing_is_left_to_migrate(db):
    if not copied_template.is_possible():
        pytest.skip("only what a server of this run begins as is kept")
    kept = kept_dump.kept_file(connection.pg_version)
    statements = kept.read_text("utf-8").splitlines()
    assert not has_open_migrations()
    assert [line for line in statements if line.startswith("\\")] == []
