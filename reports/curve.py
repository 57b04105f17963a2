"""預定與實際進度 over the periods of the year."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef

from items.models import Period
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.percents import MeanProgress
from reports.curve_drawing import CurveDrawing, DrawnYear, draw

NOTHING = "—"


@dataclass(frozen=True)
class CurvePoint:
    """Mean 預定 and 實際 in whole percents of one period, on the day up to which its reports speak."""

    name: str
    day: date
    planned: int
    actual: int | None
    """None where no report speaks of the period yet."""
    is_tentative: bool
    """The period is open and reports are still missing: the figure will move."""

    @property
    def gap(self) -> int | None:
        """實際 above 預定, in points.

        None, too, while the period is being reported: the plan for its reports and those of them
        that are there so far do not compare.
        """
        if self.actual is None or self.is_tentative:
            return None
        return self.actual - self.planned

    @property
    def actual_words(self) -> str:
        if self.actual is None:
            return NOTHING
        return f"{self.actual}%"

    @property
    def actual_on_curve(self) -> str:
        """With the asterisk that the legend explains."""
        if self.is_tentative and self.actual is not None:
            return f"{self.actual_words}*"
        return self.actual_words

    @property
    def tentative_words(self) -> str:
        if self.is_tentative and self.actual is not None:
            return "填報中，尚缺件"
        return ""

    @property
    def gap_words(self) -> str:
        """「+3」 or 「−12」, with a true minus sign, which is as wide as the plus."""
        if self.gap is None:
            return NOTHING
        if self.gap > 0:
            return f"+{self.gap}"
        if self.gap < 0:
            return f"−{-self.gap}"
        return "0"

    @property
    def spoken(self) -> str:
        """「第3季預定 75%、實際 68%」."""
        words = f"{self.name}預定 {self.planned}%"
        if self.actual is None:
            return words
        return f"{words}、實際 {self.actual}%"


@dataclass(frozen=True)
class Curve:
    """One point for each period of the year, and where they are drawn."""

    points: tuple[CurvePoint, ...]
    year: DrawnYear
    has_kept: bool
    """Whether some of the points are what was kept when their periods were closed."""

    @cached_property
    def drawing(self) -> CurveDrawing:
        return draw(self.points, self.year)

    @property
    def words(self) -> str:
        """The drawing in one sentence, for people who cannot see it."""
        return "；".join(point.spoken for point in self.points)


def counted_periods(periods: list[Period]) -> list[Period]:
    """Those of which nothing is kept: open ones, those to come, and closed ones of before."""
    return [period for period in periods if not period.is_kept]


def curve_of(
    basis: LightBasis,
    *,
    periods: list[Period],
    at_ends: list[MeanProgress],
    reports: ProgressReportQuerySet,
    tentative_period: Period | None,
) -> Curve | None:
    """One query at most, for any number of items and periods.

    Closed periods show what was kept of them, the others what `at_ends` has of `counted_periods`.
    None without periods or items.
    """
    counted = counted_periods(periods)
    # By period: `at_ends` has no place for those of which figures were kept.
    progress_of = {}
    for period, progress in zip(counted, at_ends, strict=True):
        progress_of[period.pk] = progress
    first_reported = _first_reported_day(periods, reports)
    points = []
    for period in periods:
        # What was kept at closing is the truth, and not what counting again would say (decision 0007).
        if period.is_kept:
            planned = period.closed_planned
            actual = period.closed_actual
        else:
            planned = progress_of[period.pk].planned
            actual = progress_of[period.pk].actual
            if not _is_reported(period, first_reported, basis.today):
                actual = None
        # Nothing is under control: there is no plan to draw.
        if planned is None:
            return None
        point = CurvePoint(
            name=period.name,
            day=period.last_day_of_reports,
            planned=planned,
            actual=actual,
            is_tentative=period == tentative_period,
        )
        points.append(point)
    if not points:
        return None
    has_kept = len(counted) < len(periods)
    programme = basis.programme
    year = DrawnYear(programme.starts_on, programme.ends_on, basis.today)
    return Curve(tuple(points), year, has_kept=has_kept)


def _first_reported_day(periods: list[Period], reports: ProgressReportQuerySet) -> date | None:
    """The last day of the first period of the year that anybody has reported on."""
    # What the first closed periods keep says it, and spares the query.
    for period in periods:
        if not period.is_kept:
            break
        if period.closed_actual is not None:
            return period.ends_on
    if all(period.is_kept for period in periods):
        return None
    # Asked of the periods, which are few: sorted by period, every report would be read.
    of_period = reports.submitted().filter(period=OuterRef("pk"))
    of_year = Period.objects.filter(programme=periods[0].programme_id)
    reported = of_year.filter(Exists(of_period)).order_by("ends_on")
    return reported.values_list("ends_on", flat=True).first()


def _is_reported(period: Period, first_reported: date | None, today: date) -> bool:
    """Whether 實際 of the period says anything: before the first report it would be nought."""
    if first_reported is None or not period.opened_at:
        return False
    return first_reported <= period.ends_on and period.starts_on <= today
