"""帳號清查: the list of accounts, as a page and a file, and closing those that nobody uses."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, table_file
from items.models import User
from items.requests import OfficeRequest, keys_in
from items.roc import format_roc
from items.workflow.accounts import deactivate
from items.worklists.account_review import (
    AccountKind,
    account_counts,
    account_rows,
    account_table,
    accounts_of,
)
from items.worklists.handover import open_work_words

PER_PAGE = 100
CHOSEN = "account"


@require_safe
def accounts(request: OfficeRequest, year: int) -> HttpResponse:
    programme = access.get_programme(year)
    access.require(access.can_review_accounts(request.user))
    kind = kind_of(request)
    days = settings.ACCOUNT_UNUSED_DAYS
    users = accounts_of(kind, request.now, days)
    page = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    counts = account_counts(request.now, days)
    context = {
        "programme": programme,
        "kind": kind,
        "kinds": [(one, counts.of(one)) for one in AccountKind],
        "rows": account_rows(page, request.now),
        "page": page,
        "days": days,
        "counts": counts,
        "formats": FORMAT_NAMES,
        # An account that somebody uses is closed by itself, in the back office.
        "may_close": kind == AccountKind.UNUSED and access.can_close_accounts(request.user),
    }
    return render(request, "items/accounts.html", context)


@require_safe
def accounts_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """The whole list of one kind as a file."""
    access.get_programme(year)
    access.require(access.can_review_accounts(request.user))
    if format not in FORMATS:
        raise Http404
    kind = kind_of(request)
    users = accounts_of(kind, request.now, settings.ACCOUNT_UNUSED_DAYS)
    rows = account_rows(users, request.now)
    # With its day in name and title: reviews of several years lie side by side.
    day = format_roc(request.today)
    table = account_table(rows, title=f"{kind.label}的帳號", day=day)
    return download(table_file(table, f"帳號清查-{day}", format))


@require_POST
def accounts_close(request: OfficeRequest, year: int) -> HttpResponse:
    """Disable the chosen ones of those that nobody uses."""
    access.get_programme(year)
    access.require(access.can_close_accounts(request.user))
    users = User.objects.filter(pk__in=keys_in(request.POST.getlist(CHOSEN)))
    # Its verb leaves oneself and the last 系統管理 out, also where a request names them.
    closed = deactivate(users, by=request.user, at=request.now)
    if closed:
        names = "、".join(str(user) for user in closed)
        messages.success(request, f"已停用 {len(closed):,} 個帳號：{names}。所寫的紀錄都保留。")
        # An account that is closed still stands at its items: somebody has to take them over.
        words = open_work_words(closed)
        if words:
            messages.warning(request, f"{words}請在「人員與移交」按「移交」。")
    else:
        messages.info(request, "沒有可以停用的帳號：請先勾選；自己和最後一個系統管理不能停用。")
    return redirect("accounts", year)


def kind_of(request: OfficeRequest) -> AccountKind:
    """Which list the address asks for; the active ones where it says nothing of ours."""
    asked_for = request.GET.get("kind", "")
    if asked_for in AccountKind:
        return AccountKind(asked_for)
    return AccountKind.ACTIVE
