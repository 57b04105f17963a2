"""密碼金鑰: what the browser is asked, and one's own passkeys added and removed."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from items import signing_in
from items.forms.sign_in import PasskeyForm
from items.models import User
from items.requests import OfficeRequest
from items.second_factor_pages import codes_page, is_offered, state_page
from items.workflow import WorkflowError
from items.workflow.passkeys import add_passkey, credentials_of, remove_passkey
from items.workflow.second_factor import FACTOR, has_second_factor
from plan_tracker import passkeys

PURPOSE = "purpose"


@login_not_required
@require_POST
def login_passkey_options(request: OfficeRequest) -> HttpResponse:
    """What the browser is asked at the second step of signing in."""
    person = signing_in.waiting_person(request)
    if person is None:
        return _problem("超過五分鐘了，請重新填帳號和密碼。")
    return _ask_for_proof(request, person.user)


@require_POST
def passkey_options(request: OfficeRequest) -> HttpResponse:
    """The same on one's own page: for a new passkey, or for a proof before a change."""
    if request.POST.get(PURPOSE) != signing_in.NEW:
        return _ask_for_proof(request, request.user)
    if not is_offered(request) or not signing_in.is_fresh(request):
        return _problem("請重新登入，再加入密碼金鑰。")
    asked = passkeys.ask_for_new(
        key=request.user.pk,
        username=request.user.get_username(),
        name=str(request.user),
        # Blocked ones too: the browser leaves out the devices that are there already.
        credentials=credentials_of(request.user, usable_only=False),
    )
    signing_in.keep_challenge(request, signing_in.NEW, request.user, asked.kept)
    return JsonResponse(asked.options)


def _ask_for_proof(request: OfficeRequest, user: User) -> HttpResponse:
    credentials = credentials_of(user, usable_only=True)
    if not is_offered(request) or not credentials:
        return _problem("這裡不能用密碼金鑰，請填手機的驗證碼或備援碼。")
    # Only those that are not blocked: a copied device must not open the account.
    asked = passkeys.ask_for_proof(credentials)
    signing_in.keep_challenge(request, signing_in.PROOF, user, asked.kept)
    return JsonResponse(asked.options)


def _problem(words: str) -> HttpResponse:
    """For the script, which shows it beside the button."""
    return JsonResponse({"problem": words})


@require_POST
def passkey_add(request: OfficeRequest) -> HttpResponse:
    """Keep the passkey that the browser has just made."""
    form = PasskeyForm(request.POST)
    # Taken also where the form is wrong: each question is answered once.
    kept = signing_in.take_challenge(request, signing_in.NEW, request.user)
    if not form.is_valid():
        return state_page(request, passkey_form=form)
    if kept is None or not signing_in.is_fresh(request) or not is_offered(request):
        words = "已經超過五分鐘，或在別的分頁加過了；沒有加入，請再按一次「加入」。"
        form.add_error(None, words)
        return state_page(request, passkey_form=form)
    is_first = not has_second_factor(request.user)
    try:
        new = passkeys.read_new(kept, form.cleaned_data["answer"])
        added = add_passkey(
            request.user,
            new,
            form.cleaned_data["name"],
            at=request.now,
            keep_session=request.session.session_key or "",
        )
    except passkeys.WrongAnswer:
        form.add_error(None, "瀏覽器的回答不完整，沒有加入；請再試一次，或換一個瀏覽器。")
    except ValidationError as error:
        form.add_error(None, error)
    except WorkflowError as error:
        form.add_error(None, str(error))
    else:
        request.session[FACTOR] = True
        request.session[signing_in.PROVED_AT] = int(time.time())
        if added.codes:
            return codes_page(request, added.codes, is_new=is_first)
        messages.success(request, f"已加入密碼金鑰「{added.passkey.name}」，以後登入可以用它。")
        return redirect("second_factor")
    return state_page(request, passkey_form=form)


@require_POST
def passkey_remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take one away, for a proof of now."""
    form = signing_in.checked_form(request)
    if not form.is_valid():
        return state_page(request, form=form)
    name = remove_passkey(request.user, pk, at=request.now)
    if not name:
        messages.info(request, "這個密碼金鑰已經移除了，沒有變動。")
    else:
        messages.success(request, f"已移除密碼金鑰「{name}」，不能再用它登入。")
    if not has_second_factor(request.user):
        # Whose role asks for it sets up another one at once.
        request.session.pop(FACTOR, None)
    return redirect("second_factor")
