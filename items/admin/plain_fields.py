"""How fields look on all pages of the back office."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.forms import BaseInlineFormSet

from items.fields import RocDateField, RocDateInput
from items.models import Period


class PeriodFilter(admin.RelatedFieldListFilter):
    """Periods with their year, fetched at once."""

    def field_choices(self, field, request, model_admin):
        return [(period.pk, str(period)) for period in Period.objects.select_related("programme")]


class Autocomplete(AutocompleteSelect):
    """Says what to do while it is empty; without that, a screen reader has no name for it."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return {**super().build_attrs(base_attrs, extra_attrs), "data-placeholder": "請選擇"}


class PlainFields:
    """Each field carries its name (rows of a table have no label), days are 民國 dates, choices go without pencil and cross."""

    formfield_overrides = {models.DateField: {"form_class": RocDateField, "widget": RocDateInput}}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        field.widget.attrs.setdefault("aria-label", str(field.label))
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Rows(BaseInlineFormSet):
    """Rows inside another object's page; the box that deletes one carries its name too."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "刪除"


class RowsInline(PlainFields, admin.TabularInline):
    formset = Rows
    extra = 0
