"""The calendar address: made, shown once, revoked; and what a calendar program reads by it."""

import logging
import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from icalendar import Calendar

from items.models import (
    Action,
    Assignment,
    CalendarAddress,
    Change,
    Deputy,
    Directive,
    DirectiveAnswer,
    Meeting,
    User,
)
from items.workflow import calendar_address as workflow
from items.workflow import directive_answers
from plan_tracker.logs import OneLine
from tests.making import NOW, TODAY

PAGE = "/account/calendar/"


@pytest.fixture(autouse=True)
def _no_misses():
    cache.clear()


@pytest.fixture
def office(make_action, administration, information, mei, hao, head, q4, programme):
    """美 looks after 115-01, nobody in particular after 115-02; 115-03 is finished, 115-04 the head's."""
    for _ in range(4):
        make_action([administration], title="設置；民眾,休憩區\n\\一", deadline=date(2026, 11, 30))
    make_action([information], title="更新網站")
    shares = Assignment.objects
    shares.filter(action__code="115-01").update(contact=mei)
    shares.filter(action__code="115-03").update(newest_percent=100)
    shares.filter(action__code="115-04").update(contact=head)
    meeting = Meeting.objects.create(
        programme=programme,
        name="檢討會議",
        held_on=date(2026, 12, 10),
        place="3 樓",
        agenda="一、",
    )
    directive = Directive.objects.create(
        meeting=meeting, number=1, text="請加速。", due_on=date(2026, 12, 5)
    )
    for department in (administration, information):
        DirectiveAnswer.objects.create(directive=directive, department=department)
    return meeting


def read(address):
    """The file as a program gets it, which has no cookie."""
    return Client().get(address)


def address_for(person):
    return f"/calendar/{workflow.make(person, at=NOW)}.ics"


def events_of(person):
    calendar = Calendar.from_ical(read(address_for(person)).content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.one_engine
def test_the_days_of_one_person_in_words_and_as_whole_days(office, mei, q4):
    events = events_of(mei)
    share = Assignment.objects.get(action__code="115-01")
    event = events[f"assignment-{share.pk}@plan-tracker"]
    # Line breaks in a title would break the line; the rest comes back as it was written.
    assert str(event["summary"]) == "115-01 完成期限：設置；民眾,休憩區 \\一"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 11, 30), date(2026, 12, 1))
    assert str(event["url"]) == "http://testserver/115/actions/115-01/"
    due = events[f"period-{q4.pk}@plan-tracker"]
    assert (str(due["summary"]), due["dtstart"].dt) == ("115年第4季填報期限", date(2026, 12, 1))
    meeting = events[f"meeting-{office.pk}@plan-tracker"]
    assert (str(meeting["summary"]), str(meeting["location"])) == ("檢討會議", "3 樓")
    codes = [str(event["summary"])[:6] for uid, event in events.items() if "assign" in uid]
    assert codes == ["115-01", "115-02"]
    assert events.keys() == events_of(mei).keys()


@pytest.mark.one_engine
def test_each_sees_their_own_departments_alone(office, mei, hao, manager, coordinator):
    texts = {}
    for person in (mei, hao, manager):
        events = events_of(person)
        texts[person.username] = sorted(re.sub(r"[0-9@]|plan-tracker", "", uid) for uid in events)
    assert texts["mei"].count("assignment-") == 2
    assert texts["hao"].count("assignment-") == 1
    assert texts["mei"].count("directive-answer-") == texts["hao"].count("directive-answer-") == 1
    assert set(texts["manager"]) == {"period-", "meeting-"}


def test_an_instruction_that_was_answered_and_a_released_item_are_no_days(office, mei):
    row = DirectiveAnswer.objects.select_related("directive__meeting").get(
        department=mei.departments.get()
    )
    directive_answers.write(row, "已完成。", seen_at=None, asks=True, by=mei, at=NOW)
    Action.objects.update(control_status="released")
    assert not [uid for uid in events_of(mei) if uid.startswith(("directive", "assignment"))]


def test_a_deputy_has_the_days_of_whom_they_stand_in_for(office, mei, hao):
    Deputy.objects.create(
        person=mei, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=mei, made_at=NOW
    )
    assert len([uid for uid in events_of(hao) if uid.startswith("assignment-")]) == 3


def test_the_file_leaves_no_session_and_lies_in_no_cache(office, mei):
    response = read(address_for(mei))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    for line in response.content.split(b"\r\n"):
        assert len(line) <= 75


def test_an_address_is_shown_once_and_dead_after_a_new_one(sign_in, office, mei):
    client = sign_in(mei)
    assert "還沒有產生。" in client.get(PAGE).content.decode()
    page = client.post(PAGE, {"make": "1"}).content.decode()
    [address] = re.findall(r'value="http://testserver(/calendar/[^"]+\.ics)"', page)
    assert read(address).status_code == 200
    assert address not in client.get(PAGE).content.decode()
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in str(CalendarAddress.objects.values().get())
    [entry] = Change.objects.filter(model="user", object_id=mei.pk)
    assert secret not in str(entry.fields)
    assert entry.differences()[0].label == "行事曆網址"
    client.post(PAGE, {"make": "1"})
    assert read(address).status_code == 404


def test_a_revoked_address_answers_nobody(sign_in, office, mei):
    address = address_for(mei)
    words = strip_tags(sign_in(mei).post(PAGE, {"revoke": "1"}, follow=True).content.decode())
    assert "行事曆網址已停用" in words
    response = read(address)
    assert (response.status_code, response.content.decode()) == (
        404,
        "沒有這個行事曆，或網址已經停用；請到「行事曆」重新產生。",
    )


def test_who_has_left_has_no_calendar_also_when_they_come_back(office, mei):
    address = address_for(mei)
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert read(address).status_code == 404
    User.objects.filter(pk=mei.pk).update(is_active=True, sign_in_generation=2)
    assert read(address).status_code == 404


def test_a_program_that_asks_all_the_time_is_told_to_wait(office, mei):
    address = address_for(mei)
    CalendarAddress.objects.update(hour_began_at=NOW, reads_in_hour=59)
    row = CalendarAddress.objects.get()
    assert workflow.count_read(row, at=NOW + timedelta(minutes=59))
    assert not workflow.count_read(row, at=NOW + timedelta(minutes=59))
    assert workflow.count_read(row, at=NOW + timedelta(minutes=60))
    CalendarAddress.objects.update(hour_began_at=None)
    assert read(address).status_code == 200


def test_whoever_tries_addresses_is_not_looked_up_any_more(office, mei):
    address = address_for(mei)
    for number in range(30):
        assert read(f"/calendar/{'x' * number}y.ics").status_code == 404
    refused = read(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")


def test_the_secret_stands_in_no_log_line(office, mei, caplog):
    with caplog.at_level(logging.WARNING):
        read("/calendar/a-dead-secret.ics")
    lines = [OneLine().format(record) for record in caplog.records]
    assert "Not Found: /calendar/…" in lines[0]
    assert not [line for line in lines if "dead-secret" in line]


@pytest.mark.one_engine
def test_queries_do_not_grow_with_items(office, mei, make_action, administration):
    address = address_for(mei)
    with CaptureQueriesContext(connection) as few:
        read(address)
    for _ in range(5):
        make_action([administration])
    with CaptureQueriesContext(connection) as many:
        read(address)
    assert len(many) <= len(few)
