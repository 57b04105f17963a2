"""The lines of 計畫表 as its template draws them: words and numbers alone, so that HTML is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from items.models.item_links import ItemLinks
from items.plan_lines import DeadlineWords, LeadName, PlanLine, StrategyGroup


@dataclass(frozen=True)
class PlanPageLink:
    """A sentence of 承接關係, with the codes that lead to other items in its middle."""

    before: str
    codes: tuple[str, ...]
    behind: str


@dataclass(frozen=True)
class PlanPageRow:
    """A line of 計畫表; a span of 0 means that the cell is not drawn in this line."""

    year: int
    code: str
    title: str
    strategy_span: int
    strategy: str
    method_span: int
    method: str
    plan_span: int
    plan: str
    benefit_span: int
    benefit: str
    links: tuple[PlanPageLink, ...]
    deadlines: tuple[DeadlineWords, ...]
    leads: tuple[LeadName, ...]
    supporters: tuple[LeadName, ...]
    light: str | None
    light_reason: str
    actual: int | None
    planned: int | None


@dataclass(frozen=True)
class PlanPageGroup:
    """The rows of one strategy on this page."""

    strategy: str
    rows: list[PlanPageRow]


def rows_in_groups(
    groups: Iterable[StrategyGroup], *, year: int, shows_benefit: bool
) -> list[PlanPageGroup]:
    row_groups = []
    for group in groups:
        strategy = str(group.strategy)
        rows = []
        for line in group.lines:
            rows.append(_row_of(line, strategy, year=year, shows_benefit=shows_benefit))
        row_groups.append(PlanPageGroup(strategy, rows))
    return row_groups


def _row_of(line: PlanLine, strategy: str, *, year: int, shows_benefit: bool) -> PlanPageRow:
    action = line.action
    benefit_span = 0
    benefit = ""
    # What the table does not show is no part of the row, and of no account.
    if shows_benefit and line.benefit_span:
        benefit_span = line.benefit_span
        benefit = action.expected_benefit
    supporters = [LeadName(one.department.name, one.light) for one in action.supporters()]
    return PlanPageRow(
        year=year,
        code=action.code,
        title=action.title,
        strategy_span=line.strategy_span,
        strategy=strategy,
        method_span=line.method_span,
        method=line.method.title,
        plan_span=line.plan_span,
        plan=line.plan.title,
        benefit_span=benefit_span,
        benefit=benefit,
        links=_links_of(action.links),
        deadlines=tuple(line.deadlines),
        leads=tuple(line.leads),
        supporters=tuple(supporters),
        light=line.light,
        light_reason=line.light_reason,
        actual=line.actual,
        planned=line.planned,
    )


def _links_of(links: ItemLinks | None) -> tuple[PlanPageLink, ...]:
    if links is None:
        return ()
    sentences = []
    for sentence in links.sentences:
        codes = tuple(item.code for item in sentence.items)
        sentences.append(PlanPageLink(sentence.before, codes, sentence.behind))
    return tuple(sentences)
