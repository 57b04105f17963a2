"""初始密碼: passwords that the information office gives to accounts, many at once.

They are handed over on paper or in a file, not as one-time links: a link needs a mail server, which
an office need not have, and nobody types a link of a hundred characters from a slip of paper. The
person has to choose another password at the first sign-in, so that a slip that lies around opens
nothing afterwards.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from items.models import Change, Door, User
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.passwords import keep_former, password_entry

MOST_AT_ONCE = 50
"""Hashing one password takes up to a second on purpose; a proxy waits a minute for an answer."""

LETTERS = "cdfghjkmnprtvwxy"
FIGURES = "346789"
"""No 0 and O, 1 and l, 2 and z, 5 and s; and hardly a vowel, so that no word arises."""
CHARACTERS = LETTERS + FIGURES
GROUP_LENGTH = 4
FEWEST_GROUPS = 3
"""Twelve characters of 22 kinds are 53 bits: nobody guesses them before the first sign-in."""
MOST_GROUPS = 12
TRIES = 10

GIVEN = "由系統管理發給初始密碼"
"""All that the history says of the password itself."""


@dataclass(frozen=True)
class FirstPassword:
    """An account with its password in plain text, which is kept nowhere."""

    user: User
    # Left out of the words of this object, so that no log or error page can hold it.
    password: str = field(repr=False)


@dataclass(frozen=True)
class GivenPasswords:
    """`passed_over` got none: somebody else has given them a password, or switched them off."""

    given: list[FirstPassword]
    passed_over: list[User]


def password_mark(user: User) -> str:
    """A mark of the password that an account has now; another password has another mark.

    It tells whether the account is still as the page showed it, and gives nothing away.
    """
    return salted_hmac("items.first_passwords", user.password).hexdigest()[:20]


def give_first_passwords(
    marks: Mapping[int, str], *, by: User, at: datetime, door: Door = Door.PAGE
) -> GivenPasswords:
    """Give each account a password of its own; `marks` is {key: mark of the password seen}.

    An account whose password has changed since is passed over. So a page that is sent twice, or by
    two people, does not spoil the slips that were printed first.
    """
    if len(marks) > MOST_AT_ONCE:
        words = f"一次最多發給 {MOST_AT_ONCE} 個帳號初始密碼；沒有發出任何密碼，請分次處理。"
        raise WorkflowError(words, Refusal.TOO_MANY_AT_ONCE)
    # Never to oneself: the page of one's own password asks for the old one first.
    users = User.objects.filter(pk__in=marks).exclude(pk=by.pk).order_by("username")
    as_seen = [user for user in users if _is_as_seen(user, marks)]
    passwords = _passwords_for(as_seen)
    new_passwords = []
    passed_over = []
    entries = []
    with transaction.atomic():
        for user in users.select_for_update():
            password = passwords.get(user.pk)
            # Looked at once more under the lock: hashing has taken a while.
            if password is None or not _is_as_seen(user, marks):
                passed_over.append(user)
                continue
            entries.append(_set(user, password.hashed, by=by, at=at, door=door))
            new_passwords.append(FirstPassword(user, password.plain))
        Change.objects.bulk_create(entries)
    return GivenPasswords(new_passwords, passed_over)


@dataclass(frozen=True)
class NewPassword:
    """A password and what the database keeps of it."""

    plain: str = field(repr=False)
    hashed: str = field(repr=False)


def _is_as_seen(user: User, marks: Mapping[int, str]) -> bool:
    return user.is_active and password_mark(user) == marks[user.pk]


def _passwords_for(users: Iterable[User]) -> dict[int, NewPassword]:
    """{key of the account: its new password}.

    Outside the transaction: hashing takes long, and SQLite would let nobody else write meanwhile.
    """
    passwords = {}
    for user in users:
        plain = readable_password(user)
        passwords[user.pk] = NewPassword(plain, make_password(plain))
    return passwords


def _set(user: User, hashed: str, *, by: User, at: datetime, door: Door) -> Change:
    """Write the password; the history entry says that there is one, not which."""
    had_to_change = user.must_change_password
    keep_former(user, user.password)
    user.password = hashed
    user.must_change_password = True
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return password_entry(user, GIVEN, had_to_change=had_to_change, by=by, at=at, door=door)


def readable_password(user: User) -> str:
    """A random password such as kmtr-4wpn-x8hd that the office's rules for passwords allow."""
    for number_of_groups in range(FEWEST_GROUPS, MOST_GROUPS + 1):
        # Several tries: by chance one may be all figures, or resemble somebody's name.
        for _ in range(TRIES):
            groups = [_group() for _ in range(number_of_groups)]
            password = "-".join(groups)
            if _is_allowed(password, user):
                return password
    words = "系統的密碼規定太嚴，產生不出合乎規定的初始密碼；請洽系統維護人員檢查密碼設定。"
    raise WorkflowError(words, Refusal.NO_PASSWORD_POSSIBLE)


def _group() -> str:
    return "".join(secrets.choice(CHARACTERS) for _ in range(GROUP_LENGTH))


def _is_allowed(password: str, user: User) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True
