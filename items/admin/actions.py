"""具體推動作法 with its assignments."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from items.admin.assignments import AssignmentForm
from items.admin.plain_fields import RowsInline
from items.admin.plan_path import PlanPartAdmin, RowAbove
from items.admin.words import NOTHING
from items.models import Action, Assignment, Department
from items.models.assignment_queries import AssignmentQuerySet
from items.workflow.handing_out import hand_out_to_every_department

NO_CHOICE = ("", "---------")


class AssignmentInline(RowsInline):
    """The departments of the action, with their deadlines."""

    model = Assignment
    form = AssignmentForm
    fields = ["department", "kind", "position", "deadline_text", "deadline"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        assignments = cast(AssignmentQuerySet, super().get_queryset(request))
        # The form asks each row whether it may get another department.
        return assignments.with_past().select_related("action", "department")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "department":
            # As a list, the choices are fetched once for the page and not once for each row.
            choices = [(department.pk, str(department)) for department in Department.objects.all()]
            field.choices = [NO_CHOICE, *choices]
        return field


@admin.register(Action)
class ActionAdmin(PlanPartAdmin):
    """具體推動作法."""

    list_display = ["code", "short", "departments", "deadlines", "control_status"]
    list_display_links = ["code", "short"]
    list_filter = [
        "plan__method__strategy__programme",
        "control_status",
        ("assignments__department", admin.RelatedOnlyFieldListFilter),
        "every_department",
        "plan__method__strategy",
    ]
    search_fields = ["code", "title", "expected_benefit"]
    search_help_text = "項次編號、具體推動作法或預期效益"
    autocomplete_fields = ["plan"]
    above = RowAbove("plan", "method__strategy__programme")
    fieldsets = [
        (None, {"fields": ["code", "plan", "position", "title", "expected_benefit"]}),
        ("分辦方式", {"fields": ["every_department", "separate_deadlines"]}),
        (
            "列管",
            {
                "fields": ["control_status"],
                "description": "列管狀態只隨核准的管制異動或年終結案改變，不在這裡修改。",
            },
        ),
    ]
    inlines = [AssignmentInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        assignments = Assignment.objects.select_related("department")
        return super().get_queryset(request).prefetch_related(Prefetch("assignments", assignments))

    def get_readonly_fields(self, request: HttpRequest, obj: Action | None = None) -> list[str]:
        if obj is None:
            return ["control_status"]
        # The code stays the same when the wording changes.
        return ["control_status", "code"]

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseModelFormSet],
        change: bool,
    ) -> None:
        """各單位: a department without an assignment gets one, with the deadline of the first."""
        super().save_related(request, form, formsets, change)
        action = form.instance
        if not action.every_department:
            return
        # Read from the database: the rows of this page have just been written there.
        first = Assignment.objects.filter(action=action).lead().first()
        if first is None:
            messages.warning(
                request, "還沒有任何主辦單位：先填一個單位與期限，再儲存一次，就會分辦給各單位。"
            )
            return
        handed_out = hand_out_to_every_department(
            action, first.deadline, first.deadline_text, **self.stamp(request)
        )
        if handed_out:
            messages.info(request, f"已分辦給另外 {len(handed_out)} 個單位。")

    @admin.display(description="主辦單位")
    def departments(self, action: Action) -> str:
        return "、".join(action.lead_names()) or NOTHING

    @admin.display(description="完成期限")
    def deadlines(self, action: Action) -> str:
        return "、".join(action.deadline_lines()) or NOTHING
