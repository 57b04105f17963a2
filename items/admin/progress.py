"""辦理情形 and its steps: what departments submitted, to look at. Drafts belong to their departments."""

from django.contrib import admin

from items import access
from items.admin.base import ReadOnlyAdmin
from items.admin.exchange import ExportTable
from items.admin.plain_fields import PeriodFilter
from items.admin.resources import ReportResource
from items.admin.words import NOTHING, roc_time
from items.models import ProgressReport, ReportStep


@admin.register(ProgressReport)
class ProgressReportAdmin(ExportTable, ReadOnlyAdmin):
    table = ReportResource
    list_display = [
        "code",
        "department",
        "period",
        "percent",
        "work_status",
        "state_words",
        "written_by",
        "when",
    ]
    list_display_links = ["code"]
    list_filter = [
        "state",
        "work_status",
        ("period", PeriodFilter),
        ("assignment__department", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["assignment__action__code", "assignment__action__title", "text"]
    search_help_text = "項次編號、具體推動作法或辦理情形"
    list_select_related = [
        "assignment__action",
        "assignment__department",
        "period__programme",
        "written_by",
    ]
    ordering = ["-period__ends_on", "assignment__action__code", "assignment__department__position"]
    fields = [
        "code",
        "title",
        "department",
        "period",
        *ProgressReport.CONTENT,
        "state_words",
        "written_by",
        "when",
    ]

    def get_queryset(self, request):
        return access.visible_reports(request.user).with_path()

    @admin.display(description="項次編號", ordering="assignment__action__code")
    def code(self, report):
        return report.assignment.action.code

    @admin.display(description="具體推動作法")
    def title(self, report):
        return report.assignment.action.title

    @admin.display(description="單位", ordering="assignment__department__position")
    def department(self, report):
        return report.assignment.department

    @admin.display(description="填報狀態", ordering="state")
    def state_words(self, report):
        return report.state_words

    @admin.display(description="更新時間", ordering="updated_at")
    def when(self, report):
        return roc_time(report.updated_at)


@admin.register(ReportStep)
class ReportStepAdmin(ReadOnlyAdmin):
    list_display = [
        "when",
        "by",
        "kind",
        "code",
        "department",
        "period",
        "from_state",
        "to_state",
        "words",
    ]
    list_display_links = ["when"]
    list_filter = [
        "kind",
        ("report__period", PeriodFilter),
        ("report__assignment__department", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["report__assignment__action__code", "by__full_name", "words"]
    search_help_text = "項次編號、人名或說明"
    list_select_related = [
        "by", "report__assignment__action", "report__assignment__department", "report__period__programme"
    ]  # fmt: skip
    ordering = ["-at", "-id"]
    fields = [
        "when",
        "by",
        "kind",
        "from_state",
        "to_state",
        "words",
        "code",
        "department",
        "period",
        "text",
        "percent",
    ]

    def get_queryset(self, request):
        """The steps of reports that may be read; those of a report that is back with its department are not."""
        visible = access.visible_reports(request.user).order_by().values("pk")
        return super().get_queryset(request).filter(report__in=visible)

    @admin.display(description="何時", ordering="at")
    def when(self, step):
        return roc_time(step.at)

    @admin.display(description="項次編號", ordering="report__assignment__action__code")
    def code(self, step):
        return step.report.assignment.action.code

    @admin.display(description="單位", ordering="report__assignment__department__position")
    def department(self, step):
        return step.report.assignment.department

    @admin.display(description="填報期")
    def period(self, step):
        return step.report.period

    @admin.display(description="當時的辦理情形")
    def text(self, step):
        return step.content.get("text") or NOTHING

    @admin.display(description="當時的實際進度（%）")
    def percent(self, step):
        percent = step.content.get("percent")
        return NOTHING if percent is None else percent
