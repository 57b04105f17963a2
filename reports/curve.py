"""預定與實際進度 over the periods of the year."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, DateField, Exists, OuterRef, Q, Sum, Value

from items.models import Period
from items.models.assignments import AssignmentQuerySet, there_in_time
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from items.percents import mean_percent
from reports.curve_drawing import CurveDrawing, draw
from reports.rows import MeanProgress

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

    points: list[CurvePoint]
    drawing: CurveDrawing

    @property
    def words(self) -> str:
        """The drawing in one sentence, for whoever cannot see it."""
        return "；".join(point.spoken for point in self.points)


def curve_of(
    basis: LightBasis,
    *,
    periods: list[Period],
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
    tentative_period: Period | None,
) -> Curve | None:
    """One query for each period of the year, whatever the number of items.

    None without periods or items.
    """
    first_reported = _first_reported_day(reports)
    points = []
    # A query for each period: the light's rules look at one day at a time, and a year has twelve
    # periods at most.
    for period in periods:
        progress = progress_at_end(period, assignments, basis)
        if progress.planned is None:
            return None
        actual = None
        if _is_reported(period, first_reported, basis.today):
            actual = progress.actual
        point = CurvePoint(
            name=period.name,
            day=period.last_day_of_reports,
            planned=progress.planned,
            actual=actual,
            is_tentative=period == tentative_period,
        )
        points.append(point)
    if not points:
        return None
    return Curve(points, draw(points, basis.programme, basis.today))


def _first_reported_day(reports: ProgressReportQuerySet) -> date | None:
    """The last day of the first period that anybody has reported on."""
    submitted = reports.submitted().order_by("period__ends_on")
    return submitted.values_list("period__ends_on", flat=True).first()


def _is_reported(period: Period, first_reported: date | None, today: date) -> bool:
    """Whether 實際 of the period says anything: before the first report it would be nought."""
    if first_reported is None or not period.opened_at:
        return False
    return first_reported <= period.ends_on and period.starts_on <= today


def _has_progress(period: Period, today: date) -> Q:
    """Assignments that had reported by the end of the period, or should have."""
    due = Period.objects.due_before(today).filter(
        programme=period.programme_id, ends_on__lte=period.ends_on
    )
    owed = due.open_after(OuterRef("handed_out_on"))
    return Q(reported_until__isnull=False) | Q(Exists(owed))


def progress_at_end(
    period: Period, assignments: AssignmentQuerySet, basis: LightBasis
) -> MeanProgress:
    """The mean over the actions of the means of their leads, at the end of the period.

    預定 is that of the day up to which its reports speak. Both are None without items.
    """
    last_day = Value(period.ends_on, DateField())
    leads = assignments.controlled().lead()
    # Of a period to come nobody knows more than today.
    day = min(period.ends_on, basis.today)
    leads = leads.with_progress_on(basis.on(day)).order_by()
    leads = leads.with_planned(last_day, basis.programme, period.last_day_of_reports)
    # What was handed out after the period counts in it only with a report of its own.
    leads = leads.filter(there_in_time(period) | Q(reported_until__isnull=False))
    # Sums and counts, not averages: the database's averages are floats, and a mean of floats may
    # be rounded to the other side of a half than the figure at the head of the page.
    counted = _has_progress(period, basis.today)
    sums = leads.values("action").annotate(
        leads=Count("pk"),
        planned_sum=Sum("planned"),
        counted=Count("pk", filter=counted),
        actual_sum=Sum("actual", filter=counted),
    )
    planned = []
    actual = []
    for row in sums.values_list("leads", "planned_sum", "counted", "actual_sum", named=True):
        planned.append(Fraction(row.planned_sum, row.leads))
        # As at the head of the page: what owes nothing yet is no nought.
        if row.counted:
            actual.append(Fraction(row.actual_sum, row.counted))
    return MeanProgress(actual=mean_percent(actual), planned=mean_percent(planned))
