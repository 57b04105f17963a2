"""Somebody saves while the database is away: nothing that was written is lost on the way back."""

import re
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from items.models import Meeting, Method, ProgressReport

AWAY = "系統暫時無法使用"
TEXT = "11月20日完成地坪施工，植栽 32 盆進場。"


@contextmanager
def database_away():
    """No request finds the database meanwhile: each opens it anew."""
    connection.close()
    place = Path(connection.settings_dict["NAME"])
    elsewhere = place.with_suffix(".away")
    place.rename(elsewhere)
    # A file that is missing would be made anew.
    place.mkdir()
    try:
        yield
    finally:
        place.rmdir()
        elsewhere.rename(place)


@pytest.fixture(autouse=True)
def _sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("another server's database cannot be moved away")


def test_what_was_saved_while_the_database_was_away_is_there_after_going_back(
    page, sign_in, coordinator, mei, programme, make_action, administration, q4
):
    # A form like any other.
    meeting = Meeting.objects.create(
        programme=programme, name="第3季檢討會議", held_on=date(2026, 10, 20), chair="林總經理"
    )
    sign_in(coordinator)
    page.goto(f"/115/meetings/{meeting.pk}/edit/")
    page.get_by_label("地點").fill("三樓會議室")
    page.get_by_label("議程").fill("1. 各單位報告\n2. 臨時動議")
    with database_away():
        page.get_by_role("button", name="儲存").click()
        expect(page.locator("h1")).to_have_text(AWAY)
        expect(page.locator("main")).to_contain_text("2. 臨時動議")
        page.go_back()
        expect(page.locator("h1")).to_have_text(AWAY)
    page.reload()
    expect(page.get_by_text("您寫的內容已經放回下面")).to_be_visible()
    expect(page.get_by_label("地點")).to_have_value("三樓會議室")
    page.get_by_role("button", name="儲存").click()
    expect(page.get_by_role("status").first).to_contain_text("已儲存「")
    meeting.refresh_from_db()
    assert (meeting.place, meeting.agenda) == ("三樓會議室", "1. 各單位報告\n2. 臨時動議")
    # What is saved does not come back.
    page.go_back()
    expect(page.get_by_label("地點")).to_have_value("三樓會議室")
    expect(page.get_by_text("已經放回下面")).to_be_hidden()

    # A report, which its writer is asked about.
    assignment = make_action([administration]).assignments.get()
    page.context.clear_cookies()
    sign_in(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    with database_away():
        page.locator("#id_text").fill(TEXT)
        page.get_by_role("button", name="儲存草稿").click()
        # Saved on the page itself, which stays.
        expect(page.locator("#saved")).to_have_class(re.compile("problem"))
        expect(page.locator("#id_text")).to_have_value(TEXT)
    # Whoever closes it meanwhile is asked the next time.
    address = page.url
    later = page.context.new_page()
    page.close()
    later.goto(address)
    later.locator("[data-restore]").click()
    expect(later.locator("#id_text")).to_have_value(TEXT)
    later.get_by_role("button", name="儲存草稿").click()
    expect(later.get_by_role("status").first).to_contain_text("草稿已儲存")
    assert ProgressReport.objects.get().text == TEXT


def test_so_is_what_was_written_in_the_back_office_or_when_the_session_ended(
    page, sign_in, admin, programme, make_action, administration
):
    make_action([administration])
    method = Method.objects.get()
    sign_in(admin)
    address = f"/admin/items/method/{method.pk}/change/"
    page.goto(address)
    page.locator("#id_title").fill(TEXT)
    with database_away():
        page.locator("input[name=_save]").click()
        expect(page.locator("h1")).to_have_text(AWAY)
        expect(page.locator("main")).to_contain_text(TEXT)
    page.goto(address)
    expect(page.get_by_text("您寫的內容已經放回下面")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value(TEXT)

    # The session ends meanwhile: it can be sent again, and comes back where somebody goes back.
    page.context.clear_cookies()
    page.locator("input[name=_save]").click()
    # Nobody is signed in: the page sends it again, and shows nothing of it.
    expect(page.locator("h1")).to_have_text("登入已經逾時")
    sign_in(admin)
    page.goto(address)
    expect(page.locator("#id_title")).to_have_value(TEXT)
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    method.refresh_from_db()
    assert method.title == TEXT
    page.goto(address)
    expect(page.get_by_text("已經放回下面")).to_be_hidden()
