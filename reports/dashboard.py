"""總覽: the summary that the page, and later the file, shows. It never chooses its own rows: the caller hands them in."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.http import urlencode

from items.lights import ATTENTION, Light
from items.models import Department
from reports import bars, sentence
from reports.cases import Case, cases_of
from reports.changes import Changes, changes_since
from reports.curve import Curve, curve_of
from reports.rows import Progress, items_of, shares_on, troubled

SHOWN_CASES = 20
FIGURES = (Light.OVER, Light.UNREPORTED, Light.BEHIND, Light.SOON, Light.OK, Light.DONE)
CONTROLLED = {"control": "under_control"}


@dataclass(frozen=True)
class Figure:
    """A number with its light, and the filter of the plan table (a query string) that lists exactly so many."""

    light: Light
    count: int
    query: str


@dataclass(frozen=True)
class Filing:
    """填報率 of one period. `expected` and `filed` count assignments, `owing` the actions that the linked list shows."""

    period: object
    expected: int
    filed: int
    owing: int
    query: str

    @property
    def percent(self):
        """Rounded down, so that 100% means that nothing is missing; None where nothing was to be reported."""
        return 100 * self.filed // self.expected if self.expected else None


@dataclass(frozen=True)
class Bar:
    """One strategy or department: its lights as a stacked bar, its mean progress, what it still owes."""

    name: str
    count: int
    query: str
    segments: list
    progress: Progress
    filing: Filing | None = None


@dataclass(frozen=True)
class Dashboard:
    status: str
    sentence: list
    total: int
    total_query: str
    figures: list
    released: Figure | None
    without_lead: int
    progress: Progress
    filing: Filing | None
    strategies: list
    departments: list
    curve: Curve | None
    cases: list[Case]
    cases_total: int
    cases_query: str
    changes: Changes | None


def query(**parameters):
    return urlencode(parameters, doseq=True)


def summarise(programme, today, *, actions, assignments, reports):
    """Where one year's plan stands on a day.

    `actions`, `assignments` and `reports` are what the reader may see of this programme. The number of queries does
    not depend on how many there are; one goes to each period of the year, for the curve.
    """
    periods = list(programme.periods.all())
    current = current_period(periods, today)
    shares = shares_on(assignments, today)
    items = items_of(actions, shares)
    filing, filing_by_department = filing_of(current, assignments)
    departments = list(Department.objects.filter(pk__in={share.department for share in shares}))
    progress = Progress.of(items)
    changes = changes_since(periods, current, assignments, items)
    cases = sorted(troubled(items), key=lambda item: item.gravity(today))
    still_open = current.pk if current and current.is_open and filing.owing else None
    return Dashboard(
        status=sentence.status(programme, current, today),
        sentence=sentence.sentence(programme, items, shares, progress, departments, changes, today),
        total=len(items),
        total_query=query(**CONTROLLED),
        figures=figures_of(items),
        released=released(actions, assignments),
        without_lead=sum(item.light is None for item in items),
        progress=progress,
        filing=filing,
        strategies=strategy_bars(programme, items),
        departments=department_bars(departments, shares, filing_by_department),
        curve=curve_of(programme, periods, assignments, reports, today, still_open),
        cases=cases_of(cases[:SHOWN_CASES], actions, assignments, reports, today),
        cases_total=len(cases),
        cases_query=query(light=list(ATTENTION), sort="severity"),
        changes=changes,
    )


def current_period(periods, today):
    """The newest period that was opened and has begun: the open one, else the one that was due last."""
    return max(
        (p for p in periods if p.opened_at and p.starts_on <= today),
        key=lambda p: p.ends_on,
        default=None,
    )


def figures_of(items):
    counts = Counter(item.light for item in items)
    return [Figure(light, counts[light], query(light=light)) for light in FIGURES]


def released(actions, assignments):
    """What is no longer 列管中: never part of counts and means, and not hidden either."""
    led = assignments.lead().exclude(action__control_status="under_control").values("action")
    count = actions.filter(pk__in=led).count()
    return Figure(Light.FREE, count, query(light=Light.FREE)) if count else None


def filing_of(period, assignments):
    """(the whole, {department: its part}) of 填報率 in a period; (None, {}) before any period was opened."""
    if period is None:
        return None, {}
    expected = Counter(
        assignments.expected_in(period).order_by().values_list("department", flat=True)
    )
    owing = list(assignments.owing(period).order_by().values_list("department", "action"))
    missing = Counter(department for department, _ in owing)
    actions = len({action for _, action in owing})
    by_department = {
        department: Filing(
            period,
            count,
            count - missing[department],
            missing[department],
            query(department=department, unreported=period.number),
        )
        for department, count in expected.items()
    }
    total = expected.total()
    return Filing(
        period, total, total - len(owing), actions, query(unreported=period.number)
    ), by_department


def strategy_bars(programme, items):
    grouped = defaultdict(list)
    for item in items:
        grouped[item.strategy].append(item)
    longest = max(map(len, grouped.values()), default=1)
    return [
        Bar(
            str(strategy),
            len(grouped[strategy.number]),
            query(strategy=strategy.number, **CONTROLLED),
            segments(grouped[strategy.number], longest, strategy=strategy.number),
            Progress.of(grouped[strategy.number]),
        )
        for strategy in programme.strategies.all()
    ]


def department_bars(departments, shares, filing):
    grouped = defaultdict(list)
    for share in shares:
        grouped[share.department].append(share)
    longest = max(map(len, grouped.values()), default=1)
    return [
        Bar(
            department.name,
            len(grouped[department.pk]),
            query(department=department.pk, **CONTROLLED),
            segments(grouped[department.pk], longest, department=department.pk),
            Progress.of(grouped[department.pk]),
            filing.get(department.pk),
        )
        for department in departments
    ]


def segments(rows, longest, **where):
    counts = Counter(row.light for row in rows)
    return bars.bar(counts, longest, lambda light: query(**where, light=light))
