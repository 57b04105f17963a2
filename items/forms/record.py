"""Which part of 歷程 to show."""

from typing import Any, cast

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import PersonChoiceField, require_days_in_order, whole_code
from items.models import (
    Department,
    Programme,
    User,
)


class RecordForm(forms.Form):
    """Which kind, days, item, person and department of the record to show."""

    what = forms.ChoiceField(
        label="種類",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "沒有這種紀錄，請從上面的分頁選擇。"},
    )
    start = RocDateField(label="從", required=False)
    end = RocDateField(label="到", required=False)
    person = PersonChoiceField(
        # People who have left come last; they are listed because what they did stays.
        User.objects.order_by("-is_active", "full_name", "username"),
        label="人員",
        required=False,
        empty_label="全部人員",
        error_messages={"invalid_choice": "沒有這個人，請重新選擇。"},
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="單位",
        required=False,
        empty_label="全部單位",
        error_messages={"invalid_choice": "沒有這個單位，請重新選擇。"},
    )
    code = forms.CharField(
        label="項次", required=False, max_length=12, widget=forms.TextInput(attrs={"size": 8})
    )

    def __init__(
        self, *args: Any, programme: Programme, kinds: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        """`programme` is the year whose record it is; the first of the `kinds` is the usual one."""
        super().__init__(*args, **kwargs)
        self.programme = programme
        say_year(self, programme.year)
        self.usual_kind = kinds[0][0]
        # Handed in: the worklist that knows them stands above the forms.
        cast(forms.ChoiceField, self.fields["what"]).choices = kinds

    def clean_what(self) -> str:
        return self.cleaned_data["what"] or self.usual_kind

    def clean_code(self) -> str:
        """The whole code, as the record keeps it: 「04」 means 115-04 on a page of 115."""
        return whole_code(self.cleaned_data["code"], self.programme)

    def clean(self) -> dict[str, Any]:
        super().clean()
        require_days_in_order(self.cleaned_data)
        return self.cleaned_data
