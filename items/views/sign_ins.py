"""登入中的裝置: one's own sessions, listed and ended."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from items.models import SignedInSession, SingleSignOn
from items.requests import OfficeRequest, key_or_404
from items.signing_in import is_fresh
from items.workflow.sign_ins import end_sessions
from items.workflow.single_sign_on import unlink
from items.worklists.sign_ins import sign_in_rows

SESSION, ALL = "session", "all"
"""What a button of the page sends: the key of one row, or all others."""


@require_safe
def sign_ins(request: OfficeRequest) -> HttpResponse:
    # Real time, also in a demonstration, whose calendar stands still: sessions end by it.
    rows = sign_in_rows(request.user, request.session.session_key, timezone.now())
    others = [row for row in rows if not row.is_this_one]
    context = {
        "rows": rows,
        "others": others,
        "link": SingleSignOn.objects.filter(user=request.user).first(),
        "single_sign_on": settings.OIDC_NAME,
    }
    return render(request, "items/sign_ins.html", context)


@require_POST
def sign_ins_end(request: OfficeRequest) -> HttpResponse:
    """Sign out in one other browser or in all others; this one has 登出 in the bar."""
    rows = SignedInSession.objects.filter(user=request.user)
    others = rows.exclude(session_key=request.session.session_key)
    if ALL not in request.POST:
        key = key_or_404(request.POST.get(SESSION, ""))
        others = others.filter(pk=key)
    number = end_sessions(others, by=request.user)
    if number:
        messages.success(request, f"已在 {number} 個瀏覽器登出。要是不是您登入的，請接著變更密碼。")
    else:
        messages.info(request, "那裡已經登出了，沒有變動。")
    return redirect("sign_ins")


@require_POST
def single_sign_on_unlink(request: OfficeRequest) -> HttpResponse:
    """解除連結 of the own account; this browser stays signed in."""
    # At a page that was left open, somebody else could remove the owner's way to sign in.
    if not is_fresh(request):
        messages.error(
            request,
            "沒有解除連結：您登入已經超過 30 分鐘，為了確認是您本人，請登出、重新登入再按。",
        )
        return redirect("sign_ins")
    key = request.session.session_key or ""
    if unlink(request.user, by=request.user, at=request.now, keep_session=key):
        messages.success(
            request,
            f"已解除和{settings.OIDC_NAME}的連結，其他瀏覽器都已登出。以後可以用帳號和密碼登入；"
            "沒有密碼，請按登入頁的「忘記密碼」，或請資訊人員給設定密碼的連結。",
        )
    else:
        messages.info(request, f"您的帳號沒有連結{settings.OIDC_NAME}，沒有變動。")
    return redirect("sign_ins")
