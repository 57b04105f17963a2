"""Writing and searching in a real browser: what scripts do about keys, sessions and composition."""

import re

import pytest
from playwright.sync_api import expect

from items.models import ProgressReport
from tests.browser.autosave import PAUSE, let_autosave
from tests.browser.looking import PHONE, WIDE, show_at
from tests.making import PASSWORD, make_user

TEXT = "11月20日完成地坪施工，植栽 32 盆進場。"


@pytest.fixture
def assignment(make_action, administration, q4):
    return make_action([administration]).assignments.get()


@pytest.fixture
def form(page, sign_in, assignment, mei):
    """The form of 115-01, opened by 美."""
    page.clock.install()
    sign_in(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    return page


def sign_in_elsewhere(page, user):
    """As in a second tab: the same browser, another page."""
    tab = page.context.new_page()
    tab.goto("/login/")
    tab.fill("#id_username", user.username)
    tab.fill("#id_password", PASSWORD)
    with tab.expect_navigation():
        tab.click("form.login button[type=submit]")
    tab.close()


def save(page):
    page.get_by_role("button", name="儲存草稿").click()


def test_what_the_page_advises_after_an_ended_session_saves_the_text(form, mei):
    form.context.clear_cookies()
    form.locator("#id_text").fill(TEXT)
    save(form)
    expect(form.locator("#saved")).to_contain_text("登入已逾時")
    expect(form.locator("#saved").get_by_role("link", name="在新分頁登入")).to_be_visible()
    assert not ProgressReport.objects.exists()
    sign_in_elsewhere(form, mei)
    save(form)
    expect(form.get_by_role("status").first).to_contain_text("草稿已儲存")
    assert ProgressReport.objects.get().text == TEXT


def test_a_text_outlives_the_session_and_is_offered_to_its_writer_alone(
    page,
    sign_in,
    base_url,
    mei,
    assignment,
    make_report,
    make_action,
    administration,
    q3,
    complaints,
):
    make_action([administration])
    make_report(assignment, q3, mei, text="完成規劃設計。", percent=66)
    page.clock.install()
    sign_in(mei)
    address = f"/115/assignments/{assignment.pk}/report/4/"
    page.goto(address)

    # The last text is no news, and what is added below it is.
    page.get_by_role("button", name="沿用第3季文字並補充").click()
    expect(page.get_by_text("文字與第3季完全相同")).to_be_visible()
    page.keyboard.type("植栽 32 盆進場。")
    expect(page.get_by_text("文字與第3季完全相同")).to_be_hidden()

    # Slider and number are one.
    page.get_by_label("實際進度，拉桿").fill("60")
    expect(page.locator("#id_percent")).to_have_value("60")
    expect(page.get_by_label("落後因素")).to_be_visible()
    page.locator("#id_percent").fill("88")
    expect(page.get_by_label("實際進度，拉桿")).to_have_value("88")
    expect(page.get_by_label("落後因素")).to_be_hidden()
    let_autosave(page)
    assert page.evaluate("localStorage.length") == 0

    # The session ends while somebody writes; the same tab is signed in again.
    page.context.clear_cookies()
    page.locator("#id_text").fill(TEXT)
    save(page)
    expect(page.locator("#saved")).to_contain_text("登入已逾時")
    page.on("dialog", lambda dialog: dialog.accept())
    other = make_user("lan", "李蘭", reporter=administration)
    for user in (other, mei):
        page.context.clear_cookies()
        page.goto(f"/login/?next={address}")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.click("form.login button[type=submit]")
        # The login page's own address ends in the same words.
        page.wait_for_url(f"{base_url}{address}")
        offer = page.get_by_text("還沒有存到系統")
        if user == other:
            expect(offer).to_be_hidden()
    expect(offer).to_be_visible()
    page.get_by_role("button", name="放回表單").click()
    expect(page.locator("#id_text")).to_have_value(TEXT)
    page.get_by_role("radio", name="辦理中").check()
    page.get_by_role("button", name="送研考審核").click()
    expect(page.locator(".message")).to_contain_text("已送出")
    assert ProgressReport.objects.get(period__number=4).text == TEXT
    assert page.evaluate("localStorage.length") == 0
    assert complaints == []


def test_autosave_goes_on_by_itself_after_signing_in_again(form, mei):
    form.context.clear_cookies()
    sign_in_elsewhere(form, mei)
    form.locator("#id_text").fill(TEXT)
    let_autosave(form)
    assert ProgressReport.objects.get().text == TEXT


def test_another_person_in_the_same_browser_saves_nothing_of_it(form, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    form.locator("#id_text").fill(TEXT)
    form.context.clear_cookies()
    sign_in_elsewhere(form, other)
    save(form)
    expect(form.locator("#saved")).to_contain_text("現在由別人登入")
    expect(form.locator("#id_text")).to_have_value(TEXT)
    assert not ProgressReport.objects.exists()


def test_enter_in_a_field_sends_nothing(form):
    form.locator("#id_text").fill(TEXT)
    form.get_by_role("radio", name="辦理中").check()
    form.locator("#id_percent").fill("88")
    address = form.url
    form.locator("#id_percent").press("Enter")
    form.get_by_role("radio", name="辦理中").press("Enter")
    let_autosave(form)
    assert form.url == address
    assert ProgressReport.objects.get().state == "draft"


def test_a_choice_that_is_changed_back_is_saved(form):
    form.get_by_role("radio", name="辦理中").check()
    let_autosave(form)
    for name, status in (("持續辦理", "continuous"), ("辦理中", "in_progress")):
        with form.expect_response(lambda response: response.request.method == "POST"):
            form.get_by_role("radio", name=name).check()
            form.clock.fast_forward(PAUSE)
        assert ProgressReport.objects.get().work_status == status


def test_a_button_comes_back_when_the_answer_does_not(form):
    form.locator("#id_text").fill(TEXT)
    # By itself it saves now, and not between two words that the page says.
    let_autosave(form)
    form.route("**/session/", lambda route: route.abort())
    save(form)
    expect(form.locator("#saved")).to_contain_text("連線中斷")
    expect(form.get_by_role("button", name="儲存草稿")).to_be_enabled()
    form.unroute("**/session/")
    save(form)
    expect(form.get_by_role("status").first).to_contain_text("草稿已儲存")


def test_a_locked_button_of_any_form_comes_back(page, sign_in, mei, programme):
    page.clock.install()
    sign_in(mei)
    page.goto("/password/")
    # No content: the browser stays on the page, as after an answer that does not come.
    page.route("**/password/", lambda route: route.fulfill(status=204))
    button = page.locator("main form button")
    for field in page.locator("main form input[type=password]").all():
        field.fill("correct horse 115 again")
    button.click()
    page.clock.run_for(100)
    expect(button).to_be_disabled()
    page.clock.run_for(15_000)
    expect(button).to_be_enabled()


def test_a_long_text_is_counted_and_kept_whole(form):
    form.locator("#id_text").fill("字" * 4499)
    counter = form.locator("#id_text + .counter")
    expect(counter).to_be_empty()
    form.locator("#id_text").fill("字" * 4500)
    expect(counter).to_contain_text("還可以寫 500 個字")
    form.locator("#id_text").fill("字" * 5001)
    expect(counter).to_contain_text("超過 1 個字")
    save(form)
    expect(form.get_by_role("alert").first).to_contain_text("有 5,001 個字，最多 5,000 個字")
    assert form.locator("#id_text").input_value() == "字" * 5001


def test_the_focus_goes_to_what_is_wrong(form):
    form.get_by_role("button", name="送研考審核").click()
    expect(form.locator(".error-summary")).to_be_focused()
    expect(form.locator(".error-summary li")).to_have_count(3)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_confirmation_is_in_sight_after_sending(
    form, size, make_action, administration, information
):
    for _ in range(12):
        make_action([administration])
    show_at(form, size)
    form.locator("#id_text").fill(TEXT)
    form.locator("#id_percent").fill("88")
    form.get_by_role("radio", name="辦理中").check()
    form.get_by_role("button", name="送研考審核").click()
    form.wait_for_url(re.compile("#next-4"))
    expect(form.locator(".message")).to_be_in_viewport(ratio=1)
    expect(form.locator(":target")).to_be_in_viewport()


def test_the_last_text_is_taken_over_once(page, sign_in, mei, assignment, make_report, q3):
    make_report(assignment, q3, mei, text="完成規劃設計。")
    sign_in(mei)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    button = page.get_by_role("button", name="沿用第3季文字")
    button.click()
    button.click()
    expect(page.locator("#id_text")).to_have_value("完成規劃設計。")


BEGIN = """
field => {
  field.focus();
  field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
}
"""
COMPOSE = """
(field, step) => {
  field.value = step;
  field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true, data: step}));
}
"""
END = "field => field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))"
LONGER_THAN_A_PAUSE = 600
"""Milliseconds: static/plan_tracker/app.js asks after 400 without a key."""


def test_a_search_waits_for_the_end_of_the_composition_and_leaves_one_entry(
    page, sign_in, manager, make_action, complaints
):
    make_action(title="港棧系統")
    make_action(title="別的作法")
    sign_in(manager)
    page.clock.install()
    page.goto("/115/plan/")
    asked = []

    def note_search(request):
        if "q=" in request.url:
            asked.append(request.url)

    page.on("request", note_search)
    entries = page.evaluate("history.length")
    word = page.locator("#id_q")
    word.evaluate(BEGIN)
    for step in ("ㄍ", "ㄍㄤ", "ㄍㄤˇ", "港"):
        word.evaluate(COMPOSE, step)
        page.clock.run_for(LONGER_THAN_A_PAUSE)
    word.evaluate(END)
    page.clock.run_for(LONGER_THAN_A_PAUSE)
    expect(page.locator("#hits")).to_have_text("1 項")
    assert len(asked) == 1
    word.press("End")
    for key in ("棧", "x"):
        with page.expect_response(lambda response: "q=" in response.url):
            word.press_sequentially(key)
            page.clock.run_for(LONGER_THAN_A_PAUSE)
    expect(page.locator("#hits")).to_have_text("0 項")
    word.press("Backspace")
    expect(page.locator("#hits")).to_have_text("1 項")
    with page.expect_response(lambda response: "q=" in response.url):
        word.press("Enter")
    # A step back before the answer is in its place would be undone by it.
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    expect(page).to_have_url(re.compile("/115/plan/$"))
    assert complaints == []
