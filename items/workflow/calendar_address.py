"""行事曆網址: made anew and revoked by the person; read by programs, so many times an hour."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from items.models import CalendarAddress, ChangeKind, Door, User
from items.workflow import history

ADDRESS = "calendar_address"
"""The name in the history; the address itself is kept nowhere."""
READS_AN_HOUR = 60
HOUR = timedelta(hours=1)


@transaction.atomic
def make(person: User, *, at: datetime, door: Door = Door.PAGE) -> str:
    """The secret of a new address, shown once; the one before, if any, is dead from now on."""
    # A second press waits here, and its address replaces the first: one alone is ever valid.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.filter(person=person).delete()
    CalendarAddress.objects.create(
        person=person,
        digest=digest_of(secret),
        generation=person.sign_in_generation,
        made_at=at,
    )
    _note(person, [None, "產生新的網址，之前的失效"], at=at, door=door)
    return secret


@transaction.atomic
def revoke(person: User, *, at: datetime, door: Door = Door.PAGE) -> bool:
    """Whether there was an address; from now on it answers nobody."""
    number, _ = CalendarAddress.objects.filter(person=person).delete()
    if number:
        _note(person, [None, "停用網址"], at=at, door=door)
    return number > 0


def _note(person: User, words: list[str | None], *, at: datetime, door: Door) -> None:
    entry = history.entry(person, ChangeKind.CHANGED, {ADDRESS: words}, by=person, at=at, door=door)
    entry.save()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(secret: str) -> CalendarAddress | None:
    """The address with this secret, of an account that is still what it was.

    The database looks for the hash: how long that takes says nothing about the secret.
    """
    digest = digest_of(secret)
    row = CalendarAddress.objects.select_related("person").filter(digest=digest).first()
    if row is None or not secrets.compare_digest(row.digest, digest):
        return None
    person = row.person
    if not person.is_active or person.sign_in_generation != row.generation:
        return None
    return row


def count_read(row: CalendarAddress, *, at: datetime) -> bool:
    """Note that the address was read; False where it was read too often within the hour."""
    this_row = CalendarAddress.objects.filter(pk=row.pk)
    began_at = row.hour_began_at
    # A clock that was set back, so that the hour begins later than now, must not close an address
    # until it has caught up.
    is_within_hour = began_at is not None and began_at <= at < began_at + HOUR
    if not is_within_hour:
        this_row.update(hour_began_at=at, reads_in_hour=1, read_at=at)
        return True
    # One statement checks and counts: programs that read at the same moment are all counted.
    has_room = this_row.filter(reads_in_hour__lt=READS_AN_HOUR)
    rows_counted = has_room.update(reads_in_hour=F("reads_in_hour") + 1, read_at=at)
    return rows_counted > 0
