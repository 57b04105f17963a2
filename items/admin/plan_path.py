"""計畫內容: 實施策略, 推動方法 and 執行計畫, which lead to an action."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from items.admin.base import OfficeAdmin
from items.admin.plain_fields import Autocomplete
from items.admin.words import short
from items.models import Action, Method, Plan, Programme, Strategy

LONG_TEXT = {
    "title": forms.Textarea(attrs={"rows": 4}),
    "expected_benefit": forms.Textarea(attrs={"rows": 3}),
}


class RowAbove(NamedTuple):
    """The field of the row above, and the look-up that leads from that row to its programme."""

    field: str
    path_to_programme: str


class PlanPartAdmin(OfficeAdmin):
    """Strategies, methods, plans and actions: long texts, short in lists."""

    above: RowAbove | None = None

    @property
    def path_to_programme(self) -> str:
        """The look-up that leads from the part to its programme."""
        if self.above is None:
            return "programme"
        return f"{self.above.field}__{self.above.path_to_programme}"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """A part of the plan stays in its year, since codes and reports below it name the year."""
        form = super().get_form(request, obj, change, widgets=LONG_TEXT, **kwargs)
        if obj is None or self.above is None:
            return form
        field = form.base_fields.get(self.above.field)
        # It is no field where the person may only look.
        if isinstance(field, forms.ModelChoiceField):
            self.limit_to_year(field, obj.programme, self.above.path_to_programme)
        return form

    def limit_to_year(
        self, field: forms.ModelChoiceField, programme: Programme, path_to_programme: str
    ) -> None:
        """Offer, and take, only what belongs to the year of the part itself."""
        above = field.queryset
        # None only for a field that was made without choices.
        assert above is not None
        field.queryset = above.filter(**{path_to_programme: programme})
        words = (
            f"{self.opts.verbose_name}不能移到別的年度，請選{programme.year}年度的{field.label}。"
        )
        field.error_messages["invalid_choice"] = words
        if isinstance(field.widget, Autocomplete):
            field.widget.year = programme.year

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A choice on the page of a part offers those of the part's year alone."""
        rows, has_duplicates = super().get_search_results(request, queryset, search_term)
        if request.path != reverse("admin:autocomplete"):
            return rows, has_duplicates
        # Each choice names its year.
        rows = rows.select_related(self.path_to_programme)
        year = request.GET.get("year", "")
        if year.isascii() and year.isdecimal() and len(year) <= 3:
            rows = rows.filter(**{f"{self.path_to_programme}__year": int(year)})
        return rows, has_duplicates

    @admin.display(description="內容", ordering="title")
    def short(self, part: Strategy | Method | Plan | Action) -> str:
        return short(part.title)


@admin.register(Strategy)
class StrategyAdmin(PlanPartAdmin):
    """實施策略."""

    list_display = ["number", "short", "programme"]
    list_display_links = ["number", "short"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["title"]
    search_help_text = "實施策略"
    fields = ["programme", "number", "title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Strategy | None = None) -> list[str]:
        if obj is None:
            return []
        return ["programme"]


@admin.register(Method)
class MethodAdmin(PlanPartAdmin):
    """推動方法."""

    list_display = ["short", "strategy", "position"]
    list_filter = ["strategy__programme", "strategy"]
    list_select_related = ["strategy"]
    search_fields = ["title"]
    search_help_text = "推動方法"
    autocomplete_fields = ["strategy"]
    above = RowAbove("strategy", "programme")
    fields = ["strategy", "position", "title"]
    ordering = ["strategy__programme", "strategy__number", "position", "id"]


@admin.register(Plan)
class PlanAdmin(PlanPartAdmin):
    """執行計畫."""

    list_display = ["short", "method", "position"]
    list_filter = ["method__strategy__programme", "method__strategy"]
    list_select_related = ["method"]
    search_fields = ["title", "method__title"]
    search_help_text = "執行計畫或推動方法"
    autocomplete_fields = ["method"]
    above = RowAbove("method", "strategy__programme")
    fields = ["method", "position", "title"]
    ordering = [
        "method__strategy__programme",
        "method__strategy__number",
        "method__position",
        "position",
        "id",
    ]
