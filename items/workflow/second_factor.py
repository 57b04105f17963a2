"""雙重驗證: set up by its owner, asked for at signing in, reset for somebody who lost the phone."""

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
    REMOVED = "removed", "由本人停用"
    RESET = "reset", "由系統管理重設"
    RESET_AT_SERVER = "reset_at_server", "由伺服器上的指令重設"


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


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
    """Take the phone that shows this code; the codes for paper, or none where it is a wrong one.

    Whoever is signed in elsewhere is so without a code: these sessions end.
    """
    now = time.time()
    step = one_time_codes.step_of(seed, code, after=0, now=now)
    if step is None:
        return []
    SecondFactor.objects.update_or_create(
        user=user, defaults={"seed": seed, "last_step": step, "set_up_at": at}
    )
    codes = _write_codes(user, seed)
    end_all_sessions(user, but=keep_session)
    _note(user, FactorChange.SET_UP, by=user, at=at, door=Door.PAGE)
    return codes


@transaction.atomic
def new_codes(user: User, *, at: datetime) -> list[str]:
    """Other codes for paper; those of before are dead."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    codes = _write_codes(user, factor.seed)
    _note(user, FactorChange.NEW_CODES, by=user, at=at, door=Door.PAGE)
    return codes


@transaction.atomic
def take_code(user: User, written: str, *, at: datetime) -> bool:
    """Whether it is a code of now, or one on paper; each is taken once."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    code = one_time_codes.normal(written)
    step = one_time_codes.step_of(factor.seed, code, after=factor.last_step, now=time.time())
    if step is not None:
        # The condition again, in the statement itself: another worker may have taken the same one.
        older = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return older.update(last_step=step) == 1
    hashes = one_time_codes.hashes_of_paper_code(code, factor.seed)
    used, _ = RecoveryCode.objects.filter(user=user, hashed__in=hashes).delete()
    if not used:
        return False
    _note(user, FactorChange.PAPER_USED, by=user, at=at, door=Door.PAGE)
    return True


@transaction.atomic
def remove(
    user: User, what: FactorChange, *, by: User, at: datetime, door: Door = Door.PAGE
) -> bool:
    """Take the phone and the codes away; False where there were none.

    Where it is done for somebody else the phone may be in other hands: every session ends.
    """
    number, _ = SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    if not number:
        return False
    if what != FactorChange.REMOVED:
        end_all_sessions(user)
    _note(user, what, by=by, at=at, door=door)
    return True


def end_all_sessions(user: User, *, but: str = "") -> None:
    """Sign a person out everywhere, but in the session of this key."""
    rows = SignedInSession.objects.filter(user=user).exclude(session_key=but)
    Session.objects.filter(
        session_key__in=list(rows.values_list("session_key", flat=True))
    ).delete()
    rows.delete()
    if not but:
        # Also what stands in no list, as a session from before the list was kept.
        User.objects.filter(pk=user.pk).update(sign_in_generation=F("sign_in_generation") + 1)


def _write_codes(user: User, seed: str) -> list[str]:
    codes = one_time_codes.new_paper_codes()
    RecoveryCode.objects.filter(user=user).delete()
    rows = []
    for code in codes:
        hashed = one_time_codes.hashed_paper_code(code, seed)
        rows.append(RecoveryCode(user=user, hashed=hashed))
    RecoveryCode.objects.bulk_create(rows)
    return codes


def _note(user: User, what: FactorChange, *, by: User, at: datetime, door: Door) -> None:
    """In the history of the office, and by its entry in the security log."""
    fields: history.FieldValues = {FACTOR: [None, str(what.label)]}
    history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door).save()
