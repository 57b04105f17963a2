"""A copied field of a migration's state is the field that Django would have built anew."""

from django.db.migrations.loader import MigrationLoader

from items.models import Action
from tests import quick_states


def fields_of_the_newest_state():
    for model in MigrationLoader(None).project_state().models.values():
        yield from model.fields.items()


def test_a_copy_says_of_itself_what_the_field_says_and_knows_no_model():
    for name, field in fields_of_the_newest_state():
        # Whoever asks, as steps of migrations do, leaves the answer in the field.
        assert field.many_to_one in (True, False, None)
        if field.is_relation:
            assert field.related_model
        copied = field.clone()
        anew = quick_states.clone_of_django(field)
        assert copied is not field
        assert copied.deconstruct() == field.deconstruct(), name
        assert vars(copied).keys() == vars(anew).keys(), name
        if field.remote_field:
            assert copied.remote_field is not field.remote_field
            assert copied.remote_field.field is copied
            assert vars(copied.remote_field).keys() == vars(anew.remote_field).keys(), name


def test_a_field_that_stands_in_a_model_is_built_anew():
    in_a_model = Action._meta.get_field("title")
    assert not hasattr(in_a_model.clone(), "model")
