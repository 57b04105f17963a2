"""Who reads 佐證資料, and who attaches or takes it away."""

from django.db.models import Q

from items.access.fetching import get_or_404
from items.access.reporting import get_reportable, readable_reports
from items.models import Evidence, User
from items.models.evidence import EvidenceQuerySet


def can_see_evidence(user: User) -> Q:
    """Readers of a report see its evidence, and evidence that was removed after it had been sent.

    A report that was sent keeps its words in its steps; what proved them has to stay readable too.
    """
    is_there = Q(removed_at__isnull=True) | Q(sent_at__isnull=False)
    return is_there & Q(report__in=readable_reports(user).order_by())


# Fetching: a fetch carries its right.


def visible_evidence(user: User) -> EvidenceQuerySet:
    """Evidence that the person may read, with its report and the way up from it."""
    evidence = Evidence.objects.filter(can_see_evidence(user))
    if not user.is_active:
        evidence = evidence.none()
    return evidence.select_related(
        "report__period__programme",
        "report__assignment__department",
        "report__assignment__action",
        "added_by",
    )


def get_evidence(user: User, pk: int) -> Evidence:
    return get_or_404(visible_evidence(user), pk=pk)


def get_own_evidence(user: User, pk: int) -> Evidence:
    """Evidence of a report that the person writes: 403 for a reader, 404 where it is not seen.

    Also what the department has just taken away, to put it back. Whether the report may still be
    written is said by the verb.
    """
    # Not `visible_evidence`, which leaves out what was taken away before it was sent.
    readable = Evidence.objects.filter(report__in=readable_reports(user).order_by())
    evidence = get_or_404(readable.select_related("report__period__programme"), pk=pk)
    # 404 before 403: what a reader cannot see is not there for them.
    assignment = get_reportable(user, evidence.report.assignment_id)
    evidence.report.assignment = assignment
    return evidence
