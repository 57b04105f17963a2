"""Forms of 會議 and 主席裁示."""

from collections.abc import Mapping
from typing import Any

from django import forms

from items.fields import RocDateField, say_year
from items.forms.base import Prose, whole_code
from items.forms.overtaken import OfficeForm, OvertakenCheck
from items.models import (
    Action,
    Change,
    Department,
    Directive,
    DirectiveAnswer,
    Meeting,
    Programme,
)
from items.models.directives import ANSWER_LENGTH, DIRECTIVE_LENGTH
from items.models.history_words import EMPTY
from items.models.labels import field_label
from items.models.meetings import AGENDA_LENGTH
from items.workflow.directives import DirectiveContent

ASK = "ask"
"""The button that saves 辦理情形 and asks for the release in one step."""


class MeetingForm(OfficeForm):
    """A meeting as it is written down; the verb refuses one that is there already."""

    held_on = RocDateField(
        label=field_label(Meeting, "held_on"), error_messages={"required": "請填會議日期。"}
    )

    agenda = Prose(
        label=field_label(Meeting, "agenda"),
        required=False,
        max_length=AGENDA_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Meeting
        fields = ("name", "held_on", "place", "chair", "agenda")
        error_messages = {"name": {"required": "請填會議名稱，例如「第3季檢討會議」。"}}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Meeting) -> None:
        super().__init__(data, instance=instance)
        say_year(self, instance.programme.year)
        for name in ("name", "place", "chair"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class DirectiveForm(OvertakenCheck, forms.Form):
    """One instruction: its words, its item, its departments and its day."""

    text = Prose(
        label=field_label(Directive, "text"),
        max_length=DIRECTIVE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "請寫裁示內容。"},
    )
    code = forms.CharField(
        label=Action._meta.get_field("code").verbose_name,
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 10}),
        help_text="與計畫項目無關時留空。",
    )
    due_on = RocDateField(
        label=field_label(Directive, "due_on"), required=False, help_text="沒有限期時留空。"
    )
    every_department = forms.BooleanField(label="各單位", required=False)
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=field_label(DirectiveAnswer, "department"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "沒有這個單位，或單位已經停用；請重新勾選。"},
    )

    def __init__(
        self,
        programme: Programme,
        data: Mapping[str, Any] | None = None,
        *,
        directive: Directive | None = None,
    ) -> None:
        """The departments of an existing `directive` can still be chosen after they have ended."""
        self.programme = programme
        self.directive = directive
        # Rows of a department that has ended stay with the instruction: without them the box of a
        # department could not be ticked, and saving would take it away.
        initial: dict[str, Any] = {}
        had: list[int] = []
        if directive is not None:
            had = list(directive.answers.values_list("department_id", flat=True))
            initial = {"text": directive.text, "due_on": directive.due_on, "departments": had}
            if directive.action is not None:
                initial["code"] = directive.action.code
        super().__init__(data, initial=initial)
        say_year(self, programme.year)
        self.fields["code"].widget.attrs["placeholder"] = f"{programme.year}-01"
        active = Department.objects.filter(is_active=True)
        departments = self.fields["departments"]
        assert isinstance(departments, forms.ModelMultipleChoiceField)
        departments.queryset = (active | Department.objects.filter(pk__in=had)).distinct()
        if directive is not None:
            self.compare("text", "code", "due_on", "departments")

    def row(self) -> Directive:
        # Only an instruction that is there is compared.
        assert self.directive is not None
        return self.directive

    def newest_change(self) -> Change | None:
        # Departments that came or went have an entry of their own, at their row.
        if "departments" in self.overtaken:
            return None
        return super().newest_change()

    def words_of(self, name: str, value: Any) -> str:
        if name == "departments":
            # Departments that were chosen, or the keys of those that are stored.
            keys = [getattr(one, "pk", one) for one in value]
            departments = Department.objects.filter(pk__in=keys)
            return "、".join(department.name for department in departments)
        if name == "code":
            # An item that was named, or the code as it is stored.
            code = getattr(value, "code", value)
            return code or EMPTY
        return super().words_of(name, value)

    @property
    def shown_departments(self) -> str:
        """The hidden twins of the boxes, which the page draws one by one."""
        if not self.fields["departments"].show_hidden_initial:
            return ""
        return self["departments"].as_hidden(only_initial=True)

    def clean_code(self) -> Action | None:
        """The item of a code; people write 4 for 115-04 as well."""
        code = self.cleaned_data["code"].strip()
        if not code:
            return None
        actions = Action.objects.for_programme(self.programme).with_path()
        action = actions.filter(code=whole_code(code, self.programme)).first()
        if action is None:
            message = f"{self.programme.year}年度沒有項次 {code}，請看計畫表上的編號，或留空。"
            raise forms.ValidationError(message)
        return action

    def clean(self) -> dict[str, Any]:
        """Without a department the leads of the item get it; 各單位 are all that are active."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        departments = list(cleaned["departments"])
        if cleaned["every_department"]:
            departments = list(Department.objects.filter(is_active=True))
        action = cleaned["code"]
        if not departments and action is not None:
            for assignment in action.leads():
                # One that has ended could do nothing about it.
                if assignment.department.is_active:
                    departments.append(assignment.department)
        if not departments:
            message = "請至少勾選一個主辦單位；填了項次而不勾選時，交給這一項的主辦單位。"
            self.add_error("departments", message)
        cleaned["departments"] = departments
        return cleaned

    @property
    def content(self) -> DirectiveContent:
        """What a valid form says."""
        return DirectiveContent(
            text=self.cleaned_data["text"],
            departments=self.cleaned_data["departments"],
            action=self.cleaned_data["code"],
            due_on=self.cleaned_data["due_on"],
        )


class CarryForm(forms.Form):
    """持續列管: from which day on the instructions are due in the meeting that they go on in."""

    due_on = RocDateField(
        label="新的辦理期限", required=False, help_text="留空時，維持原來的期限。"
    )

    def __init__(self, programme: Programme, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="carry")
        say_year(self, programme.year)


class AnswerForm(forms.Form):
    """辦理情形 of one department; `seen_at` says which text the writer has seen."""

    text = Prose(
        label=field_label(DirectiveAnswer, "text"),
        required=False,
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, answer: DirectiveAnswer, data: Mapping[str, Any] | None = None) -> None:
        seen_at = ""
        if answer.answered_at is not None:
            # With its microseconds. Django's own spelling drops them, and no version would agree.
            seen_at = answer.answered_at.isoformat()
        super().__init__(data, initial={"text": answer.text, "seen_at": seen_at})

    def as_seen(self, stored: DirectiveAnswer) -> dict[str, Any]:
        """What was typed, by somebody who has now seen the stored text."""
        data = {"text": self.data.get("text", ""), "seen_at": ""}
        if stored.answered_at is not None:
            data["seen_at"] = stored.answered_at.isoformat()
        return data
