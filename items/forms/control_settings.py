"""管制異動設定 of one year, as the plan office edits it on 設定."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from items.choice_lists import cleaned_list
from items.fields import RocDateField, RocDateInput
from items.forms.base import Prose
from items.forms.overtaken import OfficeForm
from items.models import ControlSettings
from items.models.control import GROUND_LENGTH
from items.roc import format_roc

LIST_LENGTH = 5000
"""Room for the list and for what is refused in it, so that nothing is cut before it is said."""


class ControlSettingsForm(OfficeForm):
    """Grounds, last day and whose decision. A year without a row shows the usual rules."""

    class Meta:
        model = ControlSettings
        fields = ["grounds", "apply_until", "needs_number", *ControlSettings.MANAGER_DECIDES]
        field_classes = {"grounds": Prose, "apply_until": RocDateField}
        widgets = {"grounds": forms.Textarea(attrs={"rows": 8}), "apply_until": RocDateInput}
        error_messages = {"grounds": {"required": "請至少留一個申請事由，例如「其他」。"}}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: ControlSettings) -> None:
        super().__init__(data, instance=instance)
        for field in self.fields.values():
            # Also of the first two who set rules for a year: until then nothing is stored.
            field.show_hidden_initial = True
        programme = instance.programme
        last_day = self.fields["apply_until"]
        assert isinstance(last_day, RocDateField)
        last_day.of_year(programme.year)
        usual = format_roc(ControlSettings(programme=programme).last_day)
        last_day.help_text = f"留白就是年度結束前兩個月（{usual}）；之後仍可申請，但要寫逾期原因。"

    @property
    def deciding_fields(self) -> list[forms.BoundField]:
        """Which kinds the 首長 decide, one box each."""
        return [self[name] for name in ControlSettings.MANAGER_DECIDES]

    def clean_grounds(self) -> str:
        return cleaned_list(self.cleaned_data["grounds"], longest=GROUND_LENGTH)

    def clean_apply_until(self) -> date | None:
        """A day of the year: any other is a slip of the hand."""
        day: date | None = self.cleaned_data["apply_until"]
        # Left blank it follows the year's end, also when that is moved later.
        if day is None:
            return None
        programme = self.instance.programme
        if programme.starts_on <= day <= programme.ends_on:
            return day
        first_day = format_roc(programme.starts_on)
        last_day = format_roc(programme.ends_on)
        raise forms.ValidationError(f"請填這個年度裡的日期（{first_day}至{last_day}）。")
