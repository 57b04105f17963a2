"""Our own error pages: in Chinese, with the reference number of the log, nothing of the inside."""

import errno
import logging
import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, TemplateDoesNotExist
from django.views.decorators.csrf import requires_csrf_token

log = logging.getLogger("django.request")
POSTGRES_DISK_FULL = "53100"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly a page that stayed open while its session ended.

    What helps then is loading it again, not asking somebody for a right.
    """
    return page(request, 403, "403_csrf.html")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database does not answer or the disk is full.

    With 503 the page says to try again later, which is then the right thing to do.
    """
    error = sys.exception()
    if is_disk_full(error):
        return page(request, 503, "503_full.html")
    if isinstance(error, (OperationalError, InterfaceError)):
        return page(request, 503)
    return page(request, 500)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether there was no room to write: for the database, or for a file of ours."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
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
    500: "系統發生錯誤。",
    503: "系統暫時無法使用，請稍後再試。",
}


def page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """The status's own template, or another one; plain words where that fails too."""
    reference = getattr(request, "reference", "")
    try:
        context = Context({"status": status, "words": WORDS[status], "reference": reference})
        name = template or f"{status}.html"
        # Without context processors: they ask the database, which may be what has failed.
        body = Engine.get_default().get_template(name).render(context)
    except Exception as error:
        # An error page that fails must not turn a 404 into a 500; the plain words do.
        if not isinstance(error, TemplateDoesNotExist):
            log.exception("error page %s", status, extra={"request": request})
        words = f"{WORDS[status]}（{status}，代碼 {reference}）\n"
        return HttpResponse(words, "text/plain; charset=utf-8", status=status)
    return HttpResponse(body, status=status)
