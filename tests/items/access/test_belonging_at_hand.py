"""Who somebody is, asked once in a request that only reads."""

import pytest

from items import access
from items.models import Membership, MembershipRole, User
from tests.making import make_user

pytestmark = pytest.mark.one_engine


@pytest.fixture
def wen(administration):
    return make_user("wen", "吳雅雯", reporter=administration)


def test_a_reading_request_asks_for_the_memberships_once(wen, administration, information):
    Membership.objects.create(user=wen, department=information, role=MembershipRole.HEAD)
    asked = User.objects.get(pk=wen.pk)
    reading = User.objects.get(pk=wen.pk)
    reading.only_reads = True
    assert access.is_head(reading) is access.is_head(asked) is True
    keys = {administration.pk, information.pk}
    assert set(access.department_keys_of(reading)) == set(access.department_keys_of(asked)) == keys


def test_its_further_questions_cost_no_query(wen, django_assert_num_queries):
    wen.only_reads = True
    with django_assert_num_queries(1):
        assert not access.is_head(wen)
        assert access.department_keys_of(wen)
        assert access.memberships_behind(wen)


def test_a_request_that_changes_something_asks_anew(wen, administration):
    assert not access.is_head(wen)
    Membership.objects.update(role=MembershipRole.HEAD)
    assert access.is_head(wen)


def test_somebody_who_only_reads_the_plan_heads_nothing(administration):
    ji = make_user("ji", "紀稽核", head=administration, role="auditor")
    ji.only_reads = True
    assert not access.is_head(ji)
    assert access.department_keys_of(ji) == []
