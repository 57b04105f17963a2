"""Who may see and do what: each right said once, as a `Q` that both filters and decides.

Nobody who is not signed in gets this far (`LoginRequiredMiddleware`). Everyone signed in sees the plan and every
submitted report; a draft is seen by its own department only (product.md, "Who uses it").
"""

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.http import Http404

from items.models import (
    READ_ONLY,
    SUBMITTED,
    Action,
    Assignment,
    Change,
    ControlStatus,
    Membership,
    MembershipRole,
    Period,
    Programme,
    ProgressReport,
    ReportState,
)

NOBODY = Q(pk__in=[])


def departments_of(user, **role):
    """The departments that a person writes for; none for those who only read."""
    if not user.is_active or user.role in READ_ONLY:
        return Membership.objects.none().values("department")
    return Membership.objects.filter(user=user, **role).values("department")


# Assignments.


def can_report(user):
    """Reporters and heads of the department that the item is assigned to, while it is 列管中."""
    return Q(
        department__in=departments_of(user),
        action__control_status=ControlStatus.UNDER_CONTROL,
    )


# Reports.


def can_see_report(user):
    return Q(state__in=SUBMITTED) | Q(assignment__department__in=departments_of(user))


def can_recall(user):
    return Q(
        assignment__department__in=departments_of(user),
        state__in=[ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR],
        period__closed_at__isnull=True,
    )


def can_endorse(user):
    """Heads of the department, but never of a report that they wrote themselves: that one waits for another head.

    The plan office steps in where the last head has left while a report waited, so that nothing is stuck for ever.
    """
    waits = Q(state=ReportState.WITH_HEAD, period__closed_at__isnull=True) & ~Q(written_by=user)
    own = Q(assignment__department__in=departments_of(user, role=MembershipRole.HEAD))
    if not user.is_coordinator:
        return waits & own
    others = Membership.objects.who_can_endorse(
        department=OuterRef("assignment__department"), writer=OuterRef("written_by")
    )
    return waits & (own | ~Q(Exists(others)))


def can_accept(user):
    if not user.is_coordinator:
        return NOBODY
    return Q(state=ReportState.WITH_COORDINATOR, period__closed_at__isnull=True)


def can_return(user):
    """Heads while the report is with them, the coordinator until the period closes."""
    if not user.is_coordinator:
        return can_endorse(user)
    with_office = Q(
        state__in=[ReportState.WITH_COORDINATOR, ReportState.ACCEPTED],
        period__closed_at__isnull=True,
    )
    return with_office | can_endorse(user)


# The office as a whole.


def can_run_periods(user):
    """The plan office opens and closes periods, enters 預定進度 and sends reminders."""
    return user.is_coordinator


def can_review(user):
    """The coordinator's grid and lists of reports that wait."""
    return user.is_coordinator


def can_import(user):
    """The plan office and the information office bring the official table in."""
    return user.is_coordinator or user.is_admin


def can_read_record(user):
    """The history of everything: auditors, the plan office, management and the information office."""
    return user.is_auditor or user.is_coordinator or user.is_manager or user.is_admin


def is_head(user):
    return departments_of(user, role=MembershipRole.HEAD).exists()


def require(allowed):
    """403 for a page that is not for this person."""
    if not allowed:
        raise PermissionDenied


# Fetching: a fetch carries its right.


def _annotate(queryset, **rights):
    return queryset.annotate(
        **{
            name: Case(
                When(right, then=Value(True)), default=Value(False), output_field=BooleanField()
            )
            for name, right in rights.items()
        }
    )


def visible_actions(user):
    """Every action: the plan is open to everyone signed in."""
    return Action.objects.all() if user.is_active else Action.objects.none()


def visible_assignments(user):
    """Every assignment, with `reportable` for the buttons of a table."""
    queryset = Assignment.objects.all() if user.is_active else Assignment.objects.none()
    return _annotate(queryset, reportable=can_report(user))


def visible_reports(user):
    """Submitted reports and the own department's drafts, with what this person may do to each."""
    return _annotate(
        ProgressReport.objects.filter(can_see_report(user)),
        endorsable=can_endorse(user),
        acceptable=can_accept(user),
        returnable=can_return(user),
        recallable=can_recall(user),
    )


def visible_changes(user):
    """異動紀錄 of the plan (never holds a draft: reports keep their own steps)."""
    return Change.objects.all() if user.is_active else Change.objects.none()


def get_or_404(queryset, **lookup):
    found = queryset.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def get_programme(year):
    return get_or_404(Programme.objects.all(), year=year)


def get_reportable(user, pk):
    """404 for an assignment that the user may not see, 403 for one they may see but not report on."""
    assignment = get_or_404(visible_assignments(user).with_path(), pk=pk)
    require(assignment.reportable)
    return assignment


def get_report(user, pk):
    return get_or_404(visible_reports(user).with_path(), pk=pk)


def get_period(programme, number):
    return get_or_404(
        Period.objects.select_related("programme"), programme=programme, number=number
    )
