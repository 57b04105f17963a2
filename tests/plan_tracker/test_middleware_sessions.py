"""The two ends of a session, idle and absolute, and what an htmx request is told after them."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from items.workflow import history
from tests.making import PASSWORD, START

MINUTE = 60
HOUR = 3600


def at(seconds):
    return time_machine.travel(START + seconds, tick=False)


@pytest.fixture
def signed_in(client, coordinator):
    with at(0):
        client.force_login(coordinator)
        assert is_signed_in(client)
    return client


def is_signed_in(client):
    return client.get("/password/").status_code == 200


def test_half_an_hour_of_nothing_ends_a_session(signed_in):
    with at(30 * MINUTE - 1):
        assert Session.objects.filter(expire_date__gt=now()).exists()
    with at(31 * MINUTE):
        assert not is_signed_in(signed_in)


def test_work_keeps_a_session_alive(signed_in):
    for minutes in range(20, 200, 20):
        with at(minutes * MINUTE):
            assert is_signed_in(signed_in)


def test_twelve_hours_end_a_session_however_busy(signed_in):
    for minutes in range(20, 12 * 60, 20):
        with at(minutes * MINUTE):
            assert is_signed_in(signed_in)
    with at(12 * HOUR):
        assert not is_signed_in(signed_in)
        assert not Session.objects.filter(expire_date__gt=now()).exists()


def test_a_new_sign_in_counts_twelve_hours_anew(signed_in, coordinator):
    with at(13 * HOUR):
        assert not is_signed_in(signed_in)
        signed_in.force_login(coordinator)
        assert is_signed_in(signed_in)


def test_clicks_within_a_minute_do_not_write_the_session_again(signed_in):
    with at(10), CaptureQueriesContext(connection) as queries:
        is_signed_in(signed_in)
    assert [one["sql"] for one in queries if one["sql"].startswith(("UPDATE", "INSERT"))] == []


def test_an_account_that_was_disabled_is_out_with_the_next_request(signed_in, coordinator):
    coordinator.is_active = False
    coordinator.save()
    with at(5):
        assert not is_signed_in(signed_in)


def test_an_account_that_is_enabled_again_finds_no_session_of_before(signed_in, coordinator, admin):
    """Not even where it asked for nothing while it was disabled."""
    with at(5):
        coordinator.is_active = False
        history.save(coordinator, by=admin, at=now())
        coordinator.is_active = True
        history.save(coordinator, by=admin, at=now())
        assert not is_signed_in(signed_in)
        signed_in.force_login(coordinator)
        assert is_signed_in(signed_in)


def test_signing_in_makes_a_new_key(client, coordinator):
    """A key that somebody else has put into the browser beforehand opens nothing."""
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.post("/login/", {"username": coordinator.username, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_cookie_of_a_session_keeps_to_https_and_away_from_scripts(run_settings):
    values = run_settings(
        "SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE SESSION_COOKIE_NAME",
        SECRET_KEY="q8Jz-Vb3nX0sLr7TfWm2KyEc9HdPa5UgZo4QiS6jRw1BxNtC8vMlG-kAeYu_DpF",
        ALLOWED_HOSTS="plan.example.org",
    )
    assert values == [True, True, "Lax", "__Host-session"]


def test_another_change_of_an_account_ends_no_session(signed_in, coordinator, admin):
    with at(5):
        coordinator.email = "a@example.org"
        history.save(coordinator, by=admin, at=now())
        assert is_signed_in(signed_in)


def test_htmx_is_told_to_load_the_login_page_and_the_way_back(client, db):
    response = client.get(
        "/password/",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/115/plan/?light=over"},
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=%2F115%2Fplan%2F%3Flight%3Dover"


def test_htmx_is_never_sent_back_to_a_foreign_page(client, db):
    response = client.get(
        "/password/", headers={"hx-request": "true", "hx-current-url": "https://evil.example/x"}
    )
    assert response["HX-Redirect"] == "/login/?next=%2F"


def test_who_pressed_a_button_comes_back_to_its_page_and_is_told(client, db):
    """Its own address would answer the GET after signing in with 405."""
    headers = {"referer": "http://testserver/115/periods/?page=2"}
    login = client.post("/115/periods/4/close/", headers=headers, follow=True)
    assert login.redirect_chain == [("/login/?next=%2F115%2Fperiods%2F%3Fpage%3D2&ended=1", 302)]
    assert login.context["next"] == "/115/periods/?page=2"
    assert "剛才沒有寫入任何資料" in login.content.decode()
    assert "剛才沒有寫入任何資料" not in client.get("/115/periods/", follow=True).content.decode()


@pytest.mark.parametrize("headers", [{}, {"referer": "https://evil.example/x"}])
def test_a_button_of_no_page_or_of_a_foreign_one_leads_home(client, db, headers):
    assert client.post("/115/periods/4/close/", headers=headers).url == "/login/?next=%2F&ended=1"


@pytest.mark.parametrize("key", ["no-such-session", r'"no-such\000session"'])
def test_a_cookie_that_names_no_session_is_nobodys(client, db, settings, key):
    """PostgreSQL takes no text with a NUL, which a quoted cookie can hold: it answered 500."""
    answer = client.get("/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
    assert answer.url == "/login/?next=/"


def no_room_for_sessions(execute, sql, values, many, context):
    if "django_session" in sql and not sql.startswith("SELECT"):
        raise OperationalError("database or disk is full")
    return execute(sql, values, many, context)


def test_pages_can_be_read_while_the_session_cannot_be_written(signed_in, coordinator):
    """A full disk: without this every page would answer 400 as soon as the session wants to be renewed."""
    signed_in.raise_request_exception = False
    with connection.execute_wrapper(no_room_for_sessions):
        with at(5 * MINUTE):
            assert is_signed_in(signed_in)
        answer = signed_in.post("/login/", {"username": coordinator.username, "password": PASSWORD})
    assert answer.status_code == 503


def test_a_session_that_was_ended_meanwhile_is_not_made_again(signed_in):
    with at(5 * MINUTE):
        store = signed_in.session
        store.delete()
        assert not is_signed_in(signed_in)


def test_a_page_that_stayed_open_learns_who_is_signed_in_and_gets_a_token(client, coordinator):
    assert client.get("/session/").json()["user"] is None
    client.force_login(coordinator)
    answer = client.get("/session/")
    assert answer.json()["user"] == coordinator.pk
    assert answer.json()["token"]
    assert answer["Cache-Control"] == "no-store"


def test_after_a_wrong_password_the_cursor_is_in_the_password(client, coordinator):
    first = client.get("/login/").content.decode()
    assert "忘記密碼？請洽資訊人員重設。" in first
    answer = client.post("/login/", {"username": coordinator.username, "password": "wrong"})
    fields = answer.context["form"].fields
    assert "autofocus" not in fields["username"].widget.attrs
    assert fields["password"].widget.attrs["autofocus"]
