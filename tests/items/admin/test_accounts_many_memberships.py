"""A thousand memberships: SQLite takes only so many keys in one statement."""

import pytest
from django.urls import reverse

from items.models import Membership, User

pytestmark = pytest.mark.one_engine


@pytest.mark.slow
def test_lists_of_departments_and_people_open_with_a_thousand_memberships(
    client, admin, administration, programme
):
    people = [User(username=f"p{number}", full_name=f"同仁{number}") for number in range(1100)]
    people = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, department=administration, role="reporter") for person in people
    )
    client.force_login(admin)
    addresses = [
        reverse("admin:items_department_changelist"),
        reverse("admin:items_department_change", args=[administration.pk]),
        reverse("departments", args=[115]),
        reverse("department", args=[115, administration.pk]),
        reverse("people", args=[115]),
    ]
    answers = {address: client.get(address).status_code for address in addresses}
    assert set(answers.values()) == {200}, answers
