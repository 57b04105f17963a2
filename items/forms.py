"""Forms of staff and plan office: they explain kindly what the database refuses anyway."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from items.fields import RocDateField, RocDateInput
from items.models import Period, ProgressReport, WorkStatus
from items.roc import format_roc


class LoginForm(AuthenticationForm):
    """One sentence for every refusal: which of the two was wrong is nobody's business."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "帳號或密碼不對，請再試一次；大小寫有別。"
    }


class Prose(forms.CharField):
    """Text as people count it: browsers send a line break as two characters and count it as one."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class ReportForm(forms.ModelForm):
    """辦理情形 of one assignment for one period; a draft may be incomplete, so nothing is required here."""

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
            "delay_reason": forms.Textarea(attrs={"rows": 3}),
            "remedy": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes = dict.fromkeys(("text", "delay_reason", "remedy"), Prose)
        help_texts = {"text": "做了什麼、成果多少、什麼時候"}
        labels = {"remedy": "因應對策與預定完成日"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["work_status"].choices = WorkStatus.choices

    def validate_unique(self):
        """The row is fetched by assignment and period: nothing posted can make a second one."""

    def _post_clean(self):
        """Completeness is asked for on submission, by the workflow; a draft only keeps to the field limits."""

    @property
    def content(self):
        return {field: self.cleaned_data[field] for field in ProgressReport.CONTENT}


class DueForm(forms.ModelForm):
    """填報期限 of a period."""

    class Meta:
        model = Period
        fields = ["due_on"]
        field_classes = {"due_on": RocDateField}
        widgets = {"due_on": RocDateInput}

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < self.instance.starts_on:
            raise forms.ValidationError(
                f"填報期限不能早於{self.instance.name}的起日 {format_roc(self.instance.starts_on)}。"
            )
        return due_on


class ReasonForm(forms.Form):
    """The words that go with one step of several reports."""

    words = Prose(
        label="說明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "說明太長，最多 1000 個字。"},
    )


class WordsForm(ReasonForm):
    """The words that go with a step, and the version that the reader saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RecordForm(forms.Form):
    """Which days of the record to show."""

    start = RocDateField(label="從", required=False)
    end = RocDateField(label="到", required=False)
    code = forms.CharField(label="項次", required=False, max_length=12)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("start") and cleaned.get("end") and cleaned["start"] > cleaned["end"]:
            raise forms.ValidationError("「從」的日期要在「到」之前。")
        return cleaned
