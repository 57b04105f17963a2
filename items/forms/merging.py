"""Form of 併案: into which item, and with which departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import Truncator

from items.forms.control import ControlForm
from items.models import Action, Assignment, ControlRequest
from items.models.control_successors import share_words
from items.plan_content import ShareContent
from items.workflow.successor_rows import SuccessorContent

TITLE_SHOWN = 40


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
        self.shares = active_shares(action)
        joining = self.fields["joining"]
        assert isinstance(joining, forms.MultipleChoiceField)
        choices = []
        for share in self.shares:
            words = share_words(share.kind, share.department, share.deadline_text)
            choices.append((str(share.department_id), words))
        joining.choices = choices
        # All go along unless somebody says otherwise: nobody loses its part by an oversight.
        self.initial["joining"] = [key for key, _ in choices]
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
        # A draft may lack it: sending says that it is missing.
        if target is None:
            return super().content() | {ControlRequest.SUCCESSORS: []}
        joining = self.cleaned_data.get("joining", [])
        shares = []
        for share in self.shares:
            if str(share.department_id) in joining:
                shares.append(ShareContent.of(share))
        successor = SuccessorContent(action_id=target.pk, shares=tuple(shares))
        return super().content() | {ControlRequest.SUCCESSORS: [successor]}


def active_shares(action: Action) -> list[Assignment]:
    """The departments of an item that can get something new; a closed one cannot."""
    rows = action.assignments.filter(department__is_active=True).select_related("department")
    return list(rows.order_by("kind", "position", "id"))
