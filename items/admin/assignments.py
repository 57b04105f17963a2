"""分辦 and 預定進度: who does what until when, and how far it should be."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from items.admin.base import OfficeAdmin
from items.admin.flat_table_pages import ExchangeTable
from items.admin.plain_fields import PeriodFilter
from items.admin.resources import AssignmentResource
from items.admin.words import roc, short
from items.fields import RocDateField, RocDateInput
from items.forms.overtaken import OfficeForm
from items.models import Assignment, Period, PlannedProgress
from items.models.assignment_queries import AssignmentQuerySet
from items.models.labels import field_label
from items.written_deadline import read_deadline

KEPT = "已經有填報、預定進度或管制異動，所以不能改；換單位請另外新增分辦。"


class AssignmentForm(OfficeForm):
    """完成期限 may be left to its words: 「115年12月」 says which day it is."""

    deadline = RocDateField(
        label="完成期限",
        required=False,
        widget=RocDateInput({"aria-label": "完成期限"}),
        help_text="留白就照期限寫法推算，例如 115年12月是 12月31日。",
    )

    class Meta:
        model = Assignment
        fields = [
            "action",
            "department",
            "kind",
            "position",
            "deadline",
            "deadline_text",
            "contact",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A new row has no such attribute, and neither has one that somebody reads in a shell.
        if not getattr(self.instance, "has_past", False):
            return
        for name in ("action", "department"):
            if name in self.fields:
                # A disabled field keeps its value, also when a request sends another.
                self.fields[name].disabled = True
                self.fields[name].help_text = KEPT

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        words = cleaned.get("deadline_text")
        # A day that could not be read has its error already; it was not left to its words.
        if not words or "deadline" in self.errors:
            return cleaned
        action = cleaned.get("action")
        # A new action without its plan is in no year; that is refused beside the plan.
        if action is None or action.plan_id is None:
            return cleaned
        programme = action.programme
        written = read_deadline(
            words,
            cleaned.get("deadline"),
            programme_year=programme.year,
            ends_on=programme.ends_on,
        )
        cleaned["deadline_text"] = written.words
        if written.words_problem:
            self.add_error("deadline_text", written.words_problem)
        elif written.day_problem and self._changes_deadline():
            self.add_error("deadline", written.day_problem)
        else:
            cleaned["deadline"] = written.day
        return cleaned

    def _changes_deadline(self) -> bool:
        """A row from before the rule may be saved for another reason."""
        return not {"deadline", "deadline_text"}.isdisjoint(self.changed_data)


@admin.register(Assignment)
class AssignmentAdmin(ExchangeTable, OfficeAdmin):
    """分辦."""

    table = AssignmentResource
    form = AssignmentForm
    list_display = ["code", "title", "department", "kind", "deadline_text", "day", "contact"]
    list_display_links = ["code", "title"]
    list_filter = [
        "action__plan__method__strategy__programme",
        ("department", admin.RelatedOnlyFieldListFilter),
        "kind",
        "action__control_status",
    ]
    list_select_related = ["action", "department", "contact"]
    search_fields = [
        "action__code",
        "action__title",
        "department__name",
        "deadline_text",
        "contact__full_name",
    ]
    search_help_text = "項次編號、具體推動作法、單位、期限或承辦人"
    autocomplete_fields = ["action", "department", "contact"]
    fields = ["action", "department", "kind", "position", "deadline_text", "deadline", "contact"]
    ordering = ["action__code", "kind", "position", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        assignments = cast(AssignmentQuerySet, super().get_queryset(request)).with_past()
        # `list_select_related` is for the list; deleting and autocomplete show rows as well.
        return assignments.select_related("action", "department", "contact")

    @admin.display(description="項次編號", ordering="action__code")
    def code(self, assignment: Assignment) -> str:
        return assignment.action.code

    @admin.display(description="具體推動作法")
    def title(self, assignment: Assignment) -> str:
        return short(assignment.action.title)

    @admin.display(description=field_label(Assignment, "deadline"), ordering="deadline")
    def day(self, assignment: Assignment) -> str:
        return roc(assignment.deadline)


@admin.register(PlannedProgress)
class PlannedProgressAdmin(OfficeAdmin):
    """預定進度, where it is not linear."""

    list_display = ["assignment", "period", "percent"]
    list_filter = [
        ("period", PeriodFilter),
        ("assignment__department", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["assignment__action", "assignment__department", "period__programme"]
    search_fields = [
        "assignment__action__code",
        "assignment__action__title",
        "assignment__department__name",
    ]
    search_help_text = "項次編號、具體推動作法或單位"
    autocomplete_fields = ["assignment"]
    fields = ["assignment", "period", "percent"]
    ordering = ["assignment__action__code", "assignment__department__position", "period__number"]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "period":
            # The words of a period name its year: one query for each choice without this.
            kwargs["queryset"] = Period.objects.select_related("programme")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlannedProgress]:
        return super().get_queryset(request).select_related(*self.list_select_related)
