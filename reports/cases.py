"""需要處理: the actions to ask about, with what their departments say about it.

Fetched as values; instances are made of them only where the HTML of a case is not kept. They took
a third of the page of 33 items (docs/decisions/0029).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F

from items import access
from items.access.prepared import PreparedForPersonAndKeys
from items.lights import ATTENTION, LIGHT_OF_SEVERITY, Light
from items.models import Action, Assignment, Period, User
from items.models.light_basis import LightBasis
from items.models.prefetched import keep_assignments
from items.models.row_light import EnteredOf, EnteredPercent, Lamp, entered_for
from items.plan_lines import PlanLine
from items.worklists.line_values import (
    LineAssignment,
    assignment_of,
    values_by_key,
    with_right_that_shows,
)

SHOWN_CASES = 20
"""On the screen and on paper alike; the plan's table lists the others, too."""

SHOWN_DEPARTMENTS = 3
"""An action of 各單位 may be late everywhere: the page names the first ones and counts the rest."""


@dataclass(frozen=True)
class LastReport:
    """What the page says of a department's newest submitted report."""

    pk: int
    period: Period
    percent: int
    factor: str
    reason: str
    remedy: str
    coordination: str
    catch_up_month: str

    @property
    def words(self) -> str:
        """「第3季填報 60%」: the link to the report."""
        return f"{self.period.name}填報 {self.percent}%"


@dataclass(frozen=True)
class Voice:
    """What one department said last; `report` is None where it never submitted anything."""

    assignment: Assignment
    report: LastReport | None

    @property
    def reason(self) -> str:
        if self.report is None:
            return ""
        return self.report.reason.strip()

    @property
    def remedy(self) -> str:
        if self.report is None:
            return ""
        return self.report.remedy.strip()

    @property
    def factor(self) -> str:
        if self.report is None:
            return ""
        return self.report.factor

    @property
    def coordination(self) -> str:
        if self.report is None:
            return ""
        return self.report.coordination.strip()

    @property
    def catch_up_words(self) -> str:
        """「預計116年2月趕上」"""
        if self.report is None or not self.report.catch_up_month:
            return ""
        return f"預計{self.report.catch_up_month}趕上"

    @property
    def owes_reason(self) -> bool:
        """Whether the department should have given a reason; 未填報 asks for a report instead."""
        is_late = self.assignment.light in (Light.OVER, Light.BEHIND)
        return is_late and not self.reason


@dataclass(frozen=True)
class Case:
    """One action as a line of the plan table, with the voices of the departments that are late."""

    line: PlanLine
    voices: list[Voice]
    more: int
    """How many more departments are late than have a voice on the page."""

    @property
    def action(self) -> Action:
        return self.line.action

    @property
    def names_departments(self) -> bool:
        return len(self.line.subjects) > 1


class CaseAction(NamedTuple):
    """An action that is asked about; the fields are named as the database is asked for them."""

    pk: int
    code: str
    title: str
    every_department: bool
    control_status: str


class ReportValues(NamedTuple):
    """What a department last submitted; the fields are named as the database is asked for them."""

    pk: int
    assignment_id: int
    period_id: int
    percent: int
    delay_factor: str
    delay_reason: str
    remedy: str
    coordination: str
    catch_up_month: str


class CaseSources(NamedTuple):
    """All that a case is made from, beside the basis of its lights."""

    action: CaseAction
    leads: tuple[LineAssignment, ...]
    """In the order of the official table."""
    entered: tuple[tuple[EnteredPercent, ...], ...]
    """預定進度 that was entered, of each lead."""
    voices: tuple[int, ...]
    """The keys of the leads that have a voice on the page, the worst first."""
    reports: tuple[ReportValues, ...]
    """What these have submitted last, in no order; nothing of those that never did."""
    more: int


_ACTIONS = PreparedForPersonAndKeys[Any](
    lambda user, keys: (
        access.visible_actions(user).filter(pk__in=keys).order_by().values_list(*CaseAction._fields)
    )
)
_LEADS = PreparedForPersonAndKeys[Any](
    lambda user, keys: (
        access.visible_assignments(user)
        .lead()
        .filter(action__in=keys)
        .order_by("kind", "position", "id")
        .values_list(*LineAssignment._fields)
    )
)
_NEWEST = PreparedForPersonAndKeys[Any](
    # Values and not instances: the page shows no button, and each right would cost a sub-query.
    lambda user, keys: (
        access.readable_reports(user)
        # Drafts and returned reports are left out: nobody but their department may read them.
        .submitted()
        .filter(assignment__in=keys, period__ends_on=F("assignment__newest_until"))
        .values_list(*ReportValues._fields)
    )
)


def case_sources(reader: User, worst: Sequence[int], lamp: Lamp) -> list[CaseSources]:
    """The cases of these actions, the worst first, in three queries."""
    basis = lamp.basis
    action_of = {}
    for values in _ACTIONS(reader, worst):
        action = CaseAction._make(values)
        action_of[action.pk] = action
    leads_of = _leads_of(reader, worst, basis)
    all_leads = []
    for leads in leads_of.values():
        all_leads += leads
    entered = entered_for(all_leads, basis)
    late_of = {}
    # The assignments of all actions are collected first, so that one query brings every report.
    all_shown = []
    for key in worst:
        late = _late_ones(action_of[key], leads_of[key], lamp, entered)
        late_of[key] = late
        all_shown += late[:SHOWN_DEPARTMENTS]
    newest = _newest_reports(reader, all_shown)

    # In the order of the keys: the database returns them in its own.
    cases = []
    for key in worst:
        leads = leads_of[key]
        late = late_of[key]
        shown = late[:SHOWN_DEPARTMENTS]
        reports = [newest[lead.pk] for lead in shown if lead.pk in newest]
        # Tuples all through: these values are the key by which the HTML of the case is kept.
        entered_of_leads = [tuple(entered.get(lead.pk, ())) for lead in leads]
        sources = CaseSources(
            action=action_of[key],
            leads=tuple(leads),
            entered=tuple(entered_of_leads),
            voices=tuple([lead.pk for lead in shown]),
            reports=tuple(reports),
            more=len(late) - len(shown),
        )
        cases.append(sources)
    return cases


def _leads_of(
    reader: User, worst: Sequence[int], basis: LightBasis
) -> dict[int, list[LineAssignment]]:
    """{key of an action: its leads}"""
    leads_of: dict[int, list[LineAssignment]] = {key: [] for key in worst}
    for values in _LEADS(reader, worst):
        lead = with_right_that_shows(LineAssignment._make(values), basis)
        leads_of[lead.action_id].append(lead)
    return leads_of


def _late_ones(
    action: CaseAction, leads: Sequence[LineAssignment], lamp: Lamp, entered: EnteredOf
) -> list[LineAssignment]:
    """The leads that ask for attention, the worst first."""
    severity_of = {}
    for lead in leads:
        figures = lamp.light(
            lead, control_status=action.control_status, entered=entered.get(lead.pk)
        )
        severity_of[lead.pk] = figures.severity
    late = [lead for lead in leads if LIGHT_OF_SEVERITY[severity_of[lead.pk]] in ATTENTION]
    # `sorted` keeps the order of equal ones: departments stay as the plan has them.
    return sorted(late, key=lambda lead: -severity_of[lead.pk])


def _newest_reports(reader: User, leads: Sequence[LineAssignment]) -> dict[int, ReportValues]:
    """{assignment: its newest submitted report}"""
    keys = [lead.pk for lead in leads if lead.newest_until is not None]
    newest = {}
    for values in _NEWEST(reader, keys):
        report = ReportValues._make(values)
        newest[report.assignment_id] = report
    return newest


# A case from its values, as of any other page.


def case_of(sources: CaseSources, lamp: Lamp) -> Case:
    """The case with its leads lit up; without the path of its item."""
    # As much of an item as a case reads; it is never saved.
    action = Action(**sources.action._asdict())
    leads = [assignment_of(values) for values in sources.leads]
    keep_assignments({action.pk: action}, leads)
    lamp.light_up(leads, values_by_key(sources.leads, sources.entered))
    lead_of = {lead.pk: lead for lead in leads}
    report_of = {}
    for values in sources.reports:
        report_of[values.assignment_id] = _last_report(values, lamp.basis)
    voices = [Voice(lead_of[key], report_of.get(key)) for key in sources.voices]
    return Case(PlanLine(action, leads), voices, more=sources.more)


def _last_report(values: ReportValues, basis: LightBasis) -> LastReport:
    period_of = {period.pk: period for period in basis.opened_periods}
    return LastReport(
        pk=values.pk,
        period=period_of[values.period_id],
        percent=values.percent,
        factor=values.delay_factor,
        reason=values.delay_reason,
        remedy=values.remedy,
        coordination=values.coordination,
        catch_up_month=values.catch_up_month,
    )
