"""Form of 分案: two or more new items, each with its text, its departments and their deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from items.forms.base import Prose, typed_values
from items.forms.control import ControlForm
from items.forms.merging import MergeForm, active_shares
from items.forms.plan.share import ShareForm, day_apart, department_choices
from items.models import ControlKind, ControlRequest, ControlSuccessor, Department, Programme
from items.models.department_names import EVERY_DEPARTMENT
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH
from items.plan_content import ShareContent
from items.workflow.successor_rows import FEWEST_PARTS, MOST_PARTS, SuccessorContent

MOST_ROWS = 100
"""More departments than any office has: a request cannot ask for a million rows."""
EVERY = 0
"""As a department: all that work and have no row of their own. No row of the database has this key."""
MORE_PARTS = "more-parts"
MORE_ROWS = "more-rows"
"""What the form is sent for beside saving: for one more item, for one more row in each."""


class SplitTextForm(forms.Form):
    """The text of one new item."""

    title = Prose(
        label=field_label(ControlSuccessor, "title"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected_benefit = Prose(
        label=field_label(ControlSuccessor, "expected_benefit"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    left_out = forms.BooleanField(label="不分出這一項", required=False)


class SplitShareForm(ShareForm):
    """One department of a new item; every row may be left out."""

    remove = forms.BooleanField(label="不分給", required=False)

    @property
    def is_blank(self) -> bool:
        if self["remove"].value():
            return True
        values = [self[name].value() for name in ("department", "deadline_text", "deadline")]
        return not any(values)


class SplitPart:
    """One new item: its text, and a row for each department or for 各單位."""

    def __init__(
        self,
        number: int,
        text: SplitTextForm,
        rows: list[SplitShareForm],
        active: Sequence[Department],
    ) -> None:
        self.number = number
        self.text = text
        self.rows = rows
        self.active = active

    @property
    def is_left_out(self) -> bool:
        return bool(self.text["left_out"].value())

    @property
    def may_be_left_out(self) -> bool:
        return self.number > FEWEST_PARTS

    @property
    def heading(self) -> str:
        return f"分出的第 {self.number} 項"

    @property
    def rows_name(self) -> str:
        return f"part{self.number}-rows"

    def content(self) -> SuccessorContent | None:
        """None where something is wrong, which the fields say then."""
        # All parts are asked, also after a fault: every error is said in the first round.
        is_valid = self.text.is_valid()
        shares = []
        departments = set()
        for row in self.rows:
            if row.is_blank:
                continue
            row.is_valid()
            share = row.content(None)
            if share is None:
                is_valid = False
                continue
            if share.department_id in departments:
                row.add_error("department", "這個單位寫了兩次，請只留一列。")
                is_valid = False
            departments.add(share.department_id)
            shares.append(share)
        if not is_valid:
            return None
        return SuccessorContent(
            title=self.text.cleaned_data["title"],
            expected_benefit=self.text.cleaned_data["expected_benefit"],
            shares=tuple(self._for_each_department(shares)),
        )

    def _for_each_department(self, shares: list[ShareContent]) -> list[ShareContent]:
        """The same with a share for each department that 各單位 stands for, in their order."""
        shares_by_name = [share for share in shares if share.department_id != EVERY]
        departments_by_name = {share.department_id for share in shares_by_name}
        shares_of_all = []
        for share in shares:
            if share.department_id != EVERY:
                continue
            for department in self.active:
                # A row of its own says more than 各單位, such as another deadline.
                if department.pk not in departments_by_name:
                    shares_of_all.append(replace(share, department_id=department.pk))
        return shares_by_name + shares_of_all

    def problems(self) -> list[str]:
        """All errors of its fields, each with the place."""
        sentences = []
        for form in (self.text, *self.rows):
            if not form.is_bound:
                continue
            for name, errors in form.errors.items():
                label = form.fields[name].label
                for error in errors:
                    words = str(error)
                    if str(label) not in words:
                        words = f"{label}：{words}"
                    sentences.append(f"{self.heading}：{words}")
        return sentences


class SplitForm(ControlForm):
    """分案: two or more new items, each with its text, its departments and their deadlines."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        departments = list(Department.objects.all())
        self.active = [one for one in departments if one.is_active]
        self.choices = department_choices(departments, already=())
        if self.offers_every:
            self.choices.append((str(EVERY), EVERY_DEPARTMENT))
        self.parts: list[SplitPart] = []
        self._wanted: list[SuccessorContent] = []
        if data is not None:
            self.parts = self._parts_sent(data)
            return
        written = kwargs["written"]
        if written is not None:
            self.parts = self._parts_written(written)
        action = self.assignment.action
        # Each new item begins as a copy of the old one: to delete is easier than to type again.
        text = {"title": action.title, "expected_benefit": action.expected_benefit}
        shares = [ShareContent.of(one) for one in active_shares(action)]
        while len(self.parts) < FEWEST_PARTS:
            number = len(self.parts) + 1
            self.parts.append(self._part(number, text, shares))

    @property
    def offers_every(self) -> bool:
        """An item of 各單位 may be split into such: nobody picks thirty departments one by one."""
        return self.assignment.action.every_department

    # The items that are shown.

    def _part(
        self, number: int, text: dict[str, Any], shares: list[ShareContent], *, blank_rows: int = 1
    ) -> SplitPart:
        """One new item as the page shows it before anything was sent."""
        rows: list[SplitShareForm] = []
        for share in shares:
            values = _row_values(share, self.programme)
            rows.append(self._row(number, len(rows), values))
        for _ in range(blank_rows):
            rows.append(self._row(number, len(rows), {}))
        text_form = SplitTextForm(prefix=f"part{number}", initial=text)
        return SplitPart(number, text_form, rows, self.active)

    def _row(
        self, part: int, number: int, values: dict[str, Any], *, data: QueryDict | None = None
    ) -> SplitShareForm:
        return SplitShareForm(
            data,
            prefix=f"part{part}-row{number}",
            programme=self.programme,
            choices=self.choices,
            before=None,
            is_locked=False,
            initial=values,
        )

    def _parts_written(self, written: ControlRequest) -> list[SplitPart]:
        successors = written.successors.prefetch_related("shares").order_by("number")
        parts = []
        for successor in successors:
            text = {
                "title": successor.title,
                "expected_benefit": successor.expected_benefit,
            }
            shares = [ShareContent.of(share) for share in successor.shares.all()]
            parts.append(self._part(successor.number, text, shares))
        return parts

    def _parts_sent(self, data: QueryDict) -> list[SplitPart]:
        """The new items of a request, which says itself how many there are and their rows."""
        number_of_parts = _number_in(data, "parts", most=MOST_PARTS)
        parts = []
        for number in range(1, number_of_parts + 1):
            number_of_rows = _number_in(data, f"part{number}-rows", most=MOST_ROWS)
            rows = []
            for place in range(number_of_rows):
                row = self._row(number, place, {}, data=data)
                rows.append(row)
            text_form = SplitTextForm(data, prefix=f"part{number}")
            parts.append(SplitPart(number, text_form, rows, self.active))
        return parts

    def as_typed(self, intent: str) -> SplitForm:
        """The same page without complaints: somebody asks for another item or for more rows."""
        again = SplitForm(
            kind=ControlKind(self.kind),
            assignment=self.assignment,
            rules=self.rules,
            written=None,
            is_late="late_reason" in self.fields,
        )
        again.initial = typed_values(self)
        again.parts = []
        for number, part in enumerate(self.parts, start=1):
            again.parts.append(self._part_as_typed(number, part, intent))
        if intent == MORE_PARTS and len(again.parts) < MOST_PARTS:
            next_number = len(again.parts) + 1
            again.parts.append(self._part(next_number, {}, [], blank_rows=2))
        return again

    def _part_as_typed(self, number: int, part: SplitPart, intent: str) -> SplitPart:
        rows = []
        for place, row in enumerate(part.rows):
            rows.append(self._row(number, place, typed_values(row)))
        # In every item: nobody has to say which of them lacks one.
        if intent == MORE_ROWS and len(rows) < MOST_ROWS:
            rows.append(self._row(number, len(rows), {}))
        text = SplitTextForm(prefix=f"part{number}", initial=typed_values(part.text))
        return SplitPart(number, text, rows, self.active)

    @property
    def has_room(self) -> bool:
        return len(self.parts) < MOST_PARTS

    # What was sent.

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._wanted = []
        for part in self.parts:
            if part.is_left_out:
                continue
            content = part.content()
            if content is not None:
                self._wanted.append(content)
            for sentence in part.problems():
                self.add_error(None, sentence)
        return cleaned

    def content(self) -> dict[str, Any]:
        return super().content() | {ControlRequest.SUCCESSORS: self._wanted}


def _row_values(share: ShareContent, programme: Programme) -> dict[str, Any]:
    return {
        "department": str(share.department_id),
        "kind": share.kind,
        "deadline_text": share.deadline_text,
        "deadline": day_apart(share, programme),
    }


def _number_in(data: QueryDict, name: str, *, most: int) -> int:
    """A number that a hidden field of the page has; 0 where somebody has sent something else."""
    text = str(data.get(name, ""))
    # `isdecimal` alone lets ３ through, and a number of a million digits takes minutes to read.
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    if not is_number:
        return 0
    return min(int(text), most)


def form_class_of(kind: ControlKind) -> type[ControlForm]:
    """The form by which an application of this kind is written."""
    classes: dict[ControlKind, type[ControlForm]] = {
        ControlKind.MERGE: MergeForm,
        ControlKind.SPLIT: SplitForm,
    }
    return classes.get(kind, ControlForm)
