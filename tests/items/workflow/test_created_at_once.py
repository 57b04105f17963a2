"""Several press the same button: one row is made, everybody else reads that it is there already."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from items.models import Department, Membership, MembershipRole, Period, Programme
from items.workflow import (
    Refusal,
    WorkflowError,
    departments,
    memberships,
    periods,
    years,
)
from items.workflow.departments import DepartmentsNotMade
from tests.making import NOW, TODAY

WAITING = 0.3
"""Seconds for the second press to come as far as the first one lets it."""


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_the_second_reads_that_it_is_there_already(
    programme, information, mei, coordinator
):
    """The second has looked before the first has written: only the database knows better."""

    def lay_out():
        periods.lay_out(programme, by=coordinator, at=NOW)

    def make_department():
        departments.make_departments(["港務處"], by=coordinator, at=NOW, today=TODAY)

    def make_year():
        year = Programme(
            year=116, title="116年度計畫", starts_on="2027-01-01", ends_on="2027-12-31"
        )
        years.create(year, by=coordinator, at=NOW)

    def join():
        memberships.join(mei, information, MembershipRole.REPORTER, by=coordinator, at=NOW)

    verbs = [lay_out, make_department, make_year, join]
    refusals = {}

    def press(verb):
        try:
            verb()
        except (WorkflowError, ValidationError) as error:
            refusals[verb] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[verb]) for verb in verbs]
    with transaction.atomic():
        for verb in verbs:
            verb()
        for thread in threads:
            thread.start()
        time.sleep(WAITING)
    for thread in threads:
        thread.join()
    assert refusals[lay_out].reason is Refusal.PERIODS_LAID_OUT_ALREADY
    assert isinstance(refusals[make_department], DepartmentsNotMade)
    assert "不能建立單位「港務處」" in str(refusals[make_department])
    assert refusals[make_year].messages == ["已經有民國年度相同的年度計畫，請換一個。"]
    assert refusals[join].reason is Refusal.MEMBER_ALREADY
    assert Period.objects.count() == 4
    assert Department.objects.filter(name="港務處").count() == 1
    assert Programme.objects.filter(year=116).count() == 1
    assert Membership.objects.filter(user=mei, department=information).count() == 1
