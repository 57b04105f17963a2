"""雙重驗證: the code at signing in, and one's own page on which it is set up."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from items import signing_in
from items.forms.sign_in import CodeForm
from items.models import Passkey, SecondFactor
from items.requests import OfficeRequest
from items.second_factor_pages import SEED, codes_page, is_offered, set_up_page, state_page
from items.workflow.second_factor import (
    FACTOR,
    FactorChange,
    has_second_factor,
    new_codes,
    remove,
    remove_phone,
    set_up,
)
from plan_tracker import one_time_codes

THEN, SET_UP = "then", "set_up"
PHONE = "phone"
"""Asks for the page that adds a phone, of somebody who has passkeys alone."""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: OfficeRequest) -> HttpResponse:
    """The second step of signing in."""
    person = signing_in.waiting_person(request)
    if person is None:
        messages.info(request, "請先填帳號和密碼；填驗證碼要在五分鐘內。")
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        problem = signing_in.proof_problem(request, person.user, form)
        if not problem:
            return signing_in.finish(request, person.user, person.address, with_code=True)
        form.add_error("code", problem)
    passkeys = Passkey.objects.usable().filter(user=person.user)
    context = {
        "form": form,
        "person": person.user,
        "has_phone": SecondFactor.objects.filter(user=person.user).exists(),
        "can_prove": is_offered(request) and passkeys.exists(),
    }
    return render(request, "registration/login_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: OfficeRequest) -> HttpResponse:
    """How it stands, or setting it up."""
    has_phone = SecondFactor.objects.filter(user=request.user).exists()
    adds_phone = PHONE in request.GET or request.method == "POST"
    is_set_up = has_phone or has_second_factor(request.user)
    # Beside 密碼金鑰 there may be one phone: another one takes its place by `second_factor_remove`.
    may_add_phone = adds_phone and not has_phone
    if is_set_up and not may_add_phone:
        return state_page(request)
    form = CodeForm(request.POST or None)
    seed = request.session.get(SEED)
    # A page that was left open must not let somebody else add their phone (decision 0019).
    if seed is not None and signing_in.is_fresh(request) and form.is_valid():
        code = one_time_codes.normal(form.cleaned_data["code"])
        key = request.session.session_key or ""
        codes = set_up(request.user, seed, code, at=request.now, keep_session=key)
        if codes:
            del request.session[SEED]
            request.session[FACTOR] = True
            request.session[signing_in.PROVED_AT] = int(time.time())
            return codes_page(request, codes, is_new=True)
        form.add_error(
            "code", "驗證碼不對。請確認手機的日期和時間是自動設定，再填現在顯示的六位數字。"
        )
    return set_up_page(request, form=form)


@require_POST
def second_factor_codes(request: OfficeRequest) -> HttpResponse:
    """Other 備援碼, for a proof of now."""
    if not has_second_factor(request.user):
        return redirect("second_factor")
    form = signing_in.checked_form(request)
    if form.is_valid():
        codes = new_codes(request.user, at=request.now)
        return codes_page(request, codes, is_new=False)
    return state_page(request, form=form)


@require_POST
def second_factor_remove(request: OfficeRequest) -> HttpResponse:
    """Do without it, or take another phone, for a proof of now."""
    if not has_second_factor(request.user):
        return redirect("second_factor")
    form = signing_in.checked_form(request)
    if not form.is_valid():
        return state_page(request, form=form)
    if request.POST.get(THEN) == SET_UP:
        # 密碼金鑰 stay meanwhile; without any, whose role asks for it sets up another phone at once.
        remove_phone(request.user, at=request.now)
        if not has_second_factor(request.user):
            request.session.pop(FACTOR, None)
        return redirect(f"{request.path.removesuffix('remove/')}?{PHONE}=1")
    remove(request.user, FactorChange.REMOVED, by=request.user, at=request.now)
    request.session.pop(FACTOR, None)
    messages.success(request, "雙重驗證已停用，以後登入只要帳號和密碼。")
    return redirect("second_factor")
