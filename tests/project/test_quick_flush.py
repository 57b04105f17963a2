"""After a test that committed, the database is as the migrations have left it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from items.models import Action, Change, ProgressReport, User
from tests import quick_flush


def rows():
    """{table: number of rows} of all that stands in the database."""
    numbers = {}
    for model in [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]:
        numbers[model._meta.db_table] = model._base_manager.count()
    return numbers


@pytest.mark.django_db(transaction=True)
def test_what_tests_write_is_deleted_and_what_migrations_write_stays(
    make_action, make_report, administration, q4, mei
):
    staying = (ContentType, Permission, MigrationRecorder.Migration)
    stays = {model._meta.db_table: model._base_manager.count() for model in staying}
    assert all(stays.values())
    make_report(make_action([administration]).assignments.get(), q4, mei)
    for model in (Action, Change, ProgressReport, User):
        assert model._base_manager.exists()
    quick_flush.empty(connection)
    assert {table: number for table, number in rows().items() if number} == stays


@pytest.mark.django_db(transaction=True)
def test_nothing_of_another_test_is_left():
    """Whichever test committed before this one in the same process."""
    assert not User.objects.exists()
    with transaction.atomic():
        ContentType.objects.clear_cache()
        assert ContentType.objects.get_for_model(Action).pk
