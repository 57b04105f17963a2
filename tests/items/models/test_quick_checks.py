"""A check says of a row what Django's own check says of it, though its SQL is written only once."""

import random
from datetime import date
from itertools import islice, product

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.functions import Now

from items.models import Meeting, ProgressReport
from items.models.quick_checks import CannotBeWrittenOnceError, QuickCheck
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("items").get_models() if model._meta.constraints]
ROWS_OF_A_CHECK = 8


def checks_of(model):
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            yield constraint


def values_of(field):
    """A few that a condition may like or not."""
    if field.choices:
        return ["", "nothing of the kind", *[value for value, _ in field.choices][:3]]
    if isinstance(field, models.BooleanField):
        return [False, True]
    if isinstance(field, models.DateTimeField):
        return [None, NOW]
    if isinstance(field, models.DateField):
        return [None, date(2026, 1, 1), TODAY]
    if isinstance(field, models.CharField | models.TextField):
        return ["", "完成地坪施工。", "字" * 33_000]
    if isinstance(field, models.JSONField):
        return [None, {}, {"a": 1}]
    return [None, -1, 0, 1, 100, 101]


def rows_for(model, check):
    """Rows that differ in the fields which the check names."""
    names = sorted(check.condition.referenced_base_fields)
    fields = [model._meta.get_field(name) for name in names]
    all_rows = list(islice(product(*[values_of(field) for field in fields]), 20_000))
    chosen = random.Random(115).sample(all_rows, min(len(all_rows), ROWS_OF_A_CHECK))
    for values in chosen:
        row = model()
        for field, value in zip(fields, values, strict=True):
            setattr(row, field.attname, value)
        yield row


def sentence(validate, model, row, **asked):
    try:
        validate(model, row, **asked)
    except ValidationError as error:
        return error.messages
    return None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_check_says_what_django_says(model):
    for check in checks_of(model):
        assert isinstance(check, QuickCheck), check.name
        # None is left to Django, which would write it anew each time.
        check.written(model, connection)
        plain = models.CheckConstraint(
            condition=check.condition,
            name=check.name,
            # Django fills in what follows a %.
            violation_error_message=check.get_violation_error_message().replace("%", "%%"),
        )
        for row in rows_for(model, check):
            assert sentence(check.validate, model, row) == sentence(plain.validate, model, row)


def test_a_check_says_nothing_where_one_of_its_fields_is_not_asked_about():
    given = next(check for check in checks_of(Meeting) if check.name == "meeting_name_given")
    assert sentence(given.validate, Meeting, Meeting(name="")) is not None
    assert sentence(given.validate, Meeting, Meeting(name=""), exclude={"name"}) is None
    assert sentence(given.validate, Meeting, Meeting(name=""), exclude={"chair"}) is not None


def test_a_sentence_with_percents_is_said_as_it_stands():
    given = QuickCheck(
        condition=models.Q(percent__lte=100),
        name="at_most_all",
        violation_error_message="請填 0% 到 100%。",
    )
    assert sentence(given.validate, ProgressReport, ProgressReport(percent=101)) == [
        "請填 0% 到 100%。"
    ]


def test_what_the_database_computes_is_left_to_django():
    began = QuickCheck(condition=models.Q(since__isnull=False), name="has_begun")
    report = ProgressReport(since=Now())
    with pytest.raises(CannotBeWrittenOnceError):
        began.written(ProgressReport, connection).values_of(report, connection)
    assert sentence(began.validate, ProgressReport, report) is None
    assert sentence(began.validate, ProgressReport, ProgressReport(since=None)) is not None


def test_migrations_know_only_djangos_own():
    path, _, arguments = next(checks_of(Meeting)).deconstruct()
    assert path == "django.db.models.CheckConstraint"
    assert set(arguments) <= {
        "condition",
        "name",
        "violation_error_message",
        "violation_error_code",
    }
