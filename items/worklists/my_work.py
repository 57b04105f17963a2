"""我的工作: the two lists of a head, joined by tabs."""

from dataclasses import dataclass

TO_ENDORSE, TO_WRITE = "inbox", "todo"
"""The two lists, by the names of their pages."""


@dataclass(frozen=True)
class WorkTab:
    """One list with how much waits in it; `is_current` of the list that is shown."""

    label: str
    page: str
    number: int
    is_current: bool


def work_tabs(*, current: str, to_endorse: int, to_write: int) -> list[WorkTab]:
    """Both lists, what waits for an endorsement first."""
    # As product.md has it: other people cannot go on before the head has endorsed.
    return [
        WorkTab("待我核可", TO_ENDORSE, to_endorse, is_current=current == TO_ENDORSE),
        WorkTab("我的填報", TO_WRITE, to_write, is_current=current == TO_WRITE),
    ]
