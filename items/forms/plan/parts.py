"""實施策略, 推動方法 and 執行計畫, one at a time."""

from __future__ import annotations

from itertools import groupby
from typing import Any, cast

from django import forms

from items.forms.base import FieldProblem
from items.forms.plan.plan_choice import short
from items.forms.plan.texts import PlanText
from items.models import Method, Plan, Programme, Strategy
from items.models.labels import field_label
from items.models.lengths import STRATEGY_LENGTH, TITLE_LENGTH
from items.part_content import (
    Part,
    PartContent,
    label_of_part_field,
    packed_part,
)

LARGEST = 32_767
"""What a small number holds in PostgreSQL."""


def parent_choices(model: type[Part], programme: Programme) -> list[Any]:
    """What a part of this year may stand under; the year itself is no choice."""
    if model is Method:
        choices = []
        for strategy in programme.strategies.all():
            choices.append((str(strategy.pk), _numbered(strategy)))
        return choices
    methods = Method.objects.filter(strategy__programme=programme).select_related("strategy")
    # `groupby` needs the methods of one strategy beside each other.
    in_order = methods.order_by("strategy__number", "position", "id")
    groups: list[Any] = []
    for strategy, methods_of_strategy in groupby(in_order, key=lambda method: method.strategy):
        options = []
        for method in methods_of_strategy:
            option = (str(method.pk), short(method.title))
            options.append(option)
        # Django draws a pair of a heading and a list as a group of the choice.
        groups.append((_numbered(strategy), options))
    return groups


def _numbered(strategy: Strategy) -> str:
    return f"{strategy.number}. {short(strategy.title)}"


class PartForm(forms.Form):
    """Title, what it stands under, and its number or place there."""

    parent = forms.TypedChoiceField(
        coerce=int,
        error_messages={
            "required": "請選一個。",
            "invalid_choice": "這個年度沒有這一個，請重新選擇。",
        },
    )
    place = forms.IntegerField(
        min_value=1,
        max_value=LARGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "請填 1 以上的整數。"
        ),
    )
    title = PlanText(widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self,
        model: type[Part],
        programme: Programme,
        began_with: PartContent,
        data: Any = None,
        *,
        shown: PartContent | None = None,
    ) -> None:
        """`began_with` is what the page showed at first; `shown` is what stands in the form."""
        content = shown or began_with
        initial = {
            "parent": str(content.parent_id),
            "place": content.place,
            "title": content.title,
        }
        super().__init__(data, initial=initial)
        self.model = model
        self.began_with = began_with
        name = str(model._meta.verbose_name)
        length = TITLE_LENGTH
        if model is Strategy:
            length = STRATEGY_LENGTH
        title = cast(PlanText, self.fields["title"])
        # One form for three models: Django's own check was made before the length was known, so
        # that `clean_title` checks it.
        title.max_length = length
        title.widget.attrs["data-limit"] = length
        title.error_messages["required"] = f"請寫{name}。"
        title.label = field_label(model, "title")
        self.fields["place"].label = label_of_part_field(model, "place")
        if model is Strategy:
            del self.fields["parent"]
        else:
            parent = cast(forms.ChoiceField, self.fields["parent"])
            parent.choices = parent_choices(model, programme)
            parent.label = label_of_part_field(model, "parent_id")

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        limit = cast(PlanText, self.fields["title"]).max_length or 0
        length = len(title)
        if length > limit:
            words = f"有 {length:,} 個字，最多 {limit:,} 個字，請縮短；文字都還在。"
            raise forms.ValidationError(words)
        return title

    @property
    def seen(self) -> str:
        return packed_part(self.began_with)

    @property
    def content(self) -> PartContent:
        """What was sent, once the form is valid."""
        parent_id = self.cleaned_data.get("parent", self.began_with.parent_id)
        return PartContent(
            parent_id=parent_id,
            place=self.cleaned_data["place"],
            title=self.cleaned_data["title"],
        )

    def problems(self) -> list[FieldProblem]:
        return problems_of(self)


class PathForm(forms.Form):
    """What the first item of a year stands under: all three are made with it."""

    number = forms.IntegerField(
        label=field_label(Strategy, "number"),
        initial=1,
        min_value=1,
        max_value=LARGEST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "策略編號請填 1 以上的整數。"
        ),
    )
    strategy_title = PlanText(
        label=field_label(Strategy, "title"),
        max_length=STRATEGY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": "請寫實施策略。"},
    )
    method_title = PlanText(
        label=field_label(Method, "title"),
        max_length=TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫推動方法。"},
    )
    plan_title = PlanText(
        label=field_label(Plan, "title"),
        max_length=TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "請寫執行計畫。"},
    )


def problems_of(form: forms.BaseForm) -> list[FieldProblem]:
    """The errors of all fields, for the list above a form."""
    problems = []
    for field in form.visible_fields():
        for error in field.errors:
            problems.append(FieldProblem(field.id_for_label, str(field.label), str(error)))
    return problems
