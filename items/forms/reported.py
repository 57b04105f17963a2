"""The form of 當天的填報: a day, a period, a department and an item."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import whole_code
from items.models import Programme


class ReportedForm(forms.Form):
    """Which day and which period, and what of it to show."""

    day = RocDateField(label="日期", required=False)
    department = forms.ChoiceField(
        label="單位",
        required=False,
        error_messages={"invalid_choice": "這一期當時沒有這個單位，請重新選擇。"},
    )
    code = forms.CharField(
        label="項次", required=False, max_length=12, widget=forms.TextInput(attrs={"size": 8})
    )

    changed = forms.BooleanField(label="只列與前一次關閉不同的", required=False)

    def __init__(self, *args: Any, programme: Programme, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.today = today
        say_year(self, programme.year)

    def with_departments(self, departments: Sequence[tuple[str, str]]) -> None:
        """The departments of the period as they were called then; known once the day is read."""
        field = cast(forms.ChoiceField, self.fields["department"])
        field.choices = [("", "全部單位"), *departments]

    def clean_day(self) -> date:
        """A day without words is today; nobody knows what will be reported tomorrow."""
        day = self.cleaned_data["day"]
        if day is None:
            return self.today
        if day > self.today:
            raise forms.ValidationError("這一天還沒有到，請填今天或以前的日期。")
        return cast(date, day)

    def clean_code(self) -> str:
        """The whole code: 「04」 means 115-04 on a page of 115."""
        return whole_code(self.cleaned_data["code"], self.programme)
