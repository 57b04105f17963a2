"""What one person is to be reminded of by mail, gathered from all years and departments."""

from dataclasses import dataclass, field

from items.models.sent_reminders import RemindedKey
from items.worklists.owed_answers import OwedAnswer
from items.worklists.owed_steps import OwedStep

Owed = OwedStep | OwedAnswer
"""What somebody is reminded of."""


@dataclass
class PersonLoad:
    """All that one person is reminded of, each once, and for whom besides themselves."""

    to_report: dict[RemindedKey, OwedStep] = field(default_factory=dict)
    to_endorse: dict[RemindedKey, OwedStep] = field(default_factory=dict)
    to_answer: dict[RemindedKey, OwedAnswer] = field(default_factory=dict)
    escalated: dict[RemindedKey, Owed] = field(default_factory=dict)
    stands_in_for: dict[str, None] = field(default_factory=dict)
    """Names in their order, as a set."""
    quiet_days: int = 0
    is_due: bool = False
    """Whether any of it has come to a day on which it is reminded of."""

    def add(self, owed: Owed) -> None:
        """Put what the person has to do themselves where it belongs."""
        if isinstance(owed, OwedAnswer):
            self.to_answer[owed.key] = owed
        elif owed.is_endorsement:
            self.to_endorse[owed.key] = owed
        else:
            self.to_report[owed.key] = owed


Loads = dict[int, PersonLoad]
"""{key of a person: what they are reminded of}"""
