"""Forms of 管理: departments and years, as the plan office sets them up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from items.choice_lists import cleaned_list
from items.fields import RocDateField, RocDateInput
from items.forms.base import Prose
from items.forms.overtaken import OfficeForm
from items.models import Department, Programme
from items.models.department_names import name_problem
from items.models.programme import FACTOR_LENGTH
from items.models.quality_flags import QualityFlag
from items.roc import OFFSET

NAME_LENGTH = 50
"""As many characters as `Department.name` holds."""
DAYS = ("approved_on", "starts_on", "ends_on")
TITLE_TOO_LONG = "計畫名稱最多 200 個字，請縮短。"
LIST_LENGTH = 5000
"""Room for some hundred names; more is a file, which the back office reads."""


class NewDepartmentsForm(forms.Form):
    """Names of departments to be made, one a line."""

    names = Prose(
        label="單位名稱",
        max_length=LIST_LENGTH,
        help_text="一行一個，可以一次貼上好幾個；排在現有單位之後，依您寫的順序。",
        error_messages={"required": "請寫出單位名稱，一行一個。"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_names(self) -> list[str]:
        """Every line that cannot be made is said, so that one correction is enough."""
        in_use = dict(Department.objects.values_list("name", "is_active"))
        names: list[str] = []
        problems = []
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1):
            name = line.strip()
            if not name:
                continue
            problem = self._problem(name, in_use, names)
            if problem:
                problems.append(f"第 {number} 行：{problem}")
            # Also one that was refused: the same name further down gets its own sentence.
            names.append(name)
        if problems:
            raise forms.ValidationError(problems)
        return names

    def _problem(self, name: str, in_use: dict[str, bool], before: list[str]) -> str:
        """Why this name cannot be made; empty where it can."""
        if name in before:
            return f"「{name}」前面已經寫過了，請刪掉一行。"
        is_closed = name in in_use and not in_use[name]
        if is_closed:
            return f"「{name}」已經有了，只是停用；請在下面把它啟用。"
        length = len(name)
        if length > NAME_LENGTH:
            return f"名稱有 {length:,} 個字，最多 {NAME_LENGTH} 個字。"
        # What a file could not tell from something else: 各單位, separators, brackets, figures.
        return name_problem(name, [*in_use, *before]) or ""


class PlaceField(forms.ModelChoiceField):
    """Behind which department another one stands."""

    def label_from_instance(self, obj: Any) -> str:
        return f"「{obj}」之後"


class DepartmentForm(OfficeForm):
    """Name and place of one department."""

    behind = PlaceField(
        Department.objects.none(),
        label="排在",
        required=False,
        empty_label="最前面",
        help_text="清單、彙整表與單位選單都依這個順序。",
        error_messages={"invalid_choice": "這個單位已經不在了，請重新選擇位置。"},
    )

    class Meta:
        model = Department
        fields = ["name"]
        error_messages = {"name": {"required": "請寫出單位名稱。"}}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Department) -> None:
        in_order = list(Department.objects.order_by("position", "id"))
        place = in_order.index(instance)
        before = None
        if place > 0:
            before = in_order[place - 1]
        super().__init__(data, instance=instance, initial={"behind": before})
        # Validating writes what was typed into the instance.
        self.stored_name = instance.name
        behind = self.fields["behind"]
        assert isinstance(behind, forms.ModelChoiceField)
        behind.queryset = Department.objects.exclude(pk=instance.pk)
        # Not a field of the row: nobody is overtaken by another order.
        behind.show_hidden_initial = False
        say_length(self.fields["name"], f"名稱最多 {NAME_LENGTH} 個字。")


def say_length(field: forms.Field, sentence: str) -> None:
    """Refuse what is too long in words: a `maxlength` cuts the end of a pasted text in silence."""
    field.widget.attrs.pop("maxlength", None)
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = sentence


class YearForm(OfficeForm):
    """設定 of one year: what the document says, and what it is measured by."""

    class Meta:
        model = Programme
        fields = [
            "title",
            "approved_on",
            "starts_on",
            "ends_on",
            "behind_threshold",
            "soon_days",
            "frequency",
            "delay_factors",
        ]
        field_classes = dict.fromkeys(DAYS, RocDateField) | {"delay_factors": Prose}
        widgets = dict.fromkeys(DAYS, RocDateInput) | {
            "delay_factors": forms.Textarea(attrs={"rows": 7})
        }
        error_messages = {
            "title": {"required": "請寫出計畫名稱。"},
            "behind_threshold": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), "請填 1 到 100 的整數。"
            ),
            "soon_days": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), "請填 0 到 365 的整數。"
            ),
        }

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Programme) -> None:
        super().__init__(data, instance=instance)
        _prepare_days(self, instance.year)
        say_length(self.fields["title"], TITLE_TOO_LONG)
        # Once periods are laid out, another frequency would change nothing.
        if instance.periods.exists():
            del self.fields["frequency"]

    def clean_delay_factors(self) -> str:
        """One a line, without blank lines; every line that cannot stand is said."""
        if "delay_factors" not in self.data:
            # A page that was opened before the list was there.
            return str(self.initial["delay_factors"])
        return cleaned_list(self.cleaned_data["delay_factors"], longest=FACTOR_LENGTH)

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        _fill_in_days(self.cleaned_data, self.instance.year)
        return self.cleaned_data


class NewYearForm(forms.ModelForm):
    """A new year, with what follows from its number filled in."""

    class Meta:
        model = Programme
        fields = ["year", "title", "approved_on", "starts_on", "ends_on"]
        field_classes = dict.fromkeys(DAYS, RocDateField)
        widgets = dict.fromkeys(DAYS, RocDateInput)
        error_messages = {
            "year": {
                "unique": "這個年度已經建立了。",
                "required": "請填民國年度。",
                **dict.fromkeys(
                    ("invalid", "min_value", "max_value"), "請填 100 到 199 的民國年度，例如 116。"
                ),
            },
            "title": {"required": "請寫出計畫名稱。"},
        }

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Programme) -> None:
        """`instance` is the year that is proposed, not saved."""
        super().__init__(data, instance=instance)
        # Validating writes what was typed into the instance.
        self.proposed_year = instance.year
        self.proposed = dict(self.initial)
        _prepare_days(self, instance.year)
        say_length(self.fields["title"], TITLE_TOO_LONG)

    def clean(self) -> dict[str, Any] | None:
        """Somebody who types another year means its days and its title, too."""
        super().clean()
        cleaned = self.cleaned_data
        year = cleaned.get("year")
        if year is None:
            return cleaned
        for name in ("starts_on", "ends_on"):
            # A day that was typed stays; one that was only proposed follows the year.
            is_as_proposed = cleaned.get(name) == self.proposed[name]
            if is_as_proposed and name not in self.errors:
                cleaned[name] = None
        title = self.proposed["title"]
        if cleaned.get("title") == title:
            cleaned["title"] = title.replace(str(self.proposed_year), str(year))
        _fill_in_days(cleaned, year)
        return cleaned


def _prepare_days(form: forms.ModelForm, year: int) -> None:
    """「12/31」 means a day of the year; its first and last day may be left out."""
    for name in DAYS:
        field = form.fields[name]
        assert isinstance(field, RocDateField)
        field.of_year(year)
        field.required = False


def _fill_in_days(content: dict[str, Any], year: int) -> None:
    """The first and the last day of the year where none was typed."""
    year_of_our_era = year + OFFSET
    first_and_last = {
        "starts_on": date(year_of_our_era, 1, 1),
        "ends_on": date(year_of_our_era, 12, 31),
    }
    for name, day in first_and_last.items():
        # A day that was refused is no key: its error has to stay the only word about it.
        if name in content and content[name] is None:
            content[name] = day


class FlagsForm(forms.Form):
    """Which 品質提示 a year looks at.

    Each box is held against what the page showed, so that of two people who change different ones
    both have changed them.
    """

    flags = forms.MultipleChoiceField(
        label="品質提示",
        choices=QualityFlag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "沒有這種品質提示，請重新選擇。"},
    )
    shown = forms.MultipleChoiceField(
        choices=QualityFlag.choices,
        required=False,
        widget=forms.MultipleHiddenInput,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, in_use: Sequence[QualityFlag]
    ) -> None:
        values = [flag.value for flag in in_use]
        super().__init__(data, initial={"flags": values, "shown": values})
        self.in_use = in_use

    @property
    def off(self) -> list[QualityFlag]:
        """Those that the year does not look at from now on."""
        ticked = self.cleaned_data["flags"]
        shown = self.cleaned_data["shown"]
        off = []
        for flag in QualityFlag:
            is_ticked = flag.value in ticked
            was_ticked = flag.value in shown
            is_on = flag in self.in_use
            # Only a box that this person has changed counts: the others are somebody else's.
            if is_ticked != was_ticked:
                is_on = is_ticked
            if not is_on:
                off.append(flag)
        return off
