"""The Chinese name of a field, which is said once: on the model."""

from django.db import models


def field_label(model: type[models.Model], name: str) -> str:
    """The `verbose_name` of a field; `name` may also be that of its column, such as `plan_id`."""
    field = model._meta.get_field(name.removesuffix("_id"))
    # A reverse relation has no verbose name, and nobody asks for one.
    assert isinstance(field, models.Field)
    return str(field.verbose_name)
