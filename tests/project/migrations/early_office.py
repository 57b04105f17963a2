"""An office in a database of an early version: what the cases of all migrations write into it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

AT = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class EarlyOffice:
    """The models as they were, and whoever does everything in it."""

    apps: Any
    user: Any

    def rows(self, model):
        return self.apps.get_model("items", model).objects

    def entry(self, model, fields, **values):
        """The key of an entry of the history as the version wrote it: {label: [old, new]}."""
        entry = {"at": AT, "by": self.user, "door": "page", "kind": "changed", "label": "x"}
        entry |= {"model": model, "object_id": 1, "fields": fields} | values
        return self.rows("Change").create(**entry).pk

    def batch(self, programme, **values):
        """An import."""
        file = {"file_name": "表.xlsx", "content": b"x", "sha256": hashlib.sha256(b"x").hexdigest()}
        values = {"at": AT, "by": self.user, "door": "import"} | file | values
        return self.rows("ImportBatch").create(programme=programme, **values)

    def period(self, programme, number, starts_on, ends_on, **values):
        values = {"due_on": ends_on} | values
        return self.rows("Period").create(
            programme=programme,
            number=number,
            name=f"第{number}季",
            starts_on=starts_on,
            ends_on=ends_on,
            **values,
        )

    def assign(self, action, name):
        """The assignment of an action to the department of this name, which is made where it is missing."""
        department, _ = self.rows("Department").get_or_create(name=name, defaults={"position": 2})
        assignment, _ = self.rows("Assignment").get_or_create(
            action=action,
            department=department,
            defaults={"deadline": date(2026, 12, 31), "deadline_text": "115年12月"},
        )
        return assignment

    def report(self, assignment, period, *, state, percent):
        return self.rows("ProgressReport").create(
            assignment=assignment,
            period=period,
            text="完成。",
            percent=percent,
            work_status="in_progress",
            state=state,
            written_by=self.user,
            updated_at=AT,
        )


def a_year(apps, year, begins_in=2026):
    """A year; its number says nothing of its days, so that each case has a year of its own."""
    return apps.get_model("items", "Programme").objects.create(
        year=year, title="計畫", starts_on=date(begins_in, 1, 1), ends_on=date(begins_in, 12, 31)
    )


def a_plan(apps, year):
    """A year and its one item, which is 行政處's."""
    programme = a_year(apps, year)
    strategy = apps.get_model("items", "Strategy").objects.create(
        programme=programme, number=1, title="策略"
    )
    method = apps.get_model("items", "Method").objects.create(
        strategy=strategy, position=1, title="方法"
    )
    plan = apps.get_model("items", "Plan").objects.create(method=method, position=1, title="計畫")
    action = apps.get_model("items", "Action").objects.create(
        plan=plan, position=1, code=f"{year}-01", title="作法" * 1000
    )
    department, _ = apps.get_model("items", "Department").objects.get_or_create(
        name="行政處", defaults={"position": 1}
    )
    apps.get_model("items", "Assignment").objects.create(
        action=action, department=department, deadline=date(2026, 12, 31), deadline_text="115年12月"
    )
    return programme, action


def drop_all_tables():
    """As on a machine where no version was before; to go back there takes many times longer."""
    dropped = "DROP TABLE {}"
    if connection.vendor == "postgresql":
        dropped = "DROP TABLE {} CASCADE"
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(dropped.format(connection.ops.quote_name(table)))
