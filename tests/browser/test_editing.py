"""編輯這一項 in a real browser: the days while one writes, the plans of another strategy, saving."""

import pytest
from playwright.sync_api import expect

from items.models import Assignment, Method, Plan, Strategy
from tests.browser.looking import faults
from tests.making import PASSWORD

EDIT = "/115/actions/115-01/edit/"
PAGES = (
    EDIT,
    "/115/actions/new/",
    "/115/actions/115-01/planned/",
    "/115/plan/outline/",
    "/115/plan/strategy/new/",
)


@pytest.fixture
def office(page, sign_in, coordinator, q4, make_action, administration, information):
    make_action([administration, information])
    sign_in(coordinator, PASSWORD)
    return page


def test_a_deadline_is_changed_with_its_day_in_sight(office, complaints, administration):
    office.goto("/115/actions/115-01/")
    office.locator(".facts a[href$='/edit/#shares']").first.click()
    deadline = office.get_by_label("完成期限").first
    deadline.fill("9/30")
    expect(office.locator(".reading").first).to_have_text("是 115年9月30日")
    # Enter in a field does not save.
    deadline.press("Enter")
    expect(office.get_by_label("完成期限").first).to_have_value("9/30")
    office.get_by_role("button", name="儲存").click()
    expect(office.locator(".message")).to_contain_text("115-01 已修改 1 處")
    office.get_by_role("link", name="看異動紀錄").click()
    expect(office.locator("#changes")).to_contain_text("115年9月30日")
    assert Assignment.objects.get(department=administration).deadline_text == "115年9月30日"
    assert complaints == []


def test_another_strategy_brings_its_plans(office, complaints, programme):
    strategy = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    method = Method.objects.create(strategy=strategy, position=1, title="第二方法")
    Plan.objects.create(method=method, position=1, title="第二計畫")
    office.goto(EDIT)
    office.get_by_label("具體推動作法").fill("改寫中，還沒存")
    office.get_by_label("實施策略").select_option("2. 第二策略")
    office.get_by_label("執行計畫", exact=True).select_option("第二計畫")
    expect(office.get_by_label("具體推動作法")).to_have_value("改寫中，還沒存")
    office.get_by_role("button", name="儲存").click()
    expect(office.locator(".trail")).to_contain_text("第二計畫")
    assert complaints == []


def test_the_pages_are_accessible_quiet_and_fit(office, complaints):
    wrong = []
    for path in PAGES:
        office.goto(path)
        wrong += faults(office)
    assert wrong == []
    assert complaints == []
