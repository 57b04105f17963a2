"""Form of 分案: two or more new items, each with its text, its departments and their deadlines."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict

from items.forms.base import Prose
from items.forms.control import ControlForm
from items.forms.merging import MergeForm, active_shares, content_of_share
from items.forms.plan.share import ShareForm, day_apart, department_choices
from items.models import ControlKind, ControlRequest, ControlSuccessor, Department, Programme
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH
from items.plan_content import ShareContent
from items.workflow.successor_rows import FEWEST_PARTS, MOST_PARTS, SuccessorContent

MOST_ROWS = 100
"""More departments than any office has: a request cannot ask for a million rows."""
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
    """One new item: its text, and a row for each department."""

    def __init__(self, number: int, text: SplitTextForm, rows: list[SplitShareForm]) -> None:
        self.number = number
        self.text = text
        self.rows = rows

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
            shares=tuple(shares),
        )

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
        self.choices = department_choices(Department.objects.all(), already=())
        self.parts: list[SplitPart] = []
        self._wanted: list[SuccessorContent] = []
        if data is not None:
            self.parts = self._parts_sent(data)
            return
        written = kwargs["written"]
        if written is not None:
            self.parts = self._parts_written(written)
        action = self.assignment.action
        shares = [content_of_share(one) for one in active_shares(action)]
        while len(self.parts) < FEWEST_PARTS:
            text = {"title": action.title, "expected_benefit": action.expected_benefit}
            self.parts.append(self._part(len(self.parts) + 1, text, shares))

    # The items that are shown.

    def _part(
        self, number: int, text: dict[str, Any], shares: list[ShareContent], blank_rows: int = 1
    ) -> SplitPart:
        rows: list[SplitShareForm] = []
        for share in shares:
            rows.append(self._row(number, len(rows), _row_values(share, self.programme)))
        for _ in range(blank_rows):
            rows.append(self._row(number, len(rows), {}))
        return SplitPart(number, SplitTextForm(prefix=f"part{number}", initial=text), rows)

    def _row(
        self, part: int, number: int, values: dict[str, Any], data: QueryDict | None = None
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
        parts = []
        for successor in written.successors.prefetch_related("shares").order_by("number"):
            text = {"title": successor.title, "expected_benefit": successor.expected_benefit}
            shares = []
            for share in successor.shares.all():
                content = ShareContent(
                    key=None,
                    department_id=share.department_id,
                    kind=share.kind,
                    deadline_text=share.deadline_text,
                    deadline=share.deadline,
                )
                shares.append(content)
            parts.append(self._part(successor.number, text, shares))
        return parts

    def _parts_sent(self, data: QueryDict) -> list[SplitPart]:
        parts = []
        for number in range(1, _number_in(data, "parts", most=MOST_PARTS) + 1):
            rows = []
            for row in range(_number_in(data, f"part{number}-rows", most=MOST_ROWS)):
                rows.append(self._row(number, row, {}, data))
            parts.append(SplitPart(number, SplitTextForm(data, prefix=f"part{number}"), rows))
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
        again.initial = _values_of(self)
        again.parts = []
        for part in self.parts:
            number = len(again.parts) + 1
            rows = [
                self._row(number, place, _values_of(row)) for place, row in enumerate(part.rows)
            ]
            if intent == MORE_ROWS and len(rows) < MOST_ROWS:
                rows.append(self._row(number, len(rows), {}))
            text = SplitTextForm(prefix=f"part{number}", initial=_values_of(part.text))
            again.parts.append(SplitPart(number, text, rows))
        if intent == MORE_PARTS and len(again.parts) < MOST_PARTS:
            again.parts.append(self._part(len(again.parts) + 1, {}, [], blank_rows=2))
        return again

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
    text = str(data.get(name, ""))
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return 0
    return min(int(text), most)


def _values_of(form: forms.Form) -> dict[str, Any]:
    """What stands in the fields of a form, as it was typed."""
    return {name: form[name].value() for name in form.fields}


def form_class_of(kind: ControlKind) -> type[ControlForm]:
    """The form by which an application of this kind is written."""
    own = {ControlKind.MERGE: MergeForm, ControlKind.SPLIT: SplitForm}
    return cast("type[ControlForm]", own.get(kind, ControlForm))
