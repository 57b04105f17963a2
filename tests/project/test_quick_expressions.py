"""An expression that tests copy and compare in plain steps is the one that Django would have had."""

import copy

import pytest
from django.db.models import Case, Count, F, OrderBy, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.fields import CharField
from django.db.models.functions import Coalesce, Concat, Rank, Trunc

from items import access
from items.access.fetching import with_rights
from items.models import Action, Assignment
from items.models.light_basis import LightBasis
from tests import quick_expressions
from tests.making import TODAY

BUILT = [
    Value(3),
    Value("三", output_field=CharField()),
    F("title"),
    Coalesce("title", Value("")),
    Concat("code", Value("　"), "title"),
    Case(When(title="甲", then=Value(1)), When(Q(code="乙"), then=2), default=0),
    Count("pk", filter=Q(title=""), distinct=True),
    OrderBy(F("title"), descending=True, nulls_last=True),
    Trunc("updated_at", "month"),
    Window(Rank(), partition_by=[F("plan")], order_by=F("position").desc()),
    Subquery(Action.objects.filter(pk=OuterRef("action")).values("title")[:1]),
    Action._meta.get_field("title").get_col("items_action"),
]


@pytest.fixture
def all_expressions(programme, mei):
    """Those above, and what lists of a person annotate, with all that these are made of."""
    return [*BUILT, *expressions_of_lists(programme, mei)]


def expressions_of_lists(programme, person):
    querysets = [
        with_rights(access.visible_assignments(person), may_report=access.can_report(person)),
        Assignment.objects.with_light(LightBasis.of(programme, TODAY)),
    ]
    for queryset in querysets:
        for annotation in queryset.query.annotations.values():
            for expression in annotation.flatten():
                if expression is not None:
                    yield expression


@pytest.mark.one_engine
def test_a_copy_has_what_the_copy_of_django_has(all_expressions):
    number = 0
    for expression in all_expressions:
        if not isinstance(expression, quick_expressions.BaseExpression):
            continue
        copied = quick_expressions.quick_copy(expression)
        anew = copy.copy(expression)
        assert copied is not expression
        assert type(copied) is type(anew)
        assert vars(copied).keys() == vars(anew).keys()
        for name, value in vars(anew).items():
            assert vars(copied)[name] is value, (expression, name)
        number += 1
    assert number > len(BUILT)


@pytest.mark.one_engine
def test_an_expression_is_compared_by_what_django_compares_it_by(all_expressions):
    compared = set()
    for expression in all_expressions:
        if isinstance(expression, quick_expressions.Expression):
            expected = quick_expressions.identity_of_django(expression)
            assert quick_expressions.quick_identity(expression) == expected
            compared.add(type(expression))
    assert len(compared) > 10


def test_what_is_left_out_is_its_default_and_the_place_of_an_argument_does_not_count():
    assert Value("甲") == Value(value="甲", output_field=None)
    assert Value("甲") != Value("乙")
    assert OrderBy(F("title"), True) == OrderBy(expression=F("title"), descending=True)
