"""雙重驗證: the phone that shows codes, and the codes on paper for the day on which it is lost."""

from django.db import models

from items.models.history_home import HistoryHome
from items.models.people import User


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
