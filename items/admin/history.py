"""異動紀錄 and 匯入批次: to be read, never to be touched."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from items import access
from items.admin.base import ReadOnlyAdmin
from items.admin.words import NOTHING, from_to, from_to_in_brief, roc_time, subject
from items.models import Change, ImportBatch


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["when", "by", "door", "kind", "what", "label", "from_to"]
    list_display_links = ["label"]
    list_filter = ["kind", "door", "programme", ("by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["label", "by__full_name", "by__username", "action__code"]
    search_help_text = "名稱、人名、帳號或項次編號"
    date_hierarchy = "at"
    list_select_related = ["by"]
    fields = ["when", "by", "door", "kind", "what", "label", "programme", "everything"]
    show_full_result_count = False

    def get_queryset(self, request):
        return access.visible_changes(request.user)

    @admin.display(description="時間", ordering="at")
    def when(self, change):
        return roc_time(change.at)

    @admin.display(description="資料類別", ordering="model")
    def what(self, change):
        return subject(change)

    @admin.display(description="內容")
    def from_to(self, change):
        return from_to_in_brief(change)

    @admin.display(description="內容")
    def everything(self, change):
        return from_to(change)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "programme", "when", "by", "numbers", "undone"]
    list_filter = ["programme"]
    search_fields = ["file_name", "by__full_name"]
    search_help_text = "檔名或匯入者"
    list_select_related = ["by", "undone_by", "programme"]
    fields = ["file_name", "programme", "when", "by", "numbers", "undone", "sha256", "page"]

    def get_queryset(self, request):
        """Without the file itself: a list of a hundred batches would fetch a hundred files."""
        return super().get_queryset(request).defer("content", "changes")

    @admin.display(description="匯入時間", ordering="at")
    def when(self, batch):
        return roc_time(batch.at)

    @admin.display(description="筆數")
    def numbers(self, batch):
        words = {"new": "新增", "changed": "修改", "unchanged": "沒有變動"}
        return "、".join(
            f"{word} {batch.counts[key]}" for key, word in words.items() if key in batch.counts
        )

    @admin.display(description="復原")
    def undone(self, batch):
        return f"{roc_time(batch.undone_at)} {batch.undone_by}" if batch.undone_at else NOTHING

    @admin.display(description="內容與復原")
    def page(self, batch):
        address = reverse("batch", args=[batch.programme.year, batch.pk])
        return format_html('<a href="{}">這個批次的頁面</a>', address)
