"""The figures at the head of the dashboard: how many actions show which light, and 填報率."""

from collections import Counter
from dataclasses import dataclass

from items.lights import Light
from items.models import Period
from items.models.filing_states import OUTSTANDING
from reports.counts import PlanCounts, number_by_light
from reports.plan_links import light_query, plan_query

SHOWN_LIGHTS = (
    Light.OVER,
    Light.UNREPORTED,
    Light.BEHIND,
    Light.SOON,
    Light.OK,
    Light.NOT_YET,
    Light.DONE,
)
"""In the order of the page; 已解除 has a figure of its own."""


@dataclass(frozen=True)
class Figure:
    """A number with its light; `query` is the filter of the plan table that lists so many."""

    light: Light
    count: int
    query: str


@dataclass(frozen=True)
class FilingRate:
    """填報率 of one period, of the whole plan or of one department."""

    period_name: str
    expected: int
    """Assignments that owe a report, as `filed`."""
    filed: int
    owing: int
    """Actions that the linked list shows; fewer than assignments where departments share one."""
    query: str

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100% means that nothing is missing; None where nothing was owed."""
        if not self.expected:
            return None
        return 100 * self.filed // self.expected

    @property
    def number(self) -> str:
        """The rate without its sign; a dash where nothing was to be reported."""
        if self.percent is None:
            return "—"
        return str(self.percent)

    @property
    def words(self) -> str:
        """「第4季填報率，缺 6 項（8 件）」: items as the list has them, reports as departments add up."""
        if not self.expected:
            return f"{self.period_name}無應填報項目"
        if not self.owing:
            return f"{self.period_name}填報率"
        words = f"{self.period_name}填報率，缺 {self.owing:,} 項"
        reports_owed = self.expected - self.filed
        # Where each item is one department's, both are one figure, which is said once.
        if reports_owed != self.owing:
            words += f"（{reports_owed:,} 件）"
        return words

    @property
    def missing_words(self) -> str:
        """「第4季缺 2 件」 or 「第4季已填齊」: for the line of one department."""
        if self.owing:
            return f"{self.period_name}缺 {self.owing:,} 件"
        return f"{self.period_name}已填齊"


@dataclass(frozen=True)
class FilingRates:
    """填報率 of one period: of the whole plan, and of each department by its primary key."""

    whole: FilingRate | None
    by_department: dict[int, FilingRate]


def light_figures(counts: PlanCounts) -> list[Figure]:
    """One figure for each light, also where it is nought."""
    number = number_by_light(counts.actions)
    figures = []
    for light in SHOWN_LIGHTS:
        # 尚無填報 ends with the first reports of a year: its column would stay empty from then on.
        if light == Light.NOT_YET and not number[light]:
            continue
        figures.append(Figure(light, number[light], light_query(light)))
    return figures


def released_figure(count: int) -> Figure | None:
    """What is no longer 列管中: never part of counts and means, and not hidden either."""
    if not count:
        return None
    return Figure(Light.FREE, count, light_query(Light.FREE))


def filing_rates(period: Period | None, counts: PlanCounts) -> FilingRates:
    """填報率 in the period of these counts; nothing before any period was opened."""
    if period is None:
        return FilingRates(whole=None, by_department={})
    expected: Counter[int] = Counter()
    owing: Counter[int] = Counter()
    for department, states in counts.filing.items():
        expected[department] = states.total()
        owing[department] = sum(states[state] for state in OUTSTANDING)
    by_department = {}
    # A department that owes nothing has no rate: 0 of 0 is neither all nor nothing.
    for department, number in expected.items():
        if number:
            by_department[department] = FilingRate(
                period_name=period.name,
                expected=number,
                filed=number - owing[department],
                owing=owing[department],
                query=plan_query(department=department, unreported=period.number),
            )
    whole = FilingRate(
        period_name=period.name,
        expected=expected.total(),
        filed=expected.total() - owing.total(),
        # Actions and not assignments as above: the list behind this link shows actions, and has to
        # have as many lines as the figure says.
        owing=counts.owing_actions,
        query=plan_query(unreported=period.number),
    )
    return FilingRates(whole, by_department)
