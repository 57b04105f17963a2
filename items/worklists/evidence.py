"""佐證資料 as pages show it."""

from collections.abc import Sequence

from items import access
from items.models import Evidence, ProgressReport, User
from items.models.prepared import Prepared, PreparedForKeys, Slot
from items.roc import format_roc

_OF_REPORT = Prepared(
    lambda: Evidence.objects.attached().filter(report=Slot("report")).select_related("added_by")
)


def evidence_of(report: ProgressReport | None) -> list[Evidence]:
    """What is attached to a report that the caller may read, in the order in which it came."""
    if report is None:
        return []
    attached = _OF_REPORT(report=report.pk)
    for evidence in attached:
        evidence.report = report
    return attached


_ATTACHED_TO = PreparedForKeys(
    lambda keys: Evidence.objects.filter(report__in=keys, removed_at=None).order_by("id")
)


def fetch_attached(reports: Sequence[ProgressReport]) -> None:
    """Give each of the reports its `attached_evidence`, in one query for a whole page."""
    report_of = {}
    for report in reports:
        report.attached_evidence = []
        report_of[report.pk] = report
    for evidence in _ATTACHED_TO(report_of):
        report = report_of[evidence.report_id]
        # At hand: what a template asks of it costs no query.
        evidence.report = report
        report.attached_evidence.append(evidence)


def attached_elsewhere(user: User, evidence: Evidence) -> str:
    """「這個檔案也附在 115-03 行政處 115年第3季」, where this person may read that; empty elsewhere."""
    if not evidence.is_file:
        return ""
    # Of those that this person may read: a file of another department's draft is not given away.
    same = access.visible_evidence(user).attached().exclude(report=evidence.report_id)
    # Of the file as it came: the one that is kept of a picture was written anew.
    other = same.filter(received_sha256=evidence.received_sha256).order_by("-pk").first()
    if other is None:
        return ""
    report = other.report
    place = f"{report.assignment.action.code} {report.assignment.department} {report.period}"
    day = format_roc(other.added_at.date())
    return f"「{evidence.name}」已附上；同一個檔案在 {day} 也附在 {place}，請確認沒有附錯。"
