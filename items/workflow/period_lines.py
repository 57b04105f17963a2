"""Every assignment of a period as a plain line, from the plan and the reports as they are now.

The file of an open period and the closing of a period take the same lines, so that what a file said
on the day of closing is what is kept. A fixed number of queries, and no model instances: closing a
year of 100,000 assignments would need ten times as long with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

from items.lights import LIGHT_OF_SEVERITY
from items.models import (
    SUBMITTED,
    Assignment,
    ControlStatus,
    Evidence,
    OfficialText,
    Period,
    ProgressReport,
)
from items.models.actions import GONE_INTO_OTHERS
from items.models.assignment_queries import AssignmentQuerySet
from items.models.earlier_deadlines import earlier_deadlines
from items.models.filing_states import MISSING
from items.models.folded import FoldedField
from items.models.item_links import ItemLinks, links_of_year
from items.models.light_basis import LightBasis
from items.models.light_words import light_reason_words
from items.models.period_line import PeriodLine
from items.models.progress import ProgressReportQuerySet
from items.workflow.report_planned import planned_in

ACTION = "action__"
PLAN = "action__plan__"
METHOD = "action__plan__method__"
STRATEGY = "action__plan__method__strategy__"

PLAN_COLUMNS = {
    "assignment_key": "pk",
    "action_key": "action_id",
    "department_key": "department_id",
    "strategy_key": f"{METHOD}strategy_id",
    "method_key": f"{PLAN}method_id",
    "plan_key": f"{ACTION}plan_id",
    "code": f"{ACTION}code",
    "strategy_number": f"{STRATEGY}number",
    "strategy": f"{STRATEGY}title",
    "method": f"{METHOD}title",
    "plan": f"{PLAN}title",
    "action": f"{ACTION}title",
    "expected_benefit": f"{ACTION}expected_benefit",
    "separate_deadlines": f"{ACTION}separate_deadlines",
    "control_status": f"{ACTION}control_status",
    "department": "department__name",
    "kind": "kind",
    "deadline_text": "deadline_text",
}
"""{field of a line: where an assignment has it}"""

EvidenceOfReports = dict[int, list[dict[str, Any]]]
"""{key of a report: what is attached to it, as `Evidence.as_kept` says it}"""

LIGHT_COLUMNS = ("severity", "light_days", "behind_by", "due_period", "is_expected")

NOT_REPORTED = (
    "id",
    "assignment",
    "period",
    "folded",
    "version",
    "flags",
    "since",
    "unlocked_until",
)
"""Fields of a report that say nothing of what was reported."""


def light_day_of(period: Period, day: date) -> date:
    """The day of the lights of a period: its last one, or `day` while the period runs."""
    # A light of today would show a past period's reports as late.
    return min(day, period.ends_on)


def year_as_closed_here(period: Period) -> list[Period]:
    """The periods of the year, with this one as it is at hand.

    It is being closed: the database still has it open.
    """
    periods = []
    for other in period.programme.periods.all():
        if other.pk == period.pk:
            periods.append(period)
        else:
            periods.append(other)
    return periods


def period_lines(
    period: Period,
    day: date,
    *,
    assignments: AssignmentQuerySet,
    reports: ProgressReportQuerySet,
    periods: Sequence[Period] | None = None,
    with_evidence: bool = False,
) -> Iterator[PeriodLine]:
    """The lines of a period on a day, in official order.

    `assignments` and `reports` are what the reader may see; of drafts only the state is taken.
    `periods` are those of the year, where the database does not know all of them yet.
    """
    basis = LightBasis.of(period.programme, light_day_of(period, day), periods=periods)
    # What was handed out later is no line of a period that was closed by then.
    there = assignments.for_programme(period.programme).of_period(period)
    with_light = there.with_light_on(basis).with_filing(period, basis)
    planned = planned_in(period, day)
    report_values = _report_values(reports.filter(period=period))
    evidence = {}
    if with_evidence:
        evidence = _evidence_of(period)
    names = _RowNames()
    texts = _official_texts(period)
    earlier = earlier_deadlines(period.programme)
    links: dict[int, ItemLinks] | None = None
    # Any, since django-stubs looks for the annotations among the fields.
    rows: QuerySet[Any] = with_light.in_order()
    columns = (*PLAN_COLUMNS.values(), "deadline", "contact_id", *LIGHT_COLUMNS)
    # Row by row: 100,000 of them with their texts would be hundreds of megabytes.
    for row in rows.values(*columns).iterator():
        written = report_values.get(row["pk"])
        line = _line(
            row, written, planned=planned[row["pk"]], names=names, evidence_of_reports=evidence
        )
        text = texts.get(line.action_key, "")
        if text:
            line = replace(line, official_text=text)
        before = earlier.get(line.assignment_key)
        # Where the words stayed and only the day was moved, saying them twice says nothing.
        if before is not None and before.words != line.deadline_text:
            line = replace(line, earlier_deadline=before.words)
        if line.control_status in GONE_INTO_OTHERS:
            # Asked at the first such line: most years have none.
            if links is None:
                links = links_of_year(period.programme)
            line = _with_successors(line, links)
        yield line


def _with_successors(line: PeriodLine, links: Mapping[int, ItemLinks]) -> PeriodLine:
    """The line with the items that stand for its own behind its light."""
    of_item = links.get(line.action_key)
    if of_item is None or not of_item.gone_words:
        return line
    return replace(line, light_reason=f"{line.light_reason}，{of_item.gone_words}")


def _line(
    row: Mapping[str, Any],
    written: dict[str, Any] | None,
    *,
    planned: int,
    names: "_RowNames",
    evidence_of_reports: EvidenceOfReports,
) -> PeriodLine:
    fields = {name: row[column] for name, column in PLAN_COLUMNS.items()}
    light = LIGHT_OF_SEVERITY[row["severity"]]
    reason = light_reason_words(
        light,
        control_status=fields["control_status"],
        light_days=row["light_days"],
        due_period=row["due_period"],
        behind_by=row["behind_by"],
    )
    is_controlled = fields["control_status"] == ControlStatus.UNDER_CONTROL
    state = MISSING
    report_key = None
    report = None
    evidence = []
    if written is not None:
        state = written["state"]
        report_key = written["id"]
        # The text of a draft is nobody's but its department's (docs/decisions/0009).
        if state in SUBMITTED:
            report = _report_in_words(written, names)
            evidence = evidence_of_reports.get(written["id"], [])
            # What the report was held against when it was sent.
            if written["planned_percent"] is not None:
                planned = written["planned_percent"]
    return PeriodLine(
        **fields,
        report_key=report_key,
        deadline=row["deadline"].isoformat(),
        contact=names.of(Assignment._meta.get_field("contact"), row["contact_id"]),
        is_expected=is_controlled and row["is_expected"],
        state=state,
        planned=planned,
        light=light.value,
        light_reason=reason,
        report=report,
        evidence=evidence,
    )


def _official_texts(period: Period) -> dict[int, str]:
    """{key of an item: the one text of its departments for the period}"""
    texts = OfficialText.objects.filter(period=period).order_by()
    return dict(texts.values_list("action_id", "text"))


def _evidence_of(period: Period) -> EvidenceOfReports:
    """What is attached to the reports of a period, drafts included."""
    evidence: EvidenceOfReports = {}
    for one in Evidence.objects.attached().filter(report__period=period).iterator():
        evidence.setdefault(one.report_id, []).append(one.as_kept())
    return evidence


def reported_fields() -> list[models.Field]:
    """The fields of a report that are kept: all of the model, so that none is forgotten."""
    fields = []
    for field in ProgressReport._meta.concrete_fields:
        if field.name not in NOT_REPORTED and not isinstance(field, FoldedField):
            fields.append(field)
    return fields


def _report_values(reports: ProgressReportQuerySet) -> dict[int, dict[str, Any]]:
    """{key of the assignment: the fields of its report}"""
    columns = [field.attname for field in reported_fields()]
    values = {}
    for row in reports.order_by().values("id", "assignment_id", *columns).iterator():
        values[row.pop("assignment_id")] = row
    return values


def _report_in_words(written: Mapping[str, Any], names: "_RowNames") -> dict[str, Any]:
    """The fields of a report by name; another row is what it is called, and not a key."""
    words = {}
    for field in _REPORTED:
        value = written[field.attname]
        if field.is_relation:
            value = names.of(field, value)
        words[field.name] = value
    return words


# Worked out once: a closing asks for it with each of its reports.
_REPORTED = reported_fields()


class _RowNames:
    """What the rows are called that others point to; each model is asked once, when it is needed."""

    def __init__(self) -> None:
        self._names: dict[Any, dict[Any, str]] = {}

    def of(self, field: Any, key: Any) -> str:
        if key is None:
            return ""
        model = field.related_model
        if model not in self._names:
            rows = model._default_manager.all()
            self._names[model] = {row.pk: str(row) for row in rows}
        return self._names[model][key]
