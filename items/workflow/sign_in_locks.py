"""登入鎖定: lifted before its time, for an account or for an address."""

from datetime import datetime

from axes.models import AccessAttempt
from django.db import transaction

from items.models import ChangeKind, Door, User
from items.models.account_events import LOCK
from items.workflow import history
from plan_tracker.lockout import STRANGER
from plan_tracker.security_log import SecurityEvent, note_once_written


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
    # Only those of browsers that nobody knows count against an address (decision 0012).
    number, _ = AccessAttempt.objects.filter(ip_address=address, user_agent=STRANGER).delete()
    if number:
        words = f"位址 {address} 的登入"
        note_once_written(SecurityEvent.LIFT, words, user=by.username)
    return bool(number)
