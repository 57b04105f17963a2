"""Hostile texts in every text of the database are texts on every page and in every file."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from items.models import (
    ControlKind,
    ControlRequest,
    ControlSuccessor,
    Department,
    Evidence,
    SuccessorShare,
)
from tests.hostile import FORMULAS, LONG, MARK, fill_every_text, hostile_link
from tests.items.admin.admin_pages import MODELS, listing, page_of
from tests.items.exchange.official_rows import HEADINGS, row
from tests.items.rights_table import SIGNED_IN, TABLE, enter
from tests.items.views import importing
from tests.live_parts import live_in_answer
from tests.making import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

FORMATS = {"csv": ("csv", "xlsx", "ods"), "odt": ("odt", "docx", "pdf")}


def addresses_with_texts(role, world):
    """What this role reads by the table; a file by one role, in every format."""
    for name, url in TABLE.items():
        if url.method != "get" or role not in url.allowed or name == "logout":
            continue
        args = [world.get(part, part) for part in url.args]
        formats = ()
        if url.args:
            formats = FORMATS.get(url.args[-1], ())
        if not formats:
            yield reverse(name, args=args)
        elif role == opener_of_file(url):
            for one_format in formats:
                yield reverse(name, args=[*args[:-1], one_format])
    if role == "admin":
        yield from back_office_pages()


def opener_of_file(url):
    """The plan office, whose files have everything; else whoever has them."""
    if "coordinator" in url.allowed:
        return "coordinator"
    return url.allowed[-1]


def back_office_pages():
    """The list of each model, and its newest row."""
    for model in MODELS:
        yield listing(model)
        newest = apps.get_model("items", model).objects.order_by("-pk").first()
        if newest is not None:
            yield page_of(newest)


NOT_SHOWN = {
    "directive.outcome_because",  # this one is still open
    "importbatch.changes",  # what undoing compares with
    "programme.reopened_because",  # this year was never closed
    "upload.file_name",  # said again by who uploads: test_hostile_texts_stay_texts_where_they_come_in
    "upload.sheet",
}
"""Texts of this world that no page has a reason to show."""


@pytest.mark.slow
def test_hostile_texts_are_texts_on_every_page_and_in_every_file(world):
    """Markup, ways out of attributes, templates, formulas and signs that turn the line."""
    Evidence.objects.create(
        report_id=world["submitted"],
        kind="link",
        address=hostile_link(99),
        added_by=world["people"]["mei"],
        added_at=NOW,
    )
    successor = ControlSuccessor.objects.create(request_id=world["request"], number=1, title="一")
    SuccessorShare.objects.create(
        successor=successor,
        department=Department.objects.first(),
        kind="lead",
        deadline=TODAY,
        deadline_text="每季",
    )
    marks = fill_every_text()
    marks["99"] = "evidence.address"
    wrong = []
    read = set()
    for role in SIGNED_IN:
        client = Client()
        enter(client, role, world)
        for address in addresses_with_texts(role, world):
            response = client.get(address)
            content = b"".join(response)
            if response.status_code not in (200, 302):
                wrong.append((role, address, response.status_code))
            read |= set(MARK.findall(content.decode(errors="ignore")))
            for live in live_in_answer(response.headers, content):
                wrong.append((role, address, live))
    # An application for other wording, or a split, says other texts than one for another day.
    for kind in (ControlKind.ADJUST, ControlKind.SPLIT):
        ControlRequest.objects.update(kind=kind, state="with_coordinator")
        answer = client.get(reverse("control_request", args=[115, world["request"]]))
        read |= set(MARK.findall(answer.content.decode()))
        wrong += live_in_answer(answer.headers, answer.content)
    assert wrong == []
    unread = {name for mark, name in marks.items() if mark not in read}
    assert unread == NOT_SHOWN


def test_hostile_texts_stay_texts_where_they_come_in(world):
    """By a plan's file, with its preview and its list of errors, and by a form that refuses them."""
    coordinator = Client()
    enter(coordinator, "coordinator", world)
    lines = [HEADINGS]
    for beginning in FORMULAS:
        text = f"{beginning}{LONG}"
        lines.append(row(text, 預期效益=text))
        lines.append(row(f"{text}乙", 主辦單位=text))
    address, preview = importing.preview(coordinator, lines, f"{LONG.replace('/', '')}.csv")
    answers = [preview, coordinator.get(f"{address}errors.csv")]
    answers.append(coordinator.get(f"{address}errors.xlsx"))
    answers.append(importing.confirm(coordinator, address))
    mei = Client()
    enter(mei, "mei", world)
    words = dict.fromkeys(("text", "delay_reason", "remedy", "coordination", "percent"), text)
    form = reverse("report_form", args=[115, world["assignment"], 4])
    answers.append(mei.post(form, words | {"version": 1, "intent": "submit"}, follow=True))
    answers.append(mei.get(reverse("plan", args=[115]), {"q": text}))
    for answer in answers:
        assert answer.status_code < 500
        assert live_in_answer(answer.headers, b"".join(answer)) == []
