"""Who may see and do what: each right said once, as a `Q` that both filters and decides.

Nobody who is not signed in gets this far (`LoginRequiredMiddleware`). Everyone signed in sees the
plan and every submitted report; a draft is seen by the department that writes it, and by nobody
else (product.md, "Who uses it").
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.http import Http404

from items.models import (
    READ_ONLY,
    SUBMITTED,
    Action,
    Assignment,
    Change,
    ControlStatus,
    Department,
    Handover,
    ImportBatch,
    Membership,
    MembershipRole,
    Method,
    Period,
    Plan,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    StepKind,
    Strategy,
    User,
)
from items.models.actions import ActionQuerySet
from items.models.assignments import AssignmentQuerySet
from items.models.history import OF_THE_OFFICE, ChangeQuerySet
from items.models.progress import ProgressReportQuerySet

NOBODY = Q(pk__in=[])
"""A right that nobody has."""

Row = TypeVar("Row", bound=models.Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])


def departments_of(user: User, role: MembershipRole | None = None) -> QuerySet[Any]:
    """The departments that somebody writes for, as keys; none for those who only read.

    With a `role`, only those for which the person has that role.
    """
    memberships = Membership.objects.all()
    if not user.is_active or user.role in READ_ONLY:
        memberships = memberships.none()
    if role is not None:
        memberships = memberships.filter(role=role)
    # Named, so that the sub-query has one column, and so that callers may ask for the keys.
    return memberships.filter(user=user).values("department")


# Assignments.


def can_report(user: User) -> Q:
    """Reporters and heads of the department that has the item, while it is 列管中."""
    return Q(
        department__in=departments_of(user),
        action__control_status=ControlStatus.UNDER_CONTROL,
    )


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
    """The department, until the report is accepted or the period closed."""
    return Q(
        assignment__department__in=departments_of(user),
        state__in=[ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR],
        period__closed_at__isnull=True,
    )


def can_endorse(user: User) -> Q:
    """Heads of the department, but never of a report that they wrote: that waits for another head.

    The plan office steps in where the last head has left while a report waited, so that nothing is
    stuck for ever.
    """
    waits = Q(state=ReportState.WITH_HEAD, period__closed_at__isnull=True)
    waits_for_somebody_else = waits & ~Q(written_by=user)
    headed = departments_of(user, role=MembershipRole.HEAD)
    is_head_of_it = Q(assignment__department__in=headed)
    if not user.is_coordinator:
        return waits_for_somebody_else & is_head_of_it
    heads = Membership.objects.who_can_endorse(
        department=OuterRef("assignment__department"), writer=OuterRef("written_by")
    )
    has_no_head = ~Q(Exists(heads))
    return waits_for_somebody_else & (is_head_of_it | has_no_head)


def can_accept(user: User) -> Q:
    """The coordinator, once the report is with the plan office."""
    if not user.is_coordinator:
        return NOBODY
    return Q(state=ReportState.WITH_COORDINATOR, period__closed_at__isnull=True)


def can_return(user: User) -> Q:
    """Heads while the report is with them, the coordinator until the period closes."""
    if not user.is_coordinator:
        return can_endorse(user)
    # Accepted ones too: a figure that turns out to be wrong is mended by whoever wrote it.
    with_office = Q(
        state__in=[ReportState.WITH_COORDINATOR, ReportState.ACCEPTED],
        period__closed_at__isnull=True,
    )
    return with_office | can_endorse(user)


def can_read_reasons(user: User, report: str = "") -> Q:
    """Its department, the plan office and auditors read why a report was returned; nobody else.

    A reason may quote what must not leave the department. `report` leads from the filtered row to
    its report, such as "report__" from a step.
    """
    if user.is_coordinator or user.is_auditor:
        return Q(pk__isnull=False)
    return Q(**{f"{report}assignment__department__in": departments_of(user)})


# The office as a whole.


def can_run_periods(user: User) -> bool:
    """The plan office opens and closes periods, enters 預定進度 and sends reminders."""
    return user.is_coordinator


def can_run_years(user: User) -> bool:
    """Start, close and reopen a year, and delete one made by mistake: whoever may make one.

    The back office makes and deletes years by the same verbs, so that the right is the same, too.
    """
    return can_prepare_years(user)


def can_prepare_years(user: User) -> bool:
    """Whoever makes the next year's plan starts from its draft while no year is running."""
    return user.is_coordinator or user.is_admin


def can_manage(user: User) -> bool:
    """管理: what the plan office and the information office set up, each with its own cards."""
    return user.is_coordinator or user.is_admin


def can_edit_plan(user: User) -> bool:
    """The plan office edits items and what is above them; an import asks `can_import`."""
    return user.is_coordinator


def can_review(user: User) -> bool:
    """The coordinator's grid and lists of reports that wait."""
    return user.is_coordinator


def can_import(user: User) -> bool:
    """The plan office and the information office bring the official table in."""
    return user.is_coordinator or user.is_admin


def can_run_departments(user: User) -> bool:
    """The plan office and the information office make, name, order and end departments."""
    return user.is_coordinator or user.is_admin


def can_run_people(user: User) -> bool:
    """人員: the plan office and the information office say who belongs to which department."""
    return user.is_coordinator or user.is_admin


def can_hand_over(user: User) -> bool:
    """業務移交: those two for everybody, heads for the people of their own department."""
    return can_run_people(user) or is_head(user)


def can_read_imports(user: User) -> bool:
    """Who brought which file in, and the file: whoever imports, auditors and management."""
    return can_import(user) or user.is_auditor or user.is_manager


def can_divide_work(user: User) -> bool:
    """The page 分工: whoever may name a 承辦人 somewhere."""
    return user.is_coordinator or is_head(user)


def can_read_record(user: User) -> bool:
    """Auditors, the plan office, management and the information office read the whole history."""
    return user.is_auditor or user.is_coordinator or user.is_manager or user.is_admin


def can_read_change(user: User) -> Q:
    """Everyone reads what became of the plan; the rest of 異動紀錄 is for few.

    Accounts are the information office's: management and auditors read what was done there. The
    plan office reads who joined and left which department, and what departments there are.
    """
    if user.is_auditor or user.is_manager or user.is_admin:
        return Q(pk__isnull=False)
    if user.is_coordinator:
        return ~Q(model=User._meta.model_name)
    return ~Q(model__in=OF_THE_OFFICE)


def is_head(user: User) -> bool:
    return departments_of(user, role=MembershipRole.HEAD).exists()


class NotAllowed(PermissionDenied):
    """403 with the reason in a sentence, which the error page shows."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def require(allowed: bool) -> None:
    """403 for a page that is not for this person."""
    if not allowed:
        raise PermissionDenied


# Fetching: a fetch carries its right.


def _with_rights(rows: Rows, **rights: Q) -> Rows:
    """Annotate each right under its name, so that a table shows its buttons at no query per row."""
    answers = {}
    for name, right in rights.items():
        answers[name] = Case(
            When(right, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    return rows.annotate(**answers)


def visible_actions(user: User) -> ActionQuerySet:
    """Every action: the plan is open to everyone signed in."""
    if not user.is_active:
        return Action.objects.none()
    return Action.objects.all()


def visible_assignments(user: User) -> AssignmentQuerySet:
    """Every assignment, with `reportable` for the buttons of a table."""
    assignments = Assignment.objects.all()
    if not user.is_active:
        assignments = assignments.none()
    return _with_rights(assignments, reportable=can_report(user))


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
    return _with_rights(
        readable_reports(user),
        endorsable=can_endorse(user),
        acceptable=can_accept(user),
        returnable=can_return(user),
        recallable=can_recall(user),
        reasons_readable=can_read_reasons(user),
    )


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


def departments_to_hand_over(user: User) -> QuerySet[Department]:
    """The departments whose open work the person may hand to somebody else."""
    if can_run_people(user):
        return Department.objects.all()
    return Department.objects.filter(pk__in=departments_of(user, role=MembershipRole.HEAD))


def visible_handovers(user: User) -> QuerySet[Handover]:
    """The list of a handover: for the two people, their heads, and whoever reads the history."""
    handovers = Handover.objects.select_related("giver", "receiver", "by", "undone_by")
    if can_read_record(user):
        return handovers
    is_mine = Q(giver=user) | Q(receiver=user) | Q(by=user)
    headed = departments_of(user, role=MembershipRole.HEAD)
    people = Membership.objects.filter(department__in=headed).values("user")
    return handovers.filter(is_mine | Q(giver__in=people) | Q(receiver__in=people))


def may_hand_back(user: User, handover: Handover) -> bool:
    """The plan office and the information office, and the head who has made it."""
    return can_run_people(user) or (is_head(user) and handover.by_id == user.pk)


def visible_changes(user: User) -> ChangeQuerySet:
    """異動紀錄. It never holds a draft: reports keep their steps elsewhere."""
    if not user.is_active:
        return Change.objects.none()
    return Change.objects.filter(can_read_change(user))


def visible_batches(user: User) -> QuerySet[ImportBatch]:
    """匯入批次, without the files: a list of fifty would fetch fifty of them."""
    if not can_read_imports(user):
        return ImportBatch.objects.none()
    return ImportBatch.objects.defer("content", "changes")


def get_or_404(rows: QuerySet[Row], **lookup: Any) -> Row:
    row = rows.filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def home_programme(user: User, home_first: Sequence[Programme]) -> Programme | None:
    """The year that a person starts from, of `Programme.objects.home_first(today)`.

    None where there is none, or where the only ones are for the plan office to prepare.
    """
    if not home_first:
        return None
    first = home_first[0]
    if first.is_running:
        return first
    if not can_prepare_years(user):
        return None
    for programme in home_first:
        if programme.is_draft:
            return programme
    return first


def get_programme(year: int) -> Programme:
    return get_or_404(Programme.objects.all(), year=year)


def get_action(programme: Programme, code: str) -> Action:
    """An item by its code, with its path."""
    # PostgreSQL answers a text with a NUL by an error.
    if "\x00" in code:
        raise Http404
    return get_or_404(Action.objects.for_programme(programme).with_path(), code=code)


PATHS_TO_PROGRAMME = {
    Strategy: "programme",
    Method: "strategy__programme",
    Plan: "method__strategy__programme",
}


def get_plan_part(
    programme: Programme, model: type[Strategy | Method | Plan], pk: int
) -> Strategy | Method | Plan:
    """A part of the plan of this year."""
    path = PATHS_TO_PROGRAMME[model]
    parts = model._default_manager.select_related(path)
    return cast("Strategy | Method | Plan", get_or_404(parts, pk=pk, **{path: programme}))


def get_reportable(user: User, pk: int) -> Assignment:
    """404 for an assignment that the user may not see, 403 for one that they may not report on."""
    reportable = assignments_to_report(user).with_path().filter(pk=pk).first()
    if reportable is not None:
        reportable.reportable = True
        return reportable
    assignment = get_or_404(visible_assignments(user).with_path(), pk=pk)
    department = assignment.department
    if departments_of(user).filter(department=department).exists():
        raise NotAllowed(f"{assignment.action.code} 已不在列管中，不必再填報。")
    raise NotAllowed(f"您不屬於（或已不屬於）{department}，不能填報這個單位的項目。請洽研考。")


def get_report(user: User, pk: int) -> ProgressReport:
    return get_or_404(visible_reports(user).with_path(), pk=pk)


def get_period(programme: Programme, number: int) -> Period:
    # From the programme, so that the period knows it without a join.
    return get_or_404(programme.periods.all(), number=number)
