"""帳號 with their departments. An account that has left a trace is deactivated, not deleted."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from items.admin.account_forms import AccountForm, NewAccountForm, NewPasswordForm
from items.admin.base import office_request
from items.admin.departments import MemberInline
from items.admin.dependants import is_referenced
from items.admin.first_passwords import CHOSEN, PAGE, GivesFirstPasswords, PasswordFilter
from items.admin.flat_table_pages import ExchangeTable
from items.admin.open_work import tell_of_open_work
from items.admin.password_links import PAGE as LINK_PAGE
from items.admin.password_links import GivesPasswordLinks
from items.admin.resources import UserResource
from items.admin.second_factors import PAGE as FACTOR_PAGE
from items.admin.second_factors import ResetsSecondFactors
from items.admin.single_sign_on import PAGE as LINKED_PAGE
from items.admin.single_sign_on import UnlinksSingleSignOn
from items.admin.words import NOTHING, names_in_words, roc_time
from items.models import SingleSignOn, Upload, User
from items.models.memberships import memberships_in_words
from items.requests import OfficeRequest
from items.workflow.accounts import deactivate
from items.workflow.passwords import PasswordSource, note_password
from items.workflow.second_factor import has_second_factor
from items.worklists.account_review import second_factor_words

# Rights follow from the role; a page of groups would promise what nothing reads.
admin.site.unregister(Group)


class MembershipInline(MemberInline):
    """Where the person belongs; several for 職務代理."""

    fields = ["department", "role"]
    autocomplete_fields = ["department"]
    verbose_name_plural = "所屬單位"

    def get_extra(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> int:
        """Blank rows: a new account has one department, or two with 職務代理."""
        if obj is None:
            return 2
        return 1


@admin.register(User)
class AccountAdmin(
    ExchangeTable,
    GivesFirstPasswords,
    GivesPasswordLinks,
    ResetsSecondFactors,
    UnlinksSingleSignOn,
    AuthUserAdmin,
):
    """帳號: the person, the role, the departments and the password."""

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
        "password_words",
        "last_seen",
    ]
    list_display_links = ["username", "full_name"]
    list_filter = [
        "is_active",
        "role",
        ("memberships__department", admin.RelatedOnlyFieldListFilter),
        PasswordFilter,
    ]
    search_fields = ["username", "full_name", "email"]
    search_help_text = "帳號、姓名或電子郵件"
    ordering = ["username"]
    # Django's page of users names fields that ours do not have.
    filter_horizontal = []
    readonly_fields = [
        "password_state",
        "second_factor_state",
        "single_sign_on_state",
        "last_seen",
        "created",
    ]
    fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "role", "is_active"]}),
        (
            "密碼與登入",
            {
                "fields": [
                    "password_state",
                    "must_change_password",
                    "second_factor_state",
                    "single_sign_on_state",
                    "last_seen",
                    "created",
                ]
            },
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "role", "password1", "password2"]})
    ]
    inlines = [MembershipInline]
    actions = ["give_chosen", "deactivate"]
    import_export_change_list_template = "admin/account_list.html"

    # Lists and their columns.

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__department")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """People who can be chosen for something (autocomplete) still work in the office."""
        users, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete"):
            users = users.filter(is_active=True)
        return users, may_have_duplicates

    @admin.display(description="所屬單位")
    def belongs_to(self, user: User) -> str:
        return memberships_in_words(user.memberships.all()) or NOTHING

    @admin.display(description="密碼")
    def password_words(self, user: User) -> str:
        if not user.has_password:
            return "沒有密碼"
        if user.must_change_password:
            return "待變更"
        return "已設定"

    @admin.display(description="上次登入", ordering="last_login")
    def last_seen(self, user: User) -> str:
        return roc_time(user.last_login)

    @admin.display(description="建立時間")
    def created(self, user: User) -> str:
        return roc_time(user.created_at)

    @admin.display(description="密碼")
    def password_state(self, user: User) -> str:
        state = "已設定"
        if not user.has_password:
            state = "還沒有密碼，不能登入"
        elif user.must_change_password:
            state = "別人設定的密碼，本人還沒有變更"
        set_one = reverse("admin:auth_user_password_change", args=[user.pk])
        give_one = f"{reverse(PAGE)}?{CHOSEN}={user.pk}"
        return format_html(
            '{}　<a class="button" href="{}">設定密碼</a> '
            '<a class="button" href="{}">發給初始密碼</a> '
            '<a class="button" href="{}">設定密碼的連結</a>',
            state,
            set_one,
            give_one,
            reverse(LINK_PAGE, args=[user.pk]),
        )

    @admin.display(description="雙重驗證")
    def second_factor_state(self, user: User) -> str:
        words = second_factor_words(user)
        if not has_second_factor(user):
            return words
        reset = reverse(FACTOR_PAGE, args=[user.pk])
        return format_html('{}　<a class="button" href="{}">重設雙重驗證</a>', words, reset)

    @admin.display(description="單一登入")
    def single_sign_on_state(self, user: User) -> str:
        link = SingleSignOn.objects.filter(user=user).first()
        if link is None:
            return "沒有連結"
        words = f"{roc_time(link.linked_at)} 連結"
        unlink = reverse(LINKED_PAGE, args=[user.pk])
        return format_html('{}　<a class="button" href="{}">解除連結</a>', words, unlink)

    # Writing.

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        # An office whose only admin is locked out needs somebody with a shell on the server.
        if obj == request.user and not obj.is_admin:
            raise ValidationError(
                "不能停用自己，也不能拿掉自己的系統管理角色；請由另一位系統管理處理。"
            )
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """As after every other row; Django's page of users asks for more on a second page."""
        return super(AuthUserAdmin, self).response_add(request, obj, post_url_continue)

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseModelFormSet],
        change: bool,
    ) -> None:
        """After the departments: a membership that has ended leaves work behind as well."""
        super().save_related(request, form, formsets, change)
        tell_of_open_work(office_request(request), [form.instance])

    def done(self, request: OfficeRequest, upload: Upload) -> HttpResponse:
        """A file may deactivate many, and take many out of their departments."""
        response = super().done(request, upload)
        tell_of_open_work(request)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only an account that has written nothing, of somebody else; never several at once."""
        # None means the list, where several can be chosen.
        if obj is None or obj == request.user:
            return False
        return super().has_delete_permission(request, obj) and not is_referenced(obj)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """With an entry in the history, which says that it happened and nothing else."""
        user = self.get_object(request, unquote(id))
        if user is None:
            raise Http404
        if user == request.user:
            # The site's page asks for the old password first.
            return redirect("password_change")
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            # Django answers with a redirect where the password was set, else with the form.
            if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                # Read again: the form has another object of the same account.
                changed = User.objects.get(pk=user.pk)
                note_password(
                    changed,
                    PasswordSource.OFFICE,
                    former=user.password,
                    had_to_change=user.must_change_password,
                    **self.stamp(request),
                )
        return response

    @admin.action(description="停用所選的帳號")
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        person = office_request(request).user
        chosen = queryset.filter(is_active=True)
        if chosen.filter(pk=person.pk).exists():
            messages.warning(request, "自己的帳號不能停用；請由另一位系統管理處理。")
        deactivated = deactivate(chosen, **self.stamp(request))
        if deactivated:
            names = names_in_words(deactivated)
            messages.success(
                request,
                f"已停用 {len(deactivated):,} 個：{names}。立即不能登入，所寫的紀錄都保留。",
            )
            tell_of_open_work(office_request(request), deactivated)
        elif not chosen.exists():
            messages.warning(request, "所選的帳號都已經停用，沒有變動。")
