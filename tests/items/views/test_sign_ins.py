"""登入中的裝置: one's own sessions are listed, and ended elsewhere."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from items.models import SignedInSession
from tests.items.views.answers import text_of
from tests.making import PASSWORD

PAGE = reverse("sign_ins")
END = reverse("sign_ins_end")
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Safari/537.36 Edg/130.0"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def browser(username, user_agent, address="192.0.2.7"):
    """A client that has signed in by the form."""
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=user_agent)
    answer = client.post("/login/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


@pytest.fixture
def desk(mei, programme):
    return browser("mei", EDGE)


@pytest.fixture
def phone(mei, programme):
    return browser("mei", PHONE, "198.51.100.9")


@pytest.mark.one_engine
def test_the_page_tells_where_one_is_signed_in_this_browser_first(desk, phone, hao):
    browser("hao", "curl/8")
    page = text_of(desk.get(PAGE))
    assert "登入中的裝置 2 個" in page
    assert "Edge・Windows 這一個 192.0.2.7 115年11月22日" in page
    assert page.index("Edge・Windows") < page.index("Safari・iPhone 198.51.100.9")
    assert "curl" not in page


@pytest.mark.one_engine
def test_with_one_browser_the_page_says_so_and_has_no_button(desk):
    page = text_of(desk.get(PAGE))
    assert "沒有在別處登入" in page
    assert "全部登出" not in page


def test_another_browser_is_signed_out_at_once(desk, phone):
    row = SignedInSession.objects.get(address="198.51.100.9")
    answer = desk.post(END, {"session": row.pk}, follow=True)
    assert "已在 1 個瀏覽器登出" in text_of(answer)
    assert not is_signed_in(phone)
    assert is_signed_in(desk)
    again = desk.post(END, {"session": row.pk}, follow=True)
    assert "那裡已經登出了，沒有變動" in text_of(again)


@pytest.mark.one_engine
def test_all_others_are_signed_out_and_this_one_stays(desk, phone, mei):
    third = browser("mei", EDGE)
    page = text_of(desk.get(PAGE))
    assert "其他 2 個全部登出" in page
    desk.post(END, {"all": "1"})
    assert [is_signed_in(client) for client in (desk, phone, third)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(desk, hao):
    other = browser("hao", EDGE)
    row = SignedInSession.objects.get(user=hao)
    desk.post(END, {"session": row.pk})
    assert is_signed_in(other)


@pytest.mark.one_engine
@pytest.mark.parametrize("data", [{}, {"session": "x"}, {"session": "1" * 30}])
def test_nonsense_is_not_found(desk, data):
    assert desk.post(END, data).status_code == 404


@pytest.mark.one_engine
def test_after_a_new_password_this_browser_stays_and_is_listed(desk, phone, mei):
    new = "sunny-tram-116"
    desk.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert not is_signed_in(phone)
    assert "Edge・Windows 這一個" in text_of(desk.get(PAGE))


def test_a_session_that_is_over_is_not_listed_and_forgotten_at_the_next_sign_in(mei, programme):
    with time_machine.travel(1_795_000_000, tick=False) as clock:
        first = browser("mei", EDGE)
        clock.shift(20 * 60)
        second = browser("mei", PHONE)
        clock.shift(15 * 60)
        assert not is_signed_in(first)
        page = text_of(second.get(PAGE))
        assert "登入中的裝置 1 個" in page
        third = browser("mei", EDGE)
        assert SignedInSession.objects.filter(user=mei).count() == 2
        assert "Safari・iPhone 192.0.2.7" in text_of(third.get(PAGE))


@pytest.mark.one_engine
def test_how_long_a_browser_was_quiet_is_said(mei, programme):
    with time_machine.travel(1_795_000_000, tick=False) as clock:
        browser("mei", PHONE)
        clock.shift(12 * 60)
        page = text_of(browser("mei", EDGE).get(PAGE))
    assert "剛才用過" in page
    assert "12 分鐘前用過" in page
