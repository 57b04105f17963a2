"""Dividing a department's work and handing it over, in a real browser."""

import re

from playwright.sync_api import expect

from items.models import Assignment
from tests.making import PASSWORD, make_user


def test_work_is_divided_handed_over_and_handed_back(
    page, sign_in, complaints, make_action, administration, q4, mei, head, coordinator
):
    make_action([administration])
    make_user("wen", "吳雅雯", reporter=administration)
    sign_in(head, PASSWORD)
    page.goto("/115/contacts/")
    page.get_by_label("115-01 承辦人").select_option(label="王美玲")
    page.get_by_role("button", name="儲存分工").click()
    expect(page.get_by_role("status").first).to_contain_text("已更新 1 項的承辦人：115-01。")

    page.context.clear_cookies()
    sign_in(coordinator, PASSWORD)
    page.goto("/115/people/")
    page.locator("tr", has_text="王美玲").get_by_text("變更…").click()
    page.locator("tr", has_text="王美玲").get_by_role("link", name="移交業務").click()
    page.get_by_label("接收人", exact=True).select_option(label="吳雅雯 wen・行政處（承辦人）")
    page.get_by_role("button", name="看會移交什麼").click()
    expect(page.locator("#preview")).to_have_text("王美玲 → 吳雅雯：1 項")
    page.get_by_label("同時把王美玲移出下面勾選的單位").check()
    page.get_by_role("button", name="確認移交 1 項").click()
    expect(page).to_have_url(re.compile(r"/115/people/handover/\d+/$"))
    expect(page.locator("main")).to_contain_text("監交人")
    assert Assignment.objects.get().contact.username == "wen"

    page.get_by_text("交還給王美玲…").click()
    page.get_by_role("button", name="確定交還").click()
    expect(page.get_by_role("status").first).to_contain_text("已把業務交還給王美玲。")
    assert Assignment.objects.get().contact == mei
    assert mei.memberships.count() == 1
    assert complaints == []
