"""What is written about a piece of evidence, as a form beside others on one page."""

from dataclasses import dataclass
from typing import Any

from django import forms

from items.fields import RocDateField, typed_day
from items.models import Evidence
from items.models.evidence import DESCRIPTION_LENGTH
from items.models.labels import field_label

PREFIX = "evidence-"
FILES = "evidence"
ADDRESS = "evidence_address"


class EvidenceForm(forms.Form):
    """說明 and 證明日期. What the page showed comes back with them: only a change is saved.

    Else a page that stayed open would take back what somebody else has written meanwhile.
    """

    description = forms.CharField(
        label=field_label(Evidence, "description"),
        required=False,
        widget=forms.TextInput(attrs={"data-limit": DESCRIPTION_LENGTH, "autocomplete": "off"}),
    )
    proves_on = RocDateField(label=field_label(Evidence, "proves_on"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, evidence: Evidence, year: int, data: Any = None) -> None:
        initial = {
            "description": evidence.description,
            "proves_on": evidence.proves_on,
            "seen": seen_values(evidence),
        }
        super().__init__(data, prefix=f"{PREFIX}{evidence.pk}", initial=initial)
        field = self.fields["proves_on"]
        if isinstance(field, RocDateField):
            field.of_year(year)

    @property
    def is_touched(self) -> bool:
        """Whether somebody has written something else than the page showed."""
        # Before validation: a day that cannot be read is a change, too, and has to be said.
        written = self["description"].data or ""
        day = self["proves_on"].data or ""
        seen = self["seen"].data or ""
        return _together(written.strip(), day.strip()) != seen.strip()


def seen_values(evidence: Evidence) -> str:
    day = ""
    if evidence.proves_on is not None:
        day = typed_day(evidence.proves_on)
    return _together(evidence.description, day)


def _together(description: str, day: str) -> str:
    return f"{day} {description}".strip()


@dataclass(frozen=True)
class EvidenceToWrite:
    """A piece of evidence in the form, with the fields about it."""

    evidence: Evidence
    form: EvidenceForm
