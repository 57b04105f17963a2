"""Forms of 留言: a new question about an item, and what follows one."""

from collections.abc import Mapping
from typing import Any

from django import forms

from items import access
from items.forms.base import Prose
from items.models import Action, Department, Question, QuestionStep, User
from items.models.labels import field_label
from items.models.questions import QUESTION_LENGTH

DEPARTMENT, PERSON = "d", "p"
"""How a choice begins; the key of the row follows."""

Choices = list[tuple[str, str]]


class AskForm(forms.Form):
    """Whom the question is for, and its words."""

    to = forms.ChoiceField(
        label="給誰",
        error_messages={
            "required": "請選要給哪個單位或哪個人。",
            "invalid_choice": "沒有這個單位或這個人，或已經停用；請重新選擇。",
        },
    )
    text = Prose(
        label=field_label(Question, "text"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "請寫留言的內容。"},
    )

    def __init__(self, action: Action, user: User, data: Mapping[str, Any] | None = None) -> None:
        self.rows: dict[str, Department | User] = {}
        of_item, others = self._departments(action)
        office, members = self._people(action, user)
        super().__init__(data, initial={"to": self._proposed(of_item, office, user)})
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        groups: dict[str, Choices] = {
            "這一項的單位": of_item,
            "研考": office,
            "這一項的人員": members,
            "其他單位": others,
        }
        choices: list[Any] = [("", "請選擇")]
        for label, options in groups.items():
            # A heading above nothing would be read as a choice.
            if options:
                choices.append((label, options))
        to.choices = choices

    def _departments(self, action: Action) -> tuple[Choices, Choices]:
        """Those that have the item as the plan lists them, then all others."""
        of_item: Choices = []
        others: Choices = []
        in_order = {}
        assignments = action.assignments.order_by("kind", "position", "pk")
        for place, assignment in enumerate(assignments):
            in_order[assignment.department_id] = place
        departments = list(access.departments_to_ask())
        # `sorted` leaves those without the item in the order of the office: they are all equal.
        for department in sorted(departments, key=lambda one: in_order.get(one.pk, 0)):
            choice = self._choice(DEPARTMENT, department, department.name)
            if department.pk in in_order:
                of_item.append(choice)
            else:
                others.append(choice)
        return of_item, others

    def _people(self, action: Action, user: User) -> tuple[Choices, Choices]:
        """The plan office, then those who write for a department of the item."""
        office: Choices = []
        members: Choices = []
        departments = action.assignments.order_by().values("department")
        people = access.people_to_ask(user)
        of_item = set(
            people.filter(memberships__department__in=departments)
            .order_by()
            .values_list("pk", flat=True)
        )
        for person in people:
            if person.is_coordinator:
                office.append(self._choice(PERSON, person, str(person)))
            elif person.pk in of_item:
                members.append(self._choice(PERSON, person, str(person)))
        return office, members

    def _choice(self, prefix: str, row: Department | User, label: str) -> tuple[str, str]:
        value = f"{prefix}{row.pk}"
        # Kept, so that what was chosen is found again without another query.
        self.rows[value] = row
        return value, label

    @staticmethod
    def _proposed(of_item: Choices, office: Choices, user: User) -> str:
        """The plan office asks the department in the lead; departments ask the plan office."""
        choices = office
        if user.is_coordinator:
            choices = of_item
        if not choices:
            return ""
        value, _label = choices[0]
        return value

    @property
    def addressee(self) -> Department | User:
        """Whom a valid form names."""
        return self.rows[self.cleaned_data["to"]]


class QuestionStepForm(forms.Form):
    """The words of 答覆, 再問 or 解決; the verbs say which of them need words."""

    text = Prose(
        label=field_label(QuestionStep, "text"),
        required=False,
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
