"""What was being written when a session ended: kept on the page, for the same person only."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from items.models import Meeting, Membership, Method, ProgressReport
from tests.making import make_user

TEXT = "11月20日完成「地坪」施工。\n植栽 32 盆 <進場>。"


@pytest.fixture
def address(make_action, administration, q4):
    assignment = make_action([administration]).assignments.get()
    return f"/115/assignments/{assignment.pk}/report/4/"


@pytest.fixture
def browser():
    """A client that asks for the token, as a browser meets it."""
    return Client(enforce_csrf_checks=True)


def fields_of(response):
    """The hidden fields of an answer, as the browser would send them."""
    found = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.content.decode()
    )
    return {name: html.unescape(value) for name, value in found}


def written(response):
    return fields_of(response) | {"text": TEXT, "intent": "draft", "percent": "88"}


def send(browser, address, fields, is_secure):
    scheme = "https" if is_secure else "http"
    return browser.post(
        address, fields, headers={"Origin": f"{scheme}://testserver"}, secure=is_secure
    )


@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
def test_a_text_that_was_sent_after_the_session_ended_is_saved_after_signing_in(
    browser, address, mei, is_secure
):
    browser.force_login(mei)
    form = written(browser.get(address, secure=is_secure))
    del browser.cookies["session"]
    ended = send(browser, address, form, is_secure)
    assert "登入已經逾時" in ended.content.decode()
    assert not ProgressReport.objects.exists()
    browser.force_login(mei)
    # As signing in does: the token of every page from before is of no use.
    browser.cookies["csrf"] = "x" * 32
    expired = send(browser, address, fields_of(ended), is_secure)
    assert expired.status_code == 403
    assert "再送一次" in expired.content.decode()
    send(browser, address, fields_of(expired), is_secure)
    assert ProgressReport.objects.get().text == TEXT


@pytest.mark.one_engine
def test_so_is_it_in_any_other_form_and_in_the_back_office(
    client, programme, coordinator, admin, make_action, administration
):
    make_action([administration])
    method = Method.objects.get()
    meeting = Meeting.objects.create(
        programme=programme, name="第3季檢討會議", held_on=date(2026, 10, 20), chair="林總經理"
    )
    plain = {"name": meeting.name, "held_on": "115/10/20", "chair": meeting.chair}
    place = {"strategy": method.strategy_id, "position": method.position}
    forms = [
        (coordinator, f"/115/meetings/{meeting.pk}/edit/", plain | {"agenda": TEXT}),
        (admin, reverse("admin:items_method_change", args=[method.pk]), place | {"title": TEXT}),
    ]
    for person, address, written in forms:
        client.force_login(person)
        form = fields_of(client.get(address)) | written
        client.logout()
        ended = send(client, address, form, is_secure=False)
        assert ended.status_code == 403
        client.force_login(person)
        assert send(client, address, fields_of(ended), is_secure=False).status_code == 302
    meeting.refresh_from_db()
    method.refresh_from_db()
    assert "植栽 32 盆" in meeting.agenda
    assert "植栽 32 盆" in method.title


@pytest.mark.one_engine
def test_a_password_is_not_carried(client, mei):
    form = {"writer": str(mei.pk), "text": TEXT, "password1": "Sea-lion-7-harbour"}
    ended = send(client, "/115/meetings/", form, is_secure=False).content.decode()
    assert "地坪" in ended
    assert "Sea-lion-7-harbour" not in ended


def test_another_person_does_not_get_the_text(browser, address, mei, administration):
    browser.force_login(mei)
    form = written(browser.get(address))
    browser.force_login(make_user("lan", "李蘭", reporter=administration))
    browser.cookies["csrf"] = "x" * 32
    answer = send(browser, address, form, is_secure=False).content.decode()
    assert "現在由別人登入" in answer
    assert "地坪" not in answer


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.evil"])
def test_words_of_another_site_are_not_carried(browser, address, mei, origin):
    browser.force_login(mei)
    form = written(browser.get(address))
    browser.cookies["csrf"] = "x" * 32
    answer = browser.post(address, form, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "地坪" not in answer.content.decode()


def test_who_has_left_the_department_is_told_so_and_can_copy_the_text(client, address, mei):
    client.force_login(mei)
    form = written(client.get(address))
    Membership.objects.filter(user=mei).delete()
    answer = send(client, address, form, is_secure=False)
    assert answer.status_code == 403
    words = answer.content.decode()
    assert "您不屬於（或已不屬於）行政處" in words
    assert "植栽 32 盆 &lt;進場&gt;" in words


@pytest.mark.parametrize("path", ["/no/such/page/", "/115/office/", "/115/actions/115-99/"])
def test_the_menu_stays_on_an_error_for_whoever_is_signed_in(client, programme, mei, path):
    assert "主選單" not in client.get("/no/such/page/").content.decode()
    client.force_login(mei)
    answer = client.get(path)
    assert answer.status_code in (403, 404)
    assert "主選單" in answer.content.decode()
