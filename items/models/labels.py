"""The Chinese name of a field, which is said once: on the model."""

from django.db import models


def field_label(model: type[models.Model], name: str) -> str:
    """The `verbose_name` of a field; `name` may also be that of its column, such as `plan_id`."""
    # Typed as Any by django-stubs: a reverse relation has no verbose name, but nobody asks for one.
    return str(model._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
