"""How many waiting reports bear which quality flag: the filters of 填報審核 and 待我核可."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from items.models import Assignment, Programme, ProgressReport
from items.models.prepared import PreparedOfRows
from items.models.progress import ProgressReportQuerySet
from items.models.quality_flags import QualityFlag, RaisedFlag, read_flags


@dataclass(frozen=True)
class WaitingNumbers:
    """How many reports wait, by the key of their period and by their flags."""

    by_period: Counter[int]
    by_flag: Counter[QualityFlag]

    @property
    def total(self) -> int:
        return self.by_period.total()


def _alike(reports: ProgressReportQuerySet, today: date) -> QuerySet[Any]:
    # This flag depends on the day on which one looks, so that no report keeps it (`OF_THE_DAY`).
    is_overdue = Case(
        When(Q(assignment__deadline__lt=today, percent__lt=100), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    # Any, since django-stubs looks for the annotation among the fields.
    plain_rows: QuerySet[Any] = reports.order_by().annotate(is_overdue=is_overdue)
    return plain_rows.values("period", "flags", "is_overdue").annotate(number=Count("pk"))


_ALIKE = PreparedOfRows[Any](_alike)


def waiting_numbers(reports: ProgressReportQuerySet, today: date) -> WaitingNumbers:
    """Counted by the database from what each report carries: one query, and no text is read."""
    by_period: Counter[int] = Counter()
    by_flag: Counter[QualityFlag] = Counter()
    for group in _ALIKE(reports, today):
        by_period[group["period"]] += group["number"]
        for one in read_flags(group["flags"]):
            by_flag[one.flag] += group["number"]
        if group["is_overdue"]:
            by_flag[QualityFlag.OVERDUE] += group["number"]
    return WaitingNumbers(by_period, by_flag)


def flags_today(
    report: ProgressReport, assignment: Assignment, programme: Programme, today: date
) -> tuple[RaisedFlag, ...]:
    """The flags that somebody who decides on this report is shown, as far as the year looks at them."""
    # An office may have switched a flag off since the report was sent.
    in_use = programme.flags_in_use
    raised = [one for one in read_flags(report.flags) if one.flag in in_use]
    is_looked_at = QualityFlag.OVERDUE in in_use
    is_unfinished = report.percent is None or report.percent < 100
    is_past = assignment.deadline < today
    if is_looked_at and is_unfinished and is_past:
        raised.append(RaisedFlag(QualityFlag.OVERDUE))
    return tuple(raised)


@dataclass(frozen=True)
class FlagCount:
    """One filter: the flag, how many reports bear it, and whether it is chosen."""

    flag: QualityFlag
    number: int
    is_chosen: bool


def flag_filters(
    programme: Programme, by_flag: Counter[QualityFlag], chosen: QualityFlag | None
) -> list[FlagCount]:
    """The flags that some report bears, and the one that is chosen."""
    filters = []
    for flag in programme.flags_in_use:
        number = by_flag[flag]
        # The chosen one stays, also at nought: with it the way out of the filter would go.
        if number or flag == chosen:
            filters.append(FlagCount(flag, number, is_chosen=flag == chosen))
    return filters


def count_flags(flags_of_rows: Iterable[Sequence[RaisedFlag]]) -> Counter[QualityFlag]:
    """The same for rows that are at hand."""
    by_flag: Counter[QualityFlag] = Counter()
    for flags in flags_of_rows:
        by_flag.update(one.flag for one in flags)
    return by_flag
