"""預定與實際進度 over the periods of the year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, DateField, Sum, Value

from reports.charts import Drawing, draw


@dataclass(frozen=True)
class Point:
    """One period: mean 預定 and 實際 in whole percents on its last day; `actual` None where nothing speaks of it yet."""

    name: str
    day: date
    planned: int
    actual: int | None
    is_tentative: bool
    """The period is open and reports are still missing: the figure will move."""

    @property
    def gap(self):
        """None, too, while the period is being reported: its last day's plan and the reports so far do not compare."""
        return None if self.actual is None or self.is_tentative else self.actual - self.planned

    @property
    def gap_size(self):
        return abs(self.gap)


@dataclass(frozen=True)
class Curve:
    points: list
    drawing: Drawing

    @property
    def words(self):
        """The drawing in one sentence, for who cannot see it."""
        return "；".join(
            f"{point.name}預定 {point.planned}%" + ("" if point.actual is None else f"、實際 {point.actual}%")
            for point in self.points
        )


def mean_on(assignments, day, today):
    """{planned, actual, reported} on a day: the mean over the actions of the means of their lead assignments.

    Here 預定 is that of the day itself. `reported` counts the assignments that anything was submitted for.
    """
    rows = assignments.controlled().lead().with_progress(min(day, today)).order_by()
    per_action = rows.with_planned(Value(day, DateField()), day).values("action")
    per_action = per_action.annotate(
        mean_planned=Avg("planned"), mean_actual=Avg("actual"), speaking=Count("reported_until")
    )
    return per_action.aggregate(
        planned=Avg("mean_planned"), actual=Avg("mean_actual"), reported=Count("pk", speaking__gt=0)
    )


def rounded(number):
    return int(float(number) + 0.5)


def curve_of(programme, periods, assignments, today, still_open):
    """One query per period of the year, whatever the number of items; None without periods or items."""
    points = []
    for period in periods:
        figures = mean_on(assignments, period.ends_on, today)
        if figures["planned"] is None:
            return None
        has_begun = period.opened_at is not None and period.starts_on <= today and figures["reported"]
        points.append(
            Point(
                period.name,
                period.ends_on,
                rounded(figures["planned"]),
                rounded(figures["actual"]) if has_begun else None,
                is_tentative=period.pk == still_open,
            )
        )
    return Curve(points, draw(points, programme, today)) if points else None
