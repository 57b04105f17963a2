"""密碼金鑰 as a part of 雙重驗證: added and removed by its owner, and taken as a proof."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from items.models import Door, Passkey, RecoveryCode, User
from items.workflow.errors import Refusal, WorkflowError
from items.workflow.second_factor import (
    FactorChange,
    end_all_sessions,
    has_second_factor,
    note,
    write_codes,
)
from plan_tracker.passkeys import NewPasskey, Proof

MOST = 10
"""Passkeys of one person: more than anybody has devices, and still a list that can be read."""
SENT_TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class AddedPasskey:
    """What came of adding one; `codes` are for paper, and empty where there are some already."""

    passkey: Passkey
    codes: list[str]


def credentials_of(user: User, *, usable_only: bool) -> list[bytes]:
    """Their numbers and public keys, as the protocol takes them."""
    passkeys = Passkey.objects.filter(user=user)
    if usable_only:
        passkeys = passkeys.usable()
    return [bytes(credential) for credential in passkeys.values_list("credential", flat=True)]


@transaction.atomic
def add_passkey(
    user: User, new: NewPasskey, name: str, *, at: datetime, keep_session: str
) -> AddedPasskey:
    """Keep what the browser has made.

    With the first second factor all other sessions end: they were begun by the password alone.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Passkey.objects.filter(user=user).count() >= MOST:
        words = f"密碼金鑰最多 {MOST} 個；請先移除不用的，再加入新的。"
        raise WorkflowError(words, Refusal.PASSKEY_NOT_TAKEN)
    is_first = not has_second_factor(user)
    passkey = Passkey(
        user=user,
        name=name.strip(),
        credential_id=new.credential_id,
        credential=new.credential,
        sign_count=new.sign_count,
        is_synced=new.is_synced,
        added_at=at,
    )
    # Uniqueness is left to the database: between a question and the insert another could come.
    passkey.full_clean(exclude=["credential_id"])
    try:
        # A transaction of its own: PostgreSQL answers nothing more in one that has failed.
        with transaction.atomic():
            passkey.save()
    except IntegrityError:
        words = "這個密碼金鑰已經加入過了，沒有再加一次。"
        raise WorkflowError(words, Refusal.PASSKEY_NOT_TAKEN) from None
    codes: list[str] = []
    if not RecoveryCode.objects.filter(user=user).exists():
        codes = write_codes(user)
    if is_first:
        end_all_sessions(user, but=keep_session)
    note(user, FactorChange.PASSKEY_ADDED, by=user, at=at, door=Door.PAGE, name=passkey.name)
    return AddedPasskey(passkey, codes)


@transaction.atomic
def take_proof(user: User, proof: Proof, *, at: datetime) -> bool:
    """Whether the passkey that has answered may be trusted; its count is raised by this.

    A count that does not rise is that of a copy: the passkey is blocked, and its owner goes on with
    the phone or a code on paper.
    """
    passkey = Passkey.objects.usable().filter(user=user, credential_id=proof.credential_id).first()
    if passkey is None:
        return False
    # The condition stands in the statement: when two workers have the same answer, only one of
    # them takes it. Devices that do not count send 0 each time.
    lower = Q(sign_count__lt=proof.sign_count)
    if proof.sign_count == 0:
        lower = Q(sign_count=0)
    taken = Passkey.objects.usable().filter(lower, pk=passkey.pk)
    if taken.update(sign_count=proof.sign_count, last_used_at=at):
        return True
    passkey.refresh_from_db()
    if _is_sent_twice(passkey, proof, at):
        return False
    Passkey.objects.filter(pk=passkey.pk).update(blocked_at=at)
    note(user, FactorChange.PASSKEY_BLOCKED, by=user, at=at, door=Door.PAGE, name=passkey.name)
    return False


def _is_sent_twice(passkey: Passkey, proof: Proof, at: datetime) -> bool:
    """Whether it is the answer that was taken a moment ago: a button was pressed twice."""
    if passkey.last_used_at is None or passkey.sign_count != proof.sign_count:
        return False
    return at - passkey.last_used_at <= SENT_TWICE


@transaction.atomic
def remove_passkey(user: User, key: int, *, at: datetime) -> str:
    """Take one away; its name, or "" where it was gone. With the last factor, the codes go too."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    passkey = Passkey.objects.filter(user=user, pk=key).first()
    if passkey is None:
        return ""
    passkey.delete()
    if not has_second_factor(user):
        RecoveryCode.objects.filter(user=user).delete()
    note(user, FactorChange.PASSKEY_REMOVED, by=user, at=at, door=Door.PAGE, name=passkey.name)
    return passkey.name
