"""Queries that are written once and asked with other values give what Django gives."""

from datetime import date

import pytest
from django.db.models import DateField

from items.models import Period, ProgressReport
from items.models.prepared import LARGEST, Prepared, Slot

ENDED = Prepared(
    lambda: Period.objects.filter(
        programme=Slot("programme"), ends_on__lte=Slot("day", DateField())
    ).order_by("-number")
)
WITH_PATH = Prepared(lambda: ProgressReport.objects.with_path().filter(pk=Slot("pk")))


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def test_each_asking_has_its_own_values(q3, q4):
    assert ENDED(programme=q3.programme_id, day=q3.ends_on)[0] == q3
    assert ENDED(programme=q3.programme_id, day=q4.ends_on)[0] == q4
    assert ENDED.first(programme=q3.programme_id, day=date(2020, 1, 1)) is None
    assert ENDED.first(programme=0, day=q4.ends_on) is None


def test_a_number_beyond_those_of_a_database_is_that_of_no_row(q4):
    assert ENDED(programme=LARGEST + 1, day=q4.ends_on) == []


def test_joined_rows_come_with_it(assignment, q4, mei, make_report, django_assert_num_queries):
    report = make_report(assignment, q4, mei)
    with django_assert_num_queries(1):
        prepared = WITH_PATH.first(pk=report.pk)
        strategy = prepared.assignment.action.plan.method.strategy
    plain = ProgressReport.objects.with_path().get(pk=report.pk)
    for field in ProgressReport._meta.concrete_fields:
        assert getattr(prepared, field.attname) == getattr(plain, field.attname)
    assert strategy == plain.assignment.action.plan.method.strategy
    assert prepared.written_by == mei


def test_nothing_of_an_answer_is_kept(assignment, q4, mei, make_report):
    report = make_report(assignment, q4, mei)
    assert WITH_PATH.first(pk=report.pk).percent == report.percent
    ProgressReport.objects.filter(pk=report.pk).update(percent=7)
    assert WITH_PATH.first(pk=report.pk).percent == 7
