"""具體推動作法 with its assignments."""

from django.contrib import admin, messages
from django.db.models import Prefetch

from items.admin.assignments import AssignmentForm
from items.admin.plain_fields import RowsInline
from items.admin.plan_path import PlanPartAdmin
from items.admin.words import NOTHING
from items.models import (
    Action,
    Assignment,
    Department,
    Plan,
)
from items.workflow.handing_out import hand_out_to_every_department


class AssignmentInline(RowsInline):
    model = Assignment
    form = AssignmentForm
    fields = ["department", "kind", "position", "deadline_text", "deadline"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("action", "department")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The departments are fetched once for all rows of the page."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "department":
            field.choices = [
                ("", "---------"),
                *((one.pk, str(one)) for one in Department.objects.all()),
            ]
        return field


@admin.register(Action)
class ActionAdmin(PlanPartAdmin):
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
    readonly_fields = ["control_status"]
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

    def get_queryset(self, request):
        assignments = Assignment.objects.select_related("department")
        return super().get_queryset(request).prefetch_related(Prefetch("assignments", assignments))

    def get_readonly_fields(self, request, obj=None):
        """The code stays the same whatever happens to the wording."""
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]

    def get_form(self, request, obj=None, **kwargs):
        """An action stays in its year, since its code names it."""
        form = super().get_form(request, obj, **kwargs)
        if obj and "plan" in form.base_fields:
            plans = Plan.objects.filter(method__strategy__programme=obj.programme)
            form.base_fields["plan"].queryset = plans
        return form

    def save_related(self, request, form, formsets, change):
        """各單位: whoever has no assignment yet gets one, with the deadline of the first."""
        super().save_related(request, form, formsets, change)
        action = form.instance
        first = Assignment.objects.filter(action=action).lead().first()
        if action.every_department and first:
            made = hand_out_to_every_department(
                action, first.deadline, first.deadline_text, **self.stamp(request)
            )
            if made:
                messages.info(request, f"已分辦給另外 {len(made)} 個單位。")
        elif action.every_department:
            messages.warning(
                request, "還沒有任何主辦單位：先填一個單位與期限，再儲存一次，就會分辦給各單位。"
            )

    @admin.display(description="主辦單位")
    def departments(self, action):
        return "、".join(action.lead_names()) or NOTHING

    @admin.display(description="完成期限")
    def deadlines(self, action):
        return "、".join(action.deadline_lines()) or NOTHING
