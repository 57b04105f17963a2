"""設定密碼的連結: opened once, within a day, by the person who is to choose the password.

For invitations and for forgotten passwords: by mail where a mail server is set, else handed over by
the information office, which sees the link and not the password.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import send_mail
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from items.models import Change, ChangeKind, Door, User
from items.workflow import history
from items.workflow.errors import Refusal, WorkflowError

log = logging.getLogger("security")

LINK = "password_link"
"""The name in the history; the link itself is kept nowhere."""
QUIET = timedelta(minutes=10)
"""Between two mails asked for by people who are not signed in, so that nobody floods a mailbox."""


class LinkTokens(PasswordResetTokenGenerator):
    """Django's: dead once the password has changed, somebody has signed in, or the time is over."""

    key_salt = "items.password_links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        """What the token depends on: disabling the account makes it invalid as well."""
        words = super()._make_hash_value(user, timestamp)
        return f"{words}{user.sign_in_generation}{user.is_active}"


link_tokens = LinkTokens()


def link_parts(user: User) -> dict[str, str]:
    """What the address of the page takes."""
    return {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": link_tokens.make_token(user),
    }


def note_link(user: User, words: str, *, by: User, at: datetime, door: Door) -> None:
    """Write into the history that somebody got a link, and on which way."""
    fields: history.FieldValues = {LINK: [None, words]}
    history.entry(user, ChangeKind.CHANGED, fields, by=by, at=at, door=door).save()


def require_possible(user: User) -> None:
    """WorkflowError for an account that could not sign in with its new password either."""
    if not user.is_active:
        words = f"帳號「{user.username}」已停用，請先啟用，再給連結。"
        raise WorkflowError(words, Refusal.NO_PASSWORD_POSSIBLE)


def mail_link(user: User, link: str) -> None:
    """Send the link; OSError (SMTP's errors are such) where the mail server does not take it."""
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    send_mail(
        subject=f"{settings.ORGANISATION}計畫管考：設定密碼",
        message=(
            f"{user.full_name}您好：\n\n"
            f"請在 {hours} 小時內打開下面的連結，設定「{user.username}」的密碼。連結只能用一次。\n\n"
            f"{link}\n\n"
            "不是您要求的，請不必理會，密碼不會變動；並請告訴資訊人員。\n"
        ),
        from_email=None,
        recipient_list=[user.email],
    )


@transaction.atomic
def may_mail_again(user: User, at: datetime) -> bool:
    """Whether the last mail that was asked for at the login page is long enough ago."""
    # Locked, so that a double press sends one mail.
    User.objects.select_for_update().filter(pk=user.pk).first()
    # By the person alone: a link that the information office gives out keeps nobody from asking.
    mails_to_themselves = Change.objects.filter(model="user", object_id=user.pk, by=user)
    recent = mails_to_themselves.filter(at__gt=at - QUIET, fields__has_key=LINK)
    return not recent.exists()
