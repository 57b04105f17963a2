"""One step for many reports: what 待我核可 and 填報審核 do with their lists of waiting reports.

It has no page: both pages post their form to themselves, and hand the request on.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict

from items.forms.base import error_sentences
from items.forms.steps import ReasonForm
from items.models import ProgressReport
from items.models.progress import ProgressReportQuerySet
from items.requests import OfficeRequest
from items.workflow import WorkflowError, reporting
from items.worklists.undecided import undecided_words
from items.worklists.waiting import WaitingReport
from items.worklists.waiting_rows import WaitingPageRow, waiting_row

# 18 and 9 digits: more than any key or version has, and few enough for the database's integers.
TICK = re.compile(r"(?P<key>[0-9]{1,18}):(?P<version>[0-9]{1,9})")
REASON_OF_ROW = re.compile(r"reason-([0-9]{1,18})")

RETURN = "return"
ALL = "-all"
"""Behind the name of a step: for every report that the page listed, ticked or not."""

NO_REASON = "請寫退回原因，讓承辦人知道要補什麼；還沒有退回任何一件。"


@dataclass(frozen=True)
class Decision:
    """A step for reports: a verb of the workflow, and `done` as in 「已同意 2 件」."""

    verb: Callable[..., ProgressReport]
    done: str


ENDORSE = Decision(reporting.endorse, "同意")
ACCEPT = Decision(reporting.accept, "備查")
SEND_BACK = Decision(reporting.send_back, "退回")


@dataclass(frozen=True)
class ListForm:
    """What somebody put into the form of a list, shown again where it was not used yet.

    `reasons` are those written in the rows, by the key of the report; `words` is the reason for
    all ticked ones. `problem` is said at the row `problem_row`, or at `words` without one.
    """

    ticked: frozenset[int] = frozenset()
    words: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)
    problem: str = ""
    problem_row: int | None = None

    @property
    def problem_of_words(self) -> str:
        """The problem, where the box for all ticked reports is the place to mend it."""
        if self.problem_row is None:
            return self.problem
        return ""

    @property
    def lacks_reason(self) -> bool:
        """Whether the ticked ones were to be returned without a word: the box for it is shown."""
        return self.problem_of_words == NO_REASON

    def rows(self, waiting: Sequence[WaitingReport], year: int) -> list[WaitingPageRow]:
        rows = []
        for one in waiting:
            key = one.report.pk
            problem = ""
            if key == self.problem_row:
                problem = self.problem
            row = waiting_row(
                one,
                year,
                is_ticked=key in self.ticked,
                reason=self.reasons.get(key, ""),
                problem=problem,
            )
            rows.append(row)
        return rows


@dataclass(frozen=True)
class DecisionRequest:
    """Which step was asked for, for which reports ({key: version that the reader saw}), and why."""

    decision: Decision
    versions: Mapping[int, int]
    words: str
    row: int | None = None


class CannotDecide(Exception):
    """The form asks for nothing that can be done; nothing was done. `row` is where to mend it."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


@dataclass
class DecisionResult:
    """The assignments whose report was moved, and a sentence for each that was not."""

    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def decide(
    request: OfficeRequest, reports: ProgressReportQuerySet, approvals: Mapping[str, Decision]
) -> ListForm | None:
    """Take the step that was asked for, and say what was done and what was not, and why.

    Posted are `intent`, one `report` ("key:version") for each ticked box, one `shown` for each
    report of the page, `words` and `reason-KEY`. An intent is a key of `approvals` (for the ticked
    ones), the same with `-all`, `return` (for the ticked ones) or `return-KEY` (for one row).
    `reports` are those that this person may decide on: a tick on any other changes nothing.

    Returns the form where something in it was not used yet, and has to be shown again.
    """
    form = posted_form(request.POST)
    try:
        asked = asked_for(request.POST, form, approvals)
        words = checked_words(asked)
    except CannotDecide as error:
        messages.error(request, str(error))
        return ListForm(
            ticked=form.ticked,
            words=form.words,
            reasons=form.reasons,
            problem=str(error),
            problem_row=error.row,
        )
    result = take(request, asked.decision, reports, asked.versions, words=words)
    say(request, asked.decision, result)
    return what_is_left(form, asked)


def posted_form(posted: QueryDict) -> ListForm:
    reasons: dict[int, str] = {}
    for name in posted:
        match = REASON_OF_ROW.fullmatch(name)
        if match:
            reasons[int(match[1])] = posted.get(name, "")
    return ListForm(
        ticked=frozenset(versions_in(posted.getlist("report"))),
        words=posted.get("words", ""),
        reasons=reasons,
    )


def versions_in(ticks: Iterable[str]) -> dict[int, int]:
    """{key of a report: version that the reader saw}, from ticks such as "17:3".

    What is not of that form did not come from our page, and is left out.
    """
    versions = {}
    for tick in ticks:
        match = TICK.fullmatch(tick)
        if match:
            key = int(match["key"])
            versions[key] = int(match["version"])
    return versions


def asked_for(
    posted: QueryDict, form: ListForm, approvals: Mapping[str, Decision]
) -> DecisionRequest:
    intent = posted.get("intent", "")
    ticked = versions_in(posted.getlist("report"))
    shown = versions_in(posted.getlist("shown"))
    if intent == RETURN:
        asked = DecisionRequest(SEND_BACK, ticked, form.words)
    elif intent.startswith(f"{RETURN}-"):
        asked = return_of_row(intent, shown, form)
    elif intent in approvals:
        asked = DecisionRequest(approvals[intent], ticked, "")
    elif intent.removesuffix(ALL) in approvals:
        asked = DecisionRequest(approvals[intent.removesuffix(ALL)], shown, "")
    else:
        raise CannotDecide("看不出要同意、備查還是退回，請再按一次。")
    if not asked.versions:
        raise CannotDecide("還沒有勾選任何一件。")
    if asked.decision is not SEND_BACK:
        refuse_forgotten_reasons(asked, form)
    return asked


def return_of_row(intent: str, shown: Mapping[int, int], form: ListForm) -> DecisionRequest:
    for key, version in shown.items():
        if intent == f"{RETURN}-{key}":
            return DecisionRequest(SEND_BACK, {key: version}, form.reasons.get(key, ""), row=key)
    raise CannotDecide("要退回的這一件已經不在這一頁，請重新整理。")


def refuse_forgotten_reasons(asked: DecisionRequest, form: ListForm) -> None:
    """Raise where a report would be approved though somebody wrote why it is to be returned."""
    done = asked.decision.done
    for key in asked.versions:
        if form.reasons.get(key, "").strip():
            message = (
                f"這一件寫了退回原因，還沒有{done}任何一件：請先退回這一件，或清除原因再{done}。"
            )
            raise CannotDecide(message, row=key)
    if form.words.strip():
        message = (
            f"寫了退回原因，還沒有{done}任何一件：要退回請按「確定退回」，要{done}請先清除原因。"
        )
        raise CannotDecide(message)


def checked_words(asked: DecisionRequest) -> str:
    """The reason, as it will be kept; raises where it is missing or cannot be kept."""
    form = ReasonForm({"words": asked.words})
    if not form.is_valid():
        raise CannotDecide(error_sentences(form), row=asked.row)
    words: str = form.cleaned_data["words"]
    # Asked once for all: the verb would refuse each report with the same sentence.
    if asked.decision is SEND_BACK and not words.strip():
        raise CannotDecide(NO_REASON, row=asked.row)
    return words


def what_is_left(form: ListForm, asked: DecisionRequest) -> ListForm | None:
    """Ticks and reasons of other rows: somebody who returns one row is not done with the others."""
    ticked = form.ticked - asked.versions.keys()
    reasons = {}
    for key, reason in form.reasons.items():
        if key not in asked.versions and reason.strip():
            reasons[key] = reason
    words = ""
    # The reason for all ticked ones was not used by a step of one row.
    if asked.row is not None:
        words = form.words
    is_used_up = not ticked and not reasons and not words.strip()
    if is_used_up:
        return None
    return ListForm(ticked=ticked, words=words, reasons=reasons)


@transaction.atomic
def take(
    request: OfficeRequest,
    decision: Decision,
    reports: ProgressReportQuerySet,
    versions: Mapping[int, int],
    *,
    words: str,
) -> DecisionResult:
    """All that can be decided, together: after a fault in the middle nothing is, and one presses again.

    A report that somebody else was faster with does not hold up the others.
    """
    chosen = list(reports.with_path().filter(pk__in=versions))
    problems = {}
    # In one order for everybody: of two who decide on the same reports, one waits for the other.
    for report in sorted(chosen, key=lambda report: (report.period_id, report.pk)):
        try:
            decision.verb(
                report,
                by=request.user,
                at=request.now,
                version=versions[report.pk],
                words=words,
            )
        except WorkflowError as error:
            problems[report.pk] = f"{report.assignment}：{error}"
    # Said in the order of the plan.
    result = DecisionResult()
    for report in chosen:
        if report.pk in problems:
            result.problems.append(problems[report.pk])
        else:
            result.done.append(str(report.assignment))
    # Asked for, but by now not among the reports that this person may decide on.
    left = set(versions).difference(report.pk for report in chosen)
    result.problems += undecided_words(request.user, left, done=decision.done)
    return result


def say(request: OfficeRequest, decision: Decision, result: DecisionResult) -> None:
    number = len(result.done)
    if number:
        names = "、".join(result.done)
        messages.success(request, f"已{decision.done} {number:,} 件：{names}。")
    for problem in result.problems:
        messages.error(request, problem)
