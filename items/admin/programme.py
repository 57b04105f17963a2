"""年度設定: the year, its thresholds and its periods."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from items.admin.base import OfficeAdmin
from items.admin.plain_fields import RowsInline
from items.admin.words import NOTHING, roc, roc_time
from items.models import (
    Period,
    Programme,
)
from items.workflow import WorkflowError, periods


class PeriodInline(RowsInline):
    """Laid out by the programme's frequency, opened and closed on the site's own page; here only 填報期限 moves."""

    model = Period
    fields = ["name", "days", "due_on", "opened", "closed"]
    readonly_fields = ["name", "days", "opened", "closed"]
    can_delete = False

    def has_add_permission(self, request, obj):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("programme", "opened_by", "closed_by")

    @admin.display(description="期間")
    def days(self, period):
        return f"{roc(period.starts_on)}至{roc(period.ends_on)}"

    @admin.display(description="開放")
    def opened(self, period):
        return f"{roc_time(period.opened_at)} {period.opened_by}" if period.opened_at else NOTHING

    @admin.display(description="關閉")
    def closed(self, period):
        return f"{roc_time(period.closed_at)} {period.closed_by}" if period.closed_at else NOTHING


@admin.register(Programme)
class ProgrammeAdmin(OfficeAdmin):
    list_display = [
        "title",
        "year",
        "approved",
        "frequency",
        "behind_threshold",
        "soon_days",
        "has_periods",
    ]
    search_fields = ["title", "year"]
    search_help_text = "計畫名稱或年度"
    inlines = [PeriodInline]
    actions = None
    fieldsets = [
        (None, {"fields": ["year", "title", "approved_on", "starts_on", "ends_on"]}),
        ("燈號門檻", {"fields": ["behind_threshold", "soon_days"]}),
        ("填報", {"fields": ["frequency"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("periods")

    def get_readonly_fields(self, request, obj=None):
        """The year names everything; once periods are laid out, another frequency would change nothing."""
        if obj is None:
            return []
        return ["year", "frequency"] if obj.periods.exists() else ["year"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = path(
            "<path:object_id>/periods/",
            self.admin_site.admin_view(self.lay_out),
            name="items_programme_lay_out",
        )
        return [own, *super().get_urls()]

    @method_decorator(require_POST)
    def lay_out(self, request, object_id):
        """建立填報期."""
        programme = self.get_object(request, unquote(object_id))
        if programme is None:
            raise Http404
        try:
            made = periods.lay_out(programme, **self.stamp(request))
        except WorkflowError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, f"已建立{programme.year}年度的 {len(made)} 個填報期，都還沒有開放。"
            )
        return redirect("admin:items_programme_change", programme.pk)

    @admin.display(description="核定日期", ordering="approved_on")
    def approved(self, programme):
        return roc(programme.approved_on)

    @admin.display(description="填報期", boolean=True)
    def has_periods(self, programme):
        return bool(programme.periods.all())
