"""總覽: the summary that the page, and later the file, shows.

It never chooses its own rows: what is counted the caller hands in, and the few items that it names
are fetched by the right of the reader.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from items.lights import ATTENTION, Light
from items.models import Action, ControlStatus, Department, Period, Programme, User, current_period
from items.models.actions import GONE_INTO_OTHERS, ActionQuerySet
from items.models.assignment_queries import AssignmentQuerySet
from items.models.light_basis import LightBasis, fetch_periods
from items.models.prepared import PreparedForKeys, PreparedOfRows
from items.models.progress import ProgressReportQuerySet
from items.models.row_light import Lamp
from items.percents import MeanProgress
from reports import sentence
from reports.bars import LIGHTS_IN_BARS, Bar, department_bars, strategy_bars
from reports.cases import Case, CaseSources, case_of, case_sources
from reports.changes import ChangesSincePeriod, changes_since, period_before
from reports.counting import counts_of
from reports.counts import mean_progress, number_by_light
from reports.curve import Curve, counted_periods, curve_of
from reports.figures import (
    Figure,
    FilingRate,
    filing_rates,
    light_figures,
    released_figure,
)
from reports.plan_links import plan_query
from reports.sentence import SentencePart

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
    lamp: Lamp
    """Of the day of the page."""
    case_sources: list[CaseSources]
    """What `cases` are made from: a page that keeps their HTML need not make them."""
    cases_total: int
    cases_query: str
    changes: ChangesSincePeriod | None
    taken_over: int
    """How many of `released` others stand for."""

    @property
    def rules(self) -> str:
        return RULES

    @property
    def released_words(self) -> str:
        """What 已解除 stands for; an item that others took over is counted by them alone."""
        kinds = "解除列管、撤銷管制、轉次年"
        if not self.taken_over:
            return kinds
        return f"{kinds}；其中併案、分案 {self.taken_over:,} 項，已由承接的項目計入"

    @property
    def has_more_cases(self) -> bool:
        return self.cases_total > len(self.case_sources)

    @property
    def cases(self) -> list[Case]:
        """The worst first."""
        return [case_of(sources, self.lamp) for sources in self.case_sources]

    @property
    def legend(self) -> tuple[Light, ...]:
        """The lights of the bars, from left to right."""
        return LIGHTS_IN_BARS


_DEPARTMENTS = PreparedForKeys(lambda keys: Department.objects.filter(pk__in=keys))


def summarise(
    programme: Programme,
    today: date,
    *,
    reader: User,
    actions: ActionQuerySet,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
) -> Dashboard:
    """Where one year's plan stands on a day.

    `actions` and `reports` are what the reader may see of this programme, `assignments` what the
    reader may see of any. The number of queries depends neither on how many there are nor on the
    periods.
    """
    periods = fetch_periods(programme)
    current = current_period(periods, today)
    basis = LightBasis.of(programme, today, periods=periods)
    compared = period_before(periods, current)
    before = None
    if compared is not None:
        before = basis.on(compared.ends_on)
    counts = counts_of(
        assignments,
        basis,
        before=before,
        period=current,
        periods=periods,
        ends=counted_periods(periods),
    )
    numbers = _numbers_of(actions, assignments)
    total = sum(numbers.by_strategy.values())
    # Only departments that have assignments: one that has nothing to do gets no bar.
    departments_in_charge = {group.department for group in counts.assignments}
    departments = _DEPARTMENTS(departments_in_charge)
    filing = filing_rates(current, counts)
    changes = None
    # Without an item under control the sentence says that, and nothing beside it.
    if total:
        changes = changes_since(compared, counts, actions)
    lights = number_by_light(counts.actions)
    answer = sentence.answer(
        programme,
        today,
        total=total,
        counts=counts,
        departments=departments,
        changes=changes,
    )
    curve = curve_of(
        basis,
        periods=periods,
        at_ends=counts.at_ends,
        reports=reports,
        tentative_period=_tentative_period(current, filing.whole),
    )
    lamp = Lamp(basis)
    return Dashboard(
        status=sentence.status(programme, current, today),
        sentence=answer,
        total=total,
        total_query=plan_query(control=ControlStatus.UNDER_CONTROL),
        figures=light_figures(counts),
        released=released_figure(numbers.released),
        taken_over=numbers.taken_over,
        progress=mean_progress(counts.actions),
        filing=filing.whole,
        strategies=strategy_bars(programme.strategies.all(), numbers.by_strategy, counts),
        departments=department_bars(departments, counts, filing.by_department),
        curve=curve,
        lamp=lamp,
        # The rows that are counted have no rights, which cost a sub-query for each of 100,000; the
        # few cases do: a light of the reader's own department says what to do about it.
        case_sources=case_sources(reader, counts.worst, lamp),
        cases_total=sum(lights[light] for light in ATTENTION),
        cases_query=plan_query(light=list(ATTENTION), sort="severity"),
        changes=changes,
    )


@dataclass(frozen=True)
class ActionNumbers:
    """How many actions there are, whether anybody leads them or not."""

    by_strategy: dict[int, int]
    """{number of the strategy: how many of its actions are 列管中}"""
    released: int
    """Those that are no longer 列管中, as the linked list has them: with a lead."""
    taken_over: int
    """Those among them that others stand for (併案, 分案): their content is counted there."""


def _numbers(actions: ActionQuerySet) -> QuerySet[Any]:
    # The order of the plan is taken off: its columns would split the groups.
    groups = actions.order_by().values_list("plan__method__strategy__number")
    return groups.annotate(number=Count("pk"))


def _numbers_released(actions: ActionQuerySet, assignments: AssignmentQuerySet) -> QuerySet[Any]:
    # With a lead, as the linked list has them: its figure and its lines have to agree.
    leads = assignments.lead().filter(action=OuterRef("pk"))
    # By their keys, which a small index has: as a condition of the join, all actions are read.
    released = Action.objects.filter(~Q(control_status=ControlStatus.UNDER_CONTROL)).order_by()
    rows = actions.filter(pk__in=released.values("pk")).order_by()
    groups = rows.values_list("plan__method__strategy__number", "control_status")
    return groups.annotate(number=Count("pk"), led=Count("pk", filter=Exists(leads)))


_NUMBERS = PreparedOfRows[Any](_numbers)
_NUMBERS_RELEASED = PreparedOfRows[Any](_numbers_released)


def _numbers_of(actions: ActionQuerySet, assignments: AssignmentQuerySet) -> ActionNumbers:
    """Count the actions by strategy and 列管狀態, in two queries.

    All of them, and the few that are released: indexes have what both need, while one query for
    both would read 50,000 rows for their 列管狀態.
    """
    numbers = Counter(dict(_NUMBERS(actions)))
    released = 0
    taken_over = 0
    for strategy, status, number, number_led in _NUMBERS_RELEASED(actions, assignments):
        numbers[strategy] -= number
        released += number_led
        if status in GONE_INTO_OTHERS:
            taken_over += number_led
    # The sign takes off those of which nothing is left.
    return ActionNumbers(dict(+numbers), released, taken_over)


def _tentative_period(current: Period | None, filing: FilingRate | None) -> Period | None:
    """The period that is being reported, while reports are missing."""
    if current is None or filing is None:
        return None
    if current.is_open and filing.owing:
        return current
    return None
