"""How the reports of the demonstration came about: written, sent on, returned, endorsed, accepted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from items.demonstration.invented import PeriodDays, read_reports
from items.demonstration.office_hours import FIVE, TWO, moment, moments, working_day
from items.demonstration.scene import Scene
from items.evidence.prepare import prepared
from items.models import Action, Assignment, Period, ProgressReport, ReportState, User, WorkStatus
from items.workflow import evidence, official_text, periods, report_writing, reporting


@dataclass(frozen=True, kw_only=True)
class ReportStory:
    """What became of one report: what it said, and the way that it went.

    `first_…` is about a first version that was returned and written again, `returned_…` about a
    report that is still back with its department. `…_by` are usernames.
    """

    code: str
    department: str
    writer: str
    text: str
    percent: int | None
    work_status: str = WorkStatus.IN_PROGRESS
    delay_factor: str = ""
    delay_reason: str = ""
    remedy: str = ""
    coordination: str = ""
    catch_up_month: str = ""
    state: str = ReportState.ACCEPTED
    first_text: str = ""
    first_returned_by: str = ""
    first_returned_words: str = ""
    returned_by: str = ""
    returned_words: str = ""
    accepted_words: str = ""
    recalled: bool = False
    evidence: Sequence[Mapping[str, str]] = ()
    """Each with `name` and `text`, or with an `address`; `description` and `proves_on` with both."""

    @property
    def content(self) -> dict[str, str | int | None]:
        """The fields of the report as it was in the end."""
        return {
            "text": self.text,
            "percent": self.percent,
            "work_status": self.work_status,
            "delay_factor": self.delay_factor,
            "delay_reason": self.delay_reason,
            "remedy": self.remedy,
            "coordination": self.coordination,
            "catch_up_month": self.catch_up_month,
        }

    @property
    def first_content(self) -> dict[str, str | int | None]:
        """The fields of the report as it was sent on for the first time."""
        if self.first_text:
            return {**self.content, "text": self.first_text}
        return self.content


def play_period(scene: Scene, period: Period, days: PeriodDays) -> None:
    """Open a period, let every department report, and close it where the story says so."""
    opened_at = moment(days["opened_on"])
    due_on = date.fromisoformat(days["due_on"])
    periods.open_period(period, by=scene.coordinator, at=opened_at, due_on=due_on)
    first_submission_on = date.fromisoformat(days["first_submission_on"])
    for place, story in enumerate(report_stories(period)):
        # The departments take turns over some days: an office does not report in one morning.
        first_day = working_day(first_submission_on, place % days["slots"])
        play_report(scene, period, story, moments=moments(first_day, place))
    compose_official_texts(scene, period, days)
    if days["closed_on"]:
        closed_at = moment(days["closed_on"], FIVE)
        periods.close_period(period, by=scene.coordinator, at=closed_at)


def compose_official_texts(scene: Scene, period: Period, days: PeriodDays) -> None:
    """彙整文字: the plan office puts the reports of an item together."""
    actions = Action.objects.for_programme(scene.programme)
    for composed in days.get("official_texts", []):
        official_text.compose(
            actions.get(code=composed["code"]),
            period,
            composed["text"],
            seen="",
            by=scene.people[composed["by"]],
            at=moment(composed["on"], TWO),
        )


def report_stories(period: Period) -> Iterator[ReportStory]:
    """What the departments reported in a period."""
    for reports in read_reports():
        for code, entries in reports["reports"].items():
            entry = entries[period.number - 1]
            if entry is None:
                continue
            writer = reports["writers"].get(code, reports["writer"])
            yield report_story(code, reports["department"], writer, entry=entry)


def report_story(code: str, department: str, writer: str, *, entry: list[Any]) -> ReportStory:
    """The story of an entry `[text, percent, {other fields}]`, whose last part may be missing."""
    text, percent, *rest = entry
    fields: dict[str, Any] = {}
    if rest:
        # A copy, since the writer is taken out of it.
        fields = dict(rest[0])
    return ReportStory(
        code=code,
        department=department,
        # 職務代理: now and then somebody else writes.
        writer=fields.pop("by", writer),
        text=text,
        percent=percent,
        **fields,
    )


def play_report(
    scene: Scene, period: Period, story: ReportStory, moments: Iterator[datetime]
) -> None:
    """Take one report along its way, a step on each working day."""
    assignment = scene.assignment(story.code, story.department)
    report = write_first(scene, assignment, period, story=story, at=next(moments))
    if story.state == ReportState.DRAFT:
        return
    if story.first_text:
        report = write_again(scene, report, story, moments=moments)
    if story.state == ReportState.RETURNED:
        send_back(scene, report, story.returned_by, words=story.returned_words, moments=moments)
    else:
        move_on(scene, report, story, moments=moments)


def write_first(
    scene: Scene, assignment: Assignment, period: Period, story: ReportStory, *, at: datetime
) -> ProgressReport:
    """Write the report and send it on, unless the story leaves it as a draft."""
    writer = scene.people[story.writer]
    report = report_writing.write(
        assignment, period, story.first_content, version=0, by=writer, at=at
    )
    for one in story.evidence:
        attach(assignment, period, one, by=writer, at=at)
    if story.state == ReportState.DRAFT:
        return report
    report = reporting.submit(report, by=writer, at=at, today=at.date())
    if story.recalled:
        # The writer noticed something at once; nobody had acted on the report yet.
        recalled_at = at + timedelta(minutes=25)
        report = reporting.recall(report, by=writer, at=recalled_at)
        sent_again_at = at + timedelta(minutes=40)
        report = reporting.submit(report, by=writer, at=sent_again_at, today=at.date())
    return report


def attach(
    assignment: Assignment, period: Period, one: Mapping[str, str], *, by: User, at: datetime
) -> None:
    """Attach one piece of evidence, with what is said about it."""
    if "address" in one:
        attached = evidence.add_link(assignment, period, one["address"], by=by, at=at)
    else:
        file = prepared(one["name"], one["text"].encode("utf-8-sig"))
        attached = evidence.add_file(assignment, period, file, by=by, at=at)
    evidence.describe(
        attached,
        description=one["description"],
        proves_on=date.fromisoformat(one["proves_on"]),
        today=at.date(),
    )


def write_again(
    scene: Scene, report: ProgressReport, story: ReportStory, moments: Iterator[datetime]
) -> ProgressReport:
    """The first version is returned, and the writer sends a better one."""
    send_back(
        scene, report, story.first_returned_by, words=story.first_returned_words, moments=moments
    )
    writer = scene.people[story.writer]
    at = next(moments)
    # As the database has it now: sending back has raised its version.
    returned = report_writing.current(report)
    report = report_writing.write(
        assignment=returned.assignment,
        period=returned.period,
        content=story.content,
        version=returned.version,
        by=writer,
        at=at,
    )
    return reporting.submit(report, by=writer, at=at, today=at.date())


def send_back(
    scene: Scene, report: ProgressReport, username: str, words: str, *, moments: Iterator[datetime]
) -> None:
    """Returned by the head, or by the plan office after the head has agreed."""
    by = scene.people[username]
    # The plan office sees a report only after its head.
    if by.is_coordinator and report.state == ReportState.WITH_HEAD:
        report = endorse(scene, report, at=next(moments))
    reporting.send_back(report, by=by, at=next(moments), words=words)


def move_on(
    scene: Scene, report: ProgressReport, story: ReportStory, moments: Iterator[datetime]
) -> None:
    """Endorsed and accepted, up to the state that the story ends in."""
    while report.state != story.state:
        at = next(moments)
        if report.state == ReportState.WITH_HEAD:
            report = endorse(scene, report, at=at)
        else:
            report = reporting.accept(
                report, by=scene.coordinator, at=at, words=story.accepted_words
            )


def endorse(scene: Scene, report: ProgressReport, *, at: datetime) -> ProgressReport:
    """The head of the report's department agrees."""
    head = scene.heads[report.assignment.department_id]
    return reporting.endorse(report, by=head, at=at)
