"""雙重驗證: set up by its owner, asked for at signing in, reset for somebody who lost all of it.

A phone that shows codes, 密碼金鑰 (`passkeys.py`), or both; and codes on paper beside either.
"""

import time
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F

from items import access
from items.models import (
    ChangeKind,
    Door,
    MembershipRole,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignedInSession,
    User,
)
from items.workflow import history
from plan_tracker import one_time_codes

FACTOR = "second_factor"
"""The name in the history, and what a session bears that was begun with a code."""


class FactorChange(models.TextChoices):
    """What the history says of it."""

    SET_UP = "set_up", "由本人設定"
    NEW_CODES = "new_codes", "由本人重新產生備援碼"
    PAPER_USED = "paper_used", "用掉一個備援碼"
    PHONE_REMOVED = "phone_removed", "由本人移除手機"
    PASSKEY_ADDED = "passkey_added", "由本人加入密碼金鑰"
    PASSKEY_REMOVED = "passkey_removed", "由本人移除密碼金鑰"
    PASSKEY_BLOCKED = "passkey_blocked", "密碼金鑰可能被複製，已停用"
    REMOVED = "removed", "由本人停用"
    RESET = "reset", "由系統管理重設"
    RESET_AT_SERVER = "reset_at_server", "由伺服器上的指令重設"


def has_second_factor(user: User) -> bool:
    """Whether something is asked for besides the password.

    A passkey that is blocked counts: else a copy of it would open the account to the password.
    """
    if SecondFactor.objects.filter(user=user).exists():
        return True
    return Passkey.objects.filter(user=user).exists()


def must_have_second_factor(user: User) -> bool:
    """Whether the office asks it of somebody with this role, also of a deputy of such a person."""
    roles = settings.SECOND_FACTOR_ROLES
    if not roles or not user.is_active:
        return False
    if user.role in roles:
        return True
    of_departments = [role for role in MembershipRole.values if role in roles]
    if not of_departments:
        return False
    return access.memberships_of(user).filter(role__in=of_departments).exists()


@transaction.atomic
def set_up(user: User, seed: str, code: str, *, at: datetime, keep_session: str) -> list[str]:
    """Take the phone that shows this code; return the codes for paper, none for a wrong code.

    All other sessions end: they were begun without a code.
    """
    now = time.time()
    # A new phone has had no code taken yet, so that any of now will do.
    step = one_time_codes.step_of(seed, code, after=0, now=now)
    if step is None:
        return []
    SecondFactor.objects.update_or_create(
        user=user, defaults={"seed": seed, "last_step": step, "set_up_at": at}
    )
    codes = write_codes(user)
    end_all_sessions(user, but=keep_session)
    note(user, FactorChange.SET_UP, by=user, at=at, door=Door.PAGE)
    return codes


@transaction.atomic
def new_codes(user: User, *, at: datetime) -> list[str]:
    """Other codes for paper; those of before are dead."""
    # Two windows at once: the second one waits, and its codes are the ones that count.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    codes = write_codes(user)
    note(user, FactorChange.NEW_CODES, by=user, at=at, door=Door.PAGE)
    return codes


@transaction.atomic
def take_code(user: User, written: str, *, at: datetime) -> bool:
    """Whether it is a code of now, or one on paper; each is taken once."""
    code = one_time_codes.normal(written)
    hashes = one_time_codes.hashes_of_paper_code(code, _seed_of_paper(user))
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None:
        step = one_time_codes.step_of(factor.seed, code, after=factor.last_step, now=time.time())
        if step is not None:
            # The condition again, in the statement: another worker may have taken the same one.
            older = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return older.update(last_step=step) == 1
        # Those from before there were passkeys, which belong to the phone.
        hashes += one_time_codes.hashes_of_paper_code(code, factor.seed)
    used, _ = RecoveryCode.objects.filter(user=user, hashed__in=hashes).delete()
    if not used:
        return False
    note(user, FactorChange.PAPER_USED, by=user, at=at, door=Door.PAGE)
    return True


@transaction.atomic
def remove_phone(user: User, *, at: datetime) -> bool:
    """Take the phone away, and the codes on paper; 密碼金鑰 stay. False where there was none."""
    number, _ = SecondFactor.objects.filter(user=user).delete()
    if not number:
        return False
    RecoveryCode.objects.filter(user=user).delete()
    note(user, FactorChange.PHONE_REMOVED, by=user, at=at, door=Door.PAGE)
    return True


@transaction.atomic
def remove(
    user: User, what: FactorChange, *, by: User, at: datetime, door: Door = Door.PAGE
) -> bool:
    """Take the phone, the passkeys and the codes away; False where there were none.

    Where it is done for somebody else the phone may be in other hands: every session ends.
    """
    phones, _ = SecondFactor.objects.filter(user=user).delete()
    passkeys, _ = Passkey.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    if not phones and not passkeys:
        return False
    if what != FactorChange.REMOVED:
        end_all_sessions(user)
    note(user, what, by=by, at=at, door=door)
    return True


def end_all_sessions(user: User, *, but: str = "") -> None:
    """Sign a person out everywhere, but in the session of this key."""
    rows = SignedInSession.objects.filter(user=user).exclude(session_key=but)
    session_keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=session_keys).delete()
    rows.delete()
    if not but:
        # Also what stands in no list, as a session from before the list was kept.
        User.objects.filter(pk=user.pk).update(sign_in_generation=F("sign_in_generation") + 1)


def write_codes(user: User) -> list[str]:
    """Other codes for paper in the place of those of before."""
    seed = _seed_of_paper(user)
    codes = one_time_codes.new_paper_codes()
    RecoveryCode.objects.filter(user=user).delete()
    rows = []
    for code in codes:
        hashed = one_time_codes.hashed_paper_code(code, seed)
        rows.append(RecoveryCode(user=user, hashed=hashed))
    RecoveryCode.objects.bulk_create(rows)
    return codes


def _seed_of_paper(user: User) -> str:
    """Makes of one code another hash for each person; the key is what keeps it secret."""
    return f"account-{user.pk}"


def note(
    user: User, what: FactorChange, *, by: User, at: datetime, door: Door, name: str = ""
) -> None:
    """In the history of the office, and by its entry in the security log."""
    words = str(what.label)
    if name:
        words = f"{words}「{name}」"
    fields: history.FieldValues = {FACTOR: [None, words]}
    history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door).save()
