"""A head is away: the deputy looks at what bears a flag, and endorses several at once."""

from playwright.sync_api import expect

from items.fields import typed_day
from items.models import ReportState, ReportStep
from plan_tracker import clock
from tests.browser.looking import PHONE, assert_sound


def test_a_deputy_filters_by_a_flag_and_endorses_several_at_once(
    page, sign_in, complaints, make_action, make_report, administration, q4, mei, head, hao
):
    for flags in (",fell=80,", ",fell=90,short,", ""):
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, q4, mei, state=ReportState.WITH_HEAD, flags=flags)
    sign_in(head)
    page.get_by_text("陳處長・行政處").click()
    page.get_by_role("link", name="代理").click()
    page.get_by_label("代理人", exact=True).select_option(label="林志豪（hao）")
    page.get_by_label("到", exact=True).fill(typed_day(clock.now().date()))
    page.get_by_role("button", name="指定").click()
    expect(page.get_by_role("status").first).to_contain_text("已指定：陳處長由林志豪代理")

    page.context.clear_cookies()
    sign_in(hao)
    page.goto("/115/inbox/")
    expect(page.locator(".notice")).to_contain_text("您正代理陳處長")
    page.get_by_role("link", name="⚑ 進度倒退 2").click()
    expect(page.locator("article.pick")).to_have_count(2)
    assert_sound(page, PHONE)
    page.get_by_role("button", name="同意全部 2 件").click()
    expect(page.get_by_role("status").first).to_contain_text("已同意 2 件")
    expect(page.locator("main")).to_contain_text("沒有「進度倒退」的辦理情形。")
    page.get_by_role("link", name="看全部").click()
    expect(page.locator("article.pick")).to_have_count(1)
    names = {step.by_words for step in ReportStep.objects.all()}
    assert names == {"陳處長（林志豪代理）"}
    assert complaints == []
