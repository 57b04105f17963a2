"""佐證資料: a file or a link that proves what a report says."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from items.evidence.kinds import KIND_OF
from items.evidence.sizes import size_words
from items.models.history_home import HistoryHome
from items.models.lengths import at_most
from items.models.progress import ProgressReport
from items.models.quick_checks import QuickCheck

FILE_NAME_LENGTH = 255
DESCRIPTION_LENGTH = 200
ADDRESS_LENGTH = 2000


class EvidenceKind(models.TextChoices):
    """種類: what a piece of evidence is."""

    FILE = "file", "檔案"
    LINK = "link", "連結"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Which evidence."""

    def attached(self) -> Self:
        """What a report has now: without what was taken away."""
        return self.filter(removed_at__isnull=True)

    def files(self) -> Self:
        """Files that can be had: those taken away before they were ever sent are gone."""
        return self.filter(kind=EvidenceKind.FILE).exclude(stored_name="")


class Evidence(models.Model):
    """佐證資料: a file or a link with one report.

    A row is never deleted. What was taken away before it was ever sent keeps its row without its
    file; what was once sent keeps the file as well, since somebody has decided by it.
    """

    # PROTECT: a report that somebody has proved something for is never deleted.
    report = models.ForeignKey(
        ProgressReport, verbose_name="辦理情形", on_delete=models.PROTECT, related_name="evidence"
    )
    kind = models.CharField("種類", max_length=10, choices=EvidenceKind)
    description = models.CharField("說明", max_length=DESCRIPTION_LENGTH, blank=True)
    # Beside the day on which it came in: minutes of June are often attached in September.
    proves_on = models.DateField("證明日期", null=True, blank=True)

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

    # Only a file has these.
    file_name = models.CharField("檔名", max_length=FILE_NAME_LENGTH, blank=True)
    content_kind = models.CharField("檔案種類", max_length=10, blank=True, editable=False)
    size = models.BigIntegerField("大小", default=0, editable=False)
    # One of the file as it is kept, one as it came: a picture is written anew in between.
    sha256 = models.CharField("雜湊值", max_length=64, blank=True, editable=False)
    received_sha256 = models.CharField("收到時的雜湊值", max_length=64, blank=True, editable=False)
    stored_name = models.CharField("存放名稱", max_length=100, blank=True, editable=False)
    thumbnail_name = models.CharField("縮圖名稱", max_length=100, blank=True, editable=False)

    # Only a link has this.
    address = models.CharField(
        "網址",
        max_length=ADDRESS_LENGTH,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐證資料"
        ordering = ["id"]
        constraints = [
            QuickCheck(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_pair",
            ),
            QuickCheck(
                condition=Q(kind=EvidenceKind.FILE, address="") & ~Q(file_name="") & ~Q(sha256="")
                | Q(kind=EvidenceKind.LINK, file_name="", stored_name="", sha256="")
                & ~Q(address=""),
                name="evidence_file_or_link",
            ),
            QuickCheck(
                # A file that is missing is one that was taken away before it was ever sent.
                condition=~Q(kind=EvidenceKind.FILE, stored_name="")
                | Q(removed_at__isnull=False, sent_at__isnull=True),
                name="evidence_file_is_kept",
            ),
            # A double press, or two people with the same file: once is enough.
            models.UniqueConstraint(
                fields=["report", "received_sha256"],
                condition=Q(kind=EvidenceKind.FILE, removed_at__isnull=True),
                name="evidence_file_once",
            ),
            models.UniqueConstraint(
                fields=["report", "address"],
                condition=Q(kind=EvidenceKind.LINK, removed_at__isnull=True),
                name="evidence_link_once",
            ),
            at_most("description", DESCRIPTION_LENGTH, "evidence"),
            at_most("file_name", FILE_NAME_LENGTH, "evidence"),
            at_most("address", ADDRESS_LENGTH, "evidence"),
        ]
        indexes = [
            # Whether the same file was attached somewhere else.
            models.Index(fields=["received_sha256"], name="evidence_by_hash"),
        ]

    def __str__(self) -> str:
        return self.name

    def history_home(self) -> HistoryHome:
        return self.report.history_home()

    @property
    def name(self) -> str:
        """What people know it by: the file's name, or the address."""
        return self.file_name or self.address

    @property
    def is_file(self) -> bool:
        return self.kind == EvidenceKind.FILE

    @property
    def kind_words(self) -> str:
        """「PDF」, 「圖片」, 「連結」: what it is, for people."""
        kind = KIND_OF.get(self.content_kind)
        if kind is None:
            return self.get_kind_display()
        return kind.words

    @property
    def size_words(self) -> str:
        """「2.4 MB」; empty of a link."""
        if not self.is_file:
            return ""
        return size_words(self.size)

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def was_sent(self) -> bool:
        return self.sent_at is not None

    def as_kept(self) -> dict[str, Any]:
        """What a step keeps of it: enough to find it again, and to know it unchanged."""
        proves_on = None
        if self.proves_on is not None:
            proves_on = self.proves_on.isoformat()
        return {
            "id": self.pk,
            "kind": self.kind,
            "name": self.name,
            "description": self.description,
            "proves_on": proves_on,
            "size": self.size,
            "sha256": self.sha256,
        }
