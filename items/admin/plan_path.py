"""計畫內容: 實施策略, 推動方法 and 執行計畫, which lead to an action."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from items.admin.base import OfficeAdmin
from items.admin.words import short
from items.models import Action, Method, Plan, Strategy

LONG_TEXT = {
    "title": forms.Textarea(attrs={"rows": 4}),
    "expected_benefit": forms.Textarea(attrs={"rows": 3}),
}


class PlanPartAdmin(OfficeAdmin):
    """Strategies, methods, plans and actions: long texts, short in lists."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return super().get_form(request, obj, change, widgets=LONG_TEXT, **kwargs)

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


@admin.register(Method)
class MethodAdmin(PlanPartAdmin):
    """推動方法."""

    list_display = ["short", "strategy", "position"]
    list_filter = ["strategy__programme", "strategy"]
    list_select_related = ["strategy"]
    search_fields = ["title"]
    search_help_text = "推動方法"
    autocomplete_fields = ["strategy"]
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
    fields = ["method", "position", "title"]
    ordering = [
        "method__strategy__programme",
        "method__strategy__number",
        "method__position",
        "position",
        "id",
    ]
