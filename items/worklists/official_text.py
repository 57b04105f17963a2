"""彙整文字: what the departments of an item have sent for a period, and the one text of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from items import access
from items.access.prepared import PreparedForPersonAndKeys
from items.day_words import moment_words
from items.models import (
    Action,
    Assignment,
    OfficialText,
    Period,
    ProgressReport,
    ReportStep,
    StepKind,
    User,
)
from items.models.prepared import Slot


@dataclass(frozen=True)
class SentPart:
    """What one department sent for the period; `report` is None before it did."""

    assignment: Assignment
    report: ProgressReport | None
    is_newer: bool
    """Whether it was sent anew after the text of all was composed."""


@dataclass(frozen=True)
class OfficialTextPage:
    """The parts of all departments beside the text that is composed from them."""

    action: Action
    period: Period
    parts: list[SentPart]
    stored: OfficialText | None

    @property
    def usual(self) -> str:
        """「港務處：…；業務處：…。」: what was sent, one department after the other."""
        return usual_text(self.parts)

    @property
    def stored_text(self) -> str:
        return self.stored.text if self.stored is not None else ""

    @property
    def stored_words(self) -> str:
        """「王美玲 115年11月22日 10:00 彙整」"""
        if self.stored is None:
            return ""
        return f"{self.stored.composed_by} {moment_words(self.stored.composed_at)} 彙整"

    @property
    def newer_words(self) -> str:
        """「彙整之後，業務處又送出了新的內容」; empty where nobody did."""
        names = [str(part.assignment.department) for part in self.parts if part.is_newer]
        if not names:
            return ""
        return f"彙整之後，{'、'.join(names)}又送出了新的內容，請看看要不要一起改。"

    @property
    def missing_words(self) -> str:
        """「業務處還沒有送出」; empty where all have sent theirs."""
        names = [str(part.assignment.department) for part in self.parts if part.report is None]
        if not names:
            return ""
        return f"{'、'.join(names)}還沒有送出，送出後可以再回來補上。"


def official_text_page(user: User, action: Action, period: Period) -> OfficialTextPage:
    """What somebody composes from: parts that were sent, and the text as it is."""
    stored = official_texts_of(action, [period]).get(period.pk)
    # Leads first: their part begins the proposed text.
    in_order = action.assignments.order_by("kind", "position")
    assignments = list(in_order.select_related("department"))
    reports = sent_parts(user, assignments, period)
    keys_of_newer = set()
    if stored is not None:
        keys_of_newer = _sent_since(stored, reports.values())
    parts = []
    for assignment in assignments:
        report = reports.get(assignment.pk)
        is_newer = report is not None and report.pk in keys_of_newer
        parts.append(SentPart(assignment, report, is_newer))
    return OfficialTextPage(action, period, parts, stored)


def _sent_since(stored: OfficialText, reports: Iterable[ProgressReport]) -> set[int]:
    """The keys of the reports that were sent after the text was composed.

    Steps are compared by their keys and not by their times: a clock may be set back.
    """
    steps = ReportStep.objects.filter(kind=StepKind.SUBMIT, pk__gt=stored.newest_step)
    sent_since = steps.filter(report__in=[report.pk for report in reports])
    return set(sent_since.order_by().values_list("report", flat=True))


def _sent_for_period(user: User, assignment_keys: list[int]) -> QuerySet[ProgressReport]:
    sent = access.readable_reports(user).submitted().filter(period=Slot("period"))
    return sent.filter(assignment__in=assignment_keys)


# The form of every item of several departments asks it.
_SENT_FOR_PERIOD = PreparedForPersonAndKeys(_sent_for_period)


def sent_parts(
    user: User, assignments: Sequence[Assignment], period: Period
) -> dict[int, ProgressReport]:
    """{key of an assignment: what it sent for the period, as this person may read it}"""
    keys = [assignment.pk for assignment in assignments]
    sent = _SENT_FOR_PERIOD(user, keys, period=period.pk)
    return {report.assignment_id: report for report in sent}


def official_texts_of(action: Action, periods: Sequence[Period]) -> dict[int, OfficialText]:
    """{key of a period: the text of the item for it}"""
    texts = OfficialText.objects.filter(action=action, period__in=periods)
    return {text.period_id: text for text in texts.select_related("composed_by")}


def usual_text(parts: Sequence[SentPart]) -> str:
    """The texts that were sent, each behind its department's name."""
    sentences = []
    for part in parts:
        if part.report is not None:
            # The parts are joined by 「；」: a full stop in front of it would be a mistake.
            text = part.report.text.strip().rstrip("。；;")
            sentences.append(f"{part.assignment.department}：{text}")
    if not sentences:
        return ""
    return "；".join(sentences) + "。"
