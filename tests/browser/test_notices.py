"""通知 and 留言: somebody is told, opens what they were told of, asks, and is answered."""

from playwright.sync_api import expect

from items.models import Question, ReportState
from items.workflow import reporting
from tests.browser.looking import PHONE, WIDE, assert_sound
from tests.making import NOW


def test_what_came_back_is_told_and_asked_about(
    page, sign_in, complaints, q4, coordinator, mei, make_action, make_report, administration
):
    assignment = make_action([administration]).assignments.get()
    sent = make_report(assignment, q4, mei, percent=95, state=ReportState.WITH_COORDINATOR)
    reporting.send_back(sent, words="請補件數。", by=coordinator, at=NOW)
    sign_in(mei)
    page.get_by_role("link", name="通知").click()
    assert_sound(page, PHONE, WIDE)
    # By keyboard: a button, since a link must not write.
    page.get_by_role("button", name="退回了").press("Enter")
    expect(page.get_by_text("請補件數。").first).to_be_visible()
    expect(page.locator(".bell b")).to_have_count(0)
    page.goto("/115/actions/115-01/")
    page.get_by_role("link", name="留言提問").click()
    assert_sound(page, PHONE, WIDE)
    page.get_by_label("留言", exact=True).fill("件數算到哪一天？")
    page.get_by_role("button", name="送出留言").click()
    expect(page.get_by_role("status").first).to_contain_text("已留言給顏研考")
    page.context.clear_cookies()
    sign_in(coordinator)
    page.get_by_role("link", name="留言 1 則等您答覆").click()
    page.locator("#questions-to-do ~ .item .btn").click()
    assert_sound(page, PHONE, WIDE)
    page.get_by_label("內容").fill("到11月20日。")
    page.get_by_role("button", name="送出答覆").click()
    expect(page.get_by_role("status").first).to_contain_text("已答覆")
    page.context.clear_cookies()
    sign_in(mei)
    page.get_by_role("link", name="通知").click()
    page.get_by_role("button", name="您的留言有人答覆了").click()
    expect(page.get_by_text("到11月20日。")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="解決了").click()
    assert Question.objects.get().state == "settled"
    page.goto("/115/actions/115-01/timeline/")
    assert_sound(page, PHONE, WIDE)
