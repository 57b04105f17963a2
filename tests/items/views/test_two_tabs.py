"""Two people of the plan office have one page open: whoever saves second is told, on every page."""

import re
import threading
import time
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from items.models import Assignment, Directive, Programme, ReminderLetter
from items.workflow import directives, years
from items.workflow.directives import DirectiveContent
from tests.filled_form import filled_form
from tests.items.views.answers import words
from tests.making import NOW, make_user

TOLD = "沒有儲存：您開啟這一頁之後"
WAITING = 0.3
"""Seconds for the second press to come as far as the first one lets it."""


@pytest.fixture
def second(db):
    client = Client()
    client.force_login(make_user("yu", "余研考", "coordinator"))
    return client


@pytest.fixture
def first(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def directive(meeting, administration, information, coordinator):
    content = DirectiveContent(text="請加速辦理。", departments=[administration])
    return directives.give(meeting, content, by=coordinator, at=NOW)


def test_a_meeting(first, second, meeting):
    address = reverse("meeting_edit", args=[115, meeting.pk])
    seen = filled_form(second.get(address), "card")
    first.post(address, seen | {"place": "三樓"})
    refused = second.post(address, seen | {"chair": "鄧副總經理"})
    assert f"{TOLD}，顏研考在115年11月22日" in words(refused)
    assert "地點：已經改成「三樓」" in words(refused)
    assert second.post(address, filled_form(refused, "card")).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.chair) == ("三樓", "鄧副總經理")


def fields_of_directive(response):
    """With all departments that are ticked, and that the page showed as ticked."""
    page = response.content.decode()
    fields = filled_form(response, "card")
    ticked = re.findall(r'name="departments" value="(\d+)"[^>]*checked', page)
    shown = re.findall(r'name="initial-departments" value="(\d+)"', page)
    return fields | {"departments": ticked, "initial-departments": shown}


def test_an_instruction(first, second, directive, administration, information):
    address = reverse("directive", args=[115, directive.pk])
    seen = fields_of_directive(second.get(address))
    both = [str(administration.pk), str(information.pk)]
    first.post(address, seen | {"departments": both, "text": "請加速。"})
    refused = second.post(address, seen | {"due_on": "12/15"})
    assert f"{TOLD}，別人改過" in words(refused)
    assert "裁示內容：已經改成「請加速。」" in words(refused)
    assert "主辦單位：已經改成「行政處、資訊室」" in words(refused)
    assert second.post(address, fields_of_directive(refused)).status_code == 302
    kept = Directive.objects.get()
    assert (kept.text, kept.due_on) == ("請加速。", date(2026, 12, 15))
    assert kept.answers.count() == 2


def test_the_day_of_a_period(first, second, q4):
    address = reverse("period_step", args=[115, 4, "due"])
    shown = re.search(
        r'name="(initial-4-due_on)" value="([^"]+)"', words(second.get("/115/periods/"))
    )
    seen = {shown[1]: shown[2]}
    first.post(address, seen | {"4-due_on": "12/20"})
    refused = second.post(address, seen | {"4-due_on": "12/31"})
    assert "填報期限：現在是「115年12月20日」，您要改成「115年12月31日」" in words(refused)
    q4.refresh_from_db()
    assert q4.due_on == date(2026, 12, 20)
    # Whoever has seen both may decide.
    shown = re.search(r'name="initial-4-due_on" value="([^"]+)"', words(refused))
    second.post(address, {"initial-4-due_on": shown[1], "4-due_on": "12/31"})
    q4.refresh_from_db()
    assert q4.due_on == date(2026, 12, 31)


def test_the_answer_to_a_letter(first, second, make_action, administration, mei, q4):
    make_action([administration])
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    first.post(f"/115/letters/new/{administration.pk}/", {"answer_until": "11/30"})
    letter = ReminderLetter.objects.get()
    address = reverse("letter_step", args=[115, letter.pk, "answer"])
    seen = {"initial-answer": ""}
    first.post(address, seen | {"answered_on": "11/22", "answer": "料件延遲"})
    refused = second.post(address, seen | {"answered_on": "11/22", "answer": "人力不足"})
    assert "回復內容：現在是「料件延遲」，您要改成「人力不足」" in words(refused)
    letter.refresh_from_db()
    assert letter.answer == "料件延遲"


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_the_second_is_told_too(programme, coordinator):
    """Were the row not held, the second would be compared before the first has written."""
    address = reverse("year_settings", args=[115])
    client = Client()
    client.force_login(coordinator)
    seen = filled_form(client.get(address), "card")
    answers = []

    def press():
        try:
            answers.append(client.post(address, seen | {"soon_days": "40"}))
        finally:
            connection.close()

    thread = threading.Thread(target=press)
    with transaction.atomic():
        years.change(programme, {"soon_days": 20}, by=coordinator, at=NOW)
        thread.start()
        time.sleep(WAITING)
    thread.join(20)
    [answer] = answers
    assert answer.status_code == 200
    assert "現在是「20」，您要改成「40」" in words(answer)
    assert Programme.objects.get().soon_days == 20
