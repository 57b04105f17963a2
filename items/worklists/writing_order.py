"""What a person's departments write in a period, how far it is, and in which order it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

from django.db import models
from django.db.models import (
    Case,
    F,
    IntegerField,
    OrderBy,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from items import access
from items.access.prepared import PreparedForPerson
from items.lights import SEVERITY, Light
from items.models import (
    Assignment,
    Period,
    ProgressReport,
    ReportState,
    User,
)
from items.models.assignment_queries import OFFICIAL_ORDER, AssignmentQuerySet
from items.models.conditions import Alternative, FirstThatHolds
from items.models.light_basis import LightBasis
from items.models.prepared import Slot
from items.models.row_light import light_up
from items.worklists.comes_after import ComesAfter


class WorkStage(models.IntegerChoices):
    """What is to be done with an assignment in an open period, in the order of the page."""

    # First, and with its reason: the department has to do it again.
    RETURNED = 1, "退回"
    TO_WRITE = 2, "待填報"
    SUBMITTED = 3, "已送出"
    FINISHED = 4, "已完成"


IS_RETURNED = Q(report_state=ReportState.RETURNED)
IS_TO_WRITE = Q(report_state=ReportState.DRAFT) | Q(
    report_state__isnull=True, finished_before=False
)
"""Whether a row of `rows_to_report` still has to be written, or sent.

Finished counts only where nothing was begun: a report that was returned is owed, also where an
earlier one said 100 %.
"""

LATE = (Light.OVER, Light.BEHIND)
"""The lights of what is written first."""

IS_LATE = Q(severity__in=[SEVERITY[light] for light in LATE])


def rows_to_report(user: User, period: Period, basis: LightBasis) -> AssignmentQuerySet:
    """What the person's departments report on in the period, with its report state."""
    return (
        access.assignments_to_report(user)
        .of_own_year(period.programme_id)
        .finished_before(period, is_newest=basis.is_newest(period))
        .with_report(period)
        .of_period(period)
    )


def waiting_rows(user: User, period: Period, basis: LightBasis) -> AssignmentQuerySet:
    """Those of `rows_to_report` that still have to be written or sent."""
    return rows_to_report(user, period, basis).filter(IS_RETURNED | IS_TO_WRITE)


def with_stage(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Annotate `stage`: what is to be done with each of `rows_to_report`."""
    alternatives = [
        Alternative(IS_RETURNED, WorkStage.RETURNED),
        Alternative(IS_TO_WRITE, WorkStage.TO_WRITE),
        Alternative(Q(report_state__isnull=False), WorkStage.SUBMITTED),
    ]
    stage = FirstThatHolds(
        alternatives,
        default=WorkStage.FINISHED,
        output_field=IntegerField(),
    )
    # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
    return rows.annotate(**{"stage": stage})


READ_OF_A_ROW = frozenset(
    {
        "actual",
        "behind_by",
        "due_closed_at",
        "due_period",
        "light_days",
        "report_id",
        "report_state",
        "reported_until",
        "severity",
        "stage",
    }
)
"""What the lists read of that which the rows are annotated with; the rest is only worked with."""


# The order.


def rows_of_lists(rows: AssignmentQuerySet, basis: LightBasis) -> AssignmentQuerySet:
    """Rows `with_stage` in official order, with what the lists of the page read; see `by_stage`."""
    read = rows.with_light(basis).in_order()
    read.query.set_annotation_mask(READ_OF_A_ROW)
    return read


def by_stage(rows: Sequence[Assignment], user: User) -> list[Assignment]:
    """The `rows_of_lists` in the order of the page: its lists one after the other.

    What was returned and what is to be written begins with the reader's own; of the latter the most
    urgent comes first. Everything else stays in official order. The rows are at hand: as keys of a
    query, the lights are 4,000 letters of SQL that the database reads anew for each page.
    """

    return sorted(rows, key=lambda row: _place_of(row, user))


class _PlaceOnPage(NamedTuple):
    """What `by_stage` sorts by; the least comes first."""

    stage: int
    is_of_others: bool
    has_time: bool
    deadline: date


def _place_of(row: Assignment, user: User) -> _PlaceOnPage:
    is_to_do = row.stage <= WorkStage.TO_WRITE
    is_to_write = row.stage == WorkStage.TO_WRITE
    # The other lists have one day for all, so that the official order decides in them.
    deadline = date.min
    if is_to_write:
        deadline = row.deadline
    return _PlaceOnPage(
        stage=row.stage,
        is_of_others=is_to_do and row.contact_id != user.pk,
        has_time=is_to_write and row.light not in LATE,
        deadline=deadline,
    )


def first_of_each_stage(
    rows: AssignmentQuerySet, user: User, basis: LightBasis, number: int
) -> QuerySet[Any]:
    """The keys of the first `number` rows of each stage, in the order of `by_stage`.

    Keys alone, since only a few of thousands are fetched, and all stages in one query.
    """
    place = Window(RowNumber(), partition_by=F("stage"), order_by=_order_in_stage(user))
    # Any, since django-stubs looks for the annotation among the fields.
    placed: QuerySet[Any] = rows.with_light(basis).order_by().annotate(place=place)
    return placed.filter(place__lte=number).values_list("pk", flat=True)


def _order_in_stage(user: User) -> list[Any]:
    is_to_do = Q(stage__lte=WorkStage.TO_WRITE)
    is_to_write = Q(stage=WorkStage.TO_WRITE)
    nothing = Value(None, models.DateField())
    return [
        _first_where(is_to_do & Q(contact=user.pk)),
        _first_where(is_to_write & IS_LATE),
        # The other lists have no deadline here, so that the official order decides in them.
        Case(When(is_to_write, then=F("deadline")), default=nothing),
        *[F(name) for name in OFFICIAL_ORDER],
    ]


def _first_where(condition: Q) -> FirstThatHolds:
    """0 where the condition holds, else 1."""
    return FirstThatHolds([Alternative(condition, 0)], default=1, output_field=IntegerField())


@dataclass(frozen=True)
class WritingOrder:
    """The order in which everything that waits is written, over all lists of the page.

    The reader's own comes first, of that what was returned, then what is late or behind, then what
    is due soonest; what is equal so far is in official order.
    """

    user: User
    period: Period
    basis: LightBasis

    def previous_before(self, place: Assignment) -> Assignment | None:
        """The one before `place`, and from the last again at the beginning."""
        others = self._waiting().exclude(pk=place.pk)
        keys = self._keys()
        values = self._values_of(place, self._is_returned(place))
        comes_after = ComesAfter(list(keys.values()), [values[name] for name in keys])
        # First those ahead of `place`, then those behind it; both from the end to the beginning.
        is_behind = Case(When(comes_after, then=Value(1)), default=Value(0))
        backwards = [OrderBy(key, descending=True) for key in keys.values()]
        in_order = others.order_by(is_behind, *backwards)
        return self._in_full(in_order).first()

    def next_after(
        self, place: Assignment, *, is_returned: bool | None = None
    ) -> Assignment | None:
        """The next one behind `place`, and from the first again at the end; None without another.

        `is_returned` says whether the report of `place` came back; it is asked for where None.
        """
        if is_returned is None:
            is_returned = self._is_returned(place)
        values = {}
        for name, value in self._values_of(place, is_returned).items():
            values[name] = value.value
        return _NEXT.first(self.user, self.period, self.basis, place=place.pk, **values)

    def next_behind_slots(self) -> AssignmentQuerySet:
        """The next one behind an assignment, where slots stand for its key and its `_values_of`."""
        keys = self._keys()
        slots = [Slot(name, SLOT_FIELDS.get(name)) for name in keys]
        comes_after = ComesAfter(list(keys.values()), slots)
        others = self._waiting().exclude(pk=Slot("place"))
        # First those behind `place`; where there is none, the list begins again.
        is_ahead = Case(When(comes_after, then=Value(0)), default=Value(1))
        in_order = others.order_by(is_ahead, *keys.values())
        return self._in_full(in_order)[:1]

    def _waiting(self) -> AssignmentQuerySet:
        return waiting_rows(self.user, self.period, self.basis).with_light(self.basis)

    def _in_full(self, rows: AssignmentQuerySet) -> AssignmentQuerySet:
        in_full = rows.select_related("action")
        # The rows are sorted by the annotations, which nobody reads afterwards: to select them as
        # well cost 4,000 function calls.
        in_full.query.set_annotation_mask(())
        return in_full

    def _keys(self) -> dict[str, FirstThatHolds | F]:
        """{name: key}, in the order in which they decide."""
        keys: dict[str, FirstThatHolds | F] = {
            "own": _first_where(Q(contact=self.user.pk)),
            "returned": _first_where(IS_RETURNED),
            "late": _first_where(IS_LATE),
            "deadline": F("deadline"),
        }
        for name in OFFICIAL_ORDER:
            keys[name] = F(name)
        return keys

    def _is_returned(self, assignment: Assignment) -> bool:
        reports = ProgressReport.objects.filter(assignment=assignment, period=self.period)
        return reports.filter(state=ReportState.RETURNED).exists()

    def _values_of(self, assignment: Assignment, is_returned: bool) -> dict[str, Value]:
        """What `_keys` are of one assignment, by the same names."""
        light_up([assignment], self.basis)
        values = {
            # 0 for what comes first, as `_first_where` writes it.
            "own": Value(int(assignment.contact_id != self.user.pk)),
            "returned": Value(int(not is_returned)),
            "late": Value(int(assignment.light not in LATE)),
            "deadline": Value(assignment.deadline, models.DateField()),
        }
        for name in OFFICIAL_ORDER:
            value = reduce(getattr, name.split("__"), assignment)
            values[name] = Value(value)
        return values


SLOT_FIELDS = {"deadline": models.DateField()}
"""Keys whose values are written as the engine has them: a day."""

_NEXT = PreparedForPerson(
    lambda user, period, basis: WritingOrder(user, period, basis).next_behind_slots()
)
