"""SQL over the rows of a queryset."""

from items.models import Programme
from items.models.sub_select import select_from


def test_a_value_is_compared_as_it_was_given_whatever_signs_it_has(programme):
    title = "115年度「100%」計畫's %s"
    Programme.objects.filter(pk=programme.pk).update(title=title)
    rows = Programme.objects.filter(title=title, pk=programme.pk).order_by().values_list("title")
    assert select_from(rows, "found", ["title"], "SELECT title FROM found") == [(title,)]


def test_a_percent_sign_before_an_s_is_no_place_of_a_value(programme):
    rows = Programme.objects.filter(pk=programme.pk).order_by().values_list("title")
    sql = "SELECT 'plans' LIKE 'p%%s' FROM found"
    [(is_like,)] = select_from(rows, "found", ["title"], sql)
    assert is_like


def test_rows_of_which_there_are_none_give_none(programme):
    rows = Programme.objects.none().values_list("title")
    assert select_from(rows, "found", ["title"], "SELECT title FROM found") == []
