"""PostgreSQL keeps the plan of a question that is asked again, and of no other one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from items.models import Department, Period
from items.models.prepared import Prepared, PreparedForKeys, Slot
from items.models.sub_select import select_from

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no plans to keep on a connection"
    ),
]


def number_of_plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_a_plan_is_kept_from_the_second_time_on(q3, q4):
    of_number = Prepared(lambda: Period.objects.filter(number=Slot("number")))
    before = number_of_plans()
    assert of_number(number=q3.number) == [q3]
    assert number_of_plans() == before
    assert of_number(number=q4.number) == [q4]
    assert number_of_plans() == before + 1
    assert of_number(number=q3.number) == [q3]
    assert number_of_plans() == before + 1


def test_the_kept_plan_is_used_at_once(q3, q4):
    """PostgreSQL by itself makes five plans for the values that it gets, and throws them away."""
    of_number = Prepared(lambda: Period.objects.filter(number=Slot("number")).order_by("starts_on"))
    for period in (q3, q4, q3, q4):
        assert of_number(number=period.number) == [period]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%\"starts_on\" ASC%%' AND statement LIKE '%%= $1%%'"
        )
        assert (3, 0) in cursor.fetchall()


def test_what_is_asked_otherwise_has_no_plan(q4):
    before = number_of_plans()
    for _ in range(3):
        assert Period.objects.get(pk=q4.pk) == q4
    assert number_of_plans() == before


def test_every_value_is_what_it_was(administration):
    """Those that are always the same stand in the SQL, where a quote and a percent sign count."""
    words = "5% of O'Neil's \\ {0} %s"
    administration.name = words
    administration.save()
    of_key = PreparedForKeys(
        lambda keys: Department.objects.filter(pk__in=keys, name=words).values_list(
            Concat("name", Value(" 100%")), flat=True
        )
    )
    for _ in range(3):
        assert of_key([administration.pk, 0]) == [f"{words} 100%"]


def test_a_group_by_an_expression_with_a_value(administration):
    """With the value beside the SQL PostgreSQL takes it for two, and refuses."""
    grouped = Prepared(
        lambda: (
            Department.objects.filter(pk__gt=Slot("first"))
            .values(words=Concat("name", Value("%")))
            .annotate(number=Count("pk"))
        )
    )
    for _ in range(3):
        rows = grouped(first=0)
        assert sum(row["number"] for row in rows) == Department.objects.count()


def test_a_statement_of_ours_is_planned_as_well(q3, q4):
    rows = Period.objects.filter(number__gt=2).values_list("number")
    before = number_of_plans()
    for _ in range(2):
        asked = select_from(rows, "late", ["number"], "SELECT count(*) FROM late")
        assert asked == [(Period.objects.filter(number__gt=2).count(),)]
    assert number_of_plans() == before + 1


def test_a_rolled_back_transaction_takes_no_answer_away(q4):
    of_number = Prepared(lambda: Period.objects.filter(number=Slot("number")))
    for _ in range(2):
        assert of_number(number=q4.number) == [q4]
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(pk=q4.pk, programme=q4.programme, number=1)
    assert of_number(number=q4.number) == [q4]


def test_what_was_asked_is_shown_with_its_values(q4):
    of_number = Prepared(lambda: Period.objects.filter(number=Slot("number")))
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            of_number(number=q4.number)
        [query] = asked.captured_queries
        assert f'"number" = {q4.number}' in query["sql"]
