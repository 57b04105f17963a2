"""辦理情形 and its steps: what departments submitted, to look at.

Drafts belong to their departments, and are not shown.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from items import access
from items.admin.base import ReadOnlyAdmin, office_request
from items.admin.flat_table_pages import ExportTable
from items.admin.plain_fields import PeriodFilter
from items.admin.resources import ReportResource
from items.admin.words import NOTHING, roc_time
from items.models import Department, Period, ProgressReport, ReportStep
from items.models.labels import field_label
from items.models.progress import WRITERS
from items.models.taken_steps import ACTORS


@admin.register(ProgressReport)
class ProgressReportAdmin(ExportTable, ReadOnlyAdmin):
    """辦理情形."""

    table = ReportResource
    list_display = [
        "code",
        "department",
        "period",
        "percent",
        "work_status",
        "state_words",
        "writer",
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
        *WRITERS,
    ]
    ordering = ["-period__ends_on", "assignment__action__code", "assignment__department__position"]
    fields = [
        "code",
        "title",
        "department",
        "period",
        *ProgressReport.CONTENT,
        "state_words",
        "writer",
        "when",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgressReport]:
        return access.visible_reports(office_request(request).user).with_path()

    @admin.display(description="項次編號", ordering="assignment__action__code")
    def code(self, report: ProgressReport) -> str:
        return report.assignment.action.code

    @admin.display(description="具體推動作法")
    def title(self, report: ProgressReport) -> str:
        return report.assignment.action.title

    @admin.display(description="單位", ordering="assignment__department__position")
    def department(self, report: ProgressReport) -> Department:
        return report.assignment.department

    @admin.display(description="填報狀態", ordering="state")
    def state_words(self, report: ProgressReport) -> str:
        return report.state_words

    @admin.display(description=field_label(ProgressReport, "written_by"), ordering="written_by")
    def writer(self, report: ProgressReport) -> str:
        return report.writer_words

    @admin.display(description="更新時間", ordering="updated_at")
    def when(self, report: ProgressReport) -> str:
        return roc_time(report.updated_at)


@admin.register(ReportStep)
class ReportStepAdmin(ReadOnlyAdmin):
    """The steps that reports took, with what they said then."""

    list_display = [
        "when",
        "actor",
        "kind",
        "code",
        "department",
        "period",
        "from_state",
        "to_state",
        "readable_words",
    ]
    list_display_links = ["when"]
    list_filter = [
        "kind",
        ("report__period", PeriodFilter),
        ("report__assignment__department", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["report__assignment__action__code", "by__full_name", "for_whom__full_name"]
    search_help_text = "項次編號或人名"
    list_select_related = [
        *ACTORS,
        "report__assignment__action",
        "report__assignment__department",
        "report__period__programme",
    ]
    ordering = ["-id"]
    fields = [
        "when",
        "actor",
        "kind",
        "from_state",
        "to_state",
        "readable_words",
        "code",
        "department",
        "period",
        "text",
        "percent",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportStep]:
        # A step keeps the text that was sent on. Once the report is back with its department, the
        # text is a draft again, which nobody else reads.
        visible = access.visible_reports(office_request(request).user).order_by().values("pk")
        steps = access.steps_with_words(office_request(request).user)
        return steps.filter(report__in=visible)

    @admin.display(description=field_label(ReportStep, "by"), ordering="by")
    def actor(self, step: ReportStep) -> str:
        return step.by_words

    @admin.display(description="何時", ordering="at")
    def when(self, step: ReportStep) -> str:
        return roc_time(step.at)

    @admin.display(description="項次編號", ordering="report__assignment__action__code")
    def code(self, step: ReportStep) -> str:
        return step.report.assignment.action.code

    @admin.display(description="單位", ordering="report__assignment__department__position")
    def department(self, step: ReportStep) -> Department:
        return step.report.assignment.department

    @admin.display(description="填報期")
    def period(self, step: ReportStep) -> Period:
        return step.report.period

    @admin.display(description="說明")
    def readable_words(self, step: ReportStep) -> str:
        # Not searched either: whether a word is found would tell what a reason says.
        return step.readable_words or NOTHING

    @admin.display(description="當時的辦理情形")
    def text(self, step: ReportStep) -> str:
        # Kept as JSON, since the report itself goes on changing.
        return step.content.get("text") or NOTHING

    @admin.display(description="當時的實際進度（%）")
    def percent(self, step: ReportStep) -> str:
        percent = step.content.get("percent")
        if percent is None:
            return NOTHING
        return str(percent)
