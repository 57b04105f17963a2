"""異動紀錄: the timeline of everything, written by the workflow verbs and by nothing else."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from items.models.plan import Action, Programme


class Door(models.TextChoices):
    """Through which door a change came."""

    PAGE = "page", "網頁"
    IMPORT = "import", "匯入"
    ADMIN = "admin", "後台"
    COMMAND = "command", "指令"


class ChangeKind(models.TextChoices):
    """What happened to the row."""

    CREATED = "created", "新增"
    CHANGED = "changed", "修改"
    DELETED = "deleted", "刪除"


class ChangeQuerySet(models.QuerySet):
    """Append-only: what happened cannot be edited away through the ORM's two bulk doors either."""

    def update(self, **fields):
        raise TypeError("異動紀錄只能新增，不能修改。")

    def delete(self):
        raise TypeError("異動紀錄只能新增，不能刪除。")


class Change(models.Model):
    """異動紀錄: who changed what, when, from what to what, through which door."""

    at = models.DateTimeField("時間", db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="誰", on_delete=models.PROTECT, related_name="+"
    )
    door = models.CharField("經由", max_length=10, choices=Door)
    kind = models.CharField("動作", max_length=10, choices=ChangeKind)
    programme = models.ForeignKey(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
    )
    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
    )
    batch = models.ForeignKey(
        "items.ImportBatch",
        verbose_name="匯入批次",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
    )
    model = models.CharField("資料類別", max_length=30)
    object_id = models.BigIntegerField("資料編號")
    label = models.CharField("名稱", max_length=200)
    fields = models.JSONField("內容", default=dict, encoder=DjangoJSONEncoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "異動紀錄"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["model", "object_id"], name="change_object")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["created", "changed", "deleted"]), name="change_kind_known"
            ),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="change_door_known"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}{self.label}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("異動紀錄只能新增，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("異動紀錄只能新增，不能刪除。")
