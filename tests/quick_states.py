"""How the models between two migrations get their fields: copied, not taken apart and built anew.

Django builds most models again for each step of a migration, twenty thousand of them for the tests
of `tests/project/migrations/`, and a fourth of that time went into taking fields apart. A copy that
shares no state is what Django itself gives the children of an abstract model.
"""

from copy import deepcopy
from functools import cache

from django.db.models import Field
from django.utils.functional import cached_property

clone_of_django = Field.clone


def install():
    Field.clone = _clone


def _clone(field):
    if hasattr(field, "model"):
        # It knows the model that it stands in, and its copy would, too.
        return clone_of_django(field)
    copied = deepcopy(field)
    _forget_what_was_looked_up(copied)
    if copied.remote_field:
        _forget_what_was_looked_up(copied.remote_field)
    if not field.auto_created:
        # The columns of a table stand in the order in which its fields were made.
        copied.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return copied


def _forget_what_was_looked_up(thing):
    """What it knows of the models around it, which are others where the copy will stand."""
    for name in _looked_up(type(thing)) & vars(thing).keys():
        del vars(thing)[name]


@cache
def _looked_up(kind):
    """The names of the cached properties of a class, but for what a field begins with."""
    names = {name for name in dir(kind) if isinstance(getattr(kind, name, None), cached_property)}
    return names - {"validators"}
