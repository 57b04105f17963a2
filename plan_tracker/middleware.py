"""What happens around every request: headers, the moment, the ends of a session, the login."""

import logging
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from plan_tracker import clock
from plan_tracker.carrying import carried_fields
from plan_tracker.errors import session_ended, too_large
from plan_tracker.security_log import SecurityEvent, current_request, note
from plan_tracker.short_wait import short_wait

log = logging.getLogger("django.request")
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
ENDED = "ended"
"""In the address of the login page: it was a button that led there."""
RENEW_AFTER = 60
"""Seconds between two renewals of a session: a write for every click would be for nothing."""


class OurRequest(HttpRequest):
    """A request with what the functions below add to it.

    For annotations only. The rooms above have `OfficeRequest`, whose user is signed in.
    """

    reference: str
    now: datetime
    today: date
    htmx: HtmxDetails


GetResponse = Callable[[Any], HttpResponse]


def envelope(get_response: GetResponse) -> GetResponse:
    """Number every request, refuse bodies beyond every limit, and finish the headers of answers."""

    def middleware(request: OurRequest) -> HttpResponse:
        request.reference = secrets.token_hex(4)
        answered = current_request.set(request)
        try:
            if body_length(request) > settings.REQUEST_MAX_BYTES:
                response = too_large(request)
            else:
                response = get_response(request)
            note_what_leaves(request, response)
        finally:
            current_request.reset(answered)
        for name, value in settings.ALWAYS_HEADERS.items():
            response.headers.setdefault(name, value)
        is_static = request.path_info.startswith(settings.STATIC_URL)
        if not is_static or response.status_code >= 400:
            # Nothing that stands behind a login may stay in a cache or come back with the back
            # button of the browser.
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def note_what_leaves(request: OurRequest, response: HttpResponse) -> None:
    """Every file that somebody takes along stands in the security log, from every view."""
    disposition = response.headers.get("Content-Disposition", "")
    if response.status_code != 200 or not disposition.startswith("attachment"):
        return
    event = getattr(response, "security_event", SecurityEvent.DOWNLOAD)
    # A file that Django itself sends has `filename`.
    name = getattr(response, "file_name", "") or getattr(response, "filename", "")
    note(event, request.get_full_path(), words=name, request=request)


def body_length(request: HttpRequest) -> int:
    """In bytes, as the client says; 0 where it says nothing or nonsense."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        return 0
    return int(length)


def moment(get_response: GetResponse) -> GetResponse:
    """One moment for the whole request, so that a page cannot change its day half-way."""

    def middleware(request: OurRequest) -> HttpResponse:
        request.now = clock.now()
        request.today = request.now.date()
        return get_response(request)

    return middleware


class Sessions(SessionMiddleware):
    """Django's own, but reading goes on where a session cannot be written.

    That happens with a full disk or a database that is busy.

    Django takes that for a session that was deleted meanwhile and answers 400 to every page. Of a
    session that was there before, nothing is lost but its renewal and a message; a new one has to
    be written, or nobody is signed in.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            if request.method in SAFE and request.session.modified and not _is_new(request):
                # A reader must not wait for an import to end.
                with short_wait():
                    return super().process_response(request, response)
            return super().process_response(request, response)
        except SessionInterrupted as error:
            trouble = _trouble_behind(error)
            if trouble is None:
                raise
            if _is_new(request):
                raise trouble from trouble.__cause__
            log.warning("session not written: %s", trouble)
            return response


def _is_new(request: HttpRequest) -> bool:
    """Whether the session is not the one that the browser came with."""
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME) != request.session.session_key


def _trouble_behind(error: BaseException) -> OperationalError | None:
    """The database's own error that became this one on the way, if any."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, OperationalError):
            return behind
        behind = behind.__context__
    return None


COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
"""How the kinds of content begin that gain by it: an xlsx or ods file is a zip file already."""


class Compression(GZipMiddleware):
    """Django's own, which hides the length of secrets, for text only.

    Compressing a finished zip file again would cost time for nothing. A part of a file would not
    be that part any more.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        content_type = response.headers.get("Content-Type", "")
        is_part_of_file = response.has_header("Content-Range")
        if is_part_of_file or not content_type.startswith(COMPRESSIBLE):
            return response
        return super().process_response(request, response)


def session_limits(get_response: GetResponse) -> GetResponse:
    """End a session at its absolute age; push its idle end forward while somebody is working.

    Real time also in a demonstration, whose calendar stands still.
    """

    def middleware(request: OurRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at = int(time.time())
            started = request.session.setdefault(SIGNED_IN_AT, at)
            if at - started >= settings.SESSION_ABSOLUTE_AGE.total_seconds():
                logout(request)
            elif at - request.session.get(SEEN_AT, 0) >= RENEW_AFTER:
                # What is written renews the session; at every request it would cost a write each.
                request.session[SEEN_AT] = at
        return get_response(request)

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Django's own rule (every view, unless it says otherwise), with two answers of our own.

    htmx would follow the redirect and put the login page into the middle of the table: it gets a
    header instead, and loads that page as a whole. A person who pressed a button comes back to the
    page of the button, since the button's own address may know no GET, and learns that nothing
    was written.
    """

    # django-stubs wants Django's own request; ours has `htmx`, which its middleware has added.
    def handle_no_permission(  # type: ignore[override]
        self, request: OurRequest, view_func: Callable[..., HttpResponse]
    ) -> HttpResponseBase:
        is_sent = request.method not in SAFE
        if not request.htmx and not is_sent:
            return super().handle_no_permission(request, view_func)
        if not request.htmx and carried_fields(request):
            return session_ended(request)
        query = {"next": page_of(request)}
        if is_sent:
            query[ENDED] = "1"
        login_page = resolve_url(self.get_login_url(view_func))
        address = f"{login_page}?{urlencode(query)}"
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


def page_of(request: OurRequest) -> str:
    """The path of the page that a request was made from; "/" where that is none of ours.

    The path of the request itself is that of a fragment or of a button.
    """
    if request.htmx:
        current = request.htmx.current_url or ""
    else:
        current = request.headers.get("Referer") or ""
    is_ours = url_has_allowed_host_and_scheme(
        current, {request.get_host()}, require_https=request.is_secure()
    )
    if not is_ours:
        return "/"
    parts = urlsplit(current)
    if parts.query:
        return f"{parts.path}?{parts.query}"
    return parts.path
