"""How fields look on all pages of the back office."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.db.models.fields.related import RelatedField
from django.forms import BaseInlineFormSet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest

from items.fields import RocDateField, RocDateInput
from items.forms.overtaken import OfficeForm
from items.models import Period

CHANGED_BEFORE_DELETION = (
    "沒有儲存：勾了「刪除」的資料裡，有一筆剛才別人改過，內容寫在那一筆上面。"
    "請看過再決定；還是要刪除，請再儲存一次。"
)
SHORT_NUMBER = re.compile("[0-9]{1,18}")
"""What may be the key of a row: PostgreSQL answers longer ones with an error."""


class PeriodFilter(admin.RelatedFieldListFilter):
    """填報期 with their year; Django's own would ask for the programme of each one."""

    def field_choices(
        self,
        field: RelatedField,
        request: HttpRequest,
        model_admin: admin.ModelAdmin,
    ) -> list[tuple[Any, Any]]:
        periods = Period.objects.select_related("programme")
        return [(period.pk, str(period)) for period in periods]


class Autocomplete(AutocompleteSelect):
    """Says what to do while it is empty; without that, a screen reader has no name for it.

    With a `year`, only what belongs to that 民國 year is offered.
    """

    year: int | None = None

    def get_url(self) -> str:
        url = super().get_url()
        if self.year is None:
            return url
        return f"{url}?year={self.year}"

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attributes = super().build_attrs(base_attrs, extra_attrs)
        attributes["data-placeholder"] = "請選擇"
        return attributes

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        """The chosen row; a value that can be no key chooses none, where Django would fail."""
        keys = []
        for key in value:
            is_blank = key == ""
            if is_blank or SHORT_NUMBER.fullmatch(str(key)):
                keys.append(key)
        return super().optgroups(name, keys, attrs)


class PlainFields(BaseModelAdmin):
    """Each field carries its name, days are 民國 dates, choices go without pencil and cross."""

    formfield_overrides = {models.DateField: {"form_class": RocDateField, "widget": RocDateInput}}

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # The wrapper draws links that add, change and delete the chosen row, in a pop-up.
            field.widget = field.widget.widget
        # In a table of rows the heading is far away, and there is no label.
        field.widget.attrs.setdefault("aria-label", str(field.label))
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class InlineRows(BaseInlineFormSet):
    """Rows inside another object's page; the box that deletes one carries its name too."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        box = form.fields.get(DELETION_FIELD_NAME)
        if box is not None:
            box.widget.attrs["aria-label"] = "刪除"

    def clean(self) -> None:
        """A row that somebody else has changed meanwhile is not deleted before that was seen."""
        super().clean()
        for form in self.initial_forms:
            # Django does not look at what is wrong in a row that is to go.
            assert isinstance(form, OfficeForm)
            if form.cleaned_data.get(DELETION_FIELD_NAME) and form.overtaken:
                raise forms.ValidationError(CHANGED_BEFORE_DELETION)


class RowsInline(PlainFields, admin.TabularInline):
    """The same look for rows inside another object's page, with no empty rows waiting."""

    form = OfficeForm
    formset = InlineRows
    extra = 0
