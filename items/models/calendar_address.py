"""行事曆網址: the secret address by which a calendar program reads somebody's days."""

from django.conf import settings
from django.db import models

from items.models.history_home import HistoryHome


class CalendarAddress(models.Model):
    """行事曆網址 of one person.

    Only the SHA-256 of its secret is kept: nobody finds the address in the database or in a
    backup. It counts as long as the account is what it was when it was made.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="人員",
        on_delete=models.CASCADE,
        related_name="calendar_address",
        editable=False,
    )
    digest = models.CharField("網址的雜湊", max_length=64, unique=True, editable=False)
    # An account that was disabled and enabled again does not find the old address open.
    generation = models.PositiveIntegerField("登入世代", default=0, editable=False)
    made_at = models.DateTimeField("產生時間")
    read_at = models.DateTimeField("最近讀取時間", null=True, blank=True)
    # A program that asks all the time is answered so many times an hour.
    hour_began_at = models.DateTimeField("計數開始時間", null=True, blank=True)
    reads_in_hour = models.PositiveIntegerField("這一小時的讀取次數", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "行事曆網址"

    def __str__(self) -> str:
        return f"{self.person}的行事曆網址"

    def history_home(self) -> HistoryHome:
        """Entries are the account's own."""
        return HistoryHome()
