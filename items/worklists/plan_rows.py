"""The lines of 計畫表 as its template draws them: words and numbers alone, so that HTML is kept."""

from dataclasses import dataclass

from items.models.item_links import ItemLinks
from items.plan_lines import DeadlineWords, LeadName, PlanLine


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
class PlanRowSpans:
    """How far the cells of a line reach down; 0 where a cell above reaches down to it."""

    strategy: int = 1
    method: int = 1
    plan: int = 1
    benefit: int = 1


def plan_page_row(
    line: PlanLine,
    spans: PlanRowSpans,
    links: tuple[PlanPageLink, ...],
    *,
    year: int,
    shows_benefit: bool,
) -> PlanPageRow:
    """The row of a line whose assignments are lit up, with their earlier deadlines."""
    action = line.action
    benefit_span = 0
    benefit = ""
    # What the table does not show is no part of the row.
    if shows_benefit and spans.benefit:
        benefit_span = spans.benefit
        benefit = action.expected_benefit
    supporters = [LeadName(one.department.name, one.light) for one in action.supporters()]
    return PlanPageRow(
        year=year,
        code=action.code,
        title=action.title,
        strategy_span=spans.strategy,
        strategy=str(line.strategy),
        method_span=spans.method,
        method=line.method.title,
        plan_span=spans.plan,
        plan=line.plan.title,
        benefit_span=benefit_span,
        benefit=benefit,
        links=links,
        deadlines=tuple(line.deadlines),
        leads=tuple(line.leads),
        supporters=tuple(supporters),
        light=line.light,
        light_reason=line.light_reason,
        actual=line.actual,
        planned=line.planned,
    )


def plan_page_links(links: ItemLinks | None) -> tuple[PlanPageLink, ...]:
    # Most items took over nothing and went into nothing.
    if links is None:
        return ()
    sentences = []
    for sentence in links.sentences:
        codes = tuple(item.code for item in sentence.items)
        link = PlanPageLink(before=sentence.before, codes=codes, behind=sentence.behind)
        sentences.append(link)
    return tuple(sentences)
