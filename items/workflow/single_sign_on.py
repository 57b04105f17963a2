"""單一登入: which account somebody gets whom the provider has signed in.

The rule: whom an account is linked to, gets it, and nobody else. An account that is linked to nobody
is linked to the first person who fits it: by a mail address that the provider has verified and that
one active account has, or, where the office says so, by its name. No account is ever made.
"""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from items.models import ChangeKind, Door, SingleSignOn, User
from items.workflow import history
from items.workflow.second_factor import end_all_sessions
from plan_tracker.single_sign_on import USERNAME, Identity

LINK = "single_sign_on"
"""The name in the history."""


def account_of(identity: Identity, *, at: datetime) -> User | None:
    """The account of this person; None where there is none, or it is closed or somebody else's."""
    links = SingleSignOn.objects.filter(issuer=identity.issuer, subject=identity.subject)
    linked = links.select_related("user").first()
    if linked is not None:
        # No other account that fits takes its place: this one was closed on purpose.
        if not linked.user.is_active:
            return None
        return linked.user
    user = _fitting_account(identity)
    if user is None:
        return None
    try:
        return _link(user, identity, at=at)
    except IntegrityError:
        # Two windows at once: the other one has made the same link, or one for somebody else.
        linked = links.select_related("user").first()
        if linked is None:
            return None
        return linked.user


@transaction.atomic
def unlink(
    user: User, *, by: User, at: datetime, door: Door = Door.PAGE, keep_session: str = ""
) -> bool:
    """Let the account be linked anew; False where it was not linked.

    It may have been linked to the wrong person, who is still signed in: every session ends, except
    `keep_session`.
    """
    number, _ = SingleSignOn.objects.filter(user=user).delete()
    if not number:
        return False
    end_all_sessions(user, but=keep_session)
    _note(user, "已解除連結", by=by, at=at, door=door)
    return True


def _fitting_account(identity: Identity) -> User | None:
    """The one account that is linked to nobody and fits; None where none or several do."""
    free = User.objects.filter(is_active=True, single_sign_on=None)
    if settings.OIDC_MATCH == USERNAME:
        # Exactly as it is written here: `Admin` is not `admin`.
        return next((user for user in free.filter(username=identity.username)), None)
    # Letters that only look like others would make one address of two.
    if not identity.is_email_verified or not identity.email.isascii() or not identity.email:
        return None
    # Two are enough to know that it is not one alone. Linked accounts count, too: the address of
    # somebody who is linked already must not open another account.
    fitting = list(User.objects.filter(is_active=True, email__iexact=identity.email)[:2])
    if len(fitting) != 1:
        # Which of them it is nobody can tell.
        return None
    return free.filter(pk=fitting[0].pk).first()


@transaction.atomic
def _link(user: User, identity: Identity, *, at: datetime) -> User:
    SingleSignOn.objects.create(
        user=user, issuer=identity.issuer, subject=identity.subject, linked_at=at
    )
    _note(user, "第一次登入時連結", by=user, at=at, door=Door.PAGE)
    return user


def _note(user: User, words: str, *, by: User, at: datetime, door: Door) -> None:
    """In the history of the office, and by its entry in the security log."""
    fields: history.FieldValues = {LINK: [None, words]}
    history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door).save()
