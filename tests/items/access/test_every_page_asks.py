"""What the bar of every page asks is asked in SQL that was written once, and is the same answer."""

from datetime import date, timedelta

import pytest

from items import access
from items.models import Deputy, Membership, Notice, Period, Programme, ProgrammeState
from tests.making import NOW, TODAY, make_user


def notice(person, **fields):
    return Notice.objects.create(
        person=person,
        kind="deputy",
        event="deputy_named",
        about="deputy",
        about_id=1,
        at=NOW,
        **fields,
    )


def test_years_stand_in_the_order_of_their_day(quarters, programme):
    for year, state in [(114, ProgrammeState.CLOSED), (116, ProgrammeState.RUNNING)]:
        Programme.objects.create(
            year=year,
            title=f"{year}年度計畫",
            starts_on=date(year + 1911, 1, 1),
            ends_on=date(year + 1911, 12, 31),
            state=state,
        )
    for day in (TODAY, TODAY + timedelta(days=60), TODAY - timedelta(days=400)):
        asked = access.years_home_first(day)
        expected = list(Programme.objects.home_first(day))
        assert asked == expected
        assert [one.has_open_period for one in asked] == [one.has_open_period for one in expected]
    open_quarter = Period.objects.filter(closed_at=None)
    open_quarter.update(closed_at=NOW, closed_by=quarters[0].closed_by)
    assert [one.year for one in access.years_home_first(date(2027, 1, 20))] == [116, 115, 114]


def test_a_person_has_the_own_unread_notices_and_no_others(mei, hao):
    for person, number in ((mei, 2), (hao, 1)):
        for _ in range(number):
            notice(person)
    notice(mei, read_at=NOW)
    notice(mei, for_whom=hao)
    assert [access.number_unread(person) for person in (mei, hao)] == [2, 1]
    Notice.objects.update(read_at=NOW)
    assert access.number_unread(mei) == 0
    mei.is_active = False
    assert access.number_unread(mei) == 0


@pytest.mark.parametrize("number_of_principals", [1, 2])
def test_a_deputy_has_what_those_have_whom_they_stand_in_for(
    mei, information, administration, number_of_principals
):
    mei.acts_on = TODAY
    for number in range(number_of_principals):
        absent = make_user(f"absent{number}", "請假的人", head=information)
        Deputy.objects.create(
            person=absent, deputy=mei, starts_on=TODAY, ends_on=TODAY, made_by=absent, made_at=NOW
        )
        notice(mei, for_whom=absent)
    assert access.number_unread(mei) == number_of_principals
    behind = access.memberships_behind(mei)
    assert set(behind) == set(Membership.objects.all())
    departments = [membership.department for membership in behind]
    assert departments == [administration, *[information] * number_of_principals]
