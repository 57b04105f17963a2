"""預定進度: a row for each department of an item, a column for each period."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from items.forms.base import FieldProblem
from items.forms.plan.parts import problems_of
from items.models import Assignment, Period

NAME = "p{assignment}-{period}"


def field_name(assignment_id: int, period_id: int) -> str:
    return NAME.format(assignment=assignment_id, period=period_id)


@dataclass(frozen=True)
class PlannedField:
    """One cell: its field, and what counts while it stays blank, in words."""

    period: Period
    field: BoundField
    blank_words: str


@dataclass(frozen=True)
class PlannedRow:
    """One department with all its periods."""

    assignment: Assignment
    cells: list[PlannedField]


class PlannedForm(forms.Form):
    """`seen` and `percents` are {name of the field: percent}, None or missing where it is blank."""

    def __init__(
        self,
        assignments: Sequence[Assignment],
        periods: Sequence[Period],
        seen: Mapping[str, int | None],
        data: Any = None,
        *,
        shown: Mapping[str, int | None] | None = None,
    ) -> None:
        """`seen` is what the page showed at first; `shown` is what stands in the form."""
        super().__init__(data, initial=dict(shown or seen))
        self.assignments = assignments
        self.periods = periods
        self.seen_percents = seen
        for assignment in assignments:
            for period in periods:
                name = field_name(assignment.pk, period.pk)
                label = f"{assignment.department}{period.name}"
                self.fields[name] = percent_field(label)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for assignment in self.assignments:
            self._refuse_falling(assignment)
        return self.cleaned_data

    def _refuse_falling(self, assignment: Assignment) -> None:
        """預定進度 is cumulative, as the model says for each row by itself."""
        highest = 0
        highest_period = ""
        for period in self.periods:
            name = field_name(assignment.pk, period.pk)
            percent = self.cleaned_data.get(name)
            if percent is None:
                continue
            # The wrong one is not taken as the highest: each later error names a figure that stands.
            if percent < highest:
                words = (
                    f"預定進度是累計的，不能比{highest_period}的 {highest}% 少；"
                    f"請填 {highest} 以上，或留白。"
                )
                self.add_error(name, words)
                continue
            highest = percent
            highest_period = period.name

    @property
    def percents(self) -> dict[str, int | None]:
        """What was sent, once the form is valid."""
        return dict(self.cleaned_data)

    @property
    def seen(self) -> str:
        """What the page began with, as one line of text for a hidden field."""
        entered = {name: value for name, value in self.seen_percents.items() if value is not None}
        return json.dumps(entered)

    def problems(self) -> list[FieldProblem]:
        return problems_of(self)


def percent_field(label: str) -> forms.IntegerField:
    sentences = dict.fromkeys(
        ("invalid", "min_value", "max_value"), "預定進度請填 0 到 100 的整數，或留白。"
    )
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=sentences,
    )


def unpacked_percents(text: str) -> dict[str, int | None] | None:
    """What `PlannedForm.seen` has made; None for anything else."""
    try:
        values = json.loads(text)
    except ValueError:
        return None
    if not isinstance(values, dict):
        return None
    percents: dict[str, int | None] = {}
    # Anything else than a figure was put there by hand, and is no percent that was seen.
    for name, percent in values.items():
        if isinstance(percent, int):
            percents[name] = percent
    return percents


def planned_rows(
    form: PlannedForm, linear: Mapping[str, int], entered: Mapping[str, int | None]
) -> list[PlannedRow]:
    """The rows for the page; `linear` and `entered` are percents by the name of the field."""
    rows = []
    for assignment in form.assignments:
        cells = []
        last_words = ""
        for period in form.periods:
            name = field_name(assignment.pk, period.pk)
            # A figure that was entered holds for later periods until another one is entered: from
            # there on the plan is not linear any more.
            blank_words = last_words or f"留白：{linear[name]}%"
            cells.append(PlannedField(period, form[name], blank_words))
            percent = entered.get(name)
            if percent is not None:
                last_words = f"留白：沿用{period.name} {percent}%"
        rows.append(PlannedRow(assignment, cells))
    return rows
