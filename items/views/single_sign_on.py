"""單一登入: to the provider, and back from it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from items import signing_in
from items.requests import OfficeRequest, way_back
from items.workflow.single_sign_on import account_of
from plan_tracker import single_sign_on
from plan_tracker.security_log import SecurityEvent, note
from plan_tracker.single_sign_on import SignOnFailed

NEXT = "single_sign_on_next"


@login_not_required
@require_safe
def single_sign_on_begin(request: OfficeRequest) -> HttpResponse:
    """A link and no button: the policy lets forms go to no other host."""
    _require_set_up()
    request.session[NEXT] = way_back(request)
    callback = request.build_absolute_uri(reverse("single_sign_on_back"))
    try:
        return single_sign_on.begin(request, callback)
    except SignOnFailed as error:
        return _failed(request, error)


@login_not_required
@require_safe
def single_sign_on_back(request: OfficeRequest) -> HttpResponse:
    """Who has come back from the provider."""
    _require_set_up()
    address = request.session.pop(NEXT, "")
    try:
        identity = single_sign_on.finish(request)
    except SignOnFailed as error:
        return _failed(request, error)
    user = account_of(identity, at=request.now)
    if user is None:
        who = identity.email or identity.username or identity.subject
        words = "單一登入：沒有對應的帳號"
        note(SecurityEvent.SIGN_IN_FAILED, user=who, words=words, request=request)
        messages.error(request, _unknown_words(identity))
        return redirect("login")
    # It came from the address: a link of a stranger must not lead away from here after the login.
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    if not is_ours:
        address = reverse("home")
    return signing_in.go_on(request, user, address, from_provider=True)


@login_not_required
@require_safe
def single_sign_out(request: HttpRequest) -> HttpResponse:
    """To the provider's page for signing out there as well."""
    _require_set_up()
    back = request.build_absolute_uri(reverse("login"))
    try:
        address = single_sign_on.address_to_sign_out(back)
    except SignOnFailed:
        address = ""
    if not address:
        messages.info(request, f"請到{settings.OIDC_NAME}自己的頁面登出。")
        return redirect("login")
    return redirect(address)


class LogoutView(auth_views.LogoutView):
    """Sign out here; people who came from the provider are told that it still knows them."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_from_provider = signing_in.FROM_PROVIDER in request.session
        response = super().post(request, *args, **kwargs)
        has_left = response.status_code == 302
        leads_on = bool(request.POST.get("next"))
        if is_from_provider and has_left and not leads_on:
            # The login page says then that the provider still knows them.
            return redirect(f"{reverse('login')}?left=1")
        return response


def _require_set_up() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404


def _failed(request: HttpRequest, error: SignOnFailed) -> HttpResponse:
    words = f"單一登入沒有完成：{error}"
    note(SecurityEvent.SIGN_IN_FAILED, words=words, request=request)
    messages.error(
        request,
        f"{settings.OIDC_NAME}沒有完成。請再按一次；還是不行，請用帳號和密碼，或洽資訊人員。",
    )
    return redirect("login")


def _unknown_words(identity: single_sign_on.Identity) -> str:
    """What was given is the person's own, so that they can say it to the information office."""
    who = identity.email or identity.username or identity.subject
    return (
        f"{settings.OIDC_NAME}認得您（{who[:80]}），但這裡沒有您能用的帳號。"
        "請洽資訊人員建立帳號，或確認帳號的電子郵件和單一登入的一樣。"
    )
