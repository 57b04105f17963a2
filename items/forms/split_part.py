"""分案: one new item as a form, its text and a row for each of its departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django import forms

from items.forms.base import Prose
from items.forms.plan.share import ShareForm
from items.models import ControlSuccessor, Department
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH
from items.plan_content import ShareContent
from items.workflow.successor_rows import FEWEST_PARTS, SuccessorContent

EVERY = 0
"""As a department: all that work and have no row of their own. No row of the database has this key."""


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
