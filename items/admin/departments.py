"""單位 with their people."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest

from items.admin.base import OfficeAdmin, office_request
from items.admin.flat_table_pages import ExchangeTable
from items.admin.open_work import tell_of_open_work
from items.admin.plain_fields import RowsInline
from items.admin.resources import DepartmentResource
from items.admin.words import NOTHING, names_in_words
from items.models import Department, Membership, MembershipRole
from items.workflow.departments import (
    deactivate_departments,
    obstacle_to_deletion,
    save_department,
)


class MemberInline(RowsInline):
    """Who belongs to the department."""

    model = Membership
    fields = ["user", "role"]
    autocomplete_fields = ["user"]
    verbose_name_plural = "人員"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        # Django draws the words of each row, which name the person and the department.
        return super().get_queryset(request).select_related("user", "department")


@admin.register(Department)
class DepartmentAdmin(ExchangeTable, OfficeAdmin):
    """單位; one with a past is deactivated, not deleted."""

    table = DepartmentResource
    list_display = ["name", "position", "is_active", "heads", "member_count", "assignment_count"]
    list_editable = ["position"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    search_help_text = "單位名稱"
    ordering = ["position", "id"]
    inlines = [MemberInline]
    actions = ["deactivate"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        active_members = Q(memberships__user__is_active=True)
        # With the people in the same query: SQLite takes no list of more than a thousand keys.
        heads = Membership.objects.filter(role=MembershipRole.HEAD, user__is_active=True)
        prefetched = Prefetch("memberships", heads.select_related("user"), to_attr="active_heads")
        departments = super().get_queryset(request).prefetch_related(prefetched)
        # Distinct, since the two joins multiply each other's rows.
        return departments.annotate(
            member_count=Count("memberships", filter=active_members, distinct=True),
            assignment_count=Count("assignments", distinct=True),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {"position": Department.objects.next_position(), **initial}

    @admin.display(description="單位主管")
    def heads(self, department: Any) -> str:
        # `get_queryset` fetches them.
        names = [str(membership.user) for membership in department.active_heads]
        return "、".join(names) or NOTHING

    @admin.display(description="人員", ordering="member_count")
    def member_count(self, department: Any) -> int:
        # `get_queryset` annotates both counts.
        return department.member_count

    @admin.display(description="分辦項目", ordering="assignment_count")
    def assignment_count(self, department: Any) -> int:
        return department.assignment_count

    def save_model(
        self, request: HttpRequest, obj: Department, form: forms.ModelForm, change: bool
    ) -> None:
        """A department that starts work gets what is handed out to 各單位."""
        today = office_request(request).today
        handed_out = save_department(obj, today=today, **self.stamp(request))
        if handed_out:
            messages.info(request, f"已把 {handed_out:,} 項分辦「各單位」的作法分給{obj}。")

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        people_who_left = []
        for formset in formsets:
            # Only a formset that was saved has the list, and one of rows that nobody touched has not.
            for membership in getattr(formset, "deleted_objects", []):
                people_who_left.append(membership.user)
        tell_of_open_work(office_request(request), people_who_left)

    def has_delete_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        """Only one that nothing refers to, such as a name typed twice; never several at once."""
        # None means the list, where several can be chosen.
        if obj is None:
            return False
        return super().has_delete_permission(request, obj) and not obstacle_to_deletion(obj)

    @admin.action(description="停用所選的單位")
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Department]) -> None:
        deactivated = deactivate_departments(queryset, **self.stamp(request))
        if not deactivated:
            messages.warning(request, "所選的單位都已經停用，沒有變動。")
            return
        names = names_in_words(deactivated)
        messages.success(
            request, f"已停用 {len(deactivated)} 個：{names}。既有的分辦與辦理情形都保留。"
        )
