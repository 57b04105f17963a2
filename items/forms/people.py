"""Who works in a department."""

from django import forms

from items.forms.base import PersonField
from items.models import (
    READ_ONLY,
    Department,
    Membership,
    MembershipRole,
    User,
)
from items.models.labels import field_label


class MemberForm(forms.Form):
    """Somebody joins a department."""

    person = PersonField(
        User.objects.filter(is_active=True).exclude(role__in=READ_ONLY).order_by("username"),
        label="人員",
        empty_label="請選擇",
        error_messages={
            "required": "請選擇人員。",
            "invalid_choice": "沒有這個人員，或帳號已停用、只能查閱；請從名單裡選擇。",
        },
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="單位",
        empty_label="請選擇",
        error_messages={"required": "請選擇單位。", "invalid_choice": "沒有這個單位，請重新選擇。"},
    )
    role = forms.ChoiceField(
        choices=MembershipRole.choices,
        label=field_label(Membership, "role"),
        error_messages={
            "required": "請選擇身分。",
            "invalid_choice": "沒有這個身分，請重新選擇。",
        },
    )
