"""Which part of 填報審核 to list."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from items.models import (
    Department,
    ProgressReport,
)
from items.models.labels import field_label


def _choices_of(departments: Iterable[Department]) -> list[tuple[int, str]]:
    return [(department.pk, department.name) for department in departments]


AGES = (3, 7, 14)
"""Days in one step by which 填報審核 can be limited."""


class ReviewFilterForm(forms.Form):
    """Which part of 填報審核 to list."""

    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="單位",
        required=False,
        empty_label="全部單位",
        error_messages={"invalid_choice": "沒有這個單位，請重新選擇。"},
    )
    state = forms.ChoiceField(
        label="狀態",
        required=False,
        error_messages={"invalid_choice": "沒有這個狀態，請重新選擇。"},
    )
    delay_factor = forms.ChoiceField(
        label=field_label(ProgressReport, "delay_factor"),
        required=False,
        error_messages={"invalid_choice": "清單裡沒有這一個，請重新選擇。"},
    )
    older = forms.ChoiceField(
        label="停留",
        required=False,
        choices=[("", "不限")] + [(str(days), f"{days} 天以上") for days in AGES],
        error_messages={"invalid_choice": "請從清單選擇停留幾天以上。"},
    )

    def __init__(
        self,
        states: list[tuple[str, str]],
        departments: Iterable[Department],
        factors: Iterable[str],
        data: Mapping[str, Any],
    ) -> None:
        super().__init__(data)
        factor_choices = [(factor, factor) for factor in factors]
        if factor_choices:
            factor_field = cast(forms.ChoiceField, self.fields["delay_factor"])
            factor_field.choices = [("", "不限"), *factor_choices]
        else:
            # A year that has no such list is not asked about it.
            del self.fields["delay_factor"]
        # Handed in: the worklist that knows them stands above the forms.
        cast(forms.ChoiceField, self.fields["state"]).choices = states
        # As the page has fetched them already.
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.choices = [("", department.empty_label), *_choices_of(departments)]

    def clean_older(self) -> int:
        """In days; 0 where no age is asked for."""
        return int(self.cleaned_data["older"] or 0)
