"""異動紀錄 and 匯入批次: to be read, never to be touched."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from items import access
from items.admin.base import ReadOnlyAdmin, office_request
from items.admin.words import (
    from_to,
    from_to_in_brief,
    roc_time,
    step_in_words,
)
from items.models import Change, ImportBatch

COUNTED = {"new": "新增", "changed": "修改", "unchanged": "沒有變動"}
"""What a batch counts, in words and in the order in which they are shown."""


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """異動紀錄."""

    list_display = ["when", "by", "door", "kind", "what", "label", "from_to"]
    list_display_links = ["label"]
    list_filter = ["kind", "door", "programme", ("by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["label", "by__full_name", "by__username", "action__code"]
    search_help_text = "名稱、人名、帳號或項次編號"
    date_hierarchy = "at"
    list_select_related = ["by"]
    fields = ["when", "by", "door", "kind", "what", "label", "programme", "everything"]
    # The longest table of all: beside the rows of a search, Django would count all rows once more.
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return access.visible_changes(office_request(request).user)

    @admin.display(description="時間", ordering="at")
    def when(self, change: Change) -> str:
        return roc_time(change.at)

    @admin.display(description="資料類別", ordering="model")
    def what(self, change: Change) -> str:
        return change.subject()

    @admin.display(description="內容")
    def from_to(self, change: Change) -> str:
        return from_to_in_brief(change)

    @admin.display(description="內容")
    def everything(self, change: Change) -> str:
        return from_to(change)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """匯入批次; taking one back is done on its page of the site."""

    list_display = ["file_name", "programme", "when", "by", "numbers", "undone"]
    list_filter = ["programme"]
    search_fields = ["file_name", "by__full_name"]
    search_help_text = "檔名或匯入者"
    list_select_related = ["by", "undone_by", "programme"]
    fields = ["file_name", "programme", "when", "by", "numbers", "undone", "sha256", "page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        # The file itself stays away: a list of a hundred batches would fetch a hundred files.
        return super().get_queryset(request).defer("content", "changes")

    @admin.display(description="匯入時間", ordering="at")
    def when(self, batch: ImportBatch) -> str:
        return roc_time(batch.at)

    @admin.display(description="筆數")
    def numbers(self, batch: ImportBatch) -> str:
        parts = []
        for key, word in COUNTED.items():
            if key in batch.counts:
                parts.append(f"{word} {batch.counts[key]}")
        return "、".join(parts)

    @admin.display(description="復原")
    def undone(self, batch: ImportBatch) -> str:
        return step_in_words(batch.undone_at, batch.undone_by)

    @admin.display(description="內容與復原")
    def page(self, batch: ImportBatch) -> str:
        address = reverse("batch", args=[batch.programme.year, batch.pk])
        return format_html('<a href="{}">這個批次的頁面</a>', address)
