"""雙重驗證: the code at signing in, and one's own page on which it is set up."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from items import signing_in
from items.forms.sign_in import CodeForm
from items.models import RecoveryCode, SecondFactor
from items.requests import OfficeRequest
from items.workflow.second_factor import (
    FACTOR,
    FactorChange,
    must_have_second_factor,
    new_codes,
    remove,
    set_up,
)
from plan_tracker import one_time_codes

SEED = "second_factor_seed"
"""In the session, until the phone has shown that it has it."""
THEN, SET_UP = "then", "set_up"


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
        problem = signing_in.code_problem(request, person.user, form.cleaned_data["code"])
        if not problem:
            return signing_in.finish(request, person.user, person.address, with_code=True)
        form.add_error("code", problem)
    context = {"form": form, "person": person.user}
    return render(request, "registration/login_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: OfficeRequest) -> HttpResponse:
    """How it stands, or setting it up."""
    factor = SecondFactor.objects.filter(user=request.user).first()
    if factor is not None:
        return _state_page(request, factor, CodeForm())
    is_required = must_have_second_factor(request.user)
    if not signing_in.is_fresh(request):
        stale = {"is_required": is_required}
        return render(request, "registration/second_factor_stale.html", stale)
    # The same one after a wrong code: the phone has it already.
    seed = request.session.setdefault(SEED, one_time_codes.new_seed())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = one_time_codes.normal(form.cleaned_data["code"])
        key = request.session.session_key or ""
        codes = set_up(request.user, seed, code, at=request.now, keep_session=key)
        if codes:
            del request.session[SEED]
            request.session[FACTOR] = True
            request.session[signing_in.PROVED_AT] = int(time.time())
            return _codes_page(request, codes, is_new=True)
        form.add_error(
            "code", "驗證碼不對。請確認手機的日期和時間是自動設定，再填現在顯示的六位數字。"
        )
    address = one_time_codes.address_for_phone(seed, request.user.get_username())
    context = {
        "form": form,
        "is_required": is_required,
        # Drawn by segno from an address of our own: squares, and nothing that anybody wrote.
        "qr_code": mark_safe(one_time_codes.qr_code(address)),  # nosec B703
        "secret": one_time_codes.spaced(one_time_codes.secret_of(seed)),
    }
    return render(request, "registration/second_factor_set_up.html", context)


@require_POST
def second_factor_codes(request: OfficeRequest) -> HttpResponse:
    """Other 備援碼, for the code of now."""
    factor = SecondFactor.objects.filter(user=request.user).first()
    if factor is None:
        return redirect("second_factor")
    form = _checked_form(request)
    if form.is_valid():
        codes = new_codes(request.user, at=request.now)
        return _codes_page(request, codes, is_new=False)
    return _state_page(request, factor, form)


@require_POST
def second_factor_remove(request: OfficeRequest) -> HttpResponse:
    """Do without it, or take another phone, for the code of now."""
    factor = SecondFactor.objects.filter(user=request.user).first()
    if factor is None:
        return redirect("second_factor")
    form = _checked_form(request)
    if not form.is_valid():
        return _state_page(request, factor, form)
    remove(request.user, FactorChange.REMOVED, by=request.user, at=request.now)
    # Whose role asks for it sets up another one at once.
    request.session.pop(FACTOR, None)
    if request.POST.get(THEN) == SET_UP:
        return redirect("second_factor")
    messages.success(request, "雙重驗證已停用，以後登入只要帳號和密碼。")
    return redirect("second_factor")


def _checked_form(request: OfficeRequest) -> CodeForm:
    """The form whose code was right, and is used up, or that says why not."""
    form = CodeForm(request.POST)
    if form.is_valid():
        problem = signing_in.code_problem(request, request.user, form.cleaned_data["code"])
        if problem:
            form.add_error("code", problem)
    return form


def _state_page(request: OfficeRequest, factor: SecondFactor, form: CodeForm) -> HttpResponse:
    context = {
        "factor": factor,
        "form": form,
        "codes_left": RecoveryCode.objects.filter(user=request.user).count(),
        "is_required": must_have_second_factor(request.user),
    }
    return render(request, "registration/second_factor.html", context)


def _codes_page(request: OfficeRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """Not a redirect: the codes stand in this answer alone."""
    context = {
        "codes": codes,
        "is_new": is_new,
        "organisation_words": f"{settings.ORGANISATION}計畫管考",
    }
    return render(request, "registration/second_factor_codes.html", context)
