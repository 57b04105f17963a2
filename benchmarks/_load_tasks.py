"""What the people of an office under load ask for, and what their writers are told is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from benchmarks._crowd_work import TOKEN, Visitor, attach_to, form_of, request
from benchmarks._load_office import PASSWORD, LoadDraft, LoadOffice
from benchmarks._plain_request import request_head, status_of

MIX = {
    "我的填報": 20,
    "report form": 15,
    "autosave": 22,
    "save": 8,
    "send": 3,
    "file": 2,
    "item page": 9,
    "計畫表": 8,
    "總覽": 6,
    "待我核可": 3,
    "填報審核": 2,
    "歷程": 1,
    "list as xlsx": 1,
}
"""Of a hundred requests, how many are of which kind."""


@dataclass(frozen=True)
class Task:
    """One request: its kind, the answer that is right, and what sends it."""

    kind: str
    wanted: int
    take: Callable[[int], int]
    is_page: bool = False


def tasks_of(
    office: LoadOffice, arrivals: list[float], *, sign_ins: float, chance: Random
) -> list[Task]:
    """What comes in each of these moments; `sign_ins` is the share of those who sign in."""
    kinds = list(MIX)
    weights = list(MIX.values())
    tasks = []
    signed_in = 0
    for _ in arrivals:
        if chance.random() < sign_ins:
            tasks.append(_sign_in(office, signed_in % len(office.people)))
            signed_in += 1
            continue
        [kind] = chance.choices(kinds, weights)
        tasks.append(_task(office, kind, chance))
    return tasks


def _task(office: LoadOffice, kind: str, chance: Random) -> Task:
    anybody = chance.choice(office.people)
    if kind == "report form":
        return Task(kind, 200, lambda port: read_form(office, port, chance.random()), is_page=True)
    if kind == "autosave":
        return Task(kind, 200, lambda port: save(office, port, chance.random(), "autosave"))
    if kind == "save":
        return Task(kind, 302, lambda port: save(office, port, chance.random(), "save"))
    if kind == "send":
        return Task(kind, 302, lambda port: send(office, port))
    if kind == "file":
        return Task(kind, 200, lambda port: attach(office, port))
    pages = {
        "我的填報": (anybody, "/115/todo/"),
        "item page": (anybody, f"/115/actions/{office.code}/"),
        "計畫表": (
            anybody,
            chance.choice(("/115/plan/", "/115/plan/?q=作業", "/115/plan/?light=behind")),
        ),
        "總覽": (office.manager, "/115/"),
        "待我核可": (office.head, "/115/inbox/"),
        "填報審核": (office.coordinator, "/115/review/"),
        "歷程": (office.coordinator, "/115/record/"),
        "list as xlsx": (anybody, "/115/plan/export.xlsx"),
    }
    visitor, address = pages[kind]
    return _page(kind, visitor, address)


def _page(kind: str, visitor: Visitor, address: str) -> Task:
    from django.utils.encoding import iri_to_uri

    asked = iri_to_uri(address)
    return Task(kind, 200, lambda port: request(port, visitor, "GET", asked), is_page=True)


def _sign_in(office: LoadOffice, number: int) -> Task:
    name = office.names[number]
    known = office.known[number]

    def take(port: int) -> int:
        fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN}
        body = urlencode(fields).encode()
        head = request_head(
            "POST",
            "/login/",
            cookies=f"csrf={TOKEN}; known={known}",
            body=body,
            content_type="application/x-www-form-urlencoded",
        )
        return status_of(port, head + body)

    return Task("sign-in", 302, take)


def held_draft(drafts: list[LoadDraft], start: float, *, without_file: bool = False) -> LoadDraft:
    """A draft with which nobody does anything now, held; the first that fits from a place on.

    The place is a share of the list: 0.5 is in its middle.
    """
    first = int(start * len(drafts))
    for draft in (*drafts[first:], *drafts[:first]):
        if not draft.lock.acquire(blocking=False):
            continue
        is_known = not draft.is_sent and not draft.is_unanswered
        has_file_too_many = without_file and draft.is_attached
        if is_known and not has_file_too_many:
            return draft
        draft.lock.release()
    raise RuntimeError("the year has too few drafts for everybody")


def read_form(office: LoadOffice, port: int, start: float) -> int:
    """The form of a draft that nobody sends meanwhile: of a sent one it leads elsewhere."""
    draft = held_draft(office.drafts, start)
    try:
        return request(port, draft.writer, "GET", form_of(draft.report))
    finally:
        draft.lock.release()


def save(office: LoadOffice, port: int, start: float, intent: str) -> int:
    draft = held_draft(office.drafts, start)
    try:
        text = f"{draft.report.pk} 存了 {draft.saves + 1} 次"
        values = content_of(draft) | {"text": text, "intent": intent}
        status = request(port, draft.writer, "POST", form_of(draft.report), values)
        if status in (200, 302):
            draft.text = text
            draft.version += 1
            draft.saves += 1
        return status
    except OSError:
        draft.is_unanswered = True
        raise
    finally:
        draft.lock.release()


def send(office: LoadOffice, port: int) -> int:
    draft = held_draft(office.drafts, 0.0)
    try:
        values = content_of(draft) | {"intent": "submit"}
        # Whatever the draft says, so that nothing is missing.
        values |= {"delay_reason": "採購流標一次", "remedy": "改採開口契約"}
        status = request(port, draft.writer, "POST", form_of(draft.report), values)
        draft.is_sent = status == 302
        return status
    except OSError:
        draft.is_unanswered = True
        raise
    finally:
        draft.lock.release()


def attach(office: LoadOffice, port: int) -> int:
    # From the end: the first ones are those that are sent.
    draft = held_draft(office.drafts, 0.5, without_file=True)
    try:
        attach_to(port, draft.writer, draft.report)
        draft.is_attached = True
    except OSError:
        draft.is_unanswered = True
        raise
    except RuntimeError as error:
        return int(str(error).rpartition(" ")[2])
    finally:
        draft.lock.release()
    return 200


def content_of(draft: LoadDraft) -> dict[str, Any]:
    return draft.report.content() | {"text": draft.text, "version": draft.version}
