"""`{% url %}` gives what Django gives, though an address is worked out once."""

import pytest
from django.template import Context, Engine
from django.urls import NoReverseMatch, set_script_prefix
from django.utils.safestring import mark_safe

from items.templatetags.addresses import _address

DJANGO = Engine()
"""With Django's own tag."""


def shown(template, **context):
    return Engine.get_default().from_string(template).render(Context(context))


def as_django_shows(template, **context):
    return DJANGO.from_string(template).render(Context(context))


@pytest.fixture(autouse=True)
def nothing_kept():
    _address.cache_clear()


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("{% url 'plan' year %}", {"year": 115}),
        ("{% url 'plan' year as there %}[{{ there }}]", {"year": 115}),
        ("{% url 'plan' year=year %}", {"year": 115}),
        ("{% url 'action' year code %}", {"year": 115, "code": "1-1&<'"}),
        ("{% url 'action' year code as there %}{{ there }}", {"year": 115, "code": "1-1&<'"}),
        ("{% autoescape off %}{% url 'action' year code %}{% endautoescape %}",
         {"year": 115, "code": "1&<"}),
        ("{% url 'action' year code %}", {"year": 115, "code": mark_safe("1&<")}),
        ("{% url 'action' year True %}", {"year": 115}),
        ("{% url 'no such page' year as there %}[{{ there }}]", {"year": 115}),
        ("{% url 'admin:index' %}", {}),
    ],
)  # fmt: skip
def test_an_address_is_as_django_writes_it_also_when_it_is_kept(template, context):
    first = shown(template, **context)
    assert first == as_django_shows(template, **context)
    assert shown(template, **context) == first


def test_equal_arguments_of_other_types_have_their_own_addresses():
    template = "{% url 'action' 115 code %}"
    assert shown(template, code=1) == "/115/actions/1/"
    assert shown(template, code=True) == "/115/actions/True/"
    assert shown(template, code="1") == "/115/actions/1/"


def test_an_address_that_there_is_not_is_an_error_each_time():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            shown("{% url 'plan' year %}", year="")


def test_below_another_folder_of_the_site_it_begins_there():
    assert shown("{% url 'plan' 115 %}") == "/115/plan/"
    try:
        set_script_prefix("/office/")
        assert shown("{% url 'plan' 115 %}") == "/office/115/plan/"
    finally:
        set_script_prefix("/")


def test_it_is_worked_out_once():
    shown("{% url 'plan' 115 %}")
    shown("{% url 'plan' 115 %}")
    assert _address.cache_info().hits == 1
    assert _address.cache_info().misses == 1
