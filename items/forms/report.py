"""辦理情形 as the department writes it."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms

from items.forms.base import FieldProblem, OneOf, Prose
from items.models import (
    ProgressReport,
    WorkStatus,
)


class ReportForm(forms.ModelForm):
    """辦理情形 of one assignment for one period; a draft may be incomplete: nothing is required."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    percent = forms.IntegerField(
        label="實際進度",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "實際進度請填 0 到 100 的整數。"
        ),
    )

    class Meta:
        model = ProgressReport
        fields = ProgressReport.CONTENT
        widgets = {
            "text": forms.Textarea(attrs={"rows": 7}),
            "work_status": forms.RadioSelect,
            "delay_factor": forms.Select,
            "delay_reason": forms.Textarea(attrs={"rows": 3}),
            "remedy": forms.Textarea(attrs={"rows": 3}),
            "coordination": forms.Textarea(attrs={"rows": 2}),
            "catch_up_month": forms.Select,
        }
        field_classes = {
            "text": Prose,
            "delay_factor": OneOf,
            "delay_reason": Prose,
            "remedy": Prose,
            "coordination": Prose,
            "catch_up_month": OneOf,
        }
        help_texts = {"text": "做了什麼、成果多少、什麼時候"}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        factors: Sequence[str],
        months: Sequence[str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`factors` and `months` are what may be chosen of 落後因素 and 預計趕上月份."""
        super().__init__(data, initial=initial)
        cast(OneOf, self.fields["delay_factor"]).offer(factors)
        cast(OneOf, self.fields["catch_up_month"]).offer(months)
        # Without Django's empty choice: nothing chosen is no radio button of its own.
        work_status = cast(forms.ChoiceField, self.fields["work_status"])
        work_status.choices = WorkStatus.choices

    def validate_unique(self) -> None:
        """The row is fetched by assignment and period: nothing posted can make a second one."""

    def _post_clean(self) -> None:
        """Completeness is asked for on submission, by the workflow; a draft only to the lengths."""

    def content_so_far(self) -> dict[str, Any]:
        """The fields that could be read, for asking what is missing beside what is wrong."""
        content = {}
        for field in ProgressReport.CONTENT:
            if field in self.cleaned_data:
                content[field] = self.cleaned_data[field]
        return content

    @property
    def content(self) -> dict[str, Any]:
        """What was written, by the fields of `ProgressReport.CONTENT`."""
        return {field: self.cleaned_data[field] for field in ProgressReport.CONTENT}

    def field_problems(self) -> list[FieldProblem]:
        """The errors of all fields, for the list above the form."""
        problems = []
        # All errors at once, above the form: a long page shows few of its fields.
        for field in self.visible_fields():
            anchor = field.id_for_label
            if field.name == "work_status":
                # Radio buttons have no id together: their fieldset has one.
                anchor = "work-status"
            for error in field.errors:
                problems.append(FieldProblem(anchor, str(field.label), str(error)))
        return problems
