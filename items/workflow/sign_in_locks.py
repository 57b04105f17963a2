"""登入鎖定: lifted before its time, for an account or for an address."""

import logging
from datetime import datetime

from axes.models import AccessAttempt
from django.db import transaction

from items.models import ChangeKind, Door, User
from items.workflow import history
from plan_tracker.lockout import STRANGER

log = logging.getLogger("security")

LOCK = "sign_in_lock"
"""The name in the history; no field of the account, since the lock ends by itself."""


@transaction.atomic
def lift_lock(user: User, *, by: User, at: datetime, door: Door = Door.PAGE) -> bool:
    """Forget the wrong passwords of an account; False where there were none."""
    number, _ = AccessAttempt.objects.filter(username=user.username).delete()
    if not number:
        return False
    fields: history.FieldValues = {LOCK: ["帳號或密碼錯太多次", "已解除"]}
    history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door).save()
    return True


def lift_lock_of_address(address: str, *, by: User) -> bool:
    """Forget the wrong passwords that came from an address; False where there were none.

    No row of ours is about an address: it stands in the log instead of the history.
    """
    number, _ = AccessAttempt.objects.filter(ip_address=address, user_agent=STRANGER).delete()
    if number:
        log.info("sign-in lock of address %s lifted by %s", address, by.username)
    return bool(number)
