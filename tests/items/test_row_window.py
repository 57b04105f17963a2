"""A page that the database cuts is the page that `Paginator` would cut of the whole list."""

import pytest
from django.core.paginator import Paginator

from items.models import Department
from items.row_window import page_of_keys

PER_PAGE = 3
NUMBERS = (None, "", "1", "2", "3", "4", "99", "0", "-1", "最後", "9" * 30)


@pytest.fixture
def departments(db):
    """departments(count) → so many, of which the order is not that of their keys."""

    def make(count):
        for number in range(count):
            Department.objects.create(name=f"第{number}處", position=100 - number)
        return Department.objects.order_by("position")

    return make


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_the_page_of_the_whole_list(departments, count, number):
    rows = departments(count)
    whole = Paginator(list(rows.values_list("pk", flat=True)), PER_PAGE).get_page(number)

    page = page_of_keys(rows, number, per_page=PER_PAGE)

    assert list(page.object_list) == list(whole.object_list)
    assert page.number == whole.number
    assert page.paginator.count == count
    assert page.paginator.num_pages == whole.paginator.num_pages
    assert (page.has_previous(), page.has_next()) == (whole.has_previous(), whole.has_next())


def test_a_page_and_the_count_are_one_query(departments, django_assert_num_queries):
    rows = departments(7)
    with django_assert_num_queries(1):
        page = page_of_keys(rows, "2", per_page=PER_PAGE)

    assert len(page) == PER_PAGE
    assert page.paginator.count == 7
