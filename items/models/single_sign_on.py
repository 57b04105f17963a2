"""單一登入: which person of the office's provider an account belongs to."""

from django.db import models

from items.models.history_home import HistoryHome
from items.models.people import User


class SingleSignOn(models.Model):
    """單一登入: made at the first sign-in that fits the account; from then on only it counts."""

    user = models.OneToOneField(
        User, verbose_name="帳號", on_delete=models.CASCADE, related_name="single_sign_on"
    )
    issuer = models.CharField("單一登入的位址", max_length=200)
    subject = models.CharField("單一登入的代號", max_length=255)
    linked_at = models.DateTimeField("連結時間")

    class Meta:
        verbose_name = verbose_name_plural = "單一登入"
        ordering = ["user_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="single_sign_on_one_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}的單一登入"

    def history_home(self) -> HistoryHome:
        """They have no entries: the account's own say that it was linked, or is no more."""
        return HistoryHome()
