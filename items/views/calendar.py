"""行事曆: the own page of its address, and the file that calendar programs read by it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from items.models import CalendarAddress
from items.requests import OfficeRequest
from items.workflow import calendar_address as workflow
from items.worklists.calendar_days import calendar_days
from items.worklists.calendar_file import calendar_file as file_of
from plan_tracker.client_address import client_address

REVOKE = "revoke"
"""The button that makes no new address."""
LONGEST_SECRET = 100
MISSES = 30
"""Wrong addresses from one client in `MISS_SECONDS`, of one process; more are not looked up."""
MISS_SECONDS = 600
RETRY_SECONDS = 3600
NO_SUCH_CALENDAR = "沒有這個行事曆，或網址已經停用；請到「行事曆」重新產生。"
TOO_OFTEN = "讀取太頻繁，請稍後再試。"


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_address(request: OfficeRequest) -> HttpResponse:
    """Whether there is an address; a new one is shown once, in the answer to the button."""
    address = ""
    if request.method == "POST" and REVOKE in request.POST:
        if workflow.revoke(request.user, at=request.now):
            messages.success(request, "行事曆網址已停用，手機與電腦上的行事曆不會再更新。")
        return redirect("calendar_address")
    if request.method == "POST":
        secret = workflow.make(request.user, at=request.now)
        address = request.build_absolute_uri(reverse("calendar_file", args=[secret]))
    stored = CalendarAddress.objects.filter(person=request.user).first()
    context = {"stored": stored, "address": address}
    return render(request, "items/calendar_address.html", context)


@login_not_required
@require_safe
def calendar_file(request: OfficeRequest, secret: str) -> HttpResponse:
    """The file, by the secret in the address alone; no session is read or written."""
    response = _answer(request, secret)
    # The secret address decides whose calendar it is, not who is signed in in this browser.
    request.session.accessed = False
    request.session.modified = False
    return response


def _answer(request: OfficeRequest, secret: str) -> HttpResponse:
    misses = f"calendar-misses-{client_address(request)}"
    if cache.get(misses, 0) >= MISSES:
        return _refusal(TOO_OFTEN, 429)
    row = None
    # A longer text is no secret of ours, and not worth a hash and a query.
    if len(secret) <= LONGEST_SECRET:
        row = workflow.address_of(secret)
    if row is None:
        cache.add(misses, 0, MISS_SECONDS)
        # `incr` fails without a value, and keeps the end of the time that `add` has set.
        cache.incr(misses)
        return _refusal(NO_SUCH_CALENDAR, 404)
    if not workflow.count_read(row, at=request.now):
        return _refusal(TOO_OFTEN, 429)
    person = row.person
    # As the middleware does for people who are signed in: 代理 counts on this day.
    person.acts_on = request.today
    content = file_of(
        calendar_days(person),
        name=f"{settings.ORGANISATION}計畫管考",
        site=request.build_absolute_uri("/").rstrip("/"),
        at=request.now,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plan.ics"'
    # What search engines or a proxy might keep of it.
    response["X-Robots-Tag"] = "noindex"
    return response


def _refusal(words: str, status: int) -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status == 429:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
