"""解除登入鎖定, from 人員與移交."""

from ipaddress import ip_address

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from items import access
from items.models import User
from items.requests import OfficeRequest, key_or_404
from items.workflow import sign_in_locks

ACCOUNT, ADDRESS = "account", "address"


@require_POST
def lift(request: OfficeRequest, year: int) -> HttpResponse:
    """Let an account, or an address, sign in again before the quarter of an hour is over."""
    access.get_programme(year)
    access.require(access.can_run_people(request.user))
    address = request.POST.get(ADDRESS, "")
    if address:
        was_locked = _lift_address(address, request.user)
        name = f"位址 {address}"
    else:
        user = _chosen_user(request.POST.get(ACCOUNT, ""))
        was_locked = sign_in_locks.lift_lock(user, by=request.user, at=request.now)
        name = f"{user}（{user.username}）"
    if was_locked:
        messages.success(request, f"{name}的登入鎖定已解除，現在可以登入。")
    else:
        messages.info(request, f"{name}現在沒有鎖定，沒有變動。")
    return redirect("people", year)


def _chosen_user(text: str) -> User:
    return get_object_or_404(User, pk=key_or_404(text))


def _lift_address(address: str, by: User) -> bool:
    # Anything can be posted: only an address has a lock that could be lifted.
    try:
        ip_address(address)
    except ValueError:
        raise Http404 from None
    return sign_in_locks.lift_lock_of_address(address, by=by)
