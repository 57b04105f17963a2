"""The door: what a person meets before anything else, with the browser's own objections and the accessibility rules."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import findings, overflow, show_at

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_login_page_is_accessible_and_the_browser_has_no_objection(page, complaints, size):
    show_at(page, size)
    page.goto("/login/")
    assert findings(page) == []
    assert complaints == []
    assert overflow(page) <= 0


def test_signing_in_leads_to_the_page_that_was_asked_for(
    page, coordinator, programme, fill_in_login, complaints
):
    page.goto("/password/")
    assert "/login/?next=/password/" in page.url
    fill_in_login(coordinator)
    page.wait_for_url("**/password/")
    assert complaints == []


def test_a_wrong_password_says_so_in_chinese_and_stays(page, coordinator, fill_in_login):
    page.goto("/login/")
    fill_in_login(coordinator, password="wrong-password-115")
    expect(page.locator("main, body").first).to_contain_text("帳號或密碼不對")
    assert "/login/" in page.url


def test_after_five_wrong_passwords_the_page_says_what_to_do_and_leads_back(
    page, coordinator, fill_in_login
):
    """Without complaints: the browser notes the status of the refusal as an error."""
    page.goto("/login/?next=/password/")
    for number in range(5):
        fill_in_login(coordinator, password=f"wrong-password-{number}")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("暫時不能登入")
    assert findings(page) == []
    page.get_by_role("link", name="回登入頁").click()
    page.wait_for_url("**/login/?next=/password/")


def test_a_page_that_does_not_exist_says_so_in_our_own_words(page, coordinator, programme, sign_in):
    sign_in(coordinator)
    response = page.goto("/no/such/page/")
    assert response.status == 404
    assert findings(page) == []


def test_static_files_come_from_this_server_only(page, base_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/login/")
    assert asked
    assert all(address.startswith((base_url, "data:")) for address in asked)
