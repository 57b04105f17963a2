"""Forms of 催辦: 辦公日曆, 稽催單, and by what rules reminders are sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import Prose
from items.forms.overtaken import OfficeForm, OvertakenCheck
from items.models import MailWish, ReminderLetter, ReminderSettings
from items.models.lengths import REASON_LENGTH
from items.models.letters import ANSWER_LENGTH
from items.models.reminder_mail import LEAST_QUIET_DAYS, MOST_DAYS
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
        # It would cut the end of a pasted text in silence; too long a text is refused in words.
        self.fields["name"].widget.attrs.pop("maxlength", None)
        say_year(self, year)

    @property
    def is_working(self) -> bool:
        return bool(self.cleaned_data["state"] == WORKING)


class LetterForm(forms.Form):
    """What the plan office adds to a letter."""

    answer_until = RocDateField(label="回復期限", error_messages={"required": "請填回復期限。"})
    note = Prose(
        label="說明",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="會印在稽催單上；不必說明就留白。",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, year: int, suggested: date
    ) -> None:
        super().__init__(data, initial={"answer_until": suggested})
        say_year(self, year)


class LetterAnswerForm(OvertakenCheck, forms.Form):
    """What came back on the slip; of two who note it, the second sees what the first has noted."""

    answered_on = RocDateField(label="回復日期", error_messages={"required": "請填回復日期。"})
    answer = Prose(
        label="回復內容",
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="原因與預定完成日，照回復單寫。",
        error_messages={"required": "請寫出回復的內容，例如原因與預定完成日。"},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        letter: ReminderLetter,
        today: date,
    ) -> None:
        initial = {"answered_on": letter.answered_on or today, "answer": letter.answer}
        super().__init__(data, initial=initial)
        self.letter = letter
        say_year(self, letter.programme.year)
        self.compare("answer")
        if letter.answered_on is not None:
            # Before that, the day is only suggested.
            self.compare("answered_on")

    def row(self) -> ReminderLetter:
        return self.letter


class VoidForm(forms.Form):
    """Why a letter does not count."""

    because = Prose(
        label="作廢原因",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫出作廢的原因。"},
    )


class ReminderSettingsForm(OfficeForm):
    """By what rules reminders of one year go out by mail."""

    class Meta:
        model = ReminderSettings
        fields = list(ReminderSettings.CARRIED_OVER)
        widgets = dict.fromkeys(
            ("quiet_days", "head_from", "manager_from"), forms.NumberInput(attrs={"size": 4})
        )
        error_messages = {
            "quiet_days": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                f"請填 {LEAST_QUIET_DAYS} 到 {MOST_DAYS} 的整數。",
            ),
            "head_from": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), f"請填 0 到 {MOST_DAYS} 的整數。"
            ),
            "manager_from": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), f"請填 0 到 {MOST_DAYS} 的整數。"
            ),
        }

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instance: ReminderSettings
    ) -> None:
        super().__init__(data, instance=instance)
        for field in self.fields.values():
            # Also of the first two who set rules for a year: until then nothing is stored.
            field.show_hidden_initial = True


class MailWishForm(forms.ModelForm):
    """How few reminders somebody wants by mail."""

    class Meta:
        model = MailWish
        fields = ["level"]
        widgets = {"level": forms.RadioSelect}
        error_messages = {
            "level": {"required": "請選一個。", "invalid_choice": "沒有這個選項，請重新選擇。"}
        }
