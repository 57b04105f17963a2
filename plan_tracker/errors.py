"""Our own error pages: in Chinese, with a reference number that stands in the log too, and nothing of the inside."""

import errno
import logging
import sqlite3
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import Context, TemplateDoesNotExist, loader
from django.views.decorators.csrf import requires_csrf_token

log = logging.getLogger("django.request")


def bad_request(request, exception=None):
    return page(request, 400)


@requires_csrf_token
def forbidden(request, exception=None):
    return page(request, 403)


def csrf_failure(request, reason=""):
    """Mostly a page that stayed open while its session ended: what helps is other than with a missing right."""
    return page(request, 403, "403_csrf.html")


@requires_csrf_token
def not_found(request, exception=None):
    return page(request, 404)


def too_large(request):
    return page(request, 413)


def server_error(request):
    """500; 503 where the database does not answer or the disk is full: trying again later is then the right thing to do."""
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return page(request, 503, "503_full.html")
    return page(request, 503 if isinstance(error, (OperationalError, InterfaceError)) else 500)


def is_disk_full(error):
    """Whether there was no room to write: for the database, or for a file of ours."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == "53100"
    )


WORDS = {
    400: "請求的內容有誤。",
    403: "您沒有權限。",
    404: "找不到這個頁面。",
    413: "上傳的內容太大。",
    500: "系統發生錯誤。",
    503: "系統暫時無法使用，請稍後再試。",
}


def page(request, status, template=None):
    """The status's own template, without context processors: they ask the database, which may be what has failed."""
    reference = getattr(request, "reference", "")
    try:
        context = Context({"status": status, "words": WORDS[status], "reference": reference})
        body = loader.get_template(template or f"{status}.html").template.render(context)
    except Exception as error:
        # An error page that fails must not turn a 404 into a 500; the plain words do.
        if not isinstance(error, TemplateDoesNotExist):
            log.exception("error page %s", status, extra={"request": request})
        return HttpResponse(
            f"{WORDS[status]}（{status}，代碼 {reference}）\n",
            "text/plain; charset=utf-8",
            status=status,
        )
    return HttpResponse(body, status=status)
