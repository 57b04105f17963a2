"""Forms of staff and plan office: they explain kindly what the database refuses anyway."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms

from items import search
from items.characters import with_plain_newlines
from items.fields import RocDateField, RocDateInput, say_year
from items.models import (
    READ_ONLY,
    Department,
    Membership,
    MembershipRole,
    Period,
    Programme,
    ProgressReport,
    User,
    WorkingCalendar,
    WorkStatus,
)
from items.models.labels import field_label
from items.models.lengths import REASON_LENGTH


def error_sentences(form: forms.BaseForm) -> str:
    """All errors of a form in one line, for a place that has no room beside the fields."""
    sentences: list[str] = []
    for errors in form.errors.values():
        sentences.extend(str(error) for error in errors)
    return "".join(sentences)


@dataclass(frozen=True)
class FieldProblem:
    """An error in one field, with the id on the page that leads there."""

    anchor: str
    label: str
    sentence: str

    @property
    def words(self) -> str:
        """The sentence with its field's name in front, unless it names the field itself."""
        if self.label in self.sentence:
            return self.sentence
        return f"{self.label}：{self.sentence}"


class Prose(forms.CharField):
    """Text as people count it: browsers send a line break as two characters and count it as one.

    What is too long is refused in words. A `maxlength` would cut the end of a pasted text in
    silence; the page counts instead, by `data-limit`.
    """

    default_error_messages = {
        "max_length": "有 %(show_value)d 個字，最多 %(limit_value)d 個字，請縮短；文字都還在。"
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        limit = attributes.pop("maxlength", None)
        if limit is not None:
            attributes["data-limit"] = limit
        return attributes

    def to_python(self, value: Any) -> str:
        # Before the length is checked: 100 lines of a browser would else be 99 characters longer.
        text = super().to_python(value) or ""
        # Text pasted from Word and PowerPoint has line breaks of other kinds.
        return with_plain_newlines(text)


class OneOf(forms.CharField):
    """One of a few words, or none; which ones is known only when the form is made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Nobody types into it: a length says nothing.
        self.widget.attrs.pop("maxlength", None)
        self.offered: Sequence[str] = ()

    def offer(self, words: Sequence[str]) -> None:
        self.offered = words
        choices = [("", "（未選）")]
        for word in words:
            choices.append((word, word))
        cast(forms.Select, self.widget).choices = choices

    def clean(self, value: Any) -> str:
        word: str = super().clean(value)
        if word and word not in self.offered:
            raise forms.ValidationError("清單裡沒有這一個（可能剛被改過），請重新選擇。")
        return word


class ReportForm(forms.ModelForm):
    """辦理情形 of one assignment for one period; a draft may be incomplete: nothing is required."""

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
            "delay_factor": forms.Select,
            "delay_reason": forms.Textarea(attrs={"rows": 3}),
            "remedy": forms.Textarea(attrs={"rows": 3}),
            "coordination": forms.Textarea(attrs={"rows": 2}),
            "catch_up_month": forms.Select,
        }
        field_classes = {
            "text": Prose,
            "delay_factor": OneOf,
            "delay_reason": Prose,
            "remedy": Prose,
            "coordination": Prose,
            "catch_up_month": OneOf,
        }
        help_texts = {"text": "做了什麼、成果多少、什麼時候"}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        factors: Sequence[str],
        months: Sequence[str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`factors` and `months` are what may be chosen of 落後因素 and 預計趕上月份."""
        super().__init__(data, initial=initial)
        cast(OneOf, self.fields["delay_factor"]).offer(factors)
        cast(OneOf, self.fields["catch_up_month"]).offer(months)
        # Without Django's empty choice: nothing chosen is no radio button of its own.
        work_status = cast(forms.ChoiceField, self.fields["work_status"])
        work_status.choices = WorkStatus.choices

    def validate_unique(self) -> None:
        """The row is fetched by assignment and period: nothing posted can make a second one."""

    def _post_clean(self) -> None:
        """Completeness is asked for on submission, by the workflow; a draft only to the lengths."""

    def content_so_far(self) -> dict[str, Any]:
        """The fields that could be read, for asking what is missing beside what is wrong."""
        content = {}
        for field in ProgressReport.CONTENT:
            if field in self.cleaned_data:
                content[field] = self.cleaned_data[field]
        return content

    @property
    def content(self) -> dict[str, Any]:
        """What was written, by the fields of `ProgressReport.CONTENT`."""
        return {field: self.cleaned_data[field] for field in ProgressReport.CONTENT}

    def field_problems(self) -> list[FieldProblem]:
        """The errors of all fields, for the list above the form."""
        problems = []
        for field in self.visible_fields():
            anchor = field.id_for_label
            if field.name == "work_status":
                # Radio buttons have no id together: their fieldset has one.
                anchor = "work-status"
            for error in field.errors:
                problems.append(FieldProblem(anchor, str(field.label), str(error)))
        return problems


class DueForm(forms.ModelForm):
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
        say_year(self, period.programme.year)
        if not period.is_open:
            self.initial["due_on"] = period.suggested_due_day(today, calendar)

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
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


class PersonChoiceField(forms.ModelChoiceField):
    """Anybody with an account; of two people of one name the account tells which is meant."""

    def label_from_instance(self, obj: User) -> str:
        if obj.is_active:
            return f"{obj}（{obj.username}）"
        return f"{obj}（{obj.username}，已停用）"


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
        # Whoever has left comes last, and is there: what they did stays.
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
        typed = search.fold(self.cleaned_data["code"])
        if typed.isdecimal():
            return self.programme.code_of(int(typed))
        return typed

    def clean(self) -> dict[str, Any]:
        super().clean()
        # A day that could not be read is not among the cleaned data.
        start = self.cleaned_data.get("start")
        end = self.cleaned_data.get("end")
        if start and end and start > end:
            raise forms.ValidationError("「從」的日期要在「到」之前。")
        return self.cleaned_data


class PersonField(forms.ModelChoiceField):
    """People with their accounts, which tell namesakes apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.username}）"


class MemberForm(forms.Form):
    """Somebody joins a department."""

    person = PersonField(
        User.objects.filter(is_active=True).exclude(role__in=READ_ONLY).order_by("username"),
        label="人員",
        empty_label="請選擇",
        error_messages={
            "required": "請選擇人員。",
            "invalid_choice": "沒有這個人員，或帳號已停用、只能查閱；請從名單裡選擇。",
        },
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="單位",
        empty_label="請選擇",
        error_messages={"required": "請選擇單位。", "invalid_choice": "沒有這個單位，請重新選擇。"},
    )
    role = forms.ChoiceField(
        choices=MembershipRole.choices,
        label=field_label(Membership, "role"),
        error_messages={
            "required": "請選擇身分。",
            "invalid_choice": "沒有這個身分，請重新選擇。",
        },
    )
