"""匯入批次 and the uploads that wait for a confirmation."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from items.models.history_blocks import Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck


class Upload(models.Model):
    """待確認的檔案: an uploaded file between preview and confirm, bound to one person.

    A file for the plan is bound to one programme as well. `table` names a flat table of the back
    office, some of which (accounts, departments) belong to no programme.
    """

    programme = models.ForeignKey(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="uploads",
    )
    table = models.CharField("資料表", max_length=20, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上傳者", on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField("上傳時間")
    # Random, and all that an address says: nobody can guess somebody else's upload.
    reference = models.CharField("代號", max_length=43, unique=True)
    file_name = models.CharField("檔名", max_length=255)
    content = models.BinaryField("檔案")
    sha256 = models.CharField("雜湊值", max_length=64)
    sheet = models.CharField("工作表", max_length=255, blank=True)
    # What the preview showed, as a digest: confirming is refused where that has changed since.
    seen = models.CharField("預覽的指紋", max_length=64, blank=True)
    # What was found in the file when it came, sealed: read and compared once for all steps.
    read_table = models.BinaryField("讀到的表格", default=b"", blank=True)
    comparison = models.BinaryField("比對的結果", default=b"", blank=True)
    # Only a person can say that last year's table is meant to begin a new year's plan.
    other_codes_are_new = models.BooleanField("其他年度的編號當作新項目", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "待確認的檔案"
        ordering = ["-id"]
        constraints = [
            QuickCheck(
                condition=Q(programme__isnull=False) | ~Q(table=""),
                name="upload_for_programme_or_table",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)


class ImportBatch(Chained):
    """匯入批次: one confirmed import, with the very file and what is needed to undo it."""

    # The file by its hash, against which `check_history` holds it.
    IN_CHAIN = ("programme_id", "by_id", "at", "door", "file_name", "sha256", "sheet", "counts")
    # `changes` is no record but a means: the entries of the batch say what it changed.
    SET_LATER = ("changes", "undone_at", "undone_by")

    programme = models.ForeignKey(
        Programme, verbose_name="年度計畫", on_delete=models.PROTECT, related_name="batches"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="匯入者", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("匯入時間")
    door = models.CharField("經由", max_length=10)
    file_name = models.CharField("檔名", max_length=255)
    content = models.BinaryField("檔案")
    sha256 = models.CharField("雜湊值", max_length=64)
    sheet = models.CharField("工作表", max_length=255, blank=True)
    # Numbers of rows of the file, as the preview counted them.
    counts = models.JSONField("筆數", default=dict)
    # What undoing needs; written and read by exchange/plan_import and by nothing else.
    changes = models.JSONField("內容", default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField("復原時間", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="復原者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ChainedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "匯入批次"
        ordering = ["-id"]
        constraints = [
            QuickCheck(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="batch_undone_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme)

    def chain_key(self) -> int:
        return self.programme_id
