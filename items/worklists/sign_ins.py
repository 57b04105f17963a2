"""登入中的裝置: where a person is signed in now, and for how long that has been quiet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from items.day_words import moment_words
from items.models import SignedInSession, User
from plan_tracker.client_address import is_known_address


@dataclass(frozen=True)
class SignInRow:
    """One browser, in words."""

    pk: int
    browser: str
    address: str
    since: str
    last_used: str
    is_this_one: bool


def address_words(address: str) -> str:
    if is_known_address(address):
        return address
    return "位址不明"


def quiet_words(quiet: timedelta) -> str:
    """「剛才用過」, 「12 分鐘前用過」 or 「3 小時前用過」: a session is written once a minute."""
    minutes = int(quiet.total_seconds()) // 60
    if minutes < 2:
        return "剛才用過"
    if minutes < 60:
        return f"{minutes} 分鐘前用過"
    return f"{minutes // 60} 小時前用過"


def sign_in_rows(user: User, session_key: str | None, at: datetime) -> list[SignInRow]:
    """The browsers of a person, this one first; one query.

    `at` is the real moment, also in a demonstration: sessions end by it.
    """
    rows = []
    sessions = SignedInSession.objects.filter(user=user).going_on(at)
    for session in sessions:
        # Added by `going_on`, which django-stubs cannot see.
        expires_at: datetime = session.expires_at  # type: ignore[attr-defined]
        row = SignInRow(
            pk=session.pk,
            browser=session.browser,
            address=address_words(session.address),
            since=moment_words(session.at),
            last_used=quiet_words(at - SignedInSession.last_seen(expires_at)),
            is_this_one=session.session_key == session_key,
        )
        rows.append(row)
    return sorted(rows, key=lambda row: not row.is_this_one)
