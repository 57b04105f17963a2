"""Everybody of conftest.py and the running year, for all tests of a module that only ask about them.

To make them takes longer than most pages take to answer. What a test changes is taken back after
it, in the database; the objects here stay as they were made.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from items.models import Department, Period, Programme, Role, User
from tests.making import make_programme, make_quarters, make_user


@dataclass(frozen=True)
class WholeOffice:
    """行政處 with its people, 資訊室 with one, the plan office and who reads all; 115年 and its quarters."""

    programme: Programme
    quarters: list[Period]
    administration: Department
    information: Department
    people: dict[str, User]


@contextlib.contextmanager
def office_of_a_module(blocker) -> Iterator[WholeOffice]:
    """For a fixture of a module without transactions of its own; `blocker` is pytest-django's."""
    with blocker.unblock(), transaction.atomic():
        yield _made()
        transaction.set_rollback(True)


def _made() -> WholeOffice:
    administration = Department.objects.create(name="行政處", position=1)
    information = Department.objects.create(name="資訊室", position=2)
    people = {
        "mei": make_user("mei", "王美玲", reporter=administration),
        "hao": make_user("hao", "林志豪", reporter=information),
        "head": make_user("head", "陳處長", head=administration),
        "coordinator": make_user("coordinator", "顏研考", Role.COORDINATOR),
        "manager": make_user("manager", "林總經理", Role.MANAGER),
        "auditor": make_user("auditor", "稽核員", Role.AUDITOR),
        "admin": make_user("admin", "系統管理員", Role.ADMIN),
    }
    programme = make_programme()
    quarters = make_quarters(programme, people["coordinator"])
    return WholeOffice(programme, quarters, administration, information, people)
