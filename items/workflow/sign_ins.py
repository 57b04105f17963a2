"""登入中的裝置: noted at signing in, ended by their owner."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from items.models import SignedInSession, User
from plan_tracker.browser_words import browser_words
from plan_tracker.client_address import client_address
from plan_tracker.security_log import SecurityEvent, note_once_written


@transaction.atomic
def note_sign_in(user: User, request: HttpRequest, *, at: datetime) -> None:
    """Remember where somebody signed in, and forget what is over."""
    rows = SignedInSession.objects.filter(user=user)
    # Not `at`: a session ends by the clock of the machine, also on the day of a demonstration.
    going_on = rows.going_on(timezone.now()).values_list("pk", flat=True)
    rows.exclude(pk__in=list(going_on)).delete()
    SignedInSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "at": at,
            "address": client_address(request),
            "browser": browser_words(request.META.get("HTTP_USER_AGENT", "")),
        },
    )


def note_new_key(before: str | None, after: str | None) -> None:
    """A session goes on under another key, as after its owner has changed the password."""
    SignedInSession.objects.filter(session_key=before).update(session_key=after)


@transaction.atomic
def end_sessions(rows: Iterable[SignedInSession], *, by: User) -> int:
    """Sign out elsewhere; the number of sessions that were ended."""
    chosen = list(rows)
    if not chosen:
        return 0
    # The session itself first: it is what signs somebody in, our row only lists it.
    session_keys = [row.session_key for row in chosen]
    Session.objects.filter(session_key__in=session_keys).delete()
    row_keys = [row.pk for row in chosen]
    SignedInSession.objects.filter(pk__in=row_keys).delete()
    owner = chosen[0].user
    words = f"結束 {owner.username} 在其他瀏覽器的 {len(chosen)} 個登入"
    note_once_written(SecurityEvent.SIGN_OUT, words, user=by.username)
    return len(chosen)
