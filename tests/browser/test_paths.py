"""The main job in a real browser: a report is written, endorsed, accepted, and management sees it."""

import re

import pytest
from playwright.sync_api import expect

from items.models import ProgressReport, ReportState
from tests.browser.autosave import let_autosave
from tests.browser.looking import PHONE, findings, show_at
from tests.making import PASSWORD

TEXT = "11月20日完成地坪施工，植栽 32 盆進場。"


@pytest.fixture
def again(page, sign_in):
    """Sign in as somebody else in the same browser."""

    def again(user):
        page.context.clear_cookies()
        sign_in(user, PASSWORD)

    return again


@pytest.fixture
def assignment(make_action, administration, q4):
    return make_action([administration]).assignments.get()


def test_a_report_goes_from_the_reporter_to_the_dashboard(
    page, again, complaints, assignment, mei, head, coordinator, manager
):
    page.clock.install()
    again(mei)
    expect(page).to_have_url(re.compile(r"/115/todo/$"))
    expect(page.locator("h1")).to_have_text("第4季待填 1 件，剩 9 天")
    page.get_by_role("link", name="填報 115-01").click()
    page.get_by_label("辦理情形 做了什麼").fill(TEXT)
    page.get_by_role("spinbutton", name="實際進度").fill("88")
    page.get_by_role("radio", name="辦理中").check()
    let_autosave(page)
    page.get_by_role("button", name="送主管核可").click()
    expect(page.get_by_role("status").first).to_contain_text("115-01 已送出，待陳處長核可。")

    again(head)
    expect(page).to_have_url(re.compile(r"/115/inbox/$"))
    expect(page.locator("h1")).to_have_text("待您核可 1 件")
    page.get_by_role("button", name="同意全部 1 件").click()
    expect(page.locator("h1")).to_have_text("沒有等您核可的辦理情形")

    again(coordinator)
    expect(page).to_have_url(re.compile(r"/115/review/$"))
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="備查勾選的 1 件").click()
    expect(page.get_by_role("status").first).to_contain_text("已備查 1 件")

    again(manager)
    expect(page).to_have_url(re.compile(r"/115/$"))
    expect(page.locator("main")).to_contain_text("88%")
    assert ProgressReport.objects.get().state == "accepted"
    assert complaints == []


def test_what_was_typed_is_kept_when_the_session_ends(page, again, assignment, mei):
    page.clock.install()
    again(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    page.context.clear_cookies()
    page.get_by_label("辦理情形 做了什麼").fill(TEXT)
    let_autosave(page, "登入已逾時")
    expect(page.get_by_label("辦理情形 做了什麼")).to_have_value(TEXT)


def test_a_double_click_submits_once(page, again, assignment, mei):
    again(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    page.get_by_label("辦理情形 做了什麼").fill(TEXT)
    page.get_by_role("spinbutton", name="實際進度").fill("88")
    page.get_by_role("radio", name="辦理中").check()
    page.get_by_role("button", name="送研考審核").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("115-01 已送出")
    assert ProgressReport.objects.get().steps.count() == 1


def test_the_reason_for_delay_is_asked_for_where_it_is_needed(page, again, assignment, mei):
    again(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    reason = page.get_by_label("落後原因")
    expect(reason).to_be_hidden()
    page.get_by_role("spinbutton", name="實際進度").fill("60")
    expect(reason).to_be_visible()


def test_two_people_on_one_report_see_both_texts(
    page, again, browser, base_url, assignment, mei, administration
):
    from tests.making import make_user

    other = make_user("lan", "李蘭", reporter=administration)
    again(mei)
    address = f"/115/assignments/{assignment.pk}/report/4/"
    page.goto(address)
    second = browser.new_context(base_url=base_url).new_page()
    second.goto("/login/")
    second.fill("#id_username", other.username)
    second.fill("#id_password", PASSWORD)
    second.click("form.login button")
    second.goto(address)
    second.locator("#id_text").fill("蘭的文字")
    second.get_by_role("button", name="儲存草稿").click()
    expect(second.get_by_role("status").first).to_contain_text("草稿已儲存")
    page.locator("#id_text").fill("美的文字")
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.get_by_role("alert").first).to_contain_text("李蘭剛才更新了這份辦理情形")
    expect(page.get_by_label("已存的（李蘭")).to_be_visible()
    show_at(page, PHONE)
    assert findings(page) == []
    page.get_by_label("兩段都留，已存的在前").check()
    page.get_by_role("button", name="照選的存成草稿").click()
    expect(page.locator("#id_text")).to_have_value("蘭的文字\n美的文字")


def test_a_row_is_returned_in_its_place_and_the_buttons_count_the_ticks(
    page, again, make_action, make_report, administration, mei, head, q4
):
    for _ in range(3):
        make_report(
            make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_HEAD
        )
    again(head)
    expect(page.get_by_role("button", name="同意全部 3 件")).to_be_visible()
    expect(page.get_by_role("button", name="同意勾選的")).to_be_hidden()
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(2).check()
    expect(page.get_by_role("button", name="同意勾選的 2 件")).to_be_visible()
    expect(page.get_by_role("button", name="同意全部")).to_be_hidden()
    page.locator("article summary", has_text="退回…").nth(1).click()
    page.get_by_role("button", name="確定退回 115-02").click()
    reason = page.get_by_label("退回 115-02 的原因")
    expect(reason).to_be_focused()
    expect(page.get_by_role("button", name="同意勾選的 2 件")).to_be_visible()
    reason.fill("句子沒寫完。")
    page.get_by_role("button", name="確定退回 115-02").click()
    expect(page.get_by_role("status").first).to_contain_text("已退回 1 件：115-02 行政處。")
    page.get_by_role("button", name="同意勾選的 2 件").click()
    expect(page.get_by_role("status").first).to_contain_text("已同意 2 件")
    assert ProgressReport.objects.filter(state=ReportState.RETURNED).count() == 1


def test_enter_at_a_box_decides_on_nothing(page, again, make_report, assignment, mei, head, q4):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    again(head)
    page.get_by_role("checkbox").press("Enter")
    page.goto("/115/inbox/")
    report.refresh_from_db()
    assert report.state == ReportState.WITH_HEAD
    expect(page.locator("h1")).to_have_text("待您核可 1 件")
