"""總覽: the summary that the page, and later the file, shows.

It never chooses its own rows: the caller hands in what the reader may see.
"""

from dataclasses import dataclass
from datetime import date

from items.lights import ATTENTION, Light
from items.models import ControlStatus, Department, Period, Programme, current_period
from items.models.actions import ActionQuerySet
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.models.progress import ProgressReportQuerySet
from reports import sentence
from reports.bars import LIGHTS_IN_BARS, Bar, department_bars, strategy_bars
from reports.cases import Case, cases_of
from reports.changes import ChangesSincePeriod, changes_since_last_period
from reports.curve import Curve, curve_of
from reports.figures import (
    Figure,
    FilingRate,
    filing_rates,
    light_figures,
    released_figure,
)
from reports.plan_links import plan_query
from reports.rows import (
    MeanProgress,
    assignments_today,
    controlled_actions,
    in_trouble,
    mean_progress,
)
from reports.sentence import SentencePart

SHOWN_CASES = 20
"""On the screen and on paper alike; the plan's table lists the others, too."""

RULES = (
    "項目的燈號取主辦單位中最差的；"
    "進度是主辦單位最近一次送出填報的平均，預定進度以該次填報所屬期末（期末前送出的，以送出當天）計算。"
)
"""How light and progress are counted, as the foot of the page says it."""


@dataclass(frozen=True)
class Dashboard:
    """Where one year's plan stands on a day, as finished lines for the page."""

    status: str
    sentence: list[SentencePart]
    total: int
    total_query: str
    figures: list[Figure]
    released: Figure | None
    progress: MeanProgress
    filing: FilingRate | None
    strategies: list[Bar]
    departments: list[Bar]
    curve: Curve | None
    cases: list[Case]
    cases_total: int
    cases_query: str
    changes: ChangesSincePeriod | None

    @property
    def rules(self) -> str:
        return RULES

    @property
    def has_more_cases(self) -> bool:
        return self.cases_total > len(self.cases)

    @property
    def legend(self) -> tuple[Light, ...]:
        """The lights of the bars, from left to right."""
        return LIGHTS_IN_BARS


def summarise(
    programme: Programme,
    today: date,
    *,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
) -> Dashboard:
    """Where one year's plan stands on a day.

    `actions`, `assignments` and `reports` are what the reader may see of this programme. The
    number of queries does not depend on how many there are; one goes to each period of the year,
    for the curve.
    """
    periods = list(programme.periods.all())
    current = current_period(periods, today)
    basis = LightBasis.of(programme, today)
    standings = assignments_today(assignments, basis)
    controlled = controlled_actions(actions, standings)
    # Departments of assignments, not all of them: one that has nothing to do gets no bar.
    departments_in_charge = {standing.department for standing in standings}
    departments = list(Department.objects.filter(pk__in=departments_in_charge))
    progress = mean_progress(controlled)
    filing = filing_rates(current, assignments)
    changes = changes_since_last_period(
        periods, current, basis, assignments=assignments, actions=controlled
    )
    # Sorted in Python: days overdue and points behind are of the worst lead, not of the action.
    troubled = sorted(in_trouble(controlled), key=lambda action: action.gravity(today))
    answer = sentence.answer(
        programme,
        today,
        actions=controlled,
        standings=standings,
        progress=progress,
        departments=departments,
        changes=changes,
    )
    curve = curve_of(
        basis,
        periods=periods,
        assignments=assignments,
        reports=reports,
        tentative_period=_tentative_period(current, filing.whole),
    )
    cases = cases_of(
        troubled[:SHOWN_CASES],
        basis,
        actions=actions,
        assignments=assignments,
        reports=reports,
    )
    return Dashboard(
        status=sentence.status(programme, current, today),
        sentence=answer,
        total=len(controlled),
        total_query=plan_query(control=ControlStatus.UNDER_CONTROL),
        figures=light_figures(controlled),
        released=released_figure(actions, assignments),
        progress=progress,
        filing=filing.whole,
        strategies=strategy_bars(programme, controlled),
        departments=department_bars(departments, standings, filing.by_department),
        curve=curve,
        cases=cases,
        cases_total=len(troubled),
        cases_query=plan_query(light=list(ATTENTION), sort="severity"),
        changes=changes,
    )


def _tentative_period(current: Period | None, filing: FilingRate | None) -> Period | None:
    """The period that is being reported, while reports are missing."""
    if current is None or filing is None:
        return None
    if current.is_open and filing.owing:
        return current
    return None
