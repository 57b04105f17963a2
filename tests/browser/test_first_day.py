"""The first day in a browser: from an empty database, by the list with ticks, to slips of passwords."""

import re

import pytest
from playwright.sync_api import expect

from items.models import Department, User
from tests.browser.looking import show_on
from tests.making import make_user


@pytest.fixture
def boss(transactional_db):
    return make_user("boss", "王大明", "admin")


def ticks(page):
    return page.locator(".first-steps li.done h3").all_inner_texts()


def test_the_steps_lead_to_their_pages_and_back(page, sign_in, boss, complaints):
    sign_in(boss)
    expect(page.locator(".first-steps li")).to_have_count(5)
    page.click("text=建立年度計畫")
    page.fill("[name=year]", "115")
    page.fill("[name=title]", "115年度提升服務品質執行計畫")
    page.locator("main form button").last.click()
    expect(page.locator(".first-steps li.done")).to_have_count(1)
    page.click("text=設定單位")
    page.fill("[name=names]", "行政處\n資訊室")
    page.locator("main form:has([name=names]) button").click()
    expect(page.locator(".first-steps li.done")).to_have_count(2)
    assert Department.objects.count() == 2
    assert complaints == []


def test_slips_are_printed_without_the_page_around_them(page, sign_in, boss, complaints):
    for number in range(3):
        User.objects.create(username=f"u{number}", full_name=f"第{number}位", password="!")
    sign_in(boss)
    page.goto("/admin/items/user/")
    page.click("text=發給初始密碼（3 個帳號沒有密碼）")
    page.click("text=發給勾選的帳號初始密碼")
    expect(page.locator(".slip")).to_have_count(3)
    password = page.locator(".slip code").nth(1).inner_text()
    assert re.fullmatch(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", password)
    with page.expect_download() as download:
        page.click("text=下載 xlsx")
    assert download.value.suggested_filename.startswith("初始密碼-")
    show_on(page, "print")
    expect(page.locator("#header")).to_be_hidden()
    expect(page.locator(".slip-tools")).to_be_hidden()
    expect(page.locator(".slip").first).to_be_visible()
    # Sent again, as by the reload button, the page gives nothing twice.
    show_on(page, "screen")
    page.reload()
    expect(page.locator(".messagelist")).to_contain_text("密碼已經發過")
    assert User.objects.get(username="u0").check_password(password)
    assert complaints == []
