"""What monitoring asks: does the process answer (/healthz), and can it work (/readyz)."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from plan_tracker.ready_database import has_open_migrations

GetResponse = Callable[[HttpRequest], HttpResponse]


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: no database and no disk, or a slow one would have a healthy process killed."""
    return HttpResponse("ok\n", "text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: only yes or no for each part; the reason is for the log and not for strangers who ask."""
    has_database = database_answers()
    parts = {
        "database": has_database,
        "disk": disk_has_room(),
        # Without an answer from the database nobody knows, and asking would wait once more.
        "migrations": has_database and migrations_are_done(),
    }
    status = 503
    if all(parts.values()):
        status = 200
    return JsonResponse(parts, status=status)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrations_are_done() -> bool:
    try:
        return not has_open_migrations()
    except DatabaseError:
        return False


def disk_has_room() -> bool:
    return shutil.disk_usage(settings.VAR).free >= settings.DISK_FREE_BYTES


def before_sessions(get_response: GetResponse) -> GetResponse:
    """Answer monitoring before anything asks the database who is signed in.

    A browser in which somebody works sends its cookie: the answer would be the page 「暫時無法使用」
    while the database is away, of a process that is alive.
    """
    views = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        view = views.get(request.path_info.removesuffix("/"))
        if view is not None:
            return view(request)
        return get_response(request)

    return middleware
