"""Forms of 管理: departments and years, as the plan office sets them up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from items.forms import Prose
from items.models import Department
from items.models.department_names import name_problem

NAME_LENGTH = 50
"""As many characters as `Department.name` holds."""
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
            names.append(name)
        if problems:
            raise forms.ValidationError(problems)
        return names

    def _problem(self, name: str, in_use: dict[str, bool], before: list[str]) -> str:
        """Why this name cannot be made; empty where it can."""
        if name in before:
            return f"「{name}」前面已經寫過了，請刪掉一行。"
        if in_use.get(name) is False:
            return f"「{name}」已經有了，只是停用；請在下面把它啟用。"
        if len(name) > NAME_LENGTH:
            return f"名稱有 {len(name)} 個字，最多 {NAME_LENGTH} 個字。"
        return name_problem(name, [*in_use, *before]) or ""


class PlaceField(forms.ModelChoiceField):
    """Behind which department another one stands."""

    def label_from_instance(self, obj: Any) -> str:
        return f"「{obj}」之後"


class DepartmentForm(forms.ModelForm):
    """Name and place of one department.

    `seen_name` is the name that the page showed: whoever saves second is told of the first.
    """

    seen_name = forms.CharField(widget=forms.HiddenInput, required=False)
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
        before = in_order[place - 1] if place else None
        initial = {"behind": before, "seen_name": instance.name}
        super().__init__(data, instance=instance, initial=initial)
        # Validating writes what was typed into the instance.
        self.stored_name = instance.name
        behind = self.fields["behind"]
        assert isinstance(behind, forms.ModelChoiceField)
        behind.queryset = Department.objects.exclude(pk=instance.pk)
        # Told in words, as everywhere: a `maxlength` would cut the end of a pasted name in silence.
        name = self.fields["name"]
        name.widget.attrs.pop("maxlength", None)
        for validator in name.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = f"名稱最多 {NAME_LENGTH} 個字。"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        seen = self.data.get(self.add_prefix("seen_name"), self.stored_name)
        if seen != self.stored_name and name != self.stored_name:
            raise forms.ValidationError(
                f"沒有儲存：您開啟這一頁之後，別人已經把它改名為「{self.stored_name}」。"
                "要改成您寫的名稱，請再按一次儲存。"
            )
        return name
