"""主席裁示 over two departments: written down, answered, released, and closed with the last row."""

from playwright.sync_api import expect

from items.models import Directive
from tests.browser.looking import PHONE, assert_sound


def answer(page, text):
    page.goto("/115/todo/")
    page.get_by_role("link", name="填辦理情形").click()
    assert_sound(page, PHONE)
    page.get_by_label("辦理情形").fill(text)
    page.get_by_role("button", name="儲存，並要求解列").click()
    expect(page.get_by_role("status").first).to_contain_text("請研考同意解列")
    expect(page.locator("#directives-to-do")).to_have_count(0)


def release(page, department):
    row = page.locator(".share").filter(has_text=department)
    row.get_by_role("button", name="同意解列").click()


def test_an_instruction_over_two_departments_is_answered_released_and_closed(
    page, sign_in, complaints, q4, coordinator, mei, hao
):
    sign_in(coordinator)
    page.get_by_role("link", name="會議", exact=True).click()
    page.get_by_label("會議名稱").fill("第3季檢討會議")
    page.get_by_label("會議日期").fill("115/10/20")
    page.get_by_role("button", name="新增，接著記裁示").click()
    page.get_by_label("裁示內容").fill("請每月會勘一次。")
    page.get_by_label("各單位").check()
    page.get_by_role("button", name="記下，再記下一案").click()
    expect(page.get_by_role("status").first).to_contain_text("已記下第1案，交給行政處、資訊室")
    assert_sound(page)
    meeting = page.url.partition("#")[0]
    for person, text in [(mei, "已會勘。"), (hao, "已配合會勘。")]:
        page.context.clear_cookies()
        sign_in(person)
        answer(page, text)
    page.context.clear_cookies()
    sign_in(coordinator)
    page.goto(meeting)
    assert_sound(page, PHONE)
    release(page, "行政處")
    expect(page.get_by_role("status").first).to_contain_text("已同意行政處解列")
    release(page, "資訊室")
    expect(page.locator("#directive-1")).to_contain_text("解除列管")
    assert Directive.objects.get().outcome == "released"
    page.get_by_role("link", name="修改或結案").click()
    assert_sound(page)
    assert complaints == []
