"""Somebody who fills a 填報表 in, signed in."""

import pytest

from items.models import Department
from tests.making import make_user


@pytest.fixture
def office(plan):
    return Department.objects.get(name="行政處")


@pytest.fixture
def mei(office):
    return make_user("mei", "王美玲", reporter=office)


@pytest.fixture
def client_of_mei(quarter, sign_in, mei):
    return sign_in(mei)
