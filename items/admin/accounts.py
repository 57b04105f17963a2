"""帳號 with their departments. Whoever has left a trace is deactivated, not deleted."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from items.admin.base import OfficeAdmin
from items.admin.departments import MemberInline
from items.admin.dependants import is_referenced
from items.admin.exchange import ExchangeTable
from items.admin.resources import UserResource
from items.admin.words import NOTHING, roc_time
from items.models import (
    ChangeKind,
    User,
)
from items.workflow import history

admin.site.unregister(Group)  # rights follow from the role; groups would promise what nothing reads


class MembershipInline(MemberInline):
    """Where the person belongs; several for 職務代理."""

    fields = ["department", "role"]
    autocomplete_fields = ["department"]
    verbose_name_plural = "所屬單位"


class NewAccountForm(BaseUserCreationForm):
    """A new account with a first password, which the person changes at the first login."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role"]
        field_classes = {"username": UsernameField}

    def save(self, commit=True):
        user = super().save(commit=False)
        user.must_change_password = True
        if commit:
            user.save()
        return user


class AccountForm(forms.ModelForm):
    """An existing account; the password has a page of its own."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role", "is_active", "must_change_password"]
        field_classes = {"username": UsernameField}


class NewPasswordForm(AdminPasswordChangeForm):
    """A password set by 系統管理 is changed by the person at the next login."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)

    def save(self, commit=True):
        self.user.must_change_password = True
        return super().save(commit)


@admin.register(User)
class AccountAdmin(ExchangeTable, OfficeAdmin, AuthUserAdmin):
    table = UserResource
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = None
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/office_password.html"
    list_display = [
        "username",
        "full_name",
        "role",
        "belongs_to",
        "is_active",
        "has_to_change",
        "last_seen",
    ]
    list_display_links = ["username", "full_name"]
    list_filter = [
        "is_active",
        "role",
        ("memberships__department", admin.RelatedOnlyFieldListFilter),
        "must_change_password",
    ]
    search_fields = ["username", "full_name", "email"]
    search_help_text = "帳號、姓名或電子郵件"
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["password_state", "last_seen", "made"]
    fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "role", "is_active"]}),
        ("密碼與登入", {"fields": ["password_state", "must_change_password", "last_seen", "made"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "role", "password1", "password2"]})
    ]
    inlines = [MembershipInline]
    actions = ["deactivate"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__department")

    def get_search_results(self, request, queryset, search_term):
        """Who is chosen for something (autocomplete) still works here."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete"):
            found = found.filter(is_active=True)
        return found, distinct

    @admin.display(description="所屬單位")
    def belongs_to(self, user):
        return (
            "、".join(
                f"{one.department}（{one.get_role_display()}）" for one in user.memberships.all()
            )
            or NOTHING
        )

    @admin.display(description="待變更密碼", ordering="must_change_password")
    def has_to_change(self, user):
        return "是" if user.must_change_password else NOTHING

    @admin.display(description="上次登入", ordering="last_login")
    def last_seen(self, user):
        return roc_time(user.last_login)

    @admin.display(description="建立時間")
    def made(self, user):
        return roc_time(user.created_at)

    @admin.display(description="密碼")
    def password_state(self, user):
        state = "已設定" if user.has_usable_password() else "還沒有密碼，不能登入"
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{}　<a class="button" href="{}">設定密碼</a>', state, address)

    def save_model(self, request, obj, form, change):
        if obj == request.user and not obj.is_admin:
            raise ValidationError(
                "不能停用自己，也不能拿掉自己的系統管理角色；請由另一位系統管理處理。"
            )
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        """Only an account that has written nothing; never one's own, never several at once."""
        return (
            obj is not None
            and obj != request.user
            and super().has_delete_permission(request, obj)
            and not is_referenced(obj)
        )

    def user_change_password(self, request, id, form_url=""):
        """With its entry in the history, which says that it happened and nothing else."""
        user = self.get_object(request, unquote(id))
        if user == request.user:
            return redirect("password_change")
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                fields = {"password": [None, "由系統管理重新設定"]}
                history.entry(user, ChangeKind.CHANGED, fields, **self.stamp(request)).save()
        return response

    @admin.action(description="停用所選的帳號")
    def deactivate(self, request, queryset):
        with transaction.atomic():
            for user in queryset.filter(is_active=True).exclude(pk=request.user.pk):
                user.is_active = False
                history.save(user, **self.stamp(request))
        messages.success(request, "已停用，立即不能登入；所寫的紀錄都保留。自己的帳號不會被停用。")
