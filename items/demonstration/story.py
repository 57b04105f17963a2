"""The demonstration: the approved 115 plan with invented people and progress.

The year is replayed through the workflow's verbs, so that its history is one that the product has
written. What is invented stands in `fixtures/demonstration/`. Nothing of this runs outside the
demonstration: `load` is called by the command alone, which refuses where `settings.DEMONSTRATION`
is off.
"""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from items.demonstration.control_story import apply_for_changes, extend
from items.demonstration.invented import (
    FIXTURES,
    PlanChange,
    PlannedEntry,
    read_people,
    read_reports,
    read_year,
)
from items.demonstration.letter_story import fill_calendar, send_letter
from items.demonstration.meeting_story import hold_meetings
from items.demonstration.notice_story import read_notices
from items.demonstration.office_hours import TWO, moment
from items.demonstration.question_story import ask_and_answer
from items.demonstration.report_story import play_period
from items.demonstration.scene import Scene, set_scene
from items.models import (
    READ_ONLY,
    Action,
    Assignment,
    AssignmentKind,
    Change,
    ChangeKind,
    Department,
    Door,
    Membership,
    MembershipRole,
    PlannedProgress,
    Programme,
    ReportStep,
    Role,
    User,
)
from items.workflow import deputies, history, periods
from items.workflow.contacts import set_contact
from items.workflow.handover import (
    DepartmentWish,
    HandoverWish,
    hand_over,
)
from items.workflow.open_work import fingerprint_of, loads_of

FIRST_PERIOD = 1


def is_empty() -> bool:
    """Whether there is neither a plan nor a person: only then is anything loaded."""
    return not Programme.objects.exists() and not User.objects.exists()


@transaction.atomic
def load() -> None:
    """Load the plan and play the year until the demonstration's day; all of it or nothing."""
    call_command("loaddata", str(FIXTURES / "plan_115.json"), verbosity=0)
    year = read_year()
    make_people(created_on=year["accounts_on"])
    scene = set_scene(Programme.objects.get(year=115))
    laid_out_at = moment(year["laid_out_on"])
    periods.lay_out(scene.programme, by=scene.coordinator, at=laid_out_at)
    fill_calendar(scene, year["laid_out_on"])
    changes_to_come = sorted(year["changes"], key=lambda change: change["on"])
    for period, days in zip(scene.programme.periods.all(), year["periods"], strict=True):
        # What was changed before a report is part of what the report is held against.
        while changes_to_come and changes_to_come[0]["on"] <= days["first_submission_on"]:
            carry_out(scene, changes_to_come.pop(0))
        if period.number == FIRST_PERIOD:
            # After the first changes: two of the entries are for departments that joined then.
            enter_planned(scene, year["planned"], at=laid_out_at)
        play_period(scene, period, days)
    apply_for_changes(scene)
    hold_meetings(scene)
    ask_and_answer(scene)
    send_letter(scene)
    # At the end: both go by what all the others have written.
    read_notices()
    note_last_sign_ins()


# People.


def make_people(created_on: str) -> None:
    """Accounts and memberships."""
    cast = read_people()
    # Hashed once for all, because hashing is slow by design: 21 times would take seconds.
    password = make_password(cast["password"])
    departments = {department.name: department for department in Department.objects.all()}
    at = moment(created_on)
    admins = []
    others = []
    for person in cast["people"]:
        if person.get("role") == Role.ADMIN:
            admins.append(person)
        else:
            others.append(person)
    # The person who makes the other accounts first makes an own one at the server.
    admin: User | None = None
    for person in admins + others:
        user = User(
            username=person["username"],
            full_name=person["full_name"],
            role=person.get("role", ""),
            password=password,
        )
        if admin is None:
            admin = make_admin(user, at=at)
        else:
            history.save(user, by=admin, at=at, door=Door.ADMIN)
        for name in person.get("reporter", []):
            join(user, departments[name], MembershipRole.REPORTER, by=admin, at=at)
        for name in person.get("head", []):
            join(user, departments[name], MembershipRole.HEAD, by=admin, at=at)
    # The column is filled with the clock's time when a row is made; the story begins in April.
    User.objects.update(created_at=at)


def note_last_sign_ins() -> None:
    """People who have reported, decided or changed something had signed in for it.

    People who only read did so while the newest report came in. One of them never did, so that
    帳號清查 has somebody to list.
    """
    steps = ReportStep.objects.filter(by=OuterRef("pk")).order_by("-at").values("at")
    changes = Change.objects.filter(by=OuterRef("pk")).order_by("-at").values("at")
    last_step = Subquery(steps[:1])
    last_change = Subquery(changes[:1])
    User.objects.update(last_login=Coalesce(last_step, last_change))
    newest_at = ReportStep.objects.aggregate(newest=Max("at"))["newest"]
    readers = User.objects.filter(role__in=READ_ONLY, last_login=None).order_by("pk")
    for reader in readers[1:]:
        reader.last_login = newest_at
        reader.save(update_fields=["last_login"])


def make_admin(user: User, *, at: datetime) -> User:
    """The first account, which names itself as its author, as `create_admin` has it."""
    user.save()
    fields = history.differences(None, history.values_of(user))
    entry = history.entry(user, ChangeKind.CREATED, fields, by=user, at=at, door=Door.COMMAND)
    entry.save()
    return user


def join(
    user: User, department: Department, role: MembershipRole, *, by: User, at: datetime
) -> None:
    """Make somebody a member of a department."""
    membership = Membership(user=user, department=department, role=role)
    history.save(membership, by=by, at=at, door=Door.ADMIN)


# What was changed during the year.


def carry_out(scene: Scene, change: PlanChange) -> None:
    """One change of plan.json, at two in the afternoon of its day."""
    verbs = {
        "threshold": change_threshold,
        "support": add_supporting_department,
        "deadline": move_deadline,
        "extend": extend_deadline,
        "control": end_control,
        "divide": divide_work,
        "hand_over": hand_work_over,
        "leave": deactivate_account,
        "deputy": name_deputy,
    }
    verbs[change["what"]](scene, change, moment(change["on"], TWO))


def change_threshold(scene: Scene, change: PlanChange, at: datetime) -> None:
    """The programme's 落後門檻."""
    scene.programme.behind_threshold = change["points"]
    history.save(scene.programme, by=scene.coordinator, at=at)


def add_supporting_department(scene: Scene, change: PlanChange, at: datetime) -> None:
    """A supporting department joins an action, with the deadline of the lead."""
    action = Action.objects.with_path().get(code=change["code"])
    lead = action.leads()[0]
    assignment = Assignment(
        action=action,
        department=Department.objects.get(name=change["department"]),
        kind=AssignmentKind.SUPPORT,
        deadline=lead.deadline,
        deadline_text=lead.deadline_text,
    )
    history.save(assignment, by=scene.coordinator, at=at)
    scene.remember(assignment)


def move_deadline(scene: Scene, change: PlanChange, at: datetime) -> None:
    """完成期限 of one department."""
    assignment = scene.assignment(change["code"], change["department"])
    assignment.deadline = date.fromisoformat(change["deadline"])
    assignment.deadline_text = change["text"]
    history.save(assignment, by=scene.coordinator, at=at)


def extend_deadline(scene: Scene, change: PlanChange, at: datetime) -> None:
    """完成期限 of one department, by an application that is approved on this day."""
    extend(scene, change)


def end_control(scene: Scene, change: PlanChange, at: datetime) -> None:
    """An action is released or withdrawn."""
    action = Action.objects.with_path().get(code=change["code"])
    action.control_status = change["status"]
    history.save(action, by=scene.coordinator, at=at)


def divide_work(scene: Scene, change: PlanChange, at: datetime) -> None:
    """The head of a department names who looks after what: those who report on it, or `contacts`."""
    department = Department.objects.get(name=change["department"])
    contact_of = {}
    for reports in read_reports():
        if reports["department"] != department.name:
            continue
        for code in reports["reports"]:
            contact_of[code] = reports["writers"].get(code, reports["writer"])
    # What the change itself says goes before who reports on an item.
    contact_of |= change["contacts"]
    for code, username in contact_of.items():
        # The scene's own object: one fetched anew would be overwritten by the next change.
        assignment = scene.assignment(code, department.name)
        person = scene.people[username]
        set_contact(assignment, person, by=scene.heads[department.pk], at=at)


def hand_work_over(scene: Scene, change: PlanChange, at: datetime) -> None:
    """業務移交 within a department, by its head, before somebody leaves."""
    department = Department.objects.get(name=change["department"])
    giver = scene.people[change["username"]]
    receiver = scene.people[change["receiver"]]
    wish = HandoverWish(
        giver=giver,
        receiver=receiver,
        departments=[DepartmentWish(department.pk)],
        ends_memberships=False,
        fingerprint=fingerprint_of(loads_of(giver, [department.pk])),
    )
    handover = hand_over(wish, reach=[department.pk], by=scene.heads[department.pk], at=at)
    for item in handover.items:
        scene.remember(Assignment.objects.with_path().get(pk=item["assignment"]))


def name_deputy(scene: Scene, change: PlanChange, at: datetime) -> None:
    """代理: a head who is going to be away names another one."""
    person = scene.people[change["username"]]
    deputies.name_deputy(
        person,
        scene.people[change["receiver"]],
        date.fromisoformat(change["starts_on"]),
        ends_on=date.fromisoformat(change["ends_on"]),
        by=person,
        at=at,
    )


def deactivate_account(scene: Scene, change: PlanChange, at: datetime) -> None:
    """Somebody has left the office."""
    user = scene.people[change["username"]]
    user.is_active = False
    history.save(user, by=scene.admin, at=at, door=Door.ADMIN)


def enter_planned(scene: Scene, entries: list[PlannedEntry], *, at: datetime) -> None:
    """預定進度 where the coordinator entered it; elsewhere it is linear."""
    year = list(scene.programme.periods.all())
    for entry in entries:
        assignment = scene.assignment(entry["code"], entry["department"])
        # An entry may stop before the last period.
        for period, percent in zip(year, entry["percents"], strict=False):
            planned = PlannedProgress(assignment=assignment, period=period, percent=percent)
            history.save(planned, by=scene.coordinator, at=at)
