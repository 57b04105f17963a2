"""管制異動: an extension is applied for, endorsed and approved; another one is withdrawn."""

from playwright.sync_api import expect

from items.models import Assignment, ControlRequest, ProgressReport
from tests.browser.looking import PHONE, assert_sound


def come(page, sign_in, person):
    page.context.clear_cookies()
    sign_in(person)


def apply_for_extension(page, words):
    """From the part of the item that is the department's, on a phone."""
    page.goto("/115/actions/115-01/")
    page.locator(".share").get_by_role("link", name="申請展延").click()
    page.get_by_label("申請事由").select_option("不可抗力")
    page.get_by_label("展延後完成期限").fill("116年3月")
    page.get_by_label("原因說明").fill(words)
    page.get_by_label("逾期申請原因").fill("颱風在11月。")
    assert_sound(page, PHONE)
    page.get_by_role("button", name="送出申請").click()
    expect(page.get_by_role("status").first).to_contain_text("已送出，現在待主管")


def test_an_extension_in_an_open_period_sends_the_report_back_and_shows_both_deadlines(
    page, sign_in, complaints, q4, make_action, administration, mei, head, coordinator, make_report
):
    share = make_action([administration]).assignments.get()
    report = make_report(share, q4, mei)
    sign_in(mei)
    apply_for_extension(page, "寫錯了。")
    page.get_by_label("說明或原因").fill("改以人力趕工。")
    page.get_by_role("button", name="撤回申請").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤回")
    assert Assignment.objects.get().deadline_text == "115年12月"
    apply_for_extension(page, "颱風後延後施工。")

    come(page, sign_in, head)
    page.get_by_role("link", name="管制異動申請 1 件等您核可").click()
    page.get_by_role("checkbox", name="115-01").check()
    page.get_by_role("button", name="同意勾選的").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "主管同意 1 件：115-01 行政處 展延申請"
    )

    come(page, sign_in, coordinator)
    page.goto("/115/review/")
    page.get_by_role("link", name="管制異動申請 1 件等您決定").click()
    page.get_by_role("link", name="細看").click()
    assert_sound(page, PHONE)
    page.get_by_label("首長核定日期").fill("115/11/20")
    page.get_by_label("首長核定文號").fill("花港企字第1號")
    page.get_by_role("button", name="通過", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("退回行政處補正（1 件）")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith("展延.pdf")

    come(page, sign_in, mei)
    page.goto(f"/115/reports/{report.pk}/")
    expect(page.locator(".returned")).to_contain_text("完成期限由 115年12月 展延為 116年3月")
    page.goto("/115/plan/")
    expect(page.locator(".col-deadline").last).to_contain_text("原 115年12月")
    page.locator(".col-deadline .earlier").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("展延申請（第 1 次）")
    expect(page.locator("main")).to_contain_text("颱風後延後施工。")
    states = list(ControlRequest.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["withdrawn", "approved"]
    assert ProgressReport.objects.get().state == "returned"
    assert complaints == []
