"""分辦, in and out, and 辦理情形, out only."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from import_export.fields import Field

from items.admin.resources.base import OfficeResource, heading
from items.admin.widgets import Choice, Deadline, DeadlineField, Named, Number, Text
from items.admin.words import roc_time
from items.exchange.departments import folded
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Department,
    HistoryHome,
    ProgressReport,
    ReportState,
    WorkStatus,
)


class AssignmentResource(OfficeResource):
    """分辦 of one programme; the title is there to be read and is never taken from a file."""

    code = Field("action", heading(Action, "code"), Named("項次編號", "code"))
    title = Field("action__title", heading(Action, "title"), Text(), readonly=True)
    department = Field(
        "department", heading(Assignment, "department"), Named("主辦單位", "name", folded)
    )
    kind = Field("kind", heading(Assignment, "kind"), Choice(AssignmentKind))
    deadline = DeadlineField("deadline", heading(Assignment, "deadline"), Deadline())

    with_programme = True
    checked_elsewhere = ("action", "department")
    written_fields = ["kind", "deadline", "deadline_text"]

    class Meta(OfficeResource.Meta):
        model = Assignment
        name = "分辦"
        fields = ["code", "title", "department", "kind", "deadline"]
        import_id_fields = ["code", "department"]

    def key_of_row(self, row):
        return row[self.fields["code"].column_name], folded(
            row[self.fields["department"].column_name]
        )

    def load(self):
        self.fields["deadline"].widget.programme = self.programme
        self.fields["department"].widget.remember(Department.objects.all())
        self.fields["code"].widget.remember(
            Action.objects.for_programme(self.programme).with_path()
        )
        found = (
            Assignment.objects.for_programme(self.programme)
            .with_path()
            .select_for_update(of=["self"])
        )
        existing = {(one.action.code, folded(one.department.name)): one for one in found}
        self.last_position = defaultdict(int)
        for one in existing.values():
            self.last_position[one.action_id] = max(self.last_position[one.action_id], one.position)
        return existing

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        code = row[self.fields["code"].column_name]
        if code and not code.startswith(f"{self.programme.year}-"):
            raise ValidationError(
                {
                    "action": f"「{code}」不是{self.programme.year}年度的項次編號；這次匯入只更動{self.programme.year}年度。"
                }
            )

    def save_instance(self, instance, is_create, row, **kwargs):
        if is_create:
            self.last_position[instance.action_id] += 1
            instance.position = self.last_position[instance.action_id]
        super().save_instance(instance, is_create, row, **kwargs)

    def home_of(self, instance):
        return HistoryHome(programme=self.programme, action=instance.action)


class ReportResource(OfficeResource):
    """辦理情形, to be taken out only; the rows are those that the reader may see."""

    year = Field("period__programme__year", "年度", Number())
    period = Field("period__name", heading(ProgressReport, "period"), Text())
    code = Field("assignment__action__code", heading(Action, "code"), Text())
    title = Field("assignment__action__title", heading(Action, "title"), Text())
    department = Field("assignment__department__name", heading(Assignment, "department"), Text())
    deadline = Field("assignment__deadline_text", heading(Assignment, "deadline"), Text())
    text = Field("text", heading(ProgressReport, "text"), Text())
    percent = Field("percent", heading(ProgressReport, "percent"), Number())
    work_status = Field("work_status", heading(ProgressReport, "work_status"), Choice(WorkStatus))
    delay_reason = Field("delay_reason", heading(ProgressReport, "delay_reason"), Text())
    remedy = Field("remedy", heading(ProgressReport, "remedy"), Text())
    state = Field("state", heading(ProgressReport, "state"), Choice(ReportState))
    written_by = Field("written_by", heading(ProgressReport, "written_by"), Text())
    updated_at = Field("updated_at", heading(ProgressReport, "updated_at"), Text())

    class Meta(OfficeResource.Meta):
        model = ProgressReport
        name = "辦理情形"
        fields = [
            "year", "period", "code", "title", "department", "deadline", "text", "percent", "work_status",
            "delay_reason", "remedy", "state", "written_by", "updated_at",
        ]  # fmt: skip

    def dehydrate_updated_at(self, report):
        return roc_time(report.updated_at)
