"""Queries that are written once and asked with other values give what Django gives."""

from datetime import date, timedelta

import pytest
from django.db.models import DateField, F
from django.db.models.functions import JSONObject

from items.models import Department, Period, ProgressReport
from items.models.kept_queries import MOST_KEPT, key_of
from items.models.light_basis import LightBasis
from items.models.prefetched import keep_prefetched
from items.models.prepared import (
    LARGEST,
    MOST_KEYS,
    Prepared,
    PreparedForEach,
    PreparedForKeys,
    PreparedOfRows,
    Slot,
)
from tests.making import TODAY

ENDED = Prepared(
    lambda: Period.objects.filter(
        programme=Slot("programme"), ends_on__lte=Slot("day", DateField())
    ).order_by("-number")
)
WITH_PATH = Prepared(lambda: ProgressReport.objects.with_path().filter(pk=Slot("pk")))

ENDED_BEFORE = PreparedForEach(
    lambda period: Period.objects.filter(ends_on__lt=period.ends_on).values_list("pk", flat=True)
)
OF_KEYS = PreparedForKeys(lambda keys: Period.objects.filter(pk__in=keys).order_by("number"))


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


# Written for things beside their slots.


def test_a_period_whose_day_was_moved_is_another_one(q3, q4):
    assert q3.pk in ENDED_BEFORE(q4)
    q4.ends_on = q3.ends_on
    assert q3.pk not in ENDED_BEFORE(q4)


def test_more_things_than_are_kept_are_written_anew(q3, q4):
    for days in range(MOST_KEPT + 2):
        q4.ends_on = q3.ends_on + timedelta(days=days)
        assert (q3.pk in ENDED_BEFORE(q4)) == (days > 0)


def test_a_basis_differs_by_every_column_of_its_year_and_periods(q3, q4):
    programme = q4.programme
    basis = LightBasis.of(programme, TODAY, periods=[q3, q4])
    before = key_of(basis)
    assert key_of(LightBasis.of(programme, TODAY, periods=[q3, q4])) == before
    assert key_of(basis.on(q3.ends_on)) != before
    for row, column in ((programme, "behind_threshold"), (q4, "due_on"), (q4, "closed_at")):
        kept = getattr(row, column)
        setattr(row, column, "another")
        assert key_of(basis) != before
        setattr(row, column, kept)


def test_rows_come_by_any_number_of_keys(q3, q4, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert OF_KEYS([]) == []
    with django_assert_num_queries(1):
        assert OF_KEYS([q4.pk, q3.pk, 0]) == [q3, q4]
    assert OF_KEYS([q4.pk]) == [q4]
    assert OF_KEYS(range(q4.pk, q4.pk + MOST_KEYS + 1)) == [q4]


@pytest.mark.parametrize(
    "asked",
    [
        lambda periods: periods.values("number", "name"),
        lambda periods: periods.values_list("number", "ends_on"),
        lambda periods: periods.values_list("number", "name", named=True),
        lambda periods: periods.values_list("name", flat=True),
        # Sorted by a column that is not asked for, which the answer then has behind the others.
        lambda periods: periods.order_by("-ends_on").values_list("name").distinct(),
        lambda periods: periods.annotate(pairs=JSONObject(number="number")).values("pairs"),
    ],
)
def test_values_come_as_django_gives_them(q3, q4, asked):
    queryset = asked(Period.objects.order_by("number"))
    prepared = Prepared(lambda: queryset)
    for _ in range(2):
        assert prepared() == list(queryset) != []


def test_rows_have_what_was_annotated_and_not_what_was_left_out(q3, q4):
    def of_few_columns():
        few = Period.objects.only("number", "programme__title").select_related("programme")
        return few.order_by("number").annotate(doubled=F("number") * 2)

    prepared = Prepared(of_few_columns)
    for row, plain in zip(prepared(), of_few_columns(), strict=True):
        assert row.doubled == plain.doubled
        assert row.get_deferred_fields() == plain.get_deferred_fields() != set()
        deferred = row.programme.get_deferred_fields()
        assert deferred == plain.programme.get_deferred_fields() != set()
        assert row.programme.title == plain.programme.title
        assert not row._state.adding
        row.save()


def test_nothing_joined_is_nothing(assignment, q4, mei, make_report):
    report = make_report(assignment, q4, mei)
    prepared = Prepared(lambda: ProgressReport.objects.select_related("written_for"))
    assert prepared()[0].written_for is None
    ProgressReport.objects.update(written_for=mei)
    assert prepared() == [report]
    assert prepared()[0].written_for == mei


def test_rows_that_are_kept_as_prefetched_are_not_asked_for(
    assignment, q3, q4, mei, make_report, django_assert_num_queries
):
    report = make_report(assignment, q4, mei)
    with django_assert_num_queries(0):
        keep_prefetched(assignment, "reports", [report])
        assert list(assignment.reports.all()) == [report]
    assert list(assignment.reports.filter(period=q3)) == []


def test_rows_that_are_limited_further_are_other_rows(administration):
    """What was noted of the first queryset is not taken for the second, nor after a change of day."""
    prepared = PreparedOfRows(lambda rows: rows.order_by("pk"))
    rows = Department.objects.filter(is_active=True)
    assert prepared(rows) == [administration]
    assert prepared(rows.filter(name="資訊室")) == []
    assert prepared(rows.exclude(pk=administration.pk)) == []
    assert prepared(rows.none()) == []
    assert prepared(rows) == [administration]
