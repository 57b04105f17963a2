"""Whoever ends an account or a membership in the back office is told which work is left."""

import pytest
from django.urls import reverse

from items.models import Assignment, Membership
from tests.items.admin.admin_pages import listing, page_of, words_of
from tests.items.admin.flat_tables import ACCOUNTS, bring

LEFT = "還有業務尚未移交。 到「人員與移交」辦理移交"
PEOPLE = reverse("people", args=[115])


@pytest.fixture
def assignment(make_action, administration, mei):
    """An item of 行政處 that 王美玲 looks after."""
    assignment = make_action([administration]).assignments.get()
    Assignment.objects.filter(pk=assignment.pk).update(contact=mei)
    return assignment


def account(person, membership, **fields):
    """The page of an account as a browser sends it."""
    return {
        "username": person.username,
        "full_name": person.full_name,
        "email": "",
        "role": person.role,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": membership.pk,
        "memberships-0-user": person.pk,
        "memberships-0-department": membership.department_id,
        "memberships-0-role": membership.role,
        **fields,
    }


@pytest.mark.one_engine
def test_deactivating_from_the_list_tells_what_is_left(office, assignment, mei, hao):
    chosen = {"action": "deactivate", "_selected_action": [mei.pk, hao.pk]}
    answer = office.post(listing("user"), chosen, follow=True)
    words = words_of(answer)
    assert f"王美玲（已停用；承辦 1 項）{LEFT}" in words
    assert f'href="{PEOPLE}"' in answer.content.decode()
    assert "林志豪（" not in words
    # The name stays at the item until it is handed over.
    assert Assignment.objects.get().contact == mei


def test_ending_a_membership_tells_it_on_the_page_of_the_account(office, assignment, mei):
    membership = mei.memberships.get()
    sent = account(mei, membership, **{"memberships-0-DELETE": "on"})
    answer = office.post(page_of(mei), sent, follow=True)
    assert not Membership.objects.exists()
    assert "王美玲（已不在原單位；承辦 1 項）還有業務尚未移交。" in words_of(answer)


@pytest.mark.one_engine
def test_saving_somebody_who_has_left_nothing_says_nothing(office, assignment, mei):
    answer = office.post(page_of(mei), account(mei, mei.memberships.get()), follow=True)
    assert "尚未移交" not in words_of(answer)


@pytest.mark.one_engine
def test_taking_somebody_out_on_the_page_of_the_department_tells_it(
    office, assignment, administration, mei
):
    membership = mei.memberships.get()
    sent = {
        "name": "行政處",
        "position": 1,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": membership.pk,
        "memberships-0-department": administration.pk,
        "memberships-0-user": mei.pk,
        "memberships-0-role": "reporter",
        "memberships-0-DELETE": "on",
    }
    answer = office.post(page_of(administration), sent, follow=True)
    assert "王美玲（已不在原單位；承辦 1 項）還有業務尚未移交。" in words_of(answer)


def test_a_file_of_accounts_tells_it_too(office, assignment, mei):
    _, done = bring(office, "user", ACCOUNTS, ["mei", "王美玲", "", "", "否", "行政處"])
    assert "王美玲（已停用；承辦 1 項）還有業務尚未移交。" in words_of(done)


def test_an_account_that_looks_after_something_is_not_deleted(office, assignment, mei):
    assert office.get(reverse("admin:items_user_delete", args=[mei.pk])).status_code == 403
