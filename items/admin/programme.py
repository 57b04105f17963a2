"""年度設定: the year, its thresholds and its periods."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from items.admin.base import OfficeAdmin
from items.admin.plain_fields import RowsInline
from items.admin.words import roc, step_in_words
from items.models import Period, Programme
from items.workflow import WorkflowError, periods, years


class PeriodInline(RowsInline):
    """The year's periods; only 填報期限 moves, since opening has a page of its own on the site."""

    model = Period
    fields = ["name", "days", "due_on", "opened", "reopened", "closed"]
    readonly_fields = ["name", "days", "opened", "reopened", "closed"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Programme | None = None) -> bool:
        # The programme's frequency says how many there are.
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Period]:
        return (
            super()
            .get_queryset(request)
            .select_related("programme", "opened_by", "reopened_by", "closed_by")
        )

    @admin.display(description="期間")
    def days(self, period: Period) -> str:
        return f"{roc(period.starts_on)}至{roc(period.ends_on)}"

    @admin.display(description="開放")
    def opened(self, period: Period) -> str:
        return step_in_words(period.opened_at, period.opened_by)

    @admin.display(description="重新開放")
    def reopened(self, period: Period) -> str:
        return period.reopened_words

    @admin.display(description="關閉")
    def closed(self, period: Period) -> str:
        return step_in_words(period.closed_at, period.closed_by)


@admin.register(Programme)
class ProgrammeAdmin(OfficeAdmin):
    """年度計畫 with what it is measured by."""

    list_display = [
        "title",
        "year",
        "state",
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
        (None, {"fields": ["year", "state", "title", "approved_on", "starts_on", "ends_on"]}),
        ("燈號門檻", {"fields": ["behind_threshold", "soon_days"]}),
        ("填報", {"fields": ["frequency"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programme]:
        return super().get_queryset(request).prefetch_related("periods")

    def get_readonly_fields(self, request: HttpRequest, obj: Programme | None = None) -> list[str]:
        if obj is None:
            return ["state"]
        # The year stands in codes, addresses and names of periods.
        if not obj.periods.exists():
            return ["state", "year"]
        # Once periods are laid out, another frequency would change nothing.
        return ["state", "year", "frequency"]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask before an empty year is deleted; say of any other why it stays."""
        programme = self.get_object(request, unquote(object_id))
        if programme is not None:
            obstacle = years.obstacle_to_deletion(programme)
            if obstacle:
                messages.error(request, obstacle)
                return redirect("admin:items_programme_change", programme.pk)
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(  # type: ignore[override]
        self, objs: Sequence[Programme], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        # Django would count the entries of the history as a reason against: the verb keeps them.
        return [str(programme) for programme in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        if isinstance(obj, Programme):
            years.delete_empty(obj, **self.stamp(request))

    def get_urls(self) -> list[URLPattern]:
        lay_out = path(
            "<path:object_id>/periods/",
            self.admin_site.admin_view(self.lay_out),
            name="items_programme_lay_out",
        )
        # Before Django's own, whose last pattern takes every address.
        return [lay_out, *super().get_urls()]

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: forms.BaseModelFormSet,
        change: bool,
    ) -> None:
        """填報期限 moves by the verb of the site's own page, with the same rules."""
        if formset.model is not Period:
            super().save_formset(request, form, formset, change)
            return
        # Fills the formset's lists, and writes nothing.
        formset.save(commit=False)
        for period, _changed_fields in formset.changed_objects:
            periods.set_due(period, period.due_on, **self.stamp(request))

    @method_decorator(require_POST)
    def lay_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """建立填報期."""
        programme = self.get_object(request, unquote(object_id))
        if programme is None:
            raise Http404
        try:
            laid_out = periods.lay_out(programme, **self.stamp(request))
        except WorkflowError as error:
            messages.error(request, str(error))
        else:
            count = len(laid_out)
            messages.success(
                request, f"已建立{programme.year}年度的 {count} 個填報期，都還沒有開放。"
            )
        page_of_year = redirect("admin:items_programme_change", programme.pk)
        return self.returning(request) or page_of_year

    @admin.display(description="核定日期", ordering="approved_on")
    def approved(self, programme: Programme) -> str:
        return roc(programme.approved_on)

    @admin.display(description="填報期", boolean=True)
    def has_periods(self, programme: Programme) -> bool:
        # `all`, not `exists`: the list has fetched the periods already.
        return bool(programme.periods.all())
