"""The demonstration: the approved 115 plan with invented people and progress, replayed through the workflow's verbs.

What is invented stands in `fixtures/demonstration/`, and says so at the head of each file. Nothing here is ever reached
outside the demonstration: `load` is called by the command alone, which refuses where `settings.DEMONSTRATION` is off.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from items.demonstration.accounts import FIXTURES, INVENTED, read
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Department,
    Door,
    Membership,
    MembershipRole,
    PlannedProgress,
    Programme,
    ReportState,
    User,
)
from items.workflow import history, periods, reporting
from plan_tracker.clock import TAIPEI

SATURDAY = 5
MORNING, LUNCH, AFTERNOON = 180, 90, 200  # minutes of an office day that begins at nine


def is_empty():
    """Whether the database holds neither a plan nor a person: only then is anything loaded into it."""
    return not Programme.objects.exists() and not User.objects.exists()


@transaction.atomic
def load():
    """Load the plan and play the year until the demonstration's day; all of it or nothing."""
    call_command("loaddata", str(FIXTURES / "plan_115.json"), verbosity=0)
    story = read("plan.json")
    make_people(story["accounts_on"])
    scene = Scene(Programme.objects.get(year=115))
    laid_out_at = moment(story["laid_out_on"])
    periods.lay_out(scene.programme, by=scene.coordinator, at=laid_out_at)
    waiting = sorted(story["changes"], key=lambda change: change["on"])
    for period, days in zip(scene.programme.periods.all(), story["periods"], strict=True):
        while waiting and waiting[0]["on"] <= days["first_submission_on"]:
            change(scene, waiting.pop(0))
        if period.number == 1:
            enter_planned(scene, story["planned"], laid_out_at)
        play(scene, period, days)


class Scene:
    """The people and assignments that the story speaks of, by name."""

    def __init__(self, programme):
        self.programme = programme
        self.people = {user.username: user for user in User.objects.all()}
        self.coordinator = next(user for user in self.people.values() if user.is_coordinator)
        self.admin = next(user for user in self.people.values() if user.is_admin)
        self.heads = {
            membership.department_id: self.people[membership.user.username]
            for membership in Membership.objects.filter(role=MembershipRole.HEAD).select_related(
                "user"
            )
        }
        self.assignments = {
            (assignment.action.code, assignment.department.name): assignment
            for assignment in Assignment.objects.for_programme(programme).with_path()
        }


# People.


def make_people(created_on):
    """Accounts and memberships; one password for all, hashed once because hashing is slow by design."""
    cast = read("people.json")
    password = make_password(cast["password"])
    departments = {department.name: department for department in Department.objects.all()}
    for person in cast["people"]:
        user = User.objects.create(
            username=person["username"],
            full_name=person["full_name"],
            role=person.get("role", ""),
            password=password,
        )
        for role in MembershipRole.values:
            for name in person.get(role, []):
                Membership.objects.create(user=user, department=departments[name], role=role)
    User.objects.update(created_at=moment(created_on))


# What the plan office changed during the year.


def change(scene, entry):
    changes = {
        "threshold": threshold,
        "support": support,
        "deadline": deadline,
        "control": control,
        "leave": leave,
    }
    changes[entry["what"]](scene, entry, moment(entry["on"], 14 * 60))


def threshold(scene, entry, at):
    scene.programme.behind_threshold = entry["points"]
    history.save(scene.programme, by=scene.coordinator, at=at)


def support(scene, entry, at):
    """A supporting department joins an action, with the deadline of the lead."""
    action = Action.objects.with_path().get(code=entry["code"])
    lead = action.leads()[0]
    assignment = Assignment(
        action=action,
        department=Department.objects.get(name=entry["department"]),
        kind=AssignmentKind.SUPPORT,
        deadline=lead.deadline,
        deadline_text=lead.deadline_text,
    )
    history.save(assignment, by=scene.coordinator, at=at)
    scene.assignments[entry["code"], entry["department"]] = assignment


def deadline(scene, entry, at):
    assignment = scene.assignments[entry["code"], entry["department"]]
    assignment.deadline = date.fromisoformat(entry["deadline"])
    assignment.deadline_text = entry["text"]
    history.save(assignment, by=scene.coordinator, at=at)


def control(scene, entry, at):
    action = Action.objects.with_path().get(code=entry["code"])
    action.control_status = entry["status"]
    history.save(action, by=scene.coordinator, at=at)


def leave(scene, entry, at):
    user = scene.people[entry["username"]]
    user.is_active = False
    history.save(user, by=scene.admin, at=at, door=Door.ADMIN)


def enter_planned(scene, entries, at):
    year = list(scene.programme.periods.all())
    for entry in entries:
        assignment = scene.assignments[entry["code"], entry["department"]]
        for period, percent in zip(year, entry["percents"], strict=False):
            planned = PlannedProgress(assignment=assignment, period=period, percent=percent)
            history.save(planned, by=scene.coordinator, at=at)


# Reports.


@dataclass(frozen=True)
class Story:
    """What became of one report: its content, and the way that it went."""

    text: str
    percent: int | None
    work_status: str = "in_progress"
    delay_reason: str = ""
    remedy: str = ""
    state: str = ReportState.ACCEPTED
    by: str = ""
    first_text: str = ""
    first_returned_by: str = ""
    first_returned_words: str = ""
    returned_by: str = ""
    returned_words: str = ""
    accepted_words: str = ""
    recalled: bool = False

    @property
    def content(self):
        return {
            field: getattr(self, field)
            for field in ("text", "percent", "work_status", "delay_reason", "remedy")
        }


def play(scene, period, days):
    """Open a period, let every department report, and close it where the story says so."""
    due_on = date.fromisoformat(days["due_on"])
    periods.open_period(period, by=scene.coordinator, at=moment(days["opened_on"]), due_on=due_on)
    for place, (assignment, writer, story) in enumerate(stories(scene, period)):
        first_day = working_day(
            date.fromisoformat(days["first_submission_on"]), place % days["slots"]
        )
        tell(scene, assignment, period, story, writer, moments(first_day, place))
    if days["closed_on"]:
        periods.close_period(period, by=scene.coordinator, at=moment(days["closed_on"], 17 * 60))


def stories(scene, period):
    """(assignment, writer, story) of everything that was reported in a period."""
    for path in sorted(INVENTED.glob("reports_*.json")):
        told = json.loads(path.read_text("utf-8"))
        for code, year in told["reports"].items():
            entry = year[period.number - 1]
            if entry is None:
                continue
            text, percent, *way = entry
            story = Story(text, percent, **(way[0] if way else {}))
            writer = story.by or told["writers"].get(code, told["writer"])
            yield scene.assignments[code, told["department"]], scene.people[writer], story


def tell(scene, assignment, period, story, writer, moments):
    """Take one report along its way, a step on each working day."""
    at = next(moments)
    content = {**story.content, "text": story.first_text or story.text}
    report = reporting.write(assignment, period, content, version=0, by=writer, at=at)
    if story.state == ReportState.DRAFT:
        return
    report = reporting.submit(report, by=writer, at=at, today=at.date())
    if story.recalled:
        report = reporting.recall(report, by=writer, at=at + timedelta(minutes=25))
        report = reporting.submit(report, by=writer, at=at + timedelta(minutes=40), today=at.date())
    if story.first_text:
        send_back(scene, report, story.first_returned_by, story.first_returned_words, moments)
        at = next(moments)
        version = reporting.current(report).version
        report = reporting.write(
            assignment, period, story.content, version=version, by=writer, at=at
        )
        report = reporting.submit(report, by=writer, at=at, today=at.date())
    if story.state == ReportState.RETURNED:
        send_back(scene, report, story.returned_by, story.returned_words, moments)
    else:
        move_on(scene, report, story, moments)


def send_back(scene, report, username, words, moments):
    """Returned by the head, or by the plan office after the head has agreed."""
    if scene.people[username].is_coordinator and report.state == ReportState.WITH_HEAD:
        report = endorse(scene, report, moments)
    reporting.send_back(report, by=scene.people[username], at=next(moments), words=words)


def move_on(scene, report, story, moments):
    """Up to the state that the story ends in."""
    while report.state != story.state:
        if report.state == ReportState.WITH_HEAD:
            report = endorse(scene, report, moments)
        else:
            report = reporting.accept(
                report, by=scene.coordinator, at=next(moments), words=story.accepted_words
            )


def endorse(scene, report, moments):
    return reporting.endorse(
        report, by=scene.heads[report.assignment.department_id], at=next(moments)
    )


# Days.


def moment(day, minutes=9 * 60):
    """An aware moment in Taipei, so many minutes after midnight of a day (a date, or written as YYYY-MM-DD)."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time(minutes // 60, minutes % 60), TAIPEI)


def moments(day, place):
    """One moment in office hours on each working day from `day` on; `place` keeps two reports from the same minute."""
    for step in count():
        minutes = (place * 37 + step * 53) % (MORNING + AFTERNOON)
        lunch = LUNCH if minutes >= MORNING else 0
        yield moment(working_day(day, step), 9 * 60 + minutes + lunch)


def working_day(day, number):
    """The working day that comes `number` working days after `day`."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
