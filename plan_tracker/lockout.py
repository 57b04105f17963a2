"""How many wrong passwords are too many: django-axes counts them, here they are weighed.

A wrong password counts in up to three ways, over all workers and restarts, since the counts lie in
the database:

* for the account at this address: five, and nobody gets in there for fifteen minutes;
* for the account from anywhere: thirty, against guessing from many addresses;
* for the address with any accounts: a hundred, against one guess for each account.

So a stranger locks an account at the own address only, unless with many addresses; and a browser in
which the person has signed in before has five tries of its own, beside those of strangers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from plan_tracker.client_address import client_address, is_known_address
from plan_tracker.known_browsers import browser_of
from plan_tracker.security_log import SecurityEvent, note

STRANGER = ""
"""What stands in the place of the browser's number where the account never signed in in it."""


FEW_TRIES_LEFT = 2
"""From so few on, the page of a wrong password or code says how many are left."""


@dataclass(frozen=True)
class FailureCount:
    """Wrong passwords counted in one way, and how many are too many."""

    number: int
    limit: int
    last_at: datetime | None

    @property
    def is_full(self) -> bool:
        return self.number >= self.limit

    @property
    def until(self) -> datetime | None:
        """When none of them counts any more."""
        if self.last_at is None:
            return None
        return self.last_at + settings.AXES_COOLOFF_TIME


def recent_attempts() -> QuerySet[AccessAttempt]:
    """What still counts."""
    return AccessAttempt.objects.filter(
        attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME
    ).order_by()


def failure_counts(*, username: str, address: str, browser: str) -> list[FailureCount]:
    """The counts that a password for this account is held against; the own one first."""
    of_account = Q(username=username, user_agent=browser)
    if browser != STRANGER:
        return [_counted(of_account, settings.SIGN_IN_FAILURES)]
    at_address = Q(ip_address=address, user_agent=STRANGER)
    counts = [
        _counted(of_account & at_address, settings.SIGN_IN_FAILURES),
        _counted(of_account, settings.SIGN_IN_FAILURES_OF_ACCOUNT),
    ]
    # Where no address is known, everybody has the same, and would be locked out together.
    if is_known_address(address):
        counts.append(_counted(at_address, settings.SIGN_IN_FAILURES_OF_ADDRESS))
    return counts


def _counted(condition: Q, limit: int) -> FailureCount:
    failures = (
        recent_attempts()
        .filter(condition)
        .aggregate(number=Sum("failures_since_start"), last_at=Max("attempt_time"))
    )
    return FailureCount(number=failures["number"] or 0, limit=limit, last_at=failures["last_at"])


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether a password for this account is not even looked at."""
    return bool(AxesProxyHandler.is_locked(request, {"username": username}))


def count_failure(request: HttpRequest, username: str) -> None:
    """Count something else than a password that somebody has got wrong, as a password would be.

    Where the account is locked already, the answer says so, and nothing is counted.
    """
    if is_locked(request, username):
        # What django-axes' own backend sets when it refuses a password.
        request.axes_locked_out = True  # type: ignore[attr-defined]
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def locked_until(request: HttpRequest, username: str) -> datetime:
    """When the last of the counts that are full has run out."""
    address = client_address(request)
    browser = browser_of(request, username)
    ends = [timezone.now()]
    for count in failure_counts(username=username, address=address, browser=browser):
        if count.is_full and count.until is not None:
            ends.append(count.until)
    return max(ends)


def free_at(until: datetime) -> str:
    """The time of day in Taipei, rounded up: at the minute that it names signing in is possible."""
    return f"{timezone.localtime(until + timedelta(seconds=59)):%H:%M}"


class WeighedFailures(AxesDatabaseHandler):
    """django-axes' own, with the counts above.

    What its column `user_agent` says anybody may choose: in its place stands the signed number of
    a known browser, or nothing.
    """

    def get_failures(self, request: Any, credentials: Mapping[str, Any] | None = None) -> int:
        """The own count, or the limit where another count is full: axes compares it with that."""
        username = self._mark_browser(request, credentials)
        counts = failure_counts(
            username=username,
            address=request.axes_ip_address,
            browser=request.axes_user_agent,
        )
        if any(count.is_full for count in counts):
            return int(settings.SIGN_IN_FAILURES)
        return counts[0].number

    def user_login_failed(
        self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any
    ) -> None:
        if request is None:
            return
        username = self._mark_browser(request, credentials)
        was_locked = request.axes_locked_out
        super().user_login_failed(sender, credentials, request, **kwargs)
        event = SecurityEvent.SIGN_IN_FAILED
        words = ""
        if was_locked:
            event = SecurityEvent.LOCK
            words = "鎖定期間再試"
        elif request.axes_locked_out:
            event = SecurityEvent.LOCK
            words = "從現在起鎖定"
        note(event, user=username, words=words, request=request)

    def reset_user_attempts(
        self, request: Any, credentials: Mapping[str, Any] | None = None
    ) -> int:
        """After the right password: only the failures of this account, here.

        The address keeps its count: somebody with an account of their own could else wipe it
        between guesses at others.
        """
        username = self._mark_browser(request, credentials)
        attempts = AccessAttempt.objects.filter(
            username=username, user_agent=request.axes_user_agent
        )
        if request.axes_user_agent == STRANGER:
            attempts = attempts.filter(ip_address=request.axes_ip_address)
        number, _ = attempts.delete()
        return number

    def _mark_browser(self, request: Any, credentials: Mapping[str, Any] | None) -> str:
        """Put the browser's number where axes keeps the browser's name; returns the account."""
        username = str((credentials or {}).get("username") or "")
        request.axes_user_agent = browser_of(request, username)
        return username
