"""A condition that is said once means the same in SQL and in Python."""

from datetime import date

import pytest
from django.db.models import BooleanField, ExpressionWrapper, F, IntegerField, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from items.models import Assignment, ControlStatus
from items.models.conditions import Alternative, FirstThatHolds, holds

DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Q(deadline=DAY), True),
        (Q(deadline__lt=DAY), False),
        (Q(deadline__lte=DAY) & Q(deadline__gte=DAY), True),
        (Q(deadline__gt=date(2026, 12, 30)), True),
        (~Q(deadline__lt=DAY), True),
        (Q(newest_percent__isnull=True), False),
        (~Q(newest_percent__isnull=True), True),
        (Q(newest_percent__gte=100) | Q(newest_percent__lt=56), True),
        (Q(deadline__lt=DAY) & (Q(newest_percent=55) | Q(newest_percent=56)), False),
        (Q(newest_percent__in=[54, 55]), True),
        (~Q(newest_percent__in=[54, 56]), True),
        (Q(newest_planned__in=[54, 55]), False),
        # Of two columns, and with nothing.
        (Q(newest_percent__lt=F("newest_planned")), False),
        (Q(newest_planned__lt=F("newest_percent")), False),
        (Q(action__control_status=ControlStatus.UNDER_CONTROL), True),
    ],
)
def test_a_condition_is_true_of_the_same_rows_in_the_database_and_in_python(
    condition, expected, make_action, administration
):
    assignment = make_action([administration], deadline=DAY).assignments.get()
    Assignment.objects.update(newest_percent=55, newest_planned=None)
    values = {
        "action__control_status": assignment.action.control_status,
        "deadline": DAY,
        "newest_percent": 55,
        "newest_planned": None,
    }
    alternatives = [Alternative(condition, 1)]
    in_sql = FirstThatHolds(alternatives, default=0, output_field=IntegerField())
    assert holds(condition, values) is expected
    answer = Assignment.objects.annotate(answer=in_sql).values_list("answer", flat=True).get()
    assert bool(answer) is expected


def test_a_condition_may_be_about_an_expression_with_operators_of_its_own(
    make_action, administration
):
    make_action([administration])
    is_done = GreaterThanOrEqual(Coalesce(F("newest_percent"), 0), 100)
    rows = Assignment.objects.annotate(
        is_done=ExpressionWrapper(is_done, output_field=BooleanField())
    )
    alternatives = [Alternative(Q(is_done=False), 7)]
    number = FirstThatHolds(alternatives, default=0, output_field=IntegerField())
    assert rows.annotate(number=number).values_list("number", flat=True).get() == 7
