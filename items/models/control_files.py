"""申請附件: what proves an application, and the form of it as it was signed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.evidence.kinds import KIND_OF
from items.evidence.sizes import size_words
from items.models.control import ControlRequest
from items.models.evidence import FILE_NAME_LENGTH
from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.quick_checks import QuickCheck


class ControlFilePurpose(models.TextChoices):
    """用途: what a file with an application is for."""

    PROOF = "proof", "佐證資料"
    SIGNED = "signed", "簽核掃描檔"


class ControlFileQuerySet(models.QuerySet["ControlFile"]):
    """Which files."""

    def attached(self) -> Self:
        """What an application has now: without what was taken away."""
        return self.filter(removed_at__isnull=True)


class ControlFile(models.Model):
    """申請附件 of one application; a file that was once sent is never deleted."""

    # A draft that is thrown away takes its files along; nothing else is ever deleted.
    request = models.ForeignKey(
        ControlRequest, verbose_name="管制異動", on_delete=models.CASCADE, related_name="files"
    )
    purpose = models.CharField("用途", max_length=10, choices=ControlFilePurpose)
    file_name = models.CharField("檔名", max_length=FILE_NAME_LENGTH)
    content_kind = models.CharField("檔案種類", max_length=10, editable=False)
    size = models.BigIntegerField("大小", editable=False)
    # One of the file as it is kept, one as it came: a picture is written anew in between.
    sha256 = models.CharField("雜湊值", max_length=64, editable=False)
    received_sha256 = models.CharField("收到時的雜湊值", max_length=64, editable=False)
    stored_name = models.CharField("存放名稱", max_length=100, editable=False)

    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="附上的人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField("附上時間")
    sent_at = models.DateTimeField("首次送出時間", null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="移除的人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    removed_at = models.DateTimeField("移除時間", null=True, blank=True, editable=False)

    objects = ControlFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申請附件"
        ordering = ["id"]
        constraints = [
            QuickCheck(
                condition=Q(purpose__in=ControlFilePurpose.values),
                name="control_file_purpose_known",
            ),
            QuickCheck(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="control_file_removed_pair",
            ),
            QuickCheck(
                condition=~Q(stored_name="") & ~Q(file_name=""), name="control_file_is_kept"
            ),
            # A double press, or two people with the same file: once is enough.
            models.UniqueConstraint(
                fields=["request", "received_sha256"],
                condition=Q(removed_at__isnull=True),
                name="control_file_once",
            ),
            at_most("file_name", FILE_NAME_LENGTH, "control_file"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.file_name}"

    def history_home(self) -> HistoryHome:
        return self.request.history_home()

    @property
    def kind_words(self) -> str:
        """「PDF」, 「圖片」: what it is, for people."""
        kind = KIND_OF.get(self.content_kind)
        if kind is None:
            return ""
        return kind.words

    @property
    def size_words(self) -> str:
        return size_words(self.size)
