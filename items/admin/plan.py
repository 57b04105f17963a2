"""計畫內容 and 年度設定: the approved document, who does what, and how its year is counted."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from items.admin.base import OfficeAdmin, PeriodFilter, RowsInline
from items.admin.exchange import ExchangeTable
from items.admin.resources import AssignmentTable
from items.admin.words import NOTHING, roc, roc_time, short
from items.fields import RocDateField, RocDateInput
from items.models import (
    Action,
    Assignment,
    Department,
    Method,
    Period,
    Plan,
    PlannedProgress,
    Programme,
    Strategy,
)
from items.roc import DeadlineError, parse_deadline
from items.workflow import WorkflowError, periods
from items.workflow.handing_out import hand_out_to_every_department

LONG_TEXT = {
    "title": forms.Textarea(attrs={"rows": 4}),
    "expected_benefit": forms.Textarea(attrs={"rows": 3}),
}


class PeriodInline(RowsInline):
    """Laid out by the programme's frequency, opened and closed on the site's own page; here only 填報期限 moves."""

    model = Period
    fields = ["name", "days", "due_on", "opened", "closed"]
    readonly_fields = ["name", "days", "opened", "closed"]
    can_delete = False

    def has_add_permission(self, request, obj):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("programme", "opened_by", "closed_by")

    @admin.display(description="期間")
    def days(self, period):
        return f"{roc(period.starts_on)}至{roc(period.ends_on)}"

    @admin.display(description="開放")
    def opened(self, period):
        return f"{roc_time(period.opened_at)} {period.opened_by}" if period.opened_at else NOTHING

    @admin.display(description="關閉")
    def closed(self, period):
        return f"{roc_time(period.closed_at)} {period.closed_by}" if period.closed_at else NOTHING


@admin.register(Programme)
class ProgrammeAdmin(OfficeAdmin):
    list_display = [
        "title",
        "year",
        "approved",
        "frequency",
        "behind_threshold",
        "soon_days",
        "has_periods",
    ]
    search_fields = ["title", "year"]
    search_help_text = "計畫名稱或年度"
    inlines = [PeriodInline]
    actions = None
    fieldsets = [
        (None, {"fields": ["year", "title", "approved_on", "starts_on", "ends_on"]}),
        ("燈號門檻", {"fields": ["behind_threshold", "soon_days"]}),
        ("填報", {"fields": ["frequency"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("periods")

    def get_readonly_fields(self, request, obj=None):
        """The year names everything; once periods are laid out, another frequency would change nothing."""
        if obj is None:
            return []
        return ["year", "frequency"] if obj.periods.exists() else ["year"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = path(
            "<path:object_id>/periods/",
            self.admin_site.admin_view(self.lay_out),
            name="items_programme_lay_out",
        )
        return [own, *super().get_urls()]

    @method_decorator(require_POST)
    def lay_out(self, request, object_id):
        """建立填報期."""
        programme = self.get_object(request, unquote(object_id))
        if programme is None:
            raise Http404
        try:
            made = periods.lay_out(programme, **self.stamp(request))
        except WorkflowError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, f"已建立{programme.year}年度的 {len(made)} 個填報期，都還沒有開放。"
            )
        return redirect("admin:items_programme_change", programme.pk)

    @admin.display(description="核定日期", ordering="approved_on")
    def approved(self, programme):
        return roc(programme.approved_on)

    @admin.display(description="填報期", boolean=True)
    def has_periods(self, programme):
        return bool(programme.periods.all())


class PlanPartAdmin(OfficeAdmin):
    """Strategies, methods and plans: long texts, short in lists."""

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, widgets=LONG_TEXT, **kwargs)

    @admin.display(description="內容", ordering="title")
    def short(self, part):
        return short(part.title)


@admin.register(Strategy)
class StrategyAdmin(PlanPartAdmin):
    list_display = ["number", "short", "programme"]
    list_display_links = ["number", "short"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["title"]
    search_help_text = "實施策略"
    fields = ["programme", "number", "title"]


@admin.register(Method)
class MethodAdmin(PlanPartAdmin):
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


class AssignmentForm(forms.ModelForm):
    """完成期限 may be left to its words: 「115年12月」 says which day it is."""

    deadline = RocDateField(
        label="完成期限",
        required=False,
        widget=RocDateInput({"aria-label": "完成期限"}),
        help_text="留白就照期限寫法推算，例如 115年12月是 12月31日。",
    )

    class Meta:
        model = Assignment
        fields = ["action", "department", "kind", "position", "deadline", "deadline_text"]

    def clean(self):
        cleaned = super().clean()
        action, words = cleaned.get("action"), cleaned.get("deadline_text")
        if (
            words
            and not cleaned.get("deadline")
            and "deadline" not in self.errors
            and action
            and action.plan_id
        ):
            try:
                cleaned["deadline"] = parse_deadline(words, action.programme.year).date
            except DeadlineError as error:
                self.add_error("deadline_text", error.message)
        return cleaned


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


@admin.register(Assignment)
class AssignmentAdmin(ExchangeTable, OfficeAdmin):
    table = AssignmentTable
    form = AssignmentForm
    list_display = ["code", "title", "department", "kind", "deadline_text", "day"]
    list_display_links = ["code", "title"]
    list_filter = [
        "action__plan__method__strategy__programme",
        ("department", admin.RelatedOnlyFieldListFilter),
        "kind",
        "action__control_status",
    ]
    list_select_related = ["action", "department"]
    search_fields = ["action__code", "action__title", "department__name", "deadline_text"]
    search_help_text = "項次編號、具體推動作法、單位或期限"
    autocomplete_fields = ["action", "department"]
    fields = ["action", "department", "kind", "position", "deadline_text", "deadline"]
    ordering = ["action__code", "kind", "position", "id"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("action", "department")

    @admin.display(description="項次編號", ordering="action__code")
    def code(self, assignment):
        return assignment.action.code

    @admin.display(description="具體推動作法")
    def title(self, assignment):
        return short(assignment.action.title)

    @admin.display(description="到期日", ordering="deadline")
    def day(self, assignment):
        return roc(assignment.deadline)


@admin.register(PlannedProgress)
class PlannedProgressAdmin(OfficeAdmin):
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

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "period":
            kwargs["queryset"] = Period.objects.select_related("programme")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)
