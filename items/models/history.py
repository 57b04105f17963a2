"""異動紀錄: the timeline of everything, written by the workflow verbs and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from items.models.account_events import tell_security_log
from items.models.actions import Action
from items.models.calendar_address import CalendarAddress
from items.models.departments import Department
from items.models.deputies import Deputy
from items.models.doors import Door
from items.models.handover import Handover
from items.models.history_blocks import OFFICE, Chained, ChainedQuerySet
from items.models.history_home import HistoryHome
from items.models.history_words import FieldChange, field_changes
from items.models.memberships import Membership
from items.models.people import User
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck
from items.models.reminder_mail import MailWish
from items.models.second_factor import Passkey, RecoveryCode, SecondFactor
from items.models.sent_reminders import ReminderMail
from items.models.sign_in import FormerPassword, SignedInSession
from items.models.single_sign_on import SingleSignOn
from items.models.working_days import OfficeDay

OF_THE_OFFICE = tuple(
    str(model._meta.model_name)
    for model in (
        CalendarAddress,
        MailWish,
        ReminderMail,
        User,
        Membership,
        Department,
        Handover,
        FormerPassword,
        SignedInSession,
        SecondFactor,
        RecoveryCode,
        Passkey,
        SingleSignOn,
        Deputy,
        OfficeDay,
    )
)
"""The `Change.model` of what outlives the years: accounts, who belongs where, departments."""


class ChangeKind(models.TextChoices):
    """動作: what happened to the row."""

    CREATED = "created", "新增"
    CHANGED = "changed", "修改"
    DELETED = "deleted", "刪除"


class ChangeQuerySet(ChainedQuerySet):
    """Append-only: what happened cannot be edited away in bulk either."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        entries = super().bulk_create(objs, *args, **kwargs)
        for entry in entries:
            tell_security_log(entry)
        return entries


class Change(Chained):
    """異動紀錄: who changed what, when, from what to what, through which door.

    `fields` is {field name: [old, new]} with the values as the database has them, None where there
    was no row. In an import the name may be a path, such as `plan.method.strategy`, that stands for
    a cell of the official table, or `assignments/行政處` for one department. A foreign key keeps
    the words of the other row as it was then, since that row may be gone later.
    """

    # Year and item are left out: both may be deleted, and their entries stay without them.
    IN_CHAIN = (
        "at",
        "by_id",
        "door",
        "kind",
        "batch_id",
        "model",
        "object_id",
        "label",
        "fields",
    )

    at = models.DateTimeField("時間", db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="誰", on_delete=models.PROTECT, related_name="+"
    )
    door = models.CharField("經由", max_length=10, choices=Door)
    kind = models.CharField("動作", max_length=10, choices=ChangeKind)
    # PROTECT: a year with a history is never deleted. Entries of a deleted action stay without it.
    programme = models.ForeignKey(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        # The index of a year in order begins with it: a second one only slows imports down.
        db_index=False,
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
    # Not a foreign key: the row may be gone, and the label is what it was called then.
    model = models.CharField("資料類別", max_length=30)
    object_id = models.BigIntegerField("資料編號")
    label = models.CharField("名稱", max_length=200)
    fields = models.JSONField("內容", default=dict, encoder=DjangoJSONEncoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "異動紀錄"
        # As they were written: a clock that was set back must not change what came first.
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["model", "object_id"], name="change_object"),
            # 歷程 of a year: of 100,000 entries the newest fifty in 3 ms instead of 300.
            models.Index(fields=["programme", "-id"], name="change_of_year_in_order"),
        ]
        constraints = [
            QuickCheck(condition=Q(kind__in=ChangeKind.values), name="change_kind_known"),
            QuickCheck(condition=Q(door__in=Door.values), name="change_door_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.label}"

    def chain_key(self) -> int:
        return self.programme_id or OFFICE

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        tell_security_log(self)

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme, action=self.action)

    @property
    def is_change(self) -> bool:
        """The row was there before, and still is."""
        return self.kind == ChangeKind.CHANGED

    def _model_class(self) -> type[models.Model] | None:
        """The model of the row; None where the model was removed since."""
        try:
            return apps.get_model("items", self.model)
        except LookupError:
            return None

    def subject(self) -> str:
        """資料類別 in words, such as 分辦; of a model that was removed, its name."""
        model = self._model_class()
        if model is None:
            return self.model
        return str(model._meta.verbose_name)

    def differences(self) -> list[FieldChange]:
        """What changed, with the labels and the values in words."""
        # Entries of a model that no longer exists are shown with the names of the fields.
        return field_changes(
            self._model_class(),
            self.fields,
            is_new=self.kind == ChangeKind.CREATED,
            is_gone=self.kind == ChangeKind.DELETED,
        )
