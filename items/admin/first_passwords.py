"""初始密碼 for many accounts at once: choose, give, and print or save what is shown once."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from items.admin.base import OfficeAdmin, office_request
from items.admin.words import names_in_words
from items.downloading import download
from items.exchange.spreadsheets.write import FORMATS, table_file
from items.models import User
from items.models.people import NO_PASSWORD
from items.requests import WAY_BACK, keys_in, way_back
from items.roc import format_roc
from items.workflow import WorkflowError
from items.workflow.first_passwords import MOST_AT_ONCE, give_first_passwords
from items.worklists.password_slips import (
    AccountChoice,
    choice_of,
    marks_of,
    packed,
    slip_table,
    slips_of,
    unpacked,
)

CHOSEN = "account"
"""The accounts in the address of the page, and the boxes of its form."""
PAGE = "admin:items_user_first_passwords"


class PasswordFilter(admin.SimpleListFilter):
    """密碼: who cannot sign in yet, and who has not yet chosen an own one."""

    title = "密碼"
    # Django refuses every parameter that begins with "password".
    parameter_name = "sign_in"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("none", "沒有密碼"), ("first", "待變更"), ("own", "已設定")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == "none":
            return queryset.filter(NO_PASSWORD)
        if self.value() == "first":
            return queryset.filter(~NO_PASSWORD, must_change_password=True)
        if self.value() == "own":
            return queryset.filter(~NO_PASSWORD, must_change_password=False)
        return queryset


@dataclass(frozen=True)
class AccountChoices:
    """The accounts of the page: `left_out` can get none here, `more` do not fit this time."""

    without_password: list[AccountChoice]
    with_password: list[AccountChoice]
    left_out: list[User]
    more: int

    @property
    def left_out_words(self) -> str:
        """「顏佳慧（自己的密碼請用右上角的「變更密碼」）、李大同（已停用）」"""
        with_reasons = []
        for user in self.left_out:
            why = "已停用"
            if user.is_active:
                why = "自己的密碼請用右上角的「變更密碼」"
            with_reasons.append(f"{user}（{why}）")
        return "、".join(with_reasons)


class GivesFirstPasswords(OfficeAdmin):
    """The pages beside the list of accounts, and its action."""

    def get_urls(self) -> list[URLPattern]:
        choose = path(
            "first-passwords/",
            self.admin_site.admin_view(self.first_passwords),
            name="items_user_first_passwords",
        )
        as_file = path(
            "first-passwords/file.<str:extension>",
            self.admin_site.admin_view(self.first_password_file),
            name="items_user_first_password_file",
        )
        # Before Django's own, whose last pattern takes every address.
        return [choose, as_file, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        number = User.objects.without_password().count()
        context = {**(extra_context or {}), "number_without_password": number}
        return super().changelist_view(request, context)

    @admin.action(description="發給所選帳號初始密碼")
    def give_chosen(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Lead to the page that asks; nothing is given yet."""
        # One more than may be chosen tells that there are too many, whichever number there is.
        keys = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            messages.error(request, f"一次最多發給 {MOST_AT_ONCE} 個帳號初始密碼，請少選一些。")
            return None
        values: dict[str, Any] = {CHOSEN: keys}
        # The list with its filters and its page, to which one comes back afterwards.
        if way_back(request):
            values[WAY_BACK] = way_back(request)
        query = urlencode(values, doseq=True)
        return redirect(f"{reverse(PAGE)}?{query}")

    # Choosing and giving.

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def first_passwords(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.give(request)
        context = {"title": "發給初始密碼", "choices": choices_of(request)}
        return self.page(request, "admin/first_passwords.html", context)

    def give(self, request: HttpRequest) -> HttpResponse:
        marks = marks_of(request.POST.getlist(CHOSEN))
        if not marks:
            messages.error(request, "還沒有勾選任何帳號，沒有發出密碼；請勾選後再按一次。")
            return redirect(request.get_full_path())
        try:
            result = give_first_passwords(marks, **self.stamp(request))
        except WorkflowError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        if result.passed_over:
            names = names_in_words(result.passed_over)
            messages.warning(
                request,
                f"{names}：您開啟這一頁之後，密碼已經發過或帳號已停用，這次沒有變動。"
                "上次的密碼單如果沒有拿到，請重新勾選再發一次。",
            )
        if not result.given:
            return redirect(request.get_full_path())
        # Not a redirect: the passwords stand in this answer alone.
        slips = slips_of(result.given)
        context = {
            "title": f"初始密碼 {len(slips)} 份",
            "slips": slips,
            "packed": packed(slips),
            "address": address_of(request),
            "extensions": list(FORMATS),
        }
        return self.page(request, "admin/first_password_slips.html", context)

    @method_decorator([sensitive_post_parameters("slips"), require_POST])
    def first_password_file(self, request: HttpRequest, extension: str) -> HttpResponse:
        """The slips of the page as a file: they come back from the page, since nobody keeps them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if extension not in FORMATS:
            raise Http404
        slips = unpacked(request.POST.get("slips", ""))
        if slips is None:
            messages.error(
                request, "這份密碼單已經超過一小時，不能再下載；還需要時，請重新發給初始密碼。"
            )
            return redirect("admin:items_user_changelist")
        day = format_roc(office_request(request).today)
        table = slip_table(slips, address=address_of(request), day=day)
        return download(table_file(table, f"初始密碼-{day}", extension))

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        whole_context = {
            **self.admin_site.each_context(request),
            "subtitle": None,
            "opts": self.opts,
            "list_address": way_back(request) or reverse("admin:items_user_changelist"),
            **context,
        }
        # Tells the admin's own template tags which site their links are of.
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, whole_context)


def choices_of(request: HttpRequest) -> AccountChoices:
    """The accounts that the address names; without any, all that have no password."""
    users = User.objects.order_by("username").prefetch_related("memberships__department")
    if CHOSEN in request.GET:
        users = users.filter(pk__in=keys_in(request.GET.getlist(CHOSEN)))
    else:
        users = users.filter(NO_PASSWORD, is_active=True)
    can_get_one = Q(is_active=True) & ~Q(pk=office_request(request).user.pk)
    eligible = users.filter(can_get_one)
    without_password = []
    with_password = []
    for user in eligible[:MOST_AT_ONCE]:
        choice = choice_of(user)
        if user.has_password:
            with_password.append(choice)
        else:
            without_password.append(choice)
    return AccountChoices(
        without_password=without_password,
        with_password=with_password,
        left_out=list(users.exclude(can_get_one)),
        more=max(eligible.count() - MOST_AT_ONCE, 0),
    )


def address_of(request: HttpRequest) -> str:
    """Where people sign in, as this person reached the service."""
    return request.build_absolute_uri(reverse("home"))
