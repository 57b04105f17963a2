"""Which lines of 資安日誌 to show."""

from typing import Any

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import require_days_in_order
from plan_tracker.security_log import SecurityEvent


class SecurityLogForm(forms.Form):
    """Days, event, and a text that stands anywhere in the line."""

    start = RocDateField(label="從", required=False)
    end = RocDateField(label="到", required=False)
    event = forms.ChoiceField(
        label="事件",
        required=False,
        choices=[("", "全部事件"), *SecurityEvent.choices],
        error_messages={"invalid_choice": "沒有這種事件，請重新選擇。"},
    )
    words = forms.CharField(label="帳號、位址、對象或代碼", required=False, max_length=100)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_year(self, year)

    def clean(self) -> dict[str, Any]:
        super().clean()
        require_days_in_order(self.cleaned_data)
        return self.cleaned_data
