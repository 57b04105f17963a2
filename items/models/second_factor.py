"""雙重驗證: a phone that shows codes, passkeys, and codes on paper for the day on which they are lost."""

from __future__ import annotations

from typing import Self

from django.db import models

from items.models.history_home import HistoryHome
from items.models.people import User
from items.models.quick_checks import QuickCheck

PASSKEY_NAME_LENGTH = 40


class SecondFactor(models.Model):
    """雙重驗證: an app that shows codes; it is there once its owner has typed one of them."""

    user = models.OneToOneField(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="second_factor"
    )
    seed = models.CharField("種子", max_length=40)
    # Counted in half minutes. Raised by the very statement that accepts a code, so that of two
    # workers which get the same code at once only one takes it.
    last_step = models.BigIntegerField("最後用過的時段", default=0)
    set_up_at = models.DateTimeField("設定時間")

    class Meta:
        verbose_name = verbose_name_plural = "雙重驗證"
        ordering = ["user_id"]

    def __str__(self) -> str:
        return f"{self.user}的雙重驗證"

    def history_home(self) -> HistoryHome:
        """They have no entries: the account's own say that one was set up or taken away."""
        return HistoryHome()


class RecoveryCode(models.Model):
    """備援碼: takes the place of the phone once; only its hash is kept, and goes when it is used."""

    user = models.ForeignKey(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="recovery_codes"
    )
    hashed = models.CharField("備援碼", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "備援碼"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user}的備援碼"

    def history_home(self) -> HistoryHome:
        """They have no entries, as above."""
        return HistoryHome()


class PasskeyQuerySet(models.QuerySet["Passkey"]):
    """Which passkeys."""

    def usable(self) -> Self:
        """Those that may prove who somebody is."""
        return self.filter(blocked_at=None)


class Passkey(models.Model):
    """密碼金鑰: a key in a computer, a phone or a USB stick, which shows there who somebody is."""

    user = models.ForeignKey(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="passkeys"
    )
    name = models.CharField("名稱", max_length=PASSKEY_NAME_LENGTH)
    credential_id = models.CharField("識別碼", max_length=1400, unique=True, editable=False)
    # Its number and the public key; the private one never leaves the device.
    credential = models.BinaryField("公開金鑰", editable=False)
    # Raised by the very statement that takes an answer. A copy of the device counts for itself, and
    # falls behind; devices that do not count say 0 for ever.
    sign_count = models.BigIntegerField("使用次數", default=0, editable=False)
    is_synced = models.BooleanField("會同步到其他裝置", default=False, editable=False)
    added_at = models.DateTimeField("加入時間", editable=False)
    last_used_at = models.DateTimeField("上次使用", null=True, blank=True, editable=False)
    # Its count went back: somebody may have a copy.
    blocked_at = models.DateTimeField("停用時間", null=True, blank=True, editable=False)

    objects = PasskeyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "密碼金鑰"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="passkey_name_once",
                violation_error_message="您已經有一個同名的密碼金鑰，請換一個名稱。",
            ),
            QuickCheck(
                condition=~models.Q(name=""),
                name="passkey_name_given",
                violation_error_message="請填名稱，例如「辦公室電腦」。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}的密碼金鑰「{self.name}」"

    def history_home(self) -> HistoryHome:
        """They have no entries, as above."""
        return HistoryHome()

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None
