"""What is asked of the service: each page by whoever opens it, a save, a sending."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.test import Client

from benchmarks._year import Year
from benchmarks.pages import OF_ALL
from items.models import (
    Assignment,
    Department,
    Membership,
    MembershipRole,
    Period,
    ProgressReport,
    ReportState,
    User,
)
from items.workflow import newest_figures

BASE = "base page"
"""What every other page is held against: the frame of all pages, and nothing in it."""
SENDING = "sending"
DASHBOARD = "總覽"
ROWS = (b"<tr", b"<li", b"<article")
"""How the rows of a page begin, whether they are a table, a list or cards."""


@dataclass(frozen=True)
class PageAnswer:
    """What came back: how many rows it shows and how long it is."""

    rows: int
    length: int


def nothing() -> None:
    """A page that is only read leaves nothing to be put in order."""


@dataclass(frozen=True)
class Ask:
    """A request that can be repeated; what is done before and after it is not measured."""

    name: str
    send: Callable[[], PageAnswer]
    prepare: Callable[[], None] = nothing
    undo: Callable[[], None] = nothing


def asks_of(year: Year) -> list[Ask]:
    """The base page first."""
    running = year.programme.periods.order_by("number").last()
    # A plan without periods has nothing to measure.
    assert running is not None
    draft = _first_draft(year, running)
    code = draft.assignment.action.code
    return [
        page(BASE, year.reporter, "/base/"),
        page("我的填報", year.reporter, "/115/todo/"),
        page("report form", year.reporter, form_address(draft)),
        page("item page", year.reporter, f"/115/actions/{code}/"),
        page("待我核可", year.head, "/115/inbox/"),
        page("計畫表", year.manager, "/115/plan/"),
        page("計畫表 by light", year.manager, "/115/plan/?light=behind"),
        page("計畫表 by search", year.manager, "/115/plan/?q=作業"),
        page(DASHBOARD, year.manager, "/115/"),
        page("填報審核", year.coordinator, "/115/review/"),
        page("歷程", year.coordinator, "/115/record/"),
        _save(year.reporter, draft),
        _sending(year.reporter, draft),
    ]


def asks_of_all_departments(year: Year) -> list[Ask]:
    """The pages of one department with the rows of all: what one row more costs in the same year."""
    return [
        _of_all(
            page("我的填報", year.reporter, "/115/todo/"), year.reporter, MembershipRole.REPORTER
        ),
        _of_all(page("待我核可", year.head, "/115/inbox/"), year.head, MembershipRole.HEAD),
    ]


def _of_all(of_one: Ask, user: User, role: MembershipRole) -> Ask:
    """The person is in the other departments for this request only: all other pages have one."""
    own = Department.objects.filter(memberships__user=user)
    others = list(Department.objects.exclude(pk__in=own))

    def join() -> None:
        Membership.objects.bulk_create(
            Membership(user=user, department=department, role=role) for department in others
        )

    def leave() -> None:
        Membership.objects.filter(user=user, department__in=others).delete()

    return Ask(OF_ALL[of_one.name], of_one.send, prepare=join, undo=leave)


def form_address(report: ProgressReport) -> str:
    return f"/115/assignments/{report.assignment_id}/report/{report.period.number}/"


def _first_draft(year: Year, running: Period) -> ProgressReport:
    of_reporter = Assignment.objects.filter(department__memberships__user=year.reporter)
    reports = ProgressReport.objects.filter(
        assignment__in=of_reporter, period=running, state=ReportState.DRAFT
    )
    return reports.with_path().order_by("pk")[0]


def page(name: str, user: User, address: str) -> Ask:
    client = client_of(user)

    def send() -> PageAnswer:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        # A file is sent in pieces.
        content = b"".join(response) if response.streaming else response.content
        return _answer(content)

    return Ask(name, send)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _answer(content: bytes) -> PageAnswer:
    return PageAnswer(rows=sum(content.count(beginning) for beginning in ROWS), length=len(content))


def form_of(report: ProgressReport, *, intent: str) -> dict[str, Any]:
    """What a browser sends of the form of a report."""
    return report.content() | {"version": report.version, "intent": intent}


def _save(user: User, draft: ProgressReport) -> Ask:
    """Autosave as the browser sends it, each time with another text."""
    client = client_of(user)
    address = form_address(draft)
    text = draft.text
    rounds = count()

    def prepare() -> None:
        draft.refresh_from_db()
        draft.text = f"{text}（{next(rounds)}）"

    def send() -> PageAnswer:
        response = client.post(address, form_of(draft, intent="autosave"))
        assert response.status_code == 200, response.status_code
        return _answer(response.content)

    return Ask("a save", send, prepare=prepare)


def _sending(user: User, draft: ProgressReport) -> Ask:
    """Sending a report on, up to the answer that leads back to the list."""
    client = client_of(user)

    def send() -> PageAnswer:
        response = client.post(form_address(draft), form_of(draft, intent="submit"))
        assert response.status_code == 302, response.status_code
        return _answer(response.content)

    def make_a_draft_again() -> None:
        as_draft = ProgressReport.objects.filter(pk=draft.pk)
        as_draft.update(state=ReportState.DRAFT)
        newest_figures.refresh(draft.assignment_id)

    return Ask(SENDING, send, prepare=draft.refresh_from_db, undo=make_a_draft_again)
