"""One step for many reports: what 待我核可 and 填報審核 do with the boxes that were ticked.

It has no page: both pages post their form to themselves, and hand the request on.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages

from items.forms import ReasonForm, error_sentences
from items.models import ProgressReport
from items.models.progress import ProgressReportQuerySet
from items.requests import OfficeRequest
from items.workflow import WorkflowError, reporting

# 18 and 9 digits: more than any key or version has, and few enough for the database's integers.
TICK = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


@dataclass(frozen=True)
class Decision:
    """A step for reports: a verb of the workflow, and `done` as in 「已同意 2 件」."""

    verb: Callable[..., ProgressReport]
    done: str
    needs_reason: bool = False


ENDORSE = Decision(reporting.endorse, "同意")
ACCEPT = Decision(reporting.accept, "備查")
SEND_BACK = Decision(reporting.send_back, "退回", needs_reason=True)


@dataclass
class DecisionResult:
    """The assignments whose report was moved, and a sentence for each that was not."""

    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def decide(
    request: OfficeRequest, reports: ProgressReportQuerySet, decisions: Mapping[str, Decision]
) -> None:
    """Take the step that was asked for, and say what was done and what was not, and why.

    Posted are `intent`, a key of `decisions`, and one `report` ("key:version") for each ticked box.
    `reports` are those that this person may decide on: a tick on any other changes nothing.
    """
    decision = decisions.get(request.POST.get("intent", ""))
    versions = ticked_versions(request.POST.getlist("report"))
    form = ReasonForm(request.POST)
    if decision is None or not versions:
        messages.error(request, "還沒有勾選任何一件。")
        return
    if not form.is_valid():
        messages.error(request, error_sentences(form))
        return
    words = form.cleaned_data["words"]
    # Asked once for all: the verb would refuse each report with the same sentence.
    if decision.needs_reason and not words:
        messages.error(request, "請寫退回原因，讓承辦人知道要補什麼；還沒有退回任何一件。")
        return
    result = take(request, decision, reports, versions, words=words)
    say(request, decision, result, number_ticked=len(versions))


def ticked_versions(ticks: Iterable[str]) -> dict[int, int]:
    """{key of a report: version that the reader saw}, from ticks such as "17:3".

    What is not of that form did not come from our page, and is left out.
    """
    versions = {}
    for tick in ticks:
        match = TICK.fullmatch(tick)
        if match:
            versions[int(match[1])] = int(match[2])
    return versions


def take(
    request: OfficeRequest,
    decision: Decision,
    reports: ProgressReportQuerySet,
    versions: Mapping[int, int],
    *,
    words: str,
) -> DecisionResult:
    """Each report by itself: one that somebody else was faster with does not hold up the others."""
    result = DecisionResult()
    # Without a transaction around them: what was decided before an error stays decided.
    for report in reports.with_path().filter(pk__in=versions):
        try:
            decision.verb(
                report,
                by=request.user,
                at=request.now,
                version=versions[report.pk],
                words=words,
            )
        except WorkflowError as error:
            result.problems.append(f"{report.assignment}：{error}")
        else:
            result.done.append(str(report.assignment))
    return result


def say(
    request: OfficeRequest, decision: Decision, result: DecisionResult, *, number_ticked: int
) -> None:
    if result.done:
        names = "、".join(result.done)
        messages.success(request, f"已{decision.done} {len(result.done)} 件：{names}。")
    for problem in result.problems:
        messages.error(request, problem)
    # Ticked, but by now not among the reports that this person may decide on.
    not_ours = number_ticked - len(result.done) - len(result.problems)
    if not_ours:
        messages.error(request, f"{not_ours} 件已經由別人處理，或不在您的權限內。")
