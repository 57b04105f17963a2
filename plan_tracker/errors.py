"""Our own error pages: in Chinese, with the reference number of the log, nothing of the inside."""

import logging
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Engine, RequestContext, TemplateDoesNotExist
from django.views.decorators.csrf import requires_csrf_token

from plan_tracker.carrying import WRITER, CarriedField, carried_fields, is_writer, sent_fields
from plan_tracker.room import is_without_room
from plan_tracker.security_log import SecurityEvent, note

log = logging.getLogger("django.request")
POSTGRES_DISK_FULL = "53100"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The right has gone, or was never there; `items.access.NotAllowed` says which."""
    sentence = getattr(exception, "sentence", "")
    note(
        SecurityEvent.REFUSAL, request.get_full_path(), words=request.method or "", request=request
    )
    return page(request, 403, sentence=sentence, fields=written_fields(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly a page that stayed open while its session ended: signing in makes a new token.

    What was written is on the answer, to be sent again by the same person.
    """
    if not request.user.is_authenticated:
        return session_ended(request)
    words = f"{request.method} {reason}"
    note(SecurityEvent.REFUSAL, request.get_full_path(), words=words, request=request)
    fields = carried_fields(request)
    if WRITER in request.POST and not is_writer(request):
        sentence = "這個瀏覽器現在由別人登入，剛才的內容沒有送出。請用原來的帳號登入，再回到原來那一頁送出。"
    elif fields:
        sentence = "這一頁是重新登入以前開的，剛才的內容還沒有存檔，都在下面。請按「再送一次」。"
    else:
        sentence = "這一頁是重新登入以前開的。請回上一頁，先複製剛才寫的文字，重新整理後再送出。"
    return page(request, 403, "403_csrf.html", sentence=sentence, fields=fields)


def session_ended(request: HttpRequest) -> HttpResponse:
    """The sender is not signed in any more: what was written waits for them on the page."""
    fields = carried_fields(request)
    if fields:
        sentence = (
            "剛才的內容還沒有存檔，都留在這一頁。請在新分頁登入，再回到這一頁按「再送一次」。"
        )
    else:
        sentence = "剛才的內容沒有送出。請回上一頁，先複製剛才寫的文字，重新登入後再送出。"
    return page(request, 403, "403_session.html", sentence=sentence, fields=fields)


def written_fields(request: HttpRequest) -> list[CarriedField]:
    """What is shown of a form that the writer may not send any more."""
    return _of_prose(carried_fields(request))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database or the store of files does not answer, or the disk is full.

    With 503 the page says to try again later, which is then the right thing to do.
    """
    error = sys.exception()
    if is_disk_full(error):
        return page(request, 503, "503_full.html", fields=unsaved_fields(request))
    if isinstance(error, (OperationalError, InterfaceError, ConnectionError)):
        return page(request, 503, fields=unsaved_fields(request))
    return page(request, 500)


def unsaved_fields(request: HttpRequest) -> list[CarriedField]:
    """What was written, to be read and copied: the service could not save it.

    Nobody knows who is signed in while the database is away, so that nothing can be sent again
    from here. Shown is only what the same page has sent.
    """
    return _of_prose(sent_fields(request))


def _of_prose(fields: Sequence[CarriedField]) -> list[CarriedField]:
    """Those that hold what somebody wrote, and are not blank."""
    written = []
    for field in fields:
        # Where a page has several forms, each name begins with the number of its form.
        name = field.name.rpartition("-")[2]
        if name in WRITTEN and field.value.strip():
            written.append(field)
    return written


def is_disk_full(error: BaseException | None) -> bool:
    """Whether there was no room to write: for the database, or for a file of ours."""
    if isinstance(error, OSError):
        return is_without_room(error)
    if not isinstance(error, OperationalError):
        return False
    # Django's error is the same for everything; the engine's own, behind it, has the code.
    cause = error.__cause__
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return True
    return getattr(cause, "sqlstate", None) == POSTGRES_DISK_FULL


WORDS = {
    400: "請求的內容有誤。",
    403: "您沒有權限。",
    404: "找不到這個頁面。",
    413: "上傳的內容太大。",
    431: "瀏覽器送出的資料太長。",
    500: "系統發生錯誤。",
    501: "系統不支援這種傳送方式。",
    503: "系統暫時無法使用，請稍後再試。",
}


IN_SITE, ALONE = "error_in_site.html", "error.html"
"""The frames of an error page: with the menu of the person who is signed in, or without anything."""

WITH_MENU = (403, 404)
"""Errors of an address or a right, in which nothing of the service itself has failed."""

WRITTEN = (
    "agenda",
    "answer",
    "because",
    "coordination",
    "delay_factors",
    "delay_reason",
    "expected_benefit",
    "grounds",
    "late_reason",
    "method_title",
    "names",
    "note",
    "plan_title",
    "present_status",
    "reason",
    "remedy",
    "strategy_title",
    "text",
    "title",
    "words",
)
"""Fields that hold what somebody wrote, to be copied where it cannot be sent."""


def page(
    request: HttpRequest,
    status: int,
    template: str = "",
    *,
    sentence: str = "",
    fields: Sequence[CarriedField] = (),
) -> HttpResponse:
    """The status's own template, or another one; plain words where that fails too."""
    reference = getattr(request, "reference", "")
    name = template or f"{status}.html"
    context = {
        "status": status,
        "words": WORDS[status],
        "reference": reference,
        "sentence": sentence,
        "fields": fields,
        "shown": _of_prose(fields),
    }
    body = ""
    # The menu asks the database, which may be what fails next: the page goes without it then.
    if status in WITH_MENU:
        body = render(request, name, context | {"frame": IN_SITE}, has_menu=True)
    if not body:
        body = render(request, name, context | {"frame": ALONE}, has_menu=False)
    if body:
        return HttpResponse(body, status=status)
    words = f"{WORDS[status]}（{status}，代碼 {reference}）\n"
    return HttpResponse(words, "text/plain; charset=utf-8", status=status)


def render(request: HttpRequest, name: str, context: dict[str, Any], *, has_menu: bool) -> str:
    """The page; "" where it fails: an error page must not turn a 404 into a 500."""
    try:
        template = Engine.get_default().get_template(name)
        if has_menu:
            return template.render(RequestContext(request, context))
        # Without context processors: they ask the database, which may be what has failed.
        context["csrf_token"] = get_token(request)
        return template.render(Context(context))
    except Exception as error:
        if not isinstance(error, TemplateDoesNotExist):
            log.exception("error page %s", context["status"], extra={"request": request})
        return ""
