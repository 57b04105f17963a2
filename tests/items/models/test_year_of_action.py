"""Each 分辦 carries the year of its action, whichever door it came through."""

import pytest
from django.db.models import F

from items.exchange.plan_import.undo import undo
from items.models import Assignment, Department
from tests.items.exchange.official_rows import bring_in
from tests.items.exchange.plan_import.whole_plan import edited
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

YEAR = "action__plan__method__strategy__programme"


def wrong_copies():
    return list(Assignment.objects.exclude(of_year=F(YEAR)))


def test_an_import_and_its_undoing_write_the_year(plan, coordinator):
    batch = bring_in(edited(plan), plan, coordinator, NOW)
    assert wrong_copies() == []
    undo(batch, by=coordinator, at=NOW)
    assert wrong_copies() == []


def test_rows_made_one_by_one_or_many_at_once_take_the_year_of_their_action(make_action):
    action = make_action([])
    departments = [Department.objects.create(name=name) for name in ("業務處", "港務處", "資訊室")]
    rows = []
    for department in departments:
        rows.append(
            Assignment(
                action=action, department=department, deadline=TODAY, deadline_text="115年11月22日"
            )
        )
    rows[0].save()
    Assignment.objects.bulk_create(rows[1:])
    assert Assignment.objects.of_own_year(action.programme.pk).count() == 3
    assert wrong_copies() == []
