"""Forms of 催辦: 辦公日曆, 稽催單, and by what rules reminders are sent."""

from collections.abc import Mapping
from typing import Any

from django import forms

from items.fields import RocDateField, say_year
from items.models.working_days import NAME_LENGTH

WORKING, OFF = "working", "off"


class OfficeDayForm(forms.Form):
    """Whether one day is worked."""

    day = RocDateField(label="日期", error_messages={"required": "請填日期。"})
    state = forms.ChoiceField(
        label="上班或放假",
        choices=((OFF, "放假"), (WORKING, "上班")),
        initial=OFF,
        error_messages={
            "required": "請選上班或放假。",
            "invalid_choice": "請選上班或放假。",
        },
    )
    name = forms.CharField(
        label="說明",
        max_length=NAME_LENGTH,
        required=False,
        help_text="例如「颱風停班」；催辦與期限的說明會寫出來。",
        error_messages={"max_length": f"說明太長，最多 {NAME_LENGTH} 個字。"},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, year: int) -> None:
        """`year` is the 民國 year of the page: 12/25 means a day of it."""
        super().__init__(data)
        self.fields["name"].widget.attrs.pop("maxlength", None)
        say_year(self, year)

    @property
    def is_working(self) -> bool:
        return bool(self.cleaned_data["state"] == WORKING)
