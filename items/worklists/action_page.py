"""項目: who does one action, how far each department is, and what was said about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.core.paginator import Page

from items import access
from items.access.prepared import PreparedForPerson
from items.models import (
    Action,
    Assignment,
    Change,
    OfficialText,
    Period,
    ProgressReport,
    ReportState,
    User,
    current_first,
)
from items.models.history import ChangeQuerySet
from items.models.light_basis import LightBasis
from items.models.prepared import PreparedForEach, Slot
from items.models.progress import WRITERS
from items.row_window import only_page, page_of_rows
from items.worklists.contacts import ContactRow, contact_rows
from items.worklists.control_lists import ShareRequests
from items.worklists.evidence import fetch_attached
from items.worklists.official_text import official_texts_of
from items.worklists.period_filing import NOT_ASKED, PeriodFiling, filing_of
from items.worklists.report_steps import (
    day_words,
    fetch_steps,
    steps_since_sent,
    way_words,
)
from items.worklists.whose_turn import (
    HeadNames,
    Turn,
    departments_with_head,
    turn_of_report,
    turn_to_write,
)

CHANGES_PER_PAGE = 50


@dataclass(frozen=True)
class DepartmentShare:
    """What one department does for an action: its newest submitted report and the open periods."""

    assignment: Assignment
    newest: ProgressReport | None
    filings: list[PeriodFiling]
    contact: ContactRow
    requests: ShareRequests | None = None
    """管制異動; None until `with_requests`."""


@dataclass(frozen=True)
class SentReport:
    """One submitted report, with its way since it was last sent."""

    report: ProgressReport

    @property
    def way_words(self) -> str:
        """The steps; of a report that came here without any, who wrote it and when."""
        steps = steps_since_sent(self.report)
        if steps:
            return way_words(steps, self.report.period)
        day = day_words(self.report.updated_at, self.report.period)
        return f"{day} {self.report.writer_words}填報"


@dataclass(frozen=True)
class PeriodReports:
    """What the departments submitted for one period."""

    period: Period
    reports: list[SentReport]
    official: OfficialText | None = None
    """彙整文字, where somebody has composed one of all departments."""


@dataclass(frozen=True)
class Neighbours:
    """The codes of the actions before and after one, in official order; None at either end."""

    previous: str | None
    following: str | None


def neighbours_of(code: str, codes: Sequence[str]) -> Neighbours:
    """`codes` are those of the whole plan, in official order."""
    place = codes.index(code)
    previous = None
    following = None
    # Without this, the first one's neighbour would be the last: Python counts -1 from the end.
    if place > 0:
        previous = codes[place - 1]
    if place < len(codes) - 1:
        following = codes[place + 1]
    return Neighbours(previous, following)


_REPORTS_ABOUT = PreparedForPerson(
    lambda user: (
        access.readable_reports(user)
        .filter(assignment__action=Slot("action"))
        .select_related("period", *WRITERS, "assignment__department")
        .order_by(
            "-period__ends_on",
            "-period__number",
            "assignment__kind",
            "assignment__position",
            "assignment_id",
        )
    )
)


def reports_about(user: User, action: Action) -> list[ProgressReport]:
    """Every report that this person may see: newest period first, departments in official order."""
    reports = _REPORTS_ABOUT(user, action=action.pk)
    fetch_steps(reports)
    fetch_attached(reports)
    programme = action.programme
    for report in reports:
        # The words of a period name its year, which would be fetched for each report.
        report.period.programme = programme
    return reports


def _changes_of(user: User, action: Action | Slot) -> ChangeQuerySet:
    """異動紀錄 of an item, the newest first."""
    changes = access.visible_changes(user).filter(action=action)
    return changes.select_related("by").order_by("-id")


_FIRST_CHANGES = PreparedForPerson(
    lambda user: _changes_of(user, Slot("action"))[:CHANGES_PER_PAGE]
)


def changes_page(user: User, action: Action, number: str | None) -> Page[Change]:
    """One page of 異動紀錄; most items have no more than the first, which is one query."""
    if not number:
        changes = _FIRST_CHANGES(user, action=action.pk)
        if len(changes) < CHANGES_PER_PAGE:
            return only_page(changes, per_page=CHANGES_PER_PAGE)
    return page_of_rows(_changes_of(user, action), number, per_page=CHANGES_PER_PAGE)


def sent_by_period(reports: Sequence[ProgressReport]) -> list[PeriodReports]:
    """What was submitted of `reports_about`, period by period."""
    # Drafts are read in the form by those who may see them; this is what everybody was told.
    submitted = [report for report in reports if report.is_submitted]
    periods = []
    # `groupby` joins neighbours only: the reports come period by period.
    for period, reports_of_period in groupby(submitted, key=lambda report: report.period):
        sent = [SentReport(report) for report in reports_of_period]
        periods.append(PeriodReports(period, sent))
    return periods


def with_official_texts(action: Action, sent: Sequence[PeriodReports]) -> list[PeriodReports]:
    """The same with 彙整文字 of each period; of an item of one department nobody is asked."""
    # 彙整文字 joins what several departments wrote: with one alone there is nothing to join.
    if len(action.assignments.all()) < 2:
        return list(sent)
    periods = [of_period.period for of_period in sent]
    texts = official_texts_of(action, periods)
    with_texts = []
    for of_period in sent:
        text = texts.get(of_period.period.pk)
        with_texts.append(replace(of_period, official=text))
    return with_texts


def periods_to_compose(
    user: User, action: Action, shares: Sequence[DepartmentShare]
) -> list[Period]:
    """The open periods for which this person may compose the one text of all departments."""
    if len(shares) < 2 or not access.may_compose(user, action):
        return []
    return [filing.period for filing in shares[0].filings]


def department_shares(
    user: User, action: Action, reports: Sequence[ProgressReport], basis: LightBasis
) -> list[DepartmentShare]:
    """One share for each department, leads first.

    Four queries, one where something waits for a head, and one for each open period.

    `reports` are those of `reports_about`; the action's assignments are prefetched with lights.
    """
    departments = set(access.department_keys_of(user))
    filings: dict[int, list[PeriodFiling]] = {}
    today = basis.today
    open_periods = [period for period in basis.opened_periods if period.is_open]
    # Several may be open, such as a reopened quarter beside the present one, which comes first.
    for period in current_first(open_periods, today):
        for assignment_id, filing in _filings_of(action, period, reports, departments).items():
            filings.setdefault(assignment_id, []).append(filing)
    contacts = contact_rows(user, action)
    heads = HeadNames.of(departments_with_head(reports), today)
    shares = []
    for assignment in action.assignments.all():
        contact = contacts[assignment.pk]
        with_turn = []
        for filing in filings.get(assignment.pk, []):
            turn = _turn_of(filing, assignment, contact.words, heads, today=today)
            with_turn.append(replace(filing, turn=turn))
        shares.append(
            DepartmentShare(
                assignment=assignment,
                newest=_newest_of(assignment, reports, today),
                filings=with_turn,
                contact=contact,
            )
        )
    return shares


def with_requests(
    shares: Sequence[DepartmentShare], requests: Mapping[int, ShareRequests]
) -> list[DepartmentShare]:
    """The same with 管制異動, by the key of the assignment."""
    return [replace(share, requests=requests[share.assignment.pk]) for share in shares]


def _turn_of(
    filing: PeriodFiling,
    assignment: Assignment,
    contact: str,
    heads: HeadNames,
    *,
    today: date,
) -> Turn | None:
    """Whose turn it is, as far as this reader may know where the report stands."""
    # Nothing is owed there: to name somebody would be to chase them for it.
    if filing.words == NOT_ASKED:
        return None
    report = filing.report
    if report is not None and report.is_submitted:
        return turn_of_report(report, assignment, heads, today)
    returned = None
    if filing.state == ReportState.RETURNED:
        returned = report
    return turn_to_write(filing.period, assignment, today, who=contact, returned=returned)


_EXPECTED = PreparedForEach(
    lambda period: (
        Assignment.objects.expected_in(period).filter(action=Slot("action")).order_by().only("pk")
    )
)


def _filings_of(
    action: Action, period: Period, reports: Sequence[ProgressReport], departments: set[int]
) -> dict[int, PeriodFiling]:
    """{key of an assignment of the action: where it stands in this period}"""
    report_of = {
        report.assignment_id: report for report in reports if report.period_id == period.pk
    }
    # One query for the action, rather than one for each of its departments.
    expected_keys = {row.pk for row in _EXPECTED(period, action=action.pk)}
    filings = {}
    for assignment in action.assignments.all():
        filings[assignment.pk] = filing_of(
            period,
            assignment,
            report_of.get(assignment.pk),
            is_expected=assignment.pk in expected_keys,
            is_own_department=assignment.department_id in departments,
        )
    return filings


def _newest_of(
    assignment: Assignment, reports: Sequence[ProgressReport], today: date
) -> ProgressReport | None:
    """The report that the assignment's progress is read from."""
    for report in reports:
        # The newest period comes first: the first report that fits is the one.
        if report.assignment_id != assignment.pk or not report.is_submitted:
            continue
        # A report that was sent ahead of its period counts when the period begins.
        if report.period.starts_on <= today:
            return report
    return None
