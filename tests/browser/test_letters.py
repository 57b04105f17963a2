"""催辦: from the department that still owes to the letter, as it is read, printed and answered."""

from datetime import date

from playwright.sync_api import expect

from items.models import Assignment, ReminderLetter
from tests.browser.looking import PHONE, assert_sound, show_on

PAPER = {"width": 718, "height": 1047}
"""A4 without its margins, in pixels of a style sheet."""


def test_a_department_is_sent_a_letter_which_is_printed_with_its_slip(
    page, sign_in, complaints, q4, coordinator, mei, administration, make_action
):
    make_action([administration], title="設置民眾休憩區")
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    sign_in(coordinator)
    page.goto("/115/review/")
    page.get_by_role("link", name="開稽催單").click()
    assert_sound(page)
    page.get_by_role("link", name="給行政處").click()
    page.get_by_label("說明").fill("請先完成這一件。")
    assert_sound(page, PHONE)
    page.get_by_role("button", name="編號並開立").click()
    expect(page.get_by_role("status").first).to_contain_text("已開 115稽催字第001號 行政處")
    assert_sound(page)
    show_on(page, "print")
    expect(page.get_by_role("heading", name="稽催回復單")).to_be_visible()
    expect(page.get_by_text("設置民眾休憩區").first).to_be_visible()
    # What one does with the letter on screen is not on paper.
    expect(page.get_by_text("作廢這張稽催單…")).to_be_hidden()
    expect(page.get_by_role("navigation", name="主選單")).to_be_hidden()
    # As wide as A4: the days leave room for the title.
    page.set_viewport_size(PAPER)
    title = page.locator(".letter-items td.title").first.bounding_box()
    table = page.locator(".letter-items").bounding_box()
    assert title["width"] > table["width"] / 4
    show_on(page, "screen")
    page.context.clear_cookies()
    sign_in(mei)
    page.goto(f"/115/letters/{ReminderLetter.objects.get().pk}/")
    assert_sound(page, PHONE)
    expect(page.get_by_text("115稽催字第001號").first).to_be_visible()
