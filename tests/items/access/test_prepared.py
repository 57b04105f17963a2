"""A query that is written once for a role gives each person what their own right gives."""

from datetime import date

import pytest
from django.http import Http404

from items import access
from items.access.fetching import NotAllowed
from items.access.prepared import PreparedForPersonAndKeys
from items.models import Assignment, Deputy, MembershipRole, Period, Programme, Role
from items.models.prepared import Slot
from tests.making import NOW, TODAY, make_user

OWN = PreparedForPersonAndKeys(
    lambda user, keys: access.assignments_to_report(user).filter(pk__in=keys)
)


OWN_OF_DEPARTMENT = PreparedForPersonAndKeys(
    lambda user, keys: access.assignments_to_report(user).filter(
        pk__in=keys, department=Slot("department")
    )
)


@pytest.fixture
def items(make_action, administration, information):
    make_action([administration, information])
    make_action([information])
    return list(Assignment.objects.order_by("pk"))


@pytest.mark.one_engine
@pytest.mark.parametrize("role", Role)
def test_it_is_that_of_the_person_and_not_of_whoever_asked_before(
    role, items, administration, information
):
    people = [
        make_user("one", "甲", role=role, reporter=administration),
        make_user("two", "乙", role=role, reporter=information),
        make_user("none", "丙", role=role),
    ]
    for person in people:
        person.acts_on = TODAY
        assert reportable(person, items) == expected(person)


@pytest.mark.one_engine
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_begun", [True, False])
def test_a_form_is_for_whoever_reports_whether_something_is_written_or_not(
    role, is_begun, items, administration, information, q4, mei, make_report
):
    if is_begun:
        for item in items:
            make_report(item, q4, mei)
    people = [
        make_user("one", "甲", role=role, reporter=administration),
        make_user("two", "乙", role=role, reporter=information),
    ]
    for person in people:
        person.acts_on = TODAY
        places = []
        for item in items:
            try:
                place = access.get_place_to_write(person, item.pk, year=115, number=4)
            except NotAllowed:
                continue
            assert place.period == q4
            assert place.assignment.reportable
            assert place.assignment.action.programme == q4.programme
            assert (place.report is not None) == is_begun
            places.append(place.assignment.pk)
        assert set(places) == expected(person)
        assert len(places) == len(expected(person))


def test_an_item_has_no_form_for_a_period_of_another_year(items, mei, make_report):
    mei.acts_on = TODAY
    own = Assignment.objects.get(pk__in=expected(mei))
    other_year = Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    other_period = Period.objects.create(
        programme=other_year,
        number=4,
        name="第4季",
        starts_on=date(2027, 10, 1),
        ends_on=date(2027, 12, 31),
        due_on=date(2028, 1, 10),
    )
    with pytest.raises(Http404):
        access.get_place_to_write(mei, own.pk, year=116, number=4)
    # Nothing of ours writes such a report.
    make_report(own, other_period, mei)
    with pytest.raises(Http404):
        access.get_place_to_write(mei, own.pk, year=116, number=4)


def test_whoever_stands_in_reports_on_what_the_absent_person_does(items, mei, information):
    absent = make_user("absent", "甲", reporter=information)
    mei.acts_on = TODAY
    assert reportable(mei, items) == expected(mei)
    Deputy.objects.create(
        person=absent, deputy=mei, starts_on=TODAY, ends_on=TODAY, made_by=absent, made_at=NOW
    )
    mei.acts_on = TODAY
    mei.principals = None
    assert reportable(mei, items) == expected(mei)
    assert len(expected(mei)) == len(items)


def reportable(person, items):
    keys = set()
    for item in items:
        try:
            keys.add(access.get_reportable(person, item.pk).pk)
        except NotAllowed:
            continue
    return keys


def expected(person):
    return set(access.assignments_to_report(person).values_list("pk", flat=True))


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [Role.STAFF, Role.COORDINATOR, Role.MANAGER])
def test_rows_named_by_keys_are_those_of_the_person(role, items, administration, information):
    people = [
        make_user("one", "甲", role=role, head=administration),
        make_user("two", "乙", role=role, reporter=information),
    ]
    keys = [item.pk for item in items]
    for person in people:
        person.acts_on = TODAY
        assert {row.pk for row in OWN(person, keys)} == expected(person)
        assert access.department_keys_of(person) == list(
            access.departments_of(person).values_list("department", flat=True)
        )
        headed = access.departments_of(person, role=MembershipRole.HEAD)
        assert access.is_head(person) == headed.exists()


@pytest.mark.parametrize("deputy", [False, True])
def test_rows_named_by_keys_have_slots_beside(items, mei, administration, information, deputy):
    """For somebody who stands in for others the words are another question's, the slots the same."""
    if deputy:
        absent = make_user("absent", "甲", reporter=information)
        Deputy.objects.create(
            person=absent, deputy=mei, starts_on=TODAY, ends_on=TODAY, made_by=absent, made_at=NOW
        )
    mei.acts_on = TODAY
    keys = [item.pk for item in items]
    for department in (administration, information):
        of_department = {item.pk for item in items if item.department_id == department.pk}
        rows = OWN_OF_DEPARTMENT(mei, keys, department=department.pk)
        assert {row.pk for row in rows} == of_department & expected(mei)
    assert OWN_OF_DEPARTMENT(mei, [], department=administration.pk) == []
