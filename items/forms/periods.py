"""填報期限 of a period, and opening a closed one again."""

from datetime import date
from typing import Any

from django import forms

from items.fields import RocDateField, RocDateInput
from items.forms.base import Prose
from items.forms.overtaken import OfficeForm
from items.models import (
    Period,
    WorkingCalendar,
)
from items.models.lengths import REASON_LENGTH


class DueForm(OfficeForm):
    """填報期限 of a period that is open or opened now."""

    class Meta:
        model = Period
        fields = ["due_on"]
        field_classes = {"due_on": RocDateField}
        widgets = {"due_on": RocDateInput}

    def __init__(self, *args: Any, today: date, calendar: WorkingCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        period = self.instance
        for field in self.fields.values():
            # A day that is only suggested, and a reason, are in no row yet.
            field.show_hidden_initial = period.is_open
        if not period.is_open:
            self.initial["due_on"] = period.suggested_due_day(today, calendar)

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        # By the model: the verb refuses the same days, whatever form asks for them.
        problem = self.instance.problem_of_due_day(due_on, self.today)
        if problem:
            raise forms.ValidationError(problem)
        return due_on


class ReopenForm(DueForm):
    """Why a closed period is opened again, and until when."""

    because = Prose(
        label="重新開放的原因",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫出重新開放的原因，各單位會看到。"},
    )
