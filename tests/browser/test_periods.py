"""A closed quarter is opened again for a correction, and closed with what is left told."""

import pytest
from playwright.sync_api import expect

from items.models import ReportState
from tests.making import PASSWORD


@pytest.fixture
def again(page, sign_in):
    """Sign in as somebody else in the same browser."""

    def again(user):
        page.context.clear_cookies()
        sign_in(user, PASSWORD)

    return again


def test_a_quarter_is_opened_again_for_a_reason_and_closed_with_what_is_left(
    page, again, complaints, make_action, make_report, administration, mei, coordinator, q3, q4
):
    first, second = (make_action([administration]).assignments.get() for _ in range(2))
    make_report(first, q3, mei)
    make_report(first, q4, mei, percent=89, state=ReportState.WITH_COORDINATOR)
    make_report(second, q4, mei, percent=89)

    again(coordinator)
    page.goto("/115/periods/")
    third = page.locator("#period-3")
    third.get_by_text("重新開放第3季…").click()
    third.get_by_label("填報期限").fill("11/20")
    third.get_by_label("重新開放的原因").fill("補填 115-02")
    third.get_by_role("button", name="確定重新開放第3季").click()
    expect(third).to_contain_text("填報期限 115年11月20日 已經過了")
    expect(third.get_by_label("填報期限")).to_be_focused()
    expect(third.get_by_label("重新開放的原因")).to_have_value("補填 115-02")
    third.get_by_label("填報期限").fill("12/4")
    third.get_by_role("button", name="確定重新開放第3季").click()
    expect(page.get_by_role("status").first).to_contain_text("填報期限 115年12月4日")
    expect(third).to_contain_text("重新開放：「補填 115-02」")

    again(mei)
    expect(page.locator("main")).to_contain_text("第3季（重新開放）待填 1 件，剩 12 天")

    again(coordinator)
    page.goto("/115/periods/")
    fourth = page.locator("#period-4")
    fourth.get_by_text("關閉第4季…").click()
    expect(fourth.get_by_role("link", name="待研考 1 件").last).to_be_visible()
    fourth.get_by_role("button", name="確定關閉第4季").click()
    expect(page.get_by_role("status").first).to_contain_text("1 件列為「期已關閉，未備查」")
    fourth.get_by_role("link", name="待研考 1 件").click()
    expect(page.locator("#list")).to_contain_text("第4季・期已關閉，未備查")

    again(mei)
    page.locator("#closed summary").click()
    expect(page.locator("#closed summary")).to_contain_text("第4季 1 件")
    expect(page.locator("#closed")).to_contain_text("請洽研考（顏研考）重新開放那一期")
    assert complaints == []
