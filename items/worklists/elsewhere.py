"""What waits for somebody in another year than the one that they are looking at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from items import access
from items.models import Programme, User
from items.worklists.waiting import waiting_for_head, waiting_for_office


@dataclass(frozen=True)
class WorkElsewhere:
    """Work of one kind in another year, and the name of the page where it is done."""

    year: int
    number: int
    what: str
    page: str

    @property
    def words(self) -> str:
        """「115年度還有 6 件待填報」"""
        return f"{self.year}年度還有 {self.number:,} 件{self.what}"


def work_elsewhere(
    user: User, programmes: Sequence[Programme], shown: Programme
) -> list[WorkElsewhere]:
    """What waits in every other year with an open period; `programmes` are those of `home_first`.

    Costs nothing as long as no other year has an open period, which is most of the time.
    """
    works = []
    for programme in programmes:
        if programme.pk == shown.pk or not programme.has_open_period:
            continue
        year = programme.year
        # Only what this person could do: each number costs a query.
        to_accept = 0
        if access.can_review(user):
            to_accept = waiting_for_office(user, programme).count()
        to_endorse = 0
        if access.is_head(user):
            to_endorse = waiting_for_head(user, programme).count()
        to_report = number_to_report(user, programme)
        works.append(WorkElsewhere(year, to_accept, "待審核", page="review"))
        works.append(WorkElsewhere(year, to_endorse, "待核可", page="inbox"))
        works.append(WorkElsewhere(year, to_report, "待填報", page="todo"))
    return [work for work in works if work.number]


def number_to_report(user: User, programme: Programme) -> int:
    """How many reports the person's departments still have to send, over all open periods."""
    reportable = access.visible_assignments(user).filter(Q(reportable=True))
    number = 0
    for period in programme.periods.open():
        number += reportable.owing(period).count()
    return number
