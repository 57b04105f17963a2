"""What happens to accounts stands in the security log as well as in the history.

Every change of an account, of who belongs where and who stands in for whom leaves an entry of
異動紀錄, through every door; the line is made from the entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from items.models.deputies import Deputy
from items.models.memberships import Membership
from items.models.people import User
from plan_tracker.security_log import SecurityEvent, note_once_written

if TYPE_CHECKING:
    # Only for the annotation: the history imports this module.
    from items.models.history import Change

ABOUT_ACCOUNTS = tuple(str(model._meta.model_name) for model in (User, Membership, Deputy))
"""The `Change.model` of what says who may do what."""

LOCK = "sign_in_lock"
"""The name in the history of a lock that was lifted; no field, since a lock ends by itself."""


def tell_security_log(entry: Change) -> None:
    """A line for an entry about an account; its values stay in the history."""
    if entry.model not in ABOUT_ACCOUNTS:
        return
    event = SecurityEvent.ACCOUNT
    if "password" in entry.fields:
        event = SecurityEvent.PASSWORD
    elif LOCK in entry.fields:
        event = SecurityEvent.LIFT
    about = f"{entry.get_kind_display()}{entry.subject()} {entry.label}"
    words = "、".join(change.label for change in entry.differences())
    note_once_written(event, about, user=entry.by.username, words=words)
