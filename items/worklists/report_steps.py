"""The way of a report: the steps that a reader is shown, and why it came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from items import access
from items.models import Evidence, Period, ProgressReport, ReportStep, StepKind, User
from items.models.prepared import Prepared, PreparedForKeys, Slot
from items.models.taken_steps import ACTORS
from items.roc import format_roc_near
from plan_tracker.clock import day_of

_STEPS = Prepared(lambda: ReportStep.objects.filter(report=Slot("report")).select_related(*ACTORS))


def steps_of(report: ProgressReport) -> list[ReportStep]:
    """Every step of a report, for its own department."""
    return _STEPS(report=report.pk)


def _steps_of_reports(keys: list[int]) -> QuerySet[ReportStep]:
    # Without what the report said at each step: a list says who took it, and when.
    return ReportStep.objects.filter(report__in=keys).defer("content")


_STEPS_ALONE = PreparedForKeys(_steps_of_reports)
_STEPS_WITH_PEOPLE = PreparedForKeys(lambda keys: _steps_of_reports(keys).select_related(*ACTORS))


def fetch_steps(reports: Sequence[ProgressReport], *, with_people: bool = True) -> None:
    """Give each of the reports its `steps_at_hand`, in one query for a whole page.

    A caller that puts in the people itself (`put_in_people`) asks for none.
    """
    report_of = {}
    for report in reports:
        report.steps_at_hand = []
        report_of[report.pk] = report
    steps = _STEPS_WITH_PEOPLE if with_people else _STEPS_ALONE
    for step in steps(report_of):
        report = report_of[step.report_id]
        # At hand: a step that names its report would fetch it anew.
        step.report = report
        report.steps_at_hand.append(step)


def steps_since_sent(report: ProgressReport) -> list[ReportStep]:
    """The steps since the report was last sent; earlier ones concern the department alone.

    The steps of the report come from `fetch_steps`.
    """
    return _since_sent(report.steps_at_hand)


def _since_sent(steps: list[ReportStep]) -> list[ReportStep]:
    place_of_sending = 0
    for place, step in enumerate(steps):
        if step.kind == StepKind.SUBMIT:
            place_of_sending = place
    return steps[place_of_sending:]


def steps_to_read(user: User, report: ProgressReport) -> list[ReportStep]:
    """The way of a report as this reader may know it; `report` comes from `visible_reports`.

    What went before the last sending is for those who may also read why it came back.
    """
    steps = list(access.steps_with_words(user).filter(report=report).select_related(*ACTORS))
    if report.reasons_readable:
        return steps
    return _since_sent(steps)


@dataclass(frozen=True)
class ToldStep:
    """A step as the page of its report tells it.

    `shows_content` where the report said something else at the step than it says now, once for each
    text: most steps only pass on what was sent. `evidence` is what was attached then, in the same
    way: only where it was something else.
    """

    step: ReportStep
    shows_content: bool
    evidence: list[dict[str, Any]]


def told_steps(
    steps: Sequence[ReportStep], report: ProgressReport, attached: Sequence[Evidence]
) -> list[ToldStep]:
    """The `steps` of a report, with what it said, and had attached, before it was changed."""
    content_now = report.content()
    content_before: dict[str, Any] = {}
    evidence_now = [evidence.as_kept() for evidence in attached]
    evidence_before: list[dict[str, Any]] = []
    steps_to_tell = []
    for step in steps:
        # Steps from before a field existed have no value for it: an empty one is put in, so that the
        # field alone does not count as a change.
        content = dict.fromkeys(content_now, "") | step.content
        shows_content = content not in (content_now, content_before)
        evidence = step.evidence
        if evidence in (evidence_now, evidence_before):
            evidence = []
        steps_to_tell.append(ToldStep(step, shows_content=shows_content, evidence=evidence))
        content_before = content
        evidence_before = step.evidence
    return steps_to_tell


def way_words(steps: Sequence[ReportStep], period: Period) -> str:
    """「11月20日 王美玲送出 → 11月21日 陳處長主管同意」 of a report for the period."""
    words = []
    for step in steps:
        day = day_words(step.at, period)
        words.append(f"{day} {step.by_words}{step.get_kind_display()}")
    return " → ".join(words)


def standing_return(steps: Sequence[ReportStep]) -> ReportStep | None:
    """The step that returned the report, as long as its reason still has to be met.

    Sending it again and taking it back change nothing about that; 備查 does.
    """
    for step in reversed(steps):
        if step.kind == StepKind.RETURN:
            return step
        if step.kind == StepKind.ACCEPT:
            return None
    return None


def return_sentence(steps: Sequence[ReportStep], period: Period) -> str:
    """「陳處長 11月22日退回：「請補件數。」」; empty where nothing was returned, or it was met."""
    step = standing_return(steps)
    if step is None:
        return ""
    return f"{step.by_words} {day_words(step.at, period)}退回：「{step.words}」"


def day_words(moment: datetime, period: Period) -> str:
    """「11月20日」; with its year where that is not the period's: the fourth quarter ends late."""
    return format_roc_near(day_of(moment), period.ends_on)


def reason_of_return(report: ProgressReport) -> str:
    """Why the report was returned; empty where nobody returned it, or it was met."""
    step = standing_return(report.steps_at_hand)
    if step is None:
        return ""
    return step.words
