"""Who reports on an assignment, and who reads, endorses, accepts and returns a report."""

from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.http import Http404

from items.access.belonging import departments_of, endorses
from items.access.fetching import NotAllowed, get_or_404, with_rights
from items.access.plan import get_action, get_period_of_year
from items.access.prepared import PreparedForPerson
from items.models import (
    SUBMITTED,
    Action,
    Assignment,
    AssignmentKind,
    ControlStatus,
    MembershipRole,
    Period,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    StepKind,
    User,
)
from items.models.assignment_queries import AssignmentQuerySet
from items.models.prepared import Slot
from items.models.progress import ProgressReportQuerySet
from items.models.reopening import UNLOCKED

NOBODY = Q(pk__in=[])
"""A right that nobody has."""
SENDABLE = Q(assignment__action__control_status=ControlStatus.UNDER_CONTROL)
"""Reports that the department could send again: of an item that is 列管中."""

# Assignments.


def can_report(user: User, assignment: str = "") -> Q:
    """Reporters and heads of the department that has the item, while it is 列管中.

    `assignment` leads from the filtered row to it, such as "assignment__" from a report.
    """
    return Q(
        **{
            f"{assignment}department__in": departments_of(user),
            f"{assignment}action__control_status": ControlStatus.UNDER_CONTROL,
        }
    )


def can_compose(user: User) -> Q:
    """彙整 an action: the plan office, and those who report on it for a leading department."""
    if user.is_coordinator:
        return Q(control_status=ControlStatus.UNDER_CONTROL)
    own_leads = Assignment.objects.filter(can_report(user), kind=AssignmentKind.LEAD)
    return Q(pk__in=own_leads.order_by().values("action"))


def can_set_contact(user: User) -> Q:
    """The plan office names the 承辦人 of every item, heads those of their department's."""
    if user.is_coordinator:
        return Q(pk__isnull=False)
    return Q(department__in=departments_of(user, role=MembershipRole.HEAD))


# Reports.


def can_see_report(user: User) -> Q:
    """Everyone reads what was submitted; a draft is for the department that writes it."""
    return Q(state__in=SUBMITTED) | Q(assignment__department__in=departments_of(user))


def can_recall(user: User) -> Q:
    """The department, until somebody has acted on the report or the period is closed."""
    is_own = Q(assignment__department__in=departments_of(user))
    # Where a department has no head, the plan office is the first that could act.
    with_office = Q(state=ReportState.WITH_COORDINATOR) & ~Exists(_endorsement())
    is_untouched = Q(state=ReportState.WITH_HEAD) | with_office
    return is_own & is_untouched & UNLOCKED & SENDABLE


def _endorsement() -> QuerySet[ReportStep]:
    """The last step of a report, where that is a head's 同意."""
    return ReportStep.objects.filter(
        report=OuterRef("pk"), number=OuterRef("version"), kind=StepKind.ENDORSE
    )


def can_endorse(user: User) -> Q:
    """Heads of the department, but never of a report that they wrote: that waits for another head.

    `endorses` says the same of applications, and when the plan office steps in.
    """
    return Q(state=ReportState.WITH_HEAD) & UNLOCKED & endorses(user)


def can_accept(user: User) -> Q:
    """The coordinator, once the report is with the plan office."""
    if not user.is_coordinator:
        return NOBODY
    return Q(state=ReportState.WITH_COORDINATOR) & UNLOCKED


def can_return(user: User) -> Q:
    """Heads while the report is with them, the coordinator until the period closes.

    Nobody once the item has ended: the department could not send the report again.
    """
    if not user.is_coordinator:
        return can_endorse(user) & SENDABLE
    # Accepted ones too: the writer corrects a figure that turns out to be wrong.
    with_office = Q(state__in=[ReportState.WITH_COORDINATOR, ReportState.ACCEPTED])
    return SENDABLE & ((with_office & UNLOCKED) | can_endorse(user))


def can_read_reasons(user: User, report: str = "") -> Q:
    """Its department, the plan office and auditors read why a report was returned; nobody else.

    A reason may quote what must not leave the department. `report` leads from the filtered row to
    its report, such as "report__" from a step.
    """
    if user.is_coordinator or user.is_auditor:
        # Every row. An empty Q() will not do: joined to another condition by `|`, it is dropped,
        # and that other condition alone would decide.
        return Q(pk__isnull=False)
    return Q(**{f"{report}assignment__department__in": departments_of(user)})


# Fetching: a fetch carries its right.


def readable_assignments(user: User) -> AssignmentQuerySet:
    """As `visible_assignments` without the right: for a page that shows no button of it."""
    assignments = Assignment.objects.all()
    if not user.is_active:
        return assignments.none()
    return assignments


def visible_assignments(user: User) -> AssignmentQuerySet:
    """Every assignment, with `reportable` for the buttons of a table."""
    return with_rights(readable_assignments(user), reportable=can_report(user))


def assignments_to_report(user: User) -> AssignmentQuerySet:
    """Those that the person reports on."""
    return Assignment.objects.filter(can_report(user))


def assignments_to_divide(user: User) -> AssignmentQuerySet:
    """Those whose 承辦人 the person may name: not of a closed year, and still 列管中."""
    return visible_assignments(user).still_going_on().filter(can_set_contact(user))


def readable_reports(user: User) -> ProgressReportQuerySet:
    """As `visible_reports` without the rights: for a page that shows no button of them."""
    return ProgressReport.objects.filter(can_see_report(user))


def visible_reports(user: User) -> ProgressReportQuerySet:
    """Submitted reports and the drafts of the person's departments, with the rights to each."""
    return with_rights(
        readable_reports(user),
        endorsable=can_endorse(user),
        acceptable=can_accept(user),
        returnable=can_return(user),
        recallable=can_recall(user),
        reasons_readable=can_read_reasons(user),
    )


def reports_to_endorse(user: User) -> ProgressReportQuerySet:
    """Those that wait for this person's 同意."""
    return ProgressReport.objects.filter(can_endorse(user))


def reports_to_accept(user: User) -> ProgressReportQuerySet:
    """Those that wait for this person's 備查."""
    return ProgressReport.objects.filter(can_accept(user))


def steps_with_words(user: User) -> QuerySet[ReportStep]:
    """Every step of every report, with the words of it that this person may read.

    The caller limits them to reports that the person may see. `readable_words` stands in for
    `words` on every page and in every file.
    """
    is_readable = ~Q(kind=StepKind.RETURN) | can_read_reasons(user, report="report__")
    readable_words = Case(
        When(is_readable, then=F("words")), default=Value(""), output_field=TextField()
    )
    # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
    return ReportStep.objects.annotate(**{"readable_words": readable_words})


_REPORTABLE = PreparedForPerson(
    lambda user: assignments_to_report(user).with_path().filter(pk=Slot("pk")).order_by()
)


def get_reportable(user: User, pk: int) -> Assignment:
    """404 for an assignment that the user may not see, 403 for one that they may not report on."""
    reportable = _REPORTABLE.first(user, pk=pk)
    if reportable is not None:
        # As `visible_assignments` annotates it: this fetch has asked for the same right.
        reportable.reportable = True
        return reportable
    assignment = get_or_404(visible_assignments(user).with_path(), pk=pk)
    department = assignment.department
    if departments_of(user).filter(department=department).exists():
        raise NotAllowed(f"{assignment.action.code} 已不在列管中，不必再填報。")
    raise NotAllowed(f"您不屬於（或已不屬於）{department}，不能填報這個單位的項目。請洽研考。")


@dataclass(frozen=True)
class PlaceToWrite:
    """Where a department writes: one of its assignments, a period, and what is there so far."""

    assignment: Assignment
    period: Period
    report: ProgressReport | None


_TO_WRITE = PreparedForPerson(
    lambda user: (
        ProgressReport.objects.filter(
            can_report(user, assignment="assignment__"),
            assignment=Slot("assignment"),
            period__number=Slot("number"),
            period__programme__year=Slot("year"),
        )
        .with_path()
        .order_by()
    )
)


def get_place_to_write(user: User, pk: int, *, year: int, number: int) -> PlaceToWrite:
    """As `get_reportable`, with the period of this number; 404 where they are of two years.

    One query where something is written already, as whenever a form is saved or sent.
    """
    report = _TO_WRITE.first(user, assignment=pk, number=number, year=year)
    if report is not None:
        assignment = report.assignment
        # Compared here: as a condition it makes PostgreSQL think of twice as many ways to join.
        if assignment.of_year_id != report.period.programme_id:
            raise Http404
        assignment.reportable = True
        assignment.action.plan.method.strategy.programme = report.period.programme
        return PlaceToWrite(assignment, report.period, report)
    period = get_period_of_year(year, number)
    assignment = get_reportable(user, pk)
    if assignment.action.programme != period.programme:
        raise Http404
    return PlaceToWrite(assignment, period, report=None)


def may_compose(user: User, action: Action, *, own: Assignment | None = None) -> bool:
    """Whether this person composes the one text of all departments of an item.

    `own` is an assignment of the item that the person reports on, fetched with that right: a
    leading one says yes without a query.
    """
    # The form of a report asks each time it is opened.
    if own is not None and own.reportable and own.is_lead:
        return True
    return Action.objects.filter(can_compose(user), pk=action.pk).exists()


def get_composable(user: User, programme: Programme, code: str) -> Action:
    action = get_action(programme, code)
    if not may_compose(user, action):
        raise NotAllowed(f"{code} 的彙整文字由主辦單位或研考編寫。")
    return action


def get_report(user: User, pk: int) -> ProgressReport:
    return get_or_404(visible_reports(user).with_path(), pk=pk)
