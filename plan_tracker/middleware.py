"""What happens around every request: headers, the moment, the ends of a session, and a login by default."""

import logging
import secrets
import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from plan_tracker import clock
from plan_tracker.errors import too_large

log = logging.getLogger("django.request")
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
ENDED = "ended"
"""In the address of the login page: it was a button that led there."""
RENEW_AFTER = 60
"""Seconds between two renewals of a session: a write for every click would be a write for nothing."""


def envelope(get_response):
    """Give each request a reference number, refuse bodies beyond every limit, and finish each answer's headers."""

    def middleware(request):
        request.reference = secrets.token_hex(4)
        if body_length(request) > settings.REQUEST_MAX_BYTES:
            response = too_large(request)
        else:
            response = get_response(request)
        for name, value in settings.ALWAYS_HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith(settings.STATIC_URL) or response.status_code >= 400:
            # Nothing that stands behind a login may stay in a cache or come back with the browser's back button.
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def body_length(request):
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def moment(get_response):
    """One moment for the whole request, so that a page cannot change its day half-way."""

    def middleware(request):
        request.now = clock.now()
        request.today = request.now.date()
        return get_response(request)

    return middleware


class Sessions(SessionMiddleware):
    """Django's own, but reading goes on where a session cannot be written: a full disk, a database that is busy.

    Django takes that for a session that was deleted meanwhile and answers 400 to every page. Of a session that was
    there before nothing is lost but its renewal and a message; a new one has to be written, or nobody is signed in.
    """

    def process_response(self, request, response):
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            trouble = _trouble_behind(error)
            if trouble is None:
                raise
            if request.COOKIES.get(settings.SESSION_COOKIE_NAME) != request.session.session_key:
                raise trouble from trouble.__cause__
            log.warning("session not written: %s", trouble)
            return response


def _trouble_behind(error):
    """The database's own error that became this one on the way, if any."""
    while error is not None and not isinstance(error, OperationalError):
        error = error.__context__
    return error


def session_limits(get_response):
    """End a session at its absolute age; push its idle end forward while somebody is working.

    Real time also in a demonstration, whose calendar stands still.
    """

    def middleware(request):
        if request.user.is_authenticated:
            at = int(time.time())
            started = request.session.setdefault(SIGNED_IN_AT, at)
            if at - started >= settings.SESSION_ABSOLUTE_AGE.total_seconds():
                logout(request)
            elif at - request.session.get(SEEN_AT, 0) >= RENEW_AFTER:
                request.session[SEEN_AT] = at
        return get_response(request)

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Django's own rule (every view, unless it says otherwise), with two answers of our own.

    htmx would follow the redirect and put the login page into the middle of the table; so it is told to load it.
    Who pressed a button comes back to its page, since the button's own address may know no GET, and is told that
    nothing was written.
    """

    def handle_no_permission(self, request, view_func):
        is_sent = request.method not in SAFE
        if not request.htmx and not is_sent:
            return super().handle_no_permission(request, view_func)
        query = {"next": page_of(request)} | ({ENDED: 1} if is_sent else {})
        login = f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query)}"
        return (
            HttpResponse(status=204, headers={"HX-Redirect": login})
            if request.htmx
            else redirect(login)
        )


def page_of(request):
    """The path of the page that a request was made from; the own path of such a request is a fragment or a button's."""
    current = (request.htmx.current_url if request.htmx else request.headers.get("Referer")) or ""
    if not url_has_allowed_host_and_scheme(
        current, {request.get_host()}, require_https=request.is_secure()
    ):
        return "/"
    parts = urlsplit(current)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
