"""預定與實際進度 over the periods of the year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, DateField, Value

from reports.curve_drawing import Drawing, draw


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
            f"{point.name}預定 {point.planned}%"
            + ("" if point.actual is None else f"、實際 {point.actual}%")
            for point in self.points
        )


def means_on(assignments, day, today):
    """{planned, actual} on a day: the mean over the actions of the means of their lead assignments.

    Here 預定 is that of the day itself; without items both are None.
    """
    rows = assignments.controlled().lead().with_progress(min(day, today)).order_by()
    per_action = rows.with_planned(Value(day, DateField()), day).values("action")
    per_action = per_action.annotate(mean_planned=Avg("planned"), mean_actual=Avg("actual"))
    return per_action.aggregate(planned=Avg("mean_planned"), actual=Avg("mean_actual"))


def rounded(number):
    return int(float(number) + 0.5)


def curve_of(programme, periods, assignments, reports, today, still_open):
    """One query per period of the year, whatever the number of items; None without periods or items."""
    first_spoken = (
        reports.submitted()
        .order_by("period__ends_on")
        .values_list("period__ends_on", flat=True)
        .first()
    )
    points = []
    for period in periods:
        figures = means_on(assignments, period.ends_on, today)
        if figures["planned"] is None:
            return None
        has_spoken = (
            first_spoken is not None
            and first_spoken <= period.ends_on
            and period.starts_on <= today
        )
        points.append(
            Point(
                period.name,
                period.ends_on,
                rounded(figures["planned"]),
                rounded(figures["actual"]) if has_spoken and period.opened_at else None,
                is_tentative=period.pk == still_open,
            )
        )
    return Curve(points, draw(points, programme, today)) if points else None
