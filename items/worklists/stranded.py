"""Reports that no head is left for: the plan office endorses them in 填報審核."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from items.access.prepared import PreparedForPerson
from items.models import Programme, ProgressReport, User
from items.models.prepared import PreparedForKeys, Slot
from items.worklists.waiting import WINDOW, waiting_for_head

STRANDED_SHOWN = 20
"""How many 填報審核 shows of what no head is left for, before somebody asks for all of it."""

# Keys as values: two hundred reports took as long as the query.
_STRANDED_KEYS = PreparedForPerson[Any](
    lambda user, number: waiting_for_head(user, Slot("programme")).values_list("pk", flat=True)[
        :number
    ]
)


def _items_of(keys: list[int]) -> QuerySet[Any]:
    """What a line names, and no more: as whole rows twenty took six times as many calls."""
    reports = ProgressReport.objects.filter(pk__in=keys)
    item = ("assignment__action__code", "assignment__action__title")
    return reports.values("pk", *item, "assignment__department__name")


_ITEMS_OF = PreparedForKeys[Any](_items_of)


@dataclass(frozen=True)
class StrandedRow:
    """A report that no head is left for, as its template draws it: `report` is its key."""

    year: int
    report: int
    code: str
    title: str
    department: str


@dataclass(frozen=True)
class Stranded:
    """The first reports that no head is left for, and how many there are."""

    reports: list[StrandedRow]
    number: int
    shows_all: bool
    """Whether somebody has asked for all of them: then the first `WINDOW` are there."""

    @property
    def is_cut(self) -> bool:
        return len(self.reports) < self.number

    @property
    def words_of_link(self) -> str:
        """Of the link to those that are not shown; empty where it would lead no further."""
        if self.shows_all or not self.is_cut:
            return ""
        if self.number > WINDOW:
            return f"看前 {WINDOW} 件"
        return f"看全部 {self.number:,} 件"


def stranded_reports(user: User, programme: Programme, *, shows_all: bool) -> Stranded:
    """The first of them, at the most `WINDOW`; where there is none, that costs one query."""
    # The keys alone are sorted: there may be thousands.
    keys = _STRANDED_KEYS(user, WINDOW, programme=programme.pk)
    number = len(keys)
    # A full window: only then there may be more, which are counted.
    if number == WINDOW:
        number = waiting_for_head(user, programme).count()
    shown = keys
    if not shows_all:
        shown = keys[:STRANDED_SHOWN]
    rows = []
    for item in _ITEMS_OF(shown):
        row = StrandedRow(
            year=programme.year,
            report=item["pk"],
            code=item["assignment__action__code"],
            title=item["assignment__action__title"],
            department=item["assignment__department__name"],
        )
        rows.append(row)
    return Stranded(rows, number, shows_all)
