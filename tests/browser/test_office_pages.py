"""The plan office prepares its next year in a browser, and nothing of the bar is cut on the smallest phone."""

from playwright.sync_api import expect

from items.models import Department, Programme, User
from tests.browser.looking import findings, overflow, show_at

SMALL = {"width": 320, "height": 640}


def test_the_plan_office_makes_its_departments_and_its_next_year(
    page, sign_in, complaints, coordinator, programme
):
    sign_in(coordinator)
    page.get_by_role("link", name="管理", exact=True).click()
    page.get_by_role("link", name="看單位").click()
    page.get_by_label("單位名稱").fill("業務處\n港務處")
    page.get_by_role("button", name="新增", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("已新增 2 個單位")
    with page.expect_navigation():
        page.get_by_role("button", name="港務處往上移").click()
    names = Department.objects.order_by("position").values_list("name", flat=True)
    assert list(names) == ["港務處", "業務處"]
    page.get_by_role("link", name="管理", exact=True).first.click()
    page.get_by_role("link", name="新增年度").click()
    page.get_by_role("button", name="新增", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("已新增 116 年度（研擬中）")
    assert Programme.objects.filter(year=116).exists()
    assert findings(page) == []
    assert complaints == []


def test_nothing_of_the_bar_is_cut_at_320_pixels(page, sign_in, complaints, demonstration):
    show_at(page, SMALL)
    for name in ("wen", "chen", "yan", "lin", "admin"):
        page.context.clear_cookies()
        sign_in(User.objects.get(username=name), demonstration)
        assert overflow(page) <= 0
        for part in page.locator("header.top a:visible, header.top summary:visible").all():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= SMALL["width"], (name, part.inner_text())
        assert "115 執行中" in page.locator("header.top .year").inner_text()
    assert complaints == []
