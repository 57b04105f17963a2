"""Forms of 管制異動: what a department asks for, and what the plan office records of a decision."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from items.fields import RocDateField, RocDateInput
from items.forms.base import Prose
from items.models import Assignment, ControlKind, ControlRequest, Department, YearEndDecision
from items.models.control import LATE_LENGTH, NUMBER_LENGTH, WORDS_LENGTH
from items.models.control_settings import ControlSettings
from items.models.labels import field_label
from items.models.lengths import REASON_LENGTH, TITLE_LENGTH
from items.workflow.control_checks import FIELDS_OF_KIND
from items.workflow.control_requests import ManagerDecision
from items.written_deadline import read_deadline

WORDING = ("title", "expected_benefit")


def label(name: str) -> str:
    return field_label(ControlRequest, name)


class ControlForm(forms.Form):
    """One application; only the fields of its kind are asked for. A draft may lack anything."""

    ground = forms.ChoiceField(label=label("ground"), required=False)
    deadline_text = forms.CharField(
        label=label("deadline"),
        max_length=100,
        required=False,
        help_text="照文件的寫法，例如 116年3月、116/3/31；只寫月份就是那個月的最後一天。",
    )
    deadline = RocDateField(
        label="日期",
        required=False,
        widget=RocDateInput,
        help_text="期限寫的是「驗收後」這類文字時，才要另外填日期。",
    )
    title = Prose(
        label=label("title"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    expected_benefit = Prose(
        label=label("expected_benefit"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    added_department = forms.ModelChoiceField(
        Department.objects.none(),
        label=label("added_department"),
        required=False,
        empty_label="不增列",
        help_text="核准後同樣主辦或協辦這一項，期限和您單位的一樣。",
        error_messages={"invalid_choice": "這個單位已經停用或已經有這一項，請重新選擇。"},
    )
    reason = Prose(
        label=label("reason"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    present_status = Prose(
        label=label("present_status"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="做到哪裡、還差什麼；可以留白。",
    )
    document_number = forms.CharField(
        label=label("document_number"), max_length=NUMBER_LENGTH, required=False
    )
    late_reason = Prose(
        label=label("late_reason"),
        max_length=LATE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: ControlKind,
        assignment: Assignment,
        rules: ControlSettings,
        written: ControlRequest | None,
        is_late: bool,
    ) -> None:
        """`written` is the application that is written further; None for a new one."""
        super().__init__(data, initial=_initial(assignment, written))
        self.kind = kind
        self.rules = rules
        self.assignment = assignment
        self.programme = assignment.action.programme
        grounds = rules.ground_list
        # The list of the year may have lost it since: what was chosen stays a choice.
        if written is not None and written.ground and written.ground not in grounds:
            grounds.append(written.ground)
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground_choices = [("", "請選擇")]
        for one in grounds:
            ground_choices.append((one, one))
        ground.choices = ground_choices
        deadline = self.fields["deadline"]
        assert isinstance(deadline, RocDateField)
        deadline.of_year(self.programme.year)
        department = self.fields["added_department"]
        assert isinstance(department, forms.ModelChoiceField)
        department.queryset = _departments_without(assignment)
        self._drop_fields(is_late=is_late)

    def _drop_fields(self, *, is_late: bool) -> None:
        # Left out and not hidden: what a request adds to another kind is then no field of the form.
        for kind, names in FIELDS_OF_KIND.items():
            if kind != self.kind:
                for name in names:
                    del self.fields[name]
        # Without a delay there is nothing to explain.
        if not is_late:
            del self.fields["late_reason"]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.kind == ControlKind.EXTEND:
            self._read_deadline()
        for name in WORDING:
            # The fields begin with the present words: words that stay are no wish.
            if self.cleaned_data.get(name) == getattr(self.assignment.action, name):
                self.cleaned_data[name] = ""
        return self.cleaned_data

    def _read_deadline(self) -> None:
        words = self.cleaned_data.get("deadline_text", "")
        # What could not be read has its own error, and no day to be read together with.
        if not words or {"deadline", "deadline_text"} & set(self.errors):
            return
        written = read_deadline(
            words,
            self.cleaned_data.get("deadline"),
            programme_year=self.programme.year,
            ends_on=self.programme.ends_on,
        )
        if written.words_problem:
            self.add_error("deadline_text", written.words_problem)
        if written.day_problem:
            self.add_error("deadline", written.day_problem)
        self.cleaned_data["deadline_text"] = written.words
        self.cleaned_data["deadline"] = written.day

    def content(self) -> dict[str, Any]:
        """What the verb writes."""
        content = {"kind": self.kind.value}
        for name in ControlRequest.CONTENT:
            if name in self.cleaned_data:
                content[name] = self.cleaned_data[name]
        return content

    def say_lacking(self, lacking: Mapping[str, str]) -> None:
        """Say at each field what it lacks."""
        for name, sentence in lacking.items():
            # None is the form as a whole, for what the page has no field for.
            place = None
            if name in self.fields:
                place = name
            self.add_error(place, sentence)


def _initial(assignment: Assignment, written: ControlRequest | None) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    if written is not None:
        for name in ControlRequest.CONTENT:
            initial[name] = getattr(written, name)
        initial["version"] = written.version
        # The words say the day already, unless they cannot.
        initial["deadline"] = None
    action = assignment.action
    for name in WORDING:
        # People change some words of a text: nobody should type the whole of it again.
        initial[name] = initial.get(name) or getattr(action, name)
    return initial


def _departments_without(assignment: Assignment) -> QuerySet[Department]:
    """Those that can be added to the item: active, and without a share in it."""
    having = Assignment.objects.filter(action=assignment.action_id).order_by()
    active = Department.objects.filter(is_active=True)
    return active.exclude(pk__in=having.values("department"))


class TogetherForm(forms.Form):
    """The words with a step of several applications, and the 首長's decision on all of them."""

    words = Prose(
        label="說明或原因",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    manager_on = RocDateField(label=label("manager_on"), required=False, widget=RocDateInput)
    manager_number = forms.CharField(
        label=label("manager_number"), max_length=NUMBER_LENGTH, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        year: int,
        decides: bool,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`decides` says whether the plan office decides; a head only endorses or returns."""
        super().__init__(data, initial=dict(initial or {}))
        manager_on = self.fields["manager_on"]
        assert isinstance(manager_on, RocDateField)
        manager_on.of_year(year)
        if not decides:
            del self.fields["manager_on"]
            del self.fields["manager_number"]

    def manager_decision(self) -> ManagerDecision:
        """首長核定 as it was recorded; empty from a head's form, which does not ask for it."""
        return ManagerDecision(
            on=self.cleaned_data.get("manager_on"),
            number=self.cleaned_data.get("manager_number", ""),
        )


class DecisionForm(TogetherForm):
    """The same for one application, with the version that the person has looked at."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, request: ControlRequest, decides: bool
    ) -> None:
        year = request.assignment.action.programme.year
        super().__init__(data, year=year, decides=decides, initial={"version": request.version})


class YearEndForm(forms.Form):
    """What the plan office records of a decision at the year's end."""

    number = forms.CharField(
        label=field_label(YearEndDecision, "number"),
        max_length=NUMBER_LENGTH,
        required=False,
        help_text="首長核定的公文；沒有就留白。",
    )
    words = Prose(
        label=field_label(YearEndDecision, "words"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class YearEndUndoForm(forms.Form):
    """Why a decision at the year's end is taken back."""

    because = Prose(
        label=field_label(YearEndDecision, "undone_because"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫復原的原因。"},
    )
