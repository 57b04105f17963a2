"""A page of a service that is away shows what was written in any form."""

from importlib import import_module
from pkgutil import walk_packages

from django import forms as django_forms

from items import forms
from plan_tracker.errors import WRITTEN


def test_every_text_of_every_form_is_shown_where_it_cannot_be_saved():
    names = set()
    for module in walk_packages(forms.__path__, "items.forms."):
        for value in vars(import_module(module.name)).values():
            for name, field in getattr(value, "base_fields", {}).items():
                if isinstance(field.widget, django_forms.Textarea):
                    names.add(name)
    assert "agenda" in names
    assert names <= set(WRITTEN)
