"""分案: an item is split by its department, and everybody finds the way between old and new."""

from playwright.sync_api import expect

from items.models import Action
from tests.browser.looking import PHONE, assert_sound


def test_an_item_is_split_on_a_phone_and_the_new_ones_lead_back(
    page, sign_in, complaints, q4, make_action, administration, information, mei, coordinator
):
    make_action([administration, information], title="整理舊站房")
    sign_in(mei)
    page.goto("/115/actions/115-01/")
    page.locator(".share").first.get_by_role("link", name="申請分案").click()
    first = page.get_by_role("group", name="分出的第 1 項")
    first.get_by_label("具體推動作法").fill("整理站房外牆")
    first.get_by_role("checkbox", name="不分給").last.check()
    second = page.get_by_role("group", name="分出的第 2 項")
    second.get_by_label("具體推動作法").fill("整理站房網路")
    second.get_by_label("完成期限").first.fill("116年3月")
    page.get_by_role("button", name="再分出一項").click()
    third = page.get_by_role("group", name="分出的第 3 項")
    expect(third.get_by_label("具體推動作法")).to_be_visible()
    expect(second.get_by_label("完成期限").first).to_have_value("116年3月")
    third.get_by_role("checkbox", name="不分出這一項").check()
    page.get_by_label("申請事由").select_option("其他")
    page.get_by_label("原因說明").fill("兩部分由不同單位辦理。")
    page.get_by_label("逾期申請原因").fill("十一月才確定。")
    assert_sound(page, PHONE)
    page.get_by_role("button", name="送出申請").click()
    expect(page.get_by_role("status").first).to_contain_text("已送出，現在待研考")
    assert_sound(page, PHONE)

    page.context.clear_cookies()
    sign_in(coordinator)
    page.goto("/115/requests/")
    page.get_by_role("link", name="細看").click()
    page.get_by_label("首長核定日期").fill("115/11/20")
    page.get_by_label("首長核定文號").fill("花港企字第1號")
    page.get_by_role("button", name="通過", exact=True).click()
    page.get_by_role("link", name="115-03 整理站房網路").click()
    expect(page.locator("main")).to_contain_text("由 115-01 分出")
    page.get_by_role("link", name="115-01", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("115-01 不再列管")
    assert_sound(page, PHONE)
    assert Action.objects.get(code="115-01").control_status == "split"
