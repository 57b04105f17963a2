"""我的工作: the two lists of a head, joined by tabs."""

from dataclasses import dataclass

INBOX, TODO = "inbox", "todo"
"""The names of the two pages."""


@dataclass(frozen=True)
class WorkTab:
    """One list with how much waits in it; `is_current` of the list that is shown."""

    label: str
    page: str
    number: int
    is_current: bool


def work_tabs(*, here: str, to_endorse: int, to_write: int) -> list[WorkTab]:
    """Both lists, what waits for an endorsement first."""
    return [
        WorkTab("待我核可", INBOX, to_endorse, here == INBOX),
        WorkTab("我的填報", TODO, to_write, here == TODO),
    ]
