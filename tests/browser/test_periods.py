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
    # What can be done stands at one edge, whatever the state of the period.
    places = page.locator("article.period > div:last-child").evaluate_all(
        "divs => divs.map(div => div.getBoundingClientRect().x)"
    )
    assert len(places) == 4
    assert len(set(places)) == 1
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


def test_one_department_corrects_a_closed_quarter_and_both_states_stay(
    page, again, complaints, make_action, make_report, administration, mei, coordinator, auditor, q4
):
    first = make_action([administration]).assignments.get()
    make_action([administration])
    make_report(first, q4, mei, percent=89, planned_percent=88)
    again(coordinator)
    page.goto("/115/periods/")
    fourth = page.locator("#period-4")
    fourth.get_by_text("關閉第4季…").click()
    fourth.get_by_role("button", name="確定關閉第4季").click()
    fourth.get_by_text("只對一個單位或一項重新開放…").click()
    fourth.get_by_label("項次").fill("2")
    fourth.get_by_label("補正期限").fill("11/27")
    fourth.get_by_label("個別開放的原因").fill("漏報")
    fourth.get_by_role("button", name="確定個別重新開放").click()
    expect(fourth).to_contain_text("115-02 行政處，補正期限 115年11月27日（剩 5 天）")

    again(mei)
    page.goto("/115/todo/")
    page.get_by_role("link", name="補正 115-02").click()
    expect(page.locator("main")).to_contain_text("補正期限 11月27日（剩 5 天）")
    page.locator("textarea[name=text]").fill("補報 3 處。")
    page.locator("input[name=percent]").fill("90")
    page.get_by_role("radio", name="辦理中").check()
    page.locator("button[value=submit]").click()
    expect(page.get_by_role("status").first).to_contain_text("115-02 已送出")

    again(coordinator)
    page.goto("/115/periods/")
    fourth.get_by_text("結束補正並重新保存…").click()
    fourth.get_by_role("button", name="確定結束補正").click()
    expect(page.get_by_role("status").first).to_contain_text("個別補正已結束")

    again(auditor)
    page.goto("/115/reported/?period=4")
    expect(page.locator("main")).to_contain_text("補報 3 處。")
    page.get_by_role("link", name="第 1 次（").click()
    expect(page.locator("#shown")).to_contain_text("關閉時（115年11月22日）的內容")
    expect(page.locator("main")).not_to_contain_text("補報 3 處。")
    assert complaints == []
