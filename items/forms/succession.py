"""Forms of 併案 and 分案: into which item, or into which new ones, and with which departments."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator

from items.forms.base import Prose
from items.forms.control import ControlForm
from items.forms.plan.share import ShareForm, day_apart, department_choices
from items.models import (
    Action,
    Assignment,
    ControlKind,
    ControlRequest,
    ControlSuccessor,
    Department,
    Programme,
)
from items.models.control_successors import share_words
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH
from items.plan_content import ShareContent
from items.workflow.successor_rows import FEWEST_PARTS, MOST_PARTS, SuccessorContent

MOST_ROWS = 100
"""More departments than any office has: a request cannot ask for a million rows."""
TITLE_SHOWN = 40
MORE_PARTS = "more-parts"
MORE_ROWS = "more-rows"
"""What the form is sent for beside saving: for one more item, for one more row in each."""


class TargetField(forms.ModelChoiceField):
    """併入的項目, by code and the beginning of its text."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {Truncator(obj.title).chars(TITLE_SHOWN)}"


class MergeForm(ControlForm):
    """併案: the item that takes over, and which departments go along."""

    merged_into = TargetField(
        Action.objects.none(),
        label="併入哪一項",
        required=False,
        empty_label="請選擇",
        help_text="同一年度還在列管中的項目。",
        error_messages={"invalid_choice": "這一項已經不在列管中或已經刪除，請重新選擇。"},
    )
    joining = forms.MultipleChoiceField(
        label="一起併入的單位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾選的單位照現在的主協辦與期限增列到併入的項目；已經有那一項的不會重複。",
        error_messages={"invalid_choice": "有的單位已經沒有這一項，請重新勾選。"},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        action = self.assignment.action
        target = self.fields["merged_into"]
        assert isinstance(target, TargetField)
        targets = Action.objects.for_programme(self.programme).filter(
            control_status=action.control_status
        )
        target.queryset = targets.exclude(pk=action.pk).in_order()
        self.shares = _active_shares(action)
        joining = self.fields["joining"]
        assert isinstance(joining, forms.MultipleChoiceField)
        joining.choices = [
            (str(one.department_id), share_words(one.kind, one.department, one.deadline_text))
            for one in self.shares
        ]
        self.initial["joining"] = [str(one.department_id) for one in self.shares]
        written = kwargs["written"]
        if written is not None:
            self._show_written(written)

    def _show_written(self, written: ControlRequest) -> None:
        successor = written.successors.first()
        if successor is None:
            self.initial["joining"] = []
            return
        self.initial["merged_into"] = successor.action_id
        departments = successor.shares.values_list("department_id", flat=True)
        self.initial["joining"] = [str(key) for key in departments]

    def content(self) -> dict[str, Any]:
        target = self.cleaned_data.get("merged_into")
        if target is None:
            return super().content() | {ControlRequest.SUCCESSORS: []}
        wanted = self.cleaned_data.get("joining", [])
        shares = []
        for one in self.shares:
            if str(one.department_id) in wanted:
                shares.append(_content_of(one))
        successor = SuccessorContent(action_id=target.pk, shares=tuple(shares))
        return super().content() | {ControlRequest.SUCCESSORS: [successor]}


def _active_shares(action: Action) -> list[Assignment]:
    """Those of an item that can get something new: a department that has ended cannot."""
    rows = action.assignments.filter(department__is_active=True).select_related("department")
    return list(rows.order_by("kind", "position", "id"))


def _content_of(assignment: Assignment) -> ShareContent:
    return ShareContent(
        key=None,
        department_id=assignment.department_id,
        kind=assignment.kind,
        deadline_text=assignment.deadline_text,
        deadline=assignment.deadline,
    )


# 分案.


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
        shares = [_content_of(one) for one in _active_shares(action)]
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
