"""Form of 分案: two or more new items, each with its text, its departments and their deadlines."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from items.forms.base import typed_values
from items.forms.control import ControlForm
from items.forms.merging import MergeForm, active_shares
from items.forms.plan.share import day_apart, department_choices
from items.forms.split_part import EVERY, SplitPart, SplitShareForm, SplitTextForm
from items.models import ControlKind, ControlRequest, Department, Programme
from items.models.department_names import EVERY_DEPARTMENT
from items.plan_content import ShareContent
from items.workflow.successor_rows import FEWEST_PARTS, MOST_PARTS, SuccessorContent

MOST_ROWS = 100
"""More departments than any office has: a request cannot ask for a million rows."""
MORE_PARTS = "more-parts"
MORE_ROWS = "more-rows"
"""What the form is sent for beside saving: for one more item, for one more row in each."""


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
        """One new item with what somebody has typed, and with another row where that was asked for."""
        values_of_rows = [typed_values(row) for row in part.rows]
        # In every item: nobody has to say which of them lacks one.
        if intent == MORE_ROWS and len(values_of_rows) < MOST_ROWS:
            values_of_rows.append({})
        rows = []
        for place, values in enumerate(values_of_rows):
            row = self._row(number, place, values)
            rows.append(row)
        text_form = SplitTextForm(prefix=f"part{number}", initial=typed_values(part.text))
        return SplitPart(number, text_form, rows, self.active)

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
