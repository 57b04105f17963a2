"""What is kept of signing in: former passwords, and the browsers in which somebody is signed in."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from items.models.history_home import HistoryHome
from items.models.people import User

BROWSER_LENGTH = 60
"""As many characters as `SignedInSession.browser` holds."""


class FormerPassword(models.Model):
    """舊密碼: what the database kept of a password, so that the same is not taken again."""

    user = models.ForeignKey(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="former_passwords"
    )
    hashed = models.CharField("密碼", max_length=128)

    class Meta:
        verbose_name = verbose_name_plural = "舊密碼"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user}的舊密碼"

    def history_home(self) -> HistoryHome:
        """They have no entries: the account's own say that a password was changed."""
        return HistoryHome()

    def is_same_as(self, password: str) -> bool:
        return check_password(password, self.hashed)


class SignedInSessionQuerySet(models.QuerySet["SignedInSession"]):
    """Which of them are still going on."""

    def going_on(self, at: datetime) -> Self:
        """Those whose session is there and not over, with `expires_at`, the newest first."""
        sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
        return (
            self.filter(Exists(sessions))
            .annotate(expires_at=Subquery(sessions.values("expire_date")[:1]))
            .order_by("-id")
        )


class SignedInSession(models.Model):
    """登入中的裝置: where and when somebody signed in; it is over when its session is."""

    user = models.ForeignKey(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="signed_in_sessions"
    )
    session_key = models.CharField("工作階段", max_length=40, unique=True)
    at = models.DateTimeField("登入時間")
    address = models.GenericIPAddressField("位址")
    browser = models.CharField("瀏覽器", max_length=BROWSER_LENGTH, blank=True)

    objects = SignedInSessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登入中的裝置"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user}的登入"

    def history_home(self) -> HistoryHome:
        """They have no entries: signing in is no change of the plan, and the log tells of it."""
        return HistoryHome()

    @staticmethod
    def last_seen(expires_at: datetime) -> datetime:
        """When the session was used last, to the minute: each use moves its end forward."""
        return expires_at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
