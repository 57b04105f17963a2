"""One item with its departments, on one page and saved together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from items.deadline_problems import DeadlineError
from items.forms.base import FieldProblem, typed_values
from items.forms.plan.action_fields import ActionForm
from items.forms.plan.parts import PathForm, problems_of
from items.forms.plan.plan_choice import plan_choices
from items.forms.plan.share import (
    DeadlineReading,
    ShareForm,
    day_apart,
    department_choices,
    reading_of,
)
from items.models import AssignmentKind, Department, Programme
from items.plan_content import ActionContent, ShareContent, packed
from items.roc_deadline import Deadline, parse_deadline, with_year_of_page

MOST_ROWS = 300
"""More departments than any office has: a request cannot ask for a million rows."""


class ActionEditForm:
    """The item's own fields, and a row for each department.

    `began_with` is what the page showed at first: it goes along in a hidden field.
    """

    def __init__(
        self,
        programme: Programme,
        began_with: ActionContent,
        *,
        shown: ActionContent | None = None,
        data: QueryDict | None = None,
        with_past: Iterable[int] = (),
        blank_rows: int = 1,
        is_new: bool = False,
        has_path: bool = False,
    ) -> None:
        """`with_past` are the keys of assignments that keep their department.

        With `has_path`, what stands above the item is written on the same page, and made with it.
        """
        self.programme = programme
        self.began_with = began_with
        self.is_new = is_new
        self.with_past = frozenset(with_past)
        self.departments = list(Department.objects.all())
        already = [share.department_id for share in began_with.shares]
        self.department_choices = department_choices(self.departments, already)
        content = shown or began_with
        strategy = ""
        if data is not None:
            strategy = data.get("strategy", "")
        self.plan_choices = plan_choices(programme, strategy, content.plan_id or None)
        initial = {
            "title": content.title,
            "expected_benefit": content.expected_benefit,
            "strategy": self.plan_choices.chosen,
            "plan": content.plan_id or "",
            "place": content.place,
            "every_department": content.every_department,
        }
        self.path = None
        if has_path:
            self.path = PathForm(data)
        self.own = ActionForm(
            data, choices=self.plan_choices, is_new=is_new, has_path=has_path, initial=initial
        )
        self.rows: list[ShareForm]
        if data is None:
            self.rows = self._rows_of(content, blank_rows)
        else:
            self.rows = self._rows_sent(data)
        self._content: ActionContent | None = None

    def _rows_of(self, content: ActionContent, blank_rows: int) -> list[ShareForm]:
        before_by_key = self.began_with.by_key()
        rows: list[ShareForm] = []
        for share in content.shares:
            # A row that this form adds has no key yet, and nothing that it began with.
            before = None
            if share.key is not None:
                before = before_by_key.get(share.key)
            initial = self._initial_of_row(share)
            row = self._row(len(rows), before, initial)
            rows.append(row)
        # Blank ones to write into: without a script a page cannot grow.
        for _ in range(blank_rows):
            row = self._row(len(rows), None, {})
            rows.append(row)
        return rows

    def _rows_sent(self, data: QueryDict) -> list[ShareForm]:
        """The rows of a request, each with what the page began with."""
        number_of_rows = 0
        text = data.get("rows", "")
        # `int` of thousands of figures raises, and says so in English.
        if text.isdecimal() and len(text) <= len(str(MOST_ROWS)):
            number_of_rows = min(int(text), MOST_ROWS)
        # As text: nobody has read yet whether what was sent is a number.
        before_by_text = {}
        for key, share in self.began_with.by_key().items():
            before_by_text[str(key)] = share
        rows = []
        for number in range(number_of_rows):
            sent_key = data.get(f"row{number}-key", "")
            before = before_by_text.get(sent_key)
            initial = self._initial_of_row(before)
            rows.append(self._row(number, before, initial, data=data))
        return rows

    def _row(
        self,
        number: int,
        before: ShareContent | None,
        initial: dict[str, Any],
        *,
        data: QueryDict | None = None,
    ) -> ShareForm:
        return ShareForm(
            data,
            prefix=f"row{number}",
            programme=self.programme,
            choices=self.department_choices,
            before=before,
            is_locked=before is not None and before.key in self.with_past,
            initial=initial,
        )

    def _initial_of_row(self, share: ShareContent | None) -> dict[str, Any]:
        if share is None:
            return {}
        return {
            "key": share.key,
            "department": str(share.department_id),
            "kind": share.kind,
            "deadline_text": share.deadline_text,
            "deadline": day_apart(share, self.programme),
            "remove": share.removed,
        }

    # What the template shows.

    @property
    def seen(self) -> str:
        return packed(self.began_with)

    @property
    def common_reading(self) -> DeadlineReading | None:
        return reading_of(self.own["common_deadline"].value() or "", self.programme)

    def as_typed(self, more_rows: int = 0) -> ActionEditForm:
        """The same page without complaints: somebody asks for rows or choices, and goes on."""
        again = ActionEditForm(
            self.programme,
            self.began_with,
            with_past=self.with_past,
            is_new=self.is_new,
            has_path=self.path is not None,
        )
        again.plan_choices = self.plan_choices
        values = typed_values(self.own) | {"strategy": self.plan_choices.chosen}
        again.own = ActionForm(
            choices=self.plan_choices,
            is_new=self.is_new,
            has_path=self.path is not None,
            initial=values,
        )
        if again.path is not None and self.path is not None:
            again.path.initial = typed_values(self.path)
        again.rows = []
        for number, row in enumerate(self.rows):
            again.rows.append(self._row(number, row.before, typed_values(row)))
        for _ in range(more_rows):
            if len(again.rows) < MOST_ROWS:
                again.rows.append(self._row(len(again.rows), None, {}))
        return again

    def problems(self) -> list[FieldProblem]:
        """The errors of all fields, for the list above the form."""
        problems = []
        if self.path is not None:
            problems += problems_of(self.path)
        problems += problems_of(self.own)
        for row in self.rows:
            problems += problems_of(row)
        return problems

    # What was sent.

    def is_valid(self) -> bool:
        # All parts are asked, also after an error: every error is shown in the first round.
        if self.path is not None:
            self.path.is_valid()
        own_is_valid = self.own.is_valid()
        common = self._common_deadline()
        shares = self._shares(common)
        if own_is_valid and not self.problems():
            cleaned = self.own.cleaned_data
            self._content = ActionContent(
                plan_id=cleaned.get("plan", 0),
                place=cleaned.get("place", 0),
                title=cleaned["title"],
                expected_benefit=cleaned["expected_benefit"],
                every_department=cleaned["every_department"],
                shares=tuple(shares),
            )
        return self._content is not None

    @property
    def content(self) -> ActionContent:
        """What was sent, once `is_valid` has said so."""
        if self._content is None:
            raise RuntimeError("the form was not found valid")
        return self._content

    def _common_deadline(self) -> Deadline | None:
        text = self.own.cleaned_data.get("common_deadline", "")
        if not text:
            return None
        text = with_year_of_page(text, self.programme.year)
        try:
            return parse_deadline(text, self.programme.year, self.programme.ends_on)
        except DeadlineError as error:
            self.own.add_error("common_deadline", error.message)
            return None

    def _shares(self, common: Deadline | None) -> list[ShareContent]:
        shares: list[ShareContent] = []
        departments: set[int] = set()
        for row in self.rows:
            if row.is_blank:
                continue
            row.is_valid()
            if row.is_removed and row.before is not None:
                self._refuse_to_remove_from_every(row)
                shares.append(replace(row.before, removed=True))
                continue
            share = row.content(common)
            if share is None:
                continue
            # The database would refuse it too, but could not say in which row.
            if share.department_id in departments:
                row.add_error("department", "這個單位寫了兩次，請只留一列。")
            departments.add(share.department_id)
            shares.append(share)
        # A row that did not come along was not touched: it stays.
        keys = {row.before.key for row in self.rows if row.before is not None}
        for share in self.began_with.shares:
            if share.key not in keys:
                shares.append(share)
        if self.own.cleaned_data.get("every_department"):
            shares += self._missing_of_every(shares, common)
        kept = [share for share in shares if not share.removed]
        has_lead = any(share.is_lead for share in kept)
        if kept and not has_lead:
            self._say_lead_is_missing()
        return shares

    def _say_lead_is_missing(self) -> None:
        for row in self.rows:
            if not row.is_blank and not row.is_removed:
                row.add_error("kind", "至少要有一個主辦單位。")
                return

    def _refuse_to_remove_from_every(self, row: ShareForm) -> None:
        """各單位 would hand it out to the same department again."""
        assert row.before is not None
        is_active = any(
            department.pk == row.before.department_id and department.is_active
            for department in self.departments
        )
        if is_active and self.own.cleaned_data.get("every_department"):
            sentence = "分辦各單位時，使用中的單位都有這一項；要移除，請先取消「分辦各單位」。"
            row.add_error("remove", sentence)

    def _missing_of_every(
        self, shares: list[ShareContent], common: Deadline | None
    ) -> list[ShareContent]:
        """各單位 without any 主辦 yet begins with the deadline that all have in common."""
        if any(share.is_lead and not share.removed for share in shares):
            # The workflow hands it out to the others, with the deadline of the first.
            return []
        if common is None:
            if "common_deadline" not in self.own.errors:
                self.own.add_error("common_deadline", "分辦各單位要有完成期限，請寫在這裡。")
            return []
        has_it = {share.department_id for share in shares}
        added = []
        for department in self.departments:
            if department.is_active and department.pk not in has_it:
                share = ShareContent(
                    key=None,
                    department_id=department.pk,
                    kind=AssignmentKind.LEAD,
                    deadline_text=common.text,
                    deadline=common.date,
                )
                added.append(share)
        return added
