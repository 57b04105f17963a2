"""通知: what somebody is told on screen, so that they need not look for it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from items.models.actions import Action
from items.models.history_home import HistoryHome
from items.models.programme import Programme
from items.models.quick_checks import QuickCheck


class NoticeKind(models.TextChoices):
    """通知類別: what a notice is about, in one word."""

    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "備查"
    ASKED = "asked", "請您處理"
    INSTRUCTION = "instruction", "主席裁示"
    DECISION = "decision", "決定"
    DEPUTY = "deputy", "代理"
    PERIOD = "period", "填報期"
    QUESTION = "question", "留言"
    REMINDER = "reminder", "催辦"


class NoticeEvent(models.TextChoices):
    """通知事件: what happened, as the sentence behind the name of the thing says it.

    Not the choices of a field: a new event needs no migration. Its kind stands in `KIND_OF`.
    """

    REPORT_RETURNED = "report_returned", "退回了，請看原因，補正後再送出"
    REPORT_STOPPED = "report_stopped", "不必再審，也不必再送，請看原因"
    REPORT_ACCEPTED = "report_accepted", "已經備查"
    REQUEST_RETURNED = "request_returned", "退回補正，請看原因，補正後再送出"
    REQUEST_APPROVED = "request_approved", "通過了"
    REQUEST_REJECTED = "request_rejected", "不通過，請看原因"
    ITEM_TAKEN_OVER = "item_taken_over", "通過了，請看由哪一項承接"
    DIRECTIVE_GIVEN = "directive_given", "新的主席裁示，請填辦理情形"
    DIRECTIVE_REVISED = "directive_revised", "裁示的內容或辦理期限有更動"
    DIRECTIVE_RESUMED = "directive_resumed", "恢復列管，請再填辦理情形"
    DIRECTIVE_CONCLUDED = "directive_concluded", "結案了，不必再填辦理情形"
    RELEASE_ASKED = "release_asked", "要求解列，請決定"
    RELEASE_AGREED = "release_agreed", "同意解列"
    RELEASE_REFUSED = "release_refused", "不同意解列，請看原因"
    DEPUTY_NAMED = "deputy_named", "已經指定"
    DEPUTY_ENDED = "deputy_ended", "提前結束了"
    PERIOD_OPENED = "period_opened", "開放填報"
    PERIOD_REOPENED = "period_reopened", "重新開放填報"
    ITEMS_REOPENED = "items_reopened", "個別重新開放，請補正"
    QUESTION_ASKED = "question_asked", "有人留言給您，請答覆"
    QUESTION_ANSWERED = "question_answered", "您的留言有人答覆了"
    QUESTION_SETTLED = "question_settled", "留言已經解決，不必再答覆"
    QUESTION_REOPENED = "question_reopened", "留言再次提出，請答覆"
    REMINDED = "reminded", "請您辦理"


KIND_OF = {
    NoticeEvent.REPORT_RETURNED: NoticeKind.RETURNED,
    NoticeEvent.REPORT_STOPPED: NoticeKind.RETURNED,
    NoticeEvent.REPORT_ACCEPTED: NoticeKind.ACCEPTED,
    NoticeEvent.REQUEST_RETURNED: NoticeKind.ASKED,
    NoticeEvent.REQUEST_APPROVED: NoticeKind.DECISION,
    NoticeEvent.REQUEST_REJECTED: NoticeKind.DECISION,
    NoticeEvent.ITEM_TAKEN_OVER: NoticeKind.DECISION,
    NoticeEvent.DIRECTIVE_GIVEN: NoticeKind.INSTRUCTION,
    NoticeEvent.DIRECTIVE_REVISED: NoticeKind.INSTRUCTION,
    NoticeEvent.DIRECTIVE_RESUMED: NoticeKind.INSTRUCTION,
    NoticeEvent.DIRECTIVE_CONCLUDED: NoticeKind.DECISION,
    NoticeEvent.RELEASE_ASKED: NoticeKind.ASKED,
    NoticeEvent.RELEASE_AGREED: NoticeKind.DECISION,
    NoticeEvent.RELEASE_REFUSED: NoticeKind.DECISION,
    NoticeEvent.DEPUTY_NAMED: NoticeKind.DEPUTY,
    NoticeEvent.DEPUTY_ENDED: NoticeKind.DEPUTY,
    NoticeEvent.PERIOD_OPENED: NoticeKind.PERIOD,
    NoticeEvent.PERIOD_REOPENED: NoticeKind.PERIOD,
    NoticeEvent.ITEMS_REOPENED: NoticeKind.PERIOD,
    NoticeEvent.QUESTION_ASKED: NoticeKind.QUESTION,
    NoticeEvent.QUESTION_ANSWERED: NoticeKind.QUESTION,
    NoticeEvent.QUESTION_SETTLED: NoticeKind.QUESTION,
    NoticeEvent.QUESTION_REOPENED: NoticeKind.QUESTION,
    NoticeEvent.REMINDED: NoticeKind.REMINDER,
}
"""{event: the kind under which a notice of it is kept}."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices."""

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """通知: one person is told of one thing that happened.

    Written by the verbs, in the same transaction as what it tells (`workflow/notices.py`). It is
    for nobody else, it is no record, and it goes after some months.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="通知誰",
        on_delete=models.CASCADE,
        related_name="notices",
        # The index of the page begins with it.
        db_index=False,
    )
    for_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理誰",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField("通知類別", max_length=20, choices=NoticeKind)
    event = models.CharField("通知事件", max_length=30)
    programme = models.ForeignKey(
        Programme,
        verbose_name="年度計畫",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    action = models.ForeignKey(
        Action,
        verbose_name="具體推動作法",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        # With a name: what deletes many items at once looks for it (`workflow/bulk_delete.py`).
        related_name="notices",
    )
    # Not a foreign key: the thing may be of any model, and may be gone.
    about = models.CharField("資料類別", max_length=30)
    about_id = models.BigIntegerField("資料編號")
    data = models.JSONField("內容", default=dict)
    at = models.DateTimeField("通知時間")
    # None where a command has written it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="誰做的",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    read_at = models.DateTimeField("已讀時間", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notice_of_person"),
            # The bar of every page counts these, and nobody keeps many of them.
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["at"], name="notice_by_age"),
        ]
        constraints = [
            QuickCheck(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"

    def history_home(self) -> HistoryHome:
        return HistoryHome(programme=self.programme, action=self.action)

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
