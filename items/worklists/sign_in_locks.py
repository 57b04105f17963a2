"""暫時不能登入: which accounts and addresses are locked by too many wrong passwords, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings

from items.models import User
from plan_tracker.client_address import is_known_address
from plan_tracker.lockout import STRANGER, free_at, recent_attempts


@dataclass
class Failures:
    """Wrong passwords of one account or one address, added up."""

    number: int = 0
    last_at: datetime | None = None

    def add(self, attempt: AccessAttempt) -> None:
        self.number += attempt.failures_since_start
        # The lock ends so long after the last failure, whatever the order of the rows.
        is_later = self.last_at is None or attempt.attempt_time > self.last_at
        if is_later:
            self.last_at = attempt.attempt_time


@dataclass
class FailuresOfAccount:
    """The failures of one account, as `plan_tracker/lockout.py` weighs them.

    `strangers` are those from browsers in which nobody has signed in yet, at all addresses
    together; `full` are those of the places that are locked for themselves.
    """

    strangers: Failures = field(default_factory=Failures)
    full: Failures = field(default_factory=Failures)
    addresses: list[str] = field(default_factory=list)

    def add(self, attempt: AccessAttempt) -> None:
        if attempt.user_agent == STRANGER:
            self.strangers.add(attempt)
        if attempt.failures_since_start < settings.SIGN_IN_FAILURES:
            return
        self.full.add(attempt)
        if attempt.user_agent == STRANGER and is_known_address(attempt.ip_address):
            self.addresses.append(attempt.ip_address)

    @property
    def is_locked_everywhere(self) -> bool:
        return self.strangers.number >= settings.SIGN_IN_FAILURES_OF_ACCOUNT


@dataclass(frozen=True)
class AccountLock:
    """An account that cannot sign in, at one place or in every new browser."""

    user: User
    words: str


@dataclass(frozen=True)
class AddressLock:
    """An address from which nobody can sign in in a new browser."""

    address: str
    words: str


@dataclass(frozen=True)
class SignInLocks:
    """What is locked now."""

    accounts: list[AccountLock]
    addresses: list[AddressLock]

    def __bool__(self) -> bool:
        return bool(self.accounts or self.addresses)


def sign_in_locks() -> SignInLocks:
    """In one query where nobody has mistyped lately, else two."""
    attempts = list(recent_attempts())
    if not attempts:
        return SignInLocks([], [])
    return SignInLocks(account_locks(attempts), address_locks(attempts))


def account_locks(attempts: Iterable[AccessAttempt]) -> list[AccountLock]:
    """The accounts that are locked. A guessed name that is no account locks nobody out."""
    failures: dict[str, FailuresOfAccount] = {}
    for attempt in attempts:
        failures.setdefault(attempt.username, FailuresOfAccount()).add(attempt)
    locks = []
    for user in User.objects.filter(username__in=failures, is_active=True):
        of_account = failures[user.username]
        # The wider lock first: who is locked everywhere is also locked at one place.
        if of_account.is_locked_everywhere:
            until = _time(of_account.strangers)
            words = (
                f"各處共錯 {of_account.strangers.number:,} 次，沒登入過的瀏覽器到 {until} 不能登入"
            )
        elif of_account.full.number:
            # A lock without an address is that of a browser which the owner has used before.
            where = "、".join(of_account.addresses) or "本人用過的瀏覽器"
            until = _time(of_account.full)
            words = f"從 {where} 錯了 {of_account.full.number:,} 次，在那裡到 {until} 不能登入"
        else:
            continue
        locks.append(AccountLock(user, words))
    return locks


def address_locks(attempts: Iterable[AccessAttempt]) -> list[AddressLock]:
    """Addresses that have tried too many accounts."""
    failures: dict[str, Failures] = {}
    for attempt in attempts:
        # Browsers in which somebody has signed in have tries of their own (decision 0012).
        if attempt.user_agent == STRANGER and is_known_address(attempt.ip_address):
            failures.setdefault(attempt.ip_address, Failures()).add(attempt)
    locks = []
    for address, of_address in failures.items():
        if of_address.number < settings.SIGN_IN_FAILURES_OF_ADDRESS:
            continue
        words = (
            f"試了不同帳號共錯 {of_address.number:,} 次，"
            f"沒登入過的瀏覽器從這裡到 {_time(of_address)} 不能登入"
        )
        locks.append(AddressLock(address, words))
    return locks


def _time(failures: Failures) -> str:
    """The time of day in Taipei when none of these failures counts any more."""
    assert failures.last_at is not None
    return free_at(failures.last_at + settings.AXES_COOLOFF_TIME)
