"""The fields of an item itself, beside its departments."""

from typing import Any, cast

from django import forms

from items.forms.plan.plan_choice import PlanChoices
from items.forms.plan.texts import PlanText
from items.models import Action
from items.models.labels import field_label
from items.models.lengths import TITLE_LENGTH


class ActionForm(forms.Form):
    """The fields of the item itself."""

    title = PlanText(
        label=field_label(Action, "title"),
        max_length=TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "請寫具體推動作法。"},
    )
    expected_benefit = PlanText(
        label=field_label(Action, "expected_benefit"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    strategy = forms.ChoiceField(label="實施策略", required=False)
    plan = forms.TypedChoiceField(
        label=field_label(Action, "plan"),
        coerce=int,
        error_messages={
            "required": "請選一個執行計畫。",
            "invalid_choice": "請在這個實施策略底下選一個執行計畫。",
        },
    )
    place = forms.IntegerField(
        label="順序",
        min_value=1,
        max_value=32_767,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "順序請填 1 以上的整數。"
        ),
    )
    every_department = forms.BooleanField(
        label=field_label(Action, "every_department"), required=False
    )
    common_deadline = forms.CharField(
        label="全部單位同一個期限",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "完成期限太長，最多 100 個字。"},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        choices: PlanChoices,
        is_new: bool,
        has_path: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        cast(forms.ChoiceField, self.fields["strategy"]).choices = choices.strategies
        cast(forms.ChoiceField, self.fields["plan"]).choices = choices.plans
        if is_new:
            # A new item goes behind the others.
            del self.fields["place"]
        if has_path:
            # The 執行計畫 is made with the item.
            del self.fields["plan"]
            del self.fields["strategy"]
