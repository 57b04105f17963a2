"""The pages that several views of 雙重驗證 end in: no view imports another."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from items import signing_in
from items.forms.sign_in import CodeForm, PasskeyForm
from items.models import Passkey, RecoveryCode, SecondFactor
from items.requests import OfficeRequest
from items.workflow.passkeys import MOST
from items.workflow.second_factor import has_second_factor, must_have_second_factor
from plan_tracker import one_time_codes, passkeys

SEED = "second_factor_seed"
"""In the session, until the phone has shown that it has it."""


def is_offered(request: OfficeRequest) -> bool:
    """Whether a browser that shows this page can use passkeys of ours."""
    site = passkeys.site()
    return site is not None and site.is_at(request.get_host())


def state_page(
    request: OfficeRequest,
    *,
    form: CodeForm | None = None,
    passkey_form: PasskeyForm | None = None,
) -> HttpResponse:
    """What is set up, with all that can be done with it; without anything, how it begins."""
    if not has_second_factor(request.user):
        return set_up_page(request, form=form, passkey_form=passkey_form)
    passkeys_of_person = list(Passkey.objects.filter(user=request.user))
    is_any_usable = any(not passkey.is_blocked for passkey in passkeys_of_person)
    can_prove = is_offered(request) and is_any_usable
    factor = SecondFactor.objects.filter(user=request.user).first()
    context = {
        "factor": factor,
        "form": form or CodeForm(),
        "codes_left": RecoveryCode.objects.filter(user=request.user).count(),
        "is_required": must_have_second_factor(request.user),
        "passkeys": passkeys_of_person,
        "can_prove": can_prove,
        "proof_words": _proof_words(has_phone=factor is not None, can_prove=can_prove),
        "can_add": is_offered(request) and len(passkeys_of_person) < MOST,
        "is_fresh": signing_in.is_fresh(request),
        **_about_passkeys(request, passkey_form),
    }
    return render(request, "registration/second_factor.html", context)


def _proof_words(*, has_phone: bool, can_prove: bool) -> str:
    """By what somebody shows who they are before a change: what they have, and no more."""
    ways = "一個備援碼"
    if has_phone:
        ways = f"手機現在顯示的數字，或{ways}"
    words = f"要變更或移除，請先確認是您本人：填{ways}"
    if can_prove:
        words += "，或用密碼金鑰"
    return f"{words}。"


def set_up_page(
    request: OfficeRequest,
    *,
    form: CodeForm | None = None,
    passkey_form: PasskeyForm | None = None,
) -> HttpResponse:
    """The QR code for a phone, and the way to a passkey."""
    is_required = must_have_second_factor(request.user)
    if not signing_in.is_fresh(request):
        stale = {"is_required": is_required}
        return render(request, "registration/second_factor_stale.html", stale)
    # The same one after a wrong code: the phone has it already.
    seed = request.session.setdefault(SEED, one_time_codes.new_seed())
    address = one_time_codes.address_for_phone(seed, request.user.get_username())
    context = {
        "form": form or CodeForm(),
        "is_required": is_required,
        # Drawn by segno from an address of our own: squares, and nothing that anybody wrote.
        "qr_code": mark_safe(one_time_codes.qr_code(address)),  # nosec B703
        "secret": one_time_codes.spaced(one_time_codes.secret_of(seed)),
        "can_add": is_offered(request) and not has_second_factor(request.user),
        **_about_passkeys(request, passkey_form),
    }
    return render(request, "registration/second_factor_set_up.html", context)


def codes_page(request: OfficeRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """Not a redirect: the codes stand in this answer alone."""
    context = {
        "codes": codes,
        "is_new": is_new,
        "organisation_words": f"{settings.ORGANISATION}計畫管考",
    }
    return render(request, "registration/second_factor_codes.html", context)


def _about_passkeys(request: OfficeRequest, form: PasskeyForm | None) -> dict[str, object]:
    site = passkeys.site()
    passkey_origin = ""
    # Reached by another address: the page names the one at which passkeys can be used.
    if site is not None and not is_offered(request):
        passkey_origin = site.origin
    return {
        "passkey_form": form or PasskeyForm(),
        "passkey_origin": passkey_origin,
    }
