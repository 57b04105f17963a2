"""單位 with their people."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q

from items.admin.base import OfficeAdmin
from items.admin.dependants import is_referenced
from items.admin.exchange import ExchangeTable
from items.admin.plain_fields import RowsInline
from items.admin.resources import DepartmentResource
from items.admin.words import NOTHING
from items.models import (
    Assignment,
    Department,
    Membership,
    MembershipRole,
)
from items.workflow import history
from items.workflow.handing_out import hand_out_to_new_department


class MemberInline(RowsInline):
    """Who belongs to the department."""

    model = Membership
    fields = ["user", "role"]
    autocomplete_fields = ["user"]
    verbose_name_plural = "人員"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "department")


@admin.register(Department)
class DepartmentAdmin(ExchangeTable, OfficeAdmin):
    table = DepartmentResource
    list_display = ["name", "position", "is_active", "heads", "member_count", "assignment_count"]
    list_editable = ["position"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    search_help_text = "單位名稱"
    ordering = ["position", "id"]
    inlines = [MemberInline]
    actions = ["deactivate"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("memberships__user")
            .annotate(
                member_count=Count(
                    "memberships", filter=Q(memberships__user__is_active=True), distinct=True
                ),
                assignment_count=Count("assignments", distinct=True),
            )
        )

    @admin.display(description="單位主管")
    def heads(self, department):
        heads = [
            one.user for one in department.memberships.all() if one.role == MembershipRole.HEAD
        ]
        return "、".join(str(user) for user in heads if user.is_active) or NOTHING

    @admin.display(description="人員", ordering="member_count")
    def member_count(self, department):
        return department.member_count

    @admin.display(description="分辦項目", ordering="assignment_count")
    def assignment_count(self, department):
        return department.assignment_count

    def save_model(self, request, obj, form, change):
        """A department that starts work gets what is handed out to 各單位."""
        was_active = change and Department.objects.filter(pk=obj.pk, is_active=True).exists()
        super().save_model(request, obj, form, change)
        if obj.is_active and not was_active:
            before = Assignment.objects.filter(department=obj).count()
            hand_out_to_new_department(obj, today=request.today, **self.stamp(request))
            added = Assignment.objects.filter(department=obj).count() - before
            if added:
                messages.info(request, f"已把 {added} 項分辦「各單位」的作法分給{obj}。")

    def has_delete_permission(self, request, obj=None):
        """Only one that nothing refers to, such as a name typed twice; never several at once."""
        return (
            obj is not None
            and super().has_delete_permission(request, obj)
            and not is_referenced(obj)
        )

    @admin.action(description="停用所選的單位")
    def deactivate(self, request, queryset):
        with transaction.atomic():
            for department in queryset.filter(is_active=True):
                department.is_active = False
                history.save(department, **self.stamp(request))
        messages.success(request, "已停用。既有的分辦與辦理情形都保留。")
