"""How the counts of 總覽 are found: in the order of keys and of an index, at any size."""

import pytest
from django.db import connection

from items.models import Assignment
from items.models.light_basis import LightBasis
from items.models.packed_sums import packed_count, packed_sum, unpacked
from items.models.sub_select import select_from
from reports.counted_actions import written_actions
from reports.counted_departments import written_states
from tests.making import TODAY


@pytest.fixture
def basis(programme, quarters):
    return LightBasis.of(programme, TODAY)


def steps_of(statement):
    """What SQLite says it does for a statement, a line for each step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
        return [row[-1] for row in cursor.fetchall()]


in_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL groups without sorting"
)


@in_sqlite
def test_departments_are_grouped_in_the_order_of_an_index(basis):
    steps = steps_of(written_states(Assignment.objects.all(), basis))
    [found] = [step for step in steps if "items_assignment" in step]
    assert "COVERING INDEX assignment_of_year" in found
    # Only the few groups are sorted.
    assert steps.index("SCAN states") < steps.index("USE TEMP B-TREE FOR GROUP BY")


@in_sqlite
def test_actions_are_grouped_as_they_are_found(basis, quarters):
    statement = written_actions(
        Assignment.objects.all(),
        basis,
        before=basis.on(quarters[2].ends_on),
        period=quarters[3],
        ends=[quarters[3]],
    )
    steps = steps_of(statement)
    assert "MATERIALIZE by_action" in steps
    assert steps.index("SCAN by_action") < steps.index("USE TEMP B-TREE FOR GROUP BY")


def test_a_count_and_two_sums_go_in_one_number(make_action, administration, information):
    make_action([administration, information])
    make_action([administration])
    figures = [(100, 40), (0, 70), (None, 99)]
    for assignment, (percent, planned) in zip(
        Assignment.objects.order_by("pk"), figures, strict=True
    ):
        Assignment.objects.filter(pk=assignment.pk).update(
            newest_percent=percent, newest_planned=planned
        )
    rows = Assignment.objects.order_by().values("kind")
    rows = rows.annotate(packed=packed_sum("newest_percent", "newest_planned")).values_list(
        "packed"
    )
    parts = [packed_count("packed", figures=2)]
    parts += [unpacked("packed", place, figures=2) for place in (1, 2)]
    # The row of which a figure is nothing is left out.
    assert select_from(rows, "sums", ["packed"], f"SELECT {', '.join(parts)} FROM sums") == [
        (2, 100, 110)
    ]
