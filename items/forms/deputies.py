"""The form that names a deputy (代理)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from items import access
from items.fields import RocDateField, say_year
from items.forms.base import PersonField
from items.models import READ_ONLY, Deputy, User
from items.models.labels import field_label
from items.roc import roc_year


class DeputyForm(forms.Form):
    """Who stands in for whom, from which day to which; the rules are the verb's."""

    person = PersonField(
        User.objects.none(),
        label=field_label(Deputy, "person"),
        empty_label="請選擇",
        error_messages={
            "required": "請選擇要請人代理的人。",
            "invalid_choice": "這個人不在您可以指定代理的名單裡，請重新選擇。",
        },
    )
    deputy = PersonField(
        User.objects.none(),
        label=field_label(Deputy, "deputy"),
        empty_label="請選擇",
        error_messages={
            "required": "請選擇代理人。",
            "invalid_choice": "沒有這個人，或帳號已停用、只能查閱；請從名單裡選擇。",
        },
    )
    starts_on = RocDateField(label="從", error_messages={"required": "請填代理從哪一天開始。"})
    ends_on = RocDateField(
        label="到",
        help_text="含這一天，之後自動結束",
        error_messages={"required": "請填代理到哪一天。"},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        user: User,
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """The form does not ask for whom where somebody may name deputies only for themselves."""
        proposed = {"starts_on": today, **(initial or {})}
        super().__init__(data, initial=proposed)
        # The page is about today, in whichever year it is opened.
        say_year(self, roc_year(today))
        person = self.fields["person"]
        assert isinstance(person, PersonField)
        person.queryset = access.people_to_stand_in_for(user)
        if not access.can_run_people(user):
            del self.fields["person"]
        deputy = self.fields["deputy"]
        assert isinstance(deputy, PersonField)
        can_act = User.objects.filter(is_active=True).exclude(role__in=READ_ONLY)
        # Nobody stands in for themselves; the plan office names others, and may be named for them.
        if not access.can_run_people(user):
            can_act = can_act.exclude(pk=user.pk)
        deputy.queryset = can_act.order_by("username")
