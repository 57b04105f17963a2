"""密碼: the history says that one was set, by whom and on which way, and never which."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.db.models import TextChoices

from items.models import Change, ChangeKind, Door, FormerPassword, User
from items.workflow import history


class PasswordSource(TextChoices):
    """How an account came by its password."""

    PERSON = "person", "由本人變更"
    OFFICE = "office", "由系統管理重新設定"
    LINK = "link", "由本人以連結設定"
    COMMAND = "command", "由伺服器上的指令重新設定"


def password_entry(
    user: User, words: str, *, had_to_change: bool, by: User, at: datetime, door: Door
) -> Change:
    """The entry of a password that was set, not yet saved.

    `had_to_change` is what `must_change_password` was before.
    """
    fields: history.FieldValues = {"password": [None, words]}
    if had_to_change != user.must_change_password:
        fields["must_change_password"] = [had_to_change, user.must_change_password]
    return history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door)


def keep_former(user: User, hashed: str) -> None:
    """Keep what the database had of the password before, as long as it may not be taken again."""
    # An account without a password had none that could be taken again.
    if not hashed or not is_password_usable(hashed):
        return
    FormerPassword.objects.create(user=user, hashed=hashed)
    newest_first = user.former_passwords.order_by("-id").values_list("pk", flat=True)
    keys_to_keep = list(newest_first[: settings.PASSWORD_HISTORY])
    user.former_passwords.exclude(pk__in=keys_to_keep).delete()


def note_password(
    user: User,
    source: PasswordSource,
    *,
    former: str,
    had_to_change: bool,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> None:
    """Write into the history that a password was set, and count its age from now.

    `former` is what the database held before.
    """
    keep_former(user, former)
    user.password_changed_at = at
    user.save(update_fields=["password_changed_at"])
    words = str(source.label)
    entry = password_entry(user, words, had_to_change=had_to_change, by=by, at=at, door=door)
    entry.save()
