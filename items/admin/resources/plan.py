"""分辦, in and out, and 辦理情形, out only."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.fields import Field

from items.admin.resources.base import OfficeResource
from items.admin.widgets import (
    ChoiceWidget,
    DeadlineField,
    DeadlineWidget,
    NamedRowWidget,
    NumberWidget,
    PersonWidget,
    SheetRow,
    TextWidget,
)
from items.admin.words import roc_time
from items.exchange.departments import folded
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Department,
    HistoryHome,
    Membership,
    Programme,
    ProgressReport,
    ReportState,
    User,
    WorkStatus,
)
from items.models.labels import field_label
from plan_tracker.clock import day_of


class AssignmentKey(NamedTuple):
    """What tells assignments apart: the code, and the name that the department bears."""

    code: str
    department: str


class AssignmentResource(OfficeResource):
    """分辦 of one programme; the title is for people to read and is never taken from a file."""

    code = Field("action", field_label(Action, "code"), NamedRowWidget("項次編號", "code"))
    title = Field("action__title", field_label(Action, "title"), TextWidget(), readonly=True)
    department = Field(
        "department",
        field_label(Assignment, "department"),
        NamedRowWidget("主辦單位", "name", folded),
    )
    kind = Field("kind", field_label(Assignment, "kind"), ChoiceWidget(AssignmentKind))
    deadline = DeadlineField("deadline", field_label(Assignment, "deadline"), DeadlineWidget())
    contact = Field("contact", field_label(Assignment, "contact"), PersonWidget("承辦人"))

    with_programme = True
    examples = (
        ("115-01", "行政處", "主辦", "115年12月", ""),
        ("115-01", "資訊室", "協辦", "115年6月底前", ""),
    )
    writing_hints = (
        "一列是一個項目在一個單位的分辦；主協辦寫主辦或協辦。",
        "承辦人寫這個單位人員的姓名，同名時寫帳號；留白就是單位全體，沒有這一欄就不變動。",
    )
    checked_elsewhere = ("action", "department", "contact")
    written_fields = ("kind", "deadline", "deadline_text", "contact")

    class Meta(OfficeResource.Meta):
        model = Assignment
        name = "分辦"
        fields = ["code", "title", "department", "kind", "deadline", "contact"]
        import_id_fields = ["code", "department"]

    def chosen_programme(self) -> Programme:
        """The year that the person has chosen beside the file."""
        if self.programme is None:
            raise RuntimeError("an import of assignments belongs to a year")
        return self.programme

    def key_of_row(self, row: SheetRow) -> AssignmentKey:
        code = row[self.heading_of("code")]
        department = row[self.heading_of("department")]
        return AssignmentKey(code, self.fields["department"].widget.key_of(department))

    def prepare_lookups(self) -> None:
        programme = self.chosen_programme()
        # Each widget fetches its rows once: a file names the same few in every one of its rows.
        actions = Action.objects.for_programme(programme).with_path()
        self.fields["code"].widget.remember(actions)
        self.fields["department"].widget.remember(Department.objects.all())
        self.fields["contact"].widget.remember(User.objects.all())
        # A deadline such as 12月底 means the one of the chosen year.
        self.fields["deadline"].widget.programme = programme
        self.writers_by_department: defaultdict[int, set[int]] = defaultdict(set)
        for membership in Membership.objects.who_can_write():
            writers = self.writers_by_department[membership.department_id]
            writers.add(membership.user_id)

    def before_export(self, queryset: QuerySet[Assignment], **kwargs: Any) -> None:
        """Somebody with a namesake is written by the account instead of the name."""
        self.fields["contact"].widget.remember(User.objects.all())

    def load(self) -> dict[AssignmentKey, Assignment]:
        assignments = Assignment.objects.for_programme(self.chosen_programme()).with_path()
        # Only the assignments are locked, not the whole path above them.
        assignments = assignments.select_related("contact").select_for_update(of=["self"])
        self.last_positions = last_positions(assignments)
        existing = {}
        for assignment in assignments:
            key = AssignmentKey(assignment.action.code, assignment.department.name)
            existing[key] = assignment
        return existing

    def before_import_row(self, row: SheetRow, **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        code = row[self.heading_of("code")]
        year = self.chosen_programme().year
        # The look-up would only say that there is no such code; people mistake the year.
        is_of_other_year = not code.startswith(f"{year}-")
        if code and is_of_other_year:
            words = f"「{code}」不是{year}年度的項次編號；這次匯入只更動{year}年度。"
            raise ValidationError({"action": words})

    def problems(self, instance: Assignment) -> dict[str, Any]:
        # A row that exists keeps its action and its department, which are its key.
        problems = {}
        if instance._state.adding:
            problems["department"] = instance.problem_as_new()
        # Somebody who has left since stays named until the work is handed over.
        if instance.contact_id != self.contact_before:
            writers = self.writers_by_department[instance.department_id]
            problems["contact"] = instance.problem_with_contact(writers)
        return {name: words for name, words in problems.items() if words is not None}

    def after_init_instance(
        self, instance: Assignment, new: bool, row: SheetRow, **kwargs: Any
    ) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        # Kept now: `import_instance` changes the object in place.
        self.contact_before = instance.contact_id

    def save_instance(
        self, instance: Assignment, is_create: bool, row: SheetRow, **kwargs: Any
    ) -> None:
        if is_create:
            # The file has no column for the order: a new department comes after the others.
            position = self.last_positions[instance.action_id] + 1
            self.last_positions[instance.action_id] = position
            instance.position = position
        super().save_instance(instance, is_create, row, **kwargs)

    def write(self) -> None:
        today = day_of(self.stamp()["at"])
        for pending in self.pending:
            if pending.is_new:
                pending.instance.handed_out_on = today
        super().write()

    def home_of(self, instance: Assignment) -> HistoryHome:
        return HistoryHome(programme=self.programme, action=instance.action)


def last_positions(assignments: Iterable[Assignment]) -> defaultdict[int, int]:
    """{key of the action: highest position of its assignments}; 0 where it has none."""
    positions: defaultdict[int, int] = defaultdict(int)
    for assignment in assignments:
        last = positions[assignment.action_id]
        positions[assignment.action_id] = max(last, assignment.position)
    return positions


class ReportResource(OfficeResource):
    """辦理情形, to be taken out only; the rows are those that the reader may see."""

    year = Field("period__programme__year", "年度", NumberWidget())
    period = Field("period__name", field_label(ProgressReport, "period"), TextWidget())
    code = Field("assignment__action__code", field_label(Action, "code"), TextWidget())
    title = Field("assignment__action__title", field_label(Action, "title"), TextWidget())
    department = Field(
        "assignment__department__name", field_label(Assignment, "department"), TextWidget()
    )
    deadline = Field("assignment__deadline_text", field_label(Assignment, "deadline"), TextWidget())
    text = Field("text", field_label(ProgressReport, "text"), TextWidget())
    percent = Field("percent", field_label(ProgressReport, "percent"), NumberWidget())
    work_status = Field(
        "work_status", field_label(ProgressReport, "work_status"), ChoiceWidget(WorkStatus)
    )
    delay_factor = Field("delay_factor", field_label(ProgressReport, "delay_factor"), TextWidget())
    delay_reason = Field("delay_reason", field_label(ProgressReport, "delay_reason"), TextWidget())
    remedy = Field("remedy", field_label(ProgressReport, "remedy"), TextWidget())
    coordination = Field("coordination", field_label(ProgressReport, "coordination"), TextWidget())
    catch_up_month = Field(
        "catch_up_month", field_label(ProgressReport, "catch_up_month"), TextWidget()
    )
    state = Field("state", field_label(ProgressReport, "state"), ChoiceWidget(ReportState))
    written_by = Field("written_by", field_label(ProgressReport, "written_by"), TextWidget())
    updated_at = Field("updated_at", field_label(ProgressReport, "updated_at"), TextWidget())

    class Meta(OfficeResource.Meta):
        model = ProgressReport
        name = "辦理情形"
        fields = [
            "year",
            "period",
            "code",
            "title",
            "department",
            "deadline",
            "text",
            "percent",
            "work_status",
            "delay_factor",
            "delay_reason",
            "remedy",
            "coordination",
            "catch_up_month",
            "state",
            "written_by",
            "updated_at",
        ]

    def dehydrate_written_by(self, report: ProgressReport) -> str:
        return report.writer_words

    def dehydrate_updated_at(self, report: ProgressReport) -> str:
        return roc_time(report.updated_at)
