"""承辦人 of an assignment: a member of its department."""

import pytest
from django.core.exceptions import ValidationError

from items.models import Assignment, Change
from items.workflow import history
from tests.making import NOW, make_user


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def test_a_member_of_the_department_can_be_named(assignment, coordinator, mei):
    assignment.contact = mei
    history.save(assignment, by=coordinator, at=NOW)
    assert Assignment.objects.get().contact == mei
    assert Change.objects.get().fields == {"contact": [None, "王美玲"]}


def test_a_stranger_and_somebody_who_only_reads_cannot(assignment, administration, hao):
    reader = make_user("reader", "稽核員", "auditor", reporter=administration)
    for person in (hao, reader):
        assignment.contact = person
        with pytest.raises(ValidationError, match=f"{person}不是行政處能填報的人員"):
            assignment.full_clean()


def test_somebody_who_has_left_stays_named_while_other_fields_are_saved(
    assignment, coordinator, mei
):
    Assignment.objects.update(contact=mei)
    mei.memberships.all().delete()
    row = Assignment.objects.with_contact().get()
    assert row.contact_words == "王美玲（尚未移交）"
    assert row.named_contact is None
    row.deadline_text = "115年12月底"
    history.save(row, by=coordinator, at=NOW)
    assert Assignment.objects.get().contact == mei


def test_a_contact_does_not_follow_to_another_department(assignment, coordinator, information, mei):
    Assignment.objects.update(contact=mei)
    row = Assignment.objects.get()
    row.department = information
    history.save(row, by=coordinator, at=NOW)
    assert Assignment.objects.get().contact is None
    assert Change.objects.get().fields["contact"] == ["王美玲", None]
