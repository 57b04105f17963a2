"""The form by which a closed period is opened again for one department, or for one item."""

from datetime import date
from typing import Any

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import Prose, whole_code
from items.models import Department, Period, WorkingCalendar
from items.models.lengths import REASON_LENGTH


class ReopenSomeForm(forms.Form):
    """For whom, why and until when; at least one of department and item."""

    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="單位",
        required=False,
        empty_label="（不限單位）",
        error_messages={"invalid_choice": "沒有這個單位，請重新選擇。"},
    )
    code = forms.CharField(
        label="項次", required=False, max_length=12, widget=forms.TextInput(attrs={"size": 8})
    )
    due_on = RocDateField(label="補正期限")
    because = Prose(
        label="個別開放的原因",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫出重新開放的原因，承辦人會看到。"},
    )

    def __init__(
        self, data: Any = None, *, period: Period, today: date, calendar: WorkingCalendar
    ) -> None:
        super().__init__(data, prefix=f"some-{period.number}")
        self.period = period
        self.today = today
        say_year(self, period.programme.year)
        self.initial["due_on"] = period.suggested_due_day(today, calendar)

    def clean_code(self) -> str:
        """The whole code: 「04」 means 115-04 on a page of 115."""
        return whole_code(self.cleaned_data["code"], self.period.programme)

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        problem = self.period.problem_of_due_day(due_on, self.today)
        if problem:
            # The model speaks of the day of the whole period.
            words = problem.replace("填報期限", "補正期限")
            raise forms.ValidationError(words)
        return due_on

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        # A field that could not be read has its own sentence.
        if "department" in self.errors or "code" in self.errors:
            return cleaned
        # Without either it would be the whole period, which has a step and a history of its own.
        if not cleaned.get("department") and not cleaned.get("code"):
            raise forms.ValidationError("請選單位，或填項次；兩個都填就是那個單位的那一項。")
        return cleaned
