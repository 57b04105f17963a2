"""The people of an office under load with their drafts, and what is there of these afterwards.

Each draft is one person's, and that person does one thing after the other: whatever is missing or
there twice afterwards was lost or doubled by the service.
"""

import threading
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from benchmarks._crowd_work import Visitor, file_of

# The models only inside functions: whoever imports this has not set Django up yet.
if TYPE_CHECKING:
    from items.models import ProgressReport, User

PASSWORD = "Hualien-115-load"


@dataclass
class LoadDraft:
    """A draft, and what its writer has been told is saved."""

    report: "ProgressReport"
    writer: Visitor
    version: int
    text: str
    is_sent: bool = False
    is_attached: bool = False
    is_unanswered: bool = False
    """No answer came in time: its writer knows nothing, and neither does the count."""
    saves: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class LoadOffice:
    """Everybody, with the drafts of those who write."""

    people: list[Visitor]
    names: list[str]
    known: list[str]
    """The cookie by which each one's browser is known."""
    drafts: list[LoadDraft]
    head: Visitor
    manager: Visitor
    coordinator: Visitor
    code: str

    @property
    def written_words(self) -> str:
        saves = sum(draft.saves for draft in self.drafts)
        sent = sum(draft.is_sent for draft in self.drafts)
        attached = sum(draft.is_attached for draft in self.drafts)
        return f"of {saves} saves, {sent} sendings and {attached} files"


def make_office(*, users: int, items: int, chance: Random) -> LoadOffice:
    from django.contrib.auth.hashers import make_password
    from django.db.models import QuerySet

    from benchmarks._crowd_run import session_of
    from benchmarks._year import make_year
    from items.models import Membership, ProgressReport, ReportState, ReportStep, User

    year = make_year(items)
    # One password for all, since to make one is dear on purpose; each is checked by itself.
    password = make_password(PASSWORD)
    people = []
    for number in range(users):
        user = User(username=f"load{number}", full_name=f"同仁{number}", password=password)
        people.append(user)
    people = User.objects.bulk_create(people)
    running = ProgressReport.objects.filter(period__closed_at__isnull=True)
    # Nothing has happened to any of them yet: each step is counted afterwards.
    QuerySet(ReportStep).filter(report__in=running).delete()
    given_back = [ReportState.RETURNED, ReportState.ACCEPTED]
    running.filter(state__in=given_back).update(state=ReportState.DRAFT)
    reports = list(running.filter(state=ReportState.DRAFT).with_path().order_by("pk"))
    visitors = [Visitor(session_of(user)) for user in people]
    drafts = []
    belongs = set()
    for number, report in enumerate(reports):
        place = number % users
        belongs.add((people[place].pk, report.assignment.department_id))
        draft = LoadDraft(report, visitors[place], report.version, report.text)
        drafts.append(draft)
    # Whoever has no draft is in some department as well.
    for number, user in enumerate(people):
        belongs.add((user.pk, reports[number % len(reports)].assignment.department_id))
    memberships = []
    for user_key, department_key in sorted(belongs):
        memberships.append(Membership(user_id=user_key, department_id=department_key))
    Membership.objects.bulk_create(memberships)
    return LoadOffice(
        people=visitors,
        names=[user.username for user in people],
        known=[known_cookie(user) for user in people],
        drafts=drafts,
        head=Visitor(session_of(year.head)),
        manager=Visitor(session_of(year.manager)),
        coordinator=Visitor(session_of(year.coordinator)),
        code=reports[0].assignment.action.code,
    )


def known_cookie(user: "User") -> str:
    """As a browser has it in which this person has signed in before."""
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse

    from plan_tracker.known_browsers import remember

    response = HttpResponse()
    remember(HttpRequest(), response, user.username)
    return str(response.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value)


def lost(office: LoadOffice) -> int:
    """How many drafts are not as their writers were told, or have a step or a file too many."""
    told = [draft for draft in office.drafts if not draft.is_unanswered]
    return sum(not is_as_told(draft) for draft in told)


def is_as_told(draft: LoadDraft) -> bool:
    from items.evidence.storage import evidence_storage

    report = draft.report
    report.refresh_from_db()
    if report.text != draft.text or report.is_submitted != draft.is_sent:
        return False
    if not draft.is_sent and report.version != draft.version:
        return False
    if report.steps.filter(kind="submit").count() != int(draft.is_sent):
        return False
    attached = list(report.evidence.attached())
    if len(attached) != int(draft.is_attached):
        return False
    for file in attached:
        with evidence_storage().open(file.stored_name) as stored:
            if stored.read() != file_of(report):
                return False
    return True
