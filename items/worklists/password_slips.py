"""初始密碼單: what each person is handed, on paper and in a file; it is shown once and not kept."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.core import signing

from items.exchange.spreadsheets.file_table import Column, FileTable
from items.models import Role, User
from items.models.labels import field_label
from items.models.memberships import memberships_in_words
from items.requests import key_in
from items.workflow.first_passwords import FirstPassword, password_mark

SALT = "items.password_slips"
USABLE_FOR = timedelta(hours=1)
"""How long an open page of slips can still be had as a file."""


@dataclass(frozen=True)
class PasswordSlip:
    """One person's slip; the password is in plain text."""

    full_name: str
    departments: str
    username: str
    # Neither a log nor an error page may show it.
    password: str = field(repr=False)


@dataclass(frozen=True)
class AccountChoice:
    """An account that may get a password; `value` is what its box sends: its key and a mark."""

    user: User
    departments: str
    value: str
    is_chosen: bool


def belongs_to(user: User) -> str:
    """Where a person belongs, or the role for the whole office where it is no department."""
    words = memberships_in_words(user.memberships.all())
    if words:
        return words
    if user.role == Role.STAFF:
        return "沒有所屬單位"
    return user.get_role_display()


def choice_of(user: User) -> AccountChoice:
    """Chosen beforehand only where nothing is overwritten."""
    return AccountChoice(
        user=user,
        departments=belongs_to(user),
        # With the mark of its password: one that is chosen meanwhile must not be overwritten.
        value=f"{user.pk}:{password_mark(user)}",
        is_chosen=not user.has_password,
    )


def marks_of(values: Iterable[str]) -> dict[int, str]:
    """{key: mark} of the boxes that were sent; what no page of ours sends is left out."""
    marks = {}
    for value in values:
        key, _, mark = value.partition(":")
        pk = key_in(key)
        if pk is not None:
            marks[pk] = mark
    return marks


def slips_of(passwords: Iterable[FirstPassword]) -> list[PasswordSlip]:
    """The slips in the order of the accounts."""
    slips = []
    for first in passwords:
        slip = PasswordSlip(
            full_name=first.user.full_name,
            departments=belongs_to(first.user),
            username=first.user.username,
            password=first.password,
        )
        slips.append(slip)
    return slips


def packed(slips: Iterable[PasswordSlip]) -> str:
    """The slips as a hidden field of their page, signed: the server itself keeps none of them."""
    return signing.dumps([asdict(slip) for slip in slips], salt=SALT, compress=True)


def unpacked(text: str) -> list[PasswordSlip] | None:
    """The slips of a page that this server has shown within the hour, else None."""
    try:
        rows = signing.loads(text, salt=SALT, max_age=USABLE_FOR)
    except signing.BadSignature:
        return None
    return [PasswordSlip(**row) for row in rows]


def slip_table(slips: Iterable[PasswordSlip], *, address: str, day: str) -> FileTable:
    """The slips as a file, for a mail merge."""
    columns = (
        Column(field_label(User, "full_name"), 14),
        Column("單位與身分", 30),
        Column(field_label(User, "username"), 18),
        Column("初始密碼", 22),
        Column("網址", 36),
    )
    rows = []
    for slip in slips:
        row = [slip.full_name, slip.departments, slip.username, slip.password, address]
        rows.append(row)
    return FileTable(
        name="初始密碼",
        title="計畫管考初始密碼",
        subtitle=f"{day}發給；第一次登入後須自行變更，用完請銷毀這份檔案。",
        columns=columns,
        rows=rows,
    )
