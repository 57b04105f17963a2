"""What needs attention: the list of cases on 總覽, with reason and remedy."""

from datetime import date

import pytest

from items.models import (
    Action,
    Assignment,
    Department,
    Period,
    PlannedProgress,
    ProgressReport,
    ReportState,
)
from tests.reports.dashboard_words import share, text_of

URL = "/115/"


def test_what_needs_attention_is_listed_worst_first_with_reason_and_remedy(sign_in, manager, plan):
    response = sign_in(manager).get(URL)
    cases = response.context["summary"].cases
    assert [case.action.code for case in cases] == ["115-04", "115-05", "115-03"]
    page = text_of(response)
    assert "逾期 22 天" in page
    assert "採購流標一次" in page
    assert "改採開口契約" in page
    assert "未填原因" in page
    assert "沒有送出過填報" in page


def test_a_long_remedy_is_there_to_its_end(sign_in, manager, plan):
    """The screen shows how it begins; on paper the end decides."""
    end = "，115年12月底前完成驗收。"
    ProgressReport.objects.filter(remedy="改採開口契約").update(remedy="改採開口契約" * 40 + end)
    assert end in text_of(sign_in(manager).get(URL))


def test_what_is_missing_is_told_apart_from_the_latest_report(sign_in, manager, plan):
    ProgressReport.objects.filter(remedy="改採開口契約").update(delay_reason="", remedy="")
    assert "未填原因 ，最近一次 第3季填報 60%" in text_of(sign_in(manager).get(URL))


def write_another_remedy():
    ProgressReport.objects.filter(remedy="改採開口契約").update(remedy="另行標租")


def put_another_percent():
    Assignment.objects.filter(action__code="115-03", kind="lead").update(newest_percent=62)


def rename_the_action():
    Action.objects.filter(code="115-03").update(title="改寫過的作法")


def rename_the_department():
    Department.objects.filter(name="行政處").update(name="總務處")


def rename_the_period():
    Period.objects.filter(number=3).update(name="第三期")


def move_the_deadline():
    Assignment.objects.filter(action__code="115-04").update(deadline=date(2026, 11, 1))


def enter_planned_progress():
    unreported = Assignment.objects.get(action__code="115-05")
    third = Period.objects.get(number=3)
    PlannedProgress.objects.create(assignment=unreported, period=third, percent=33)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (write_another_remedy, "對策 另行標租"),
        (put_another_percent, "62%／75%"),
        (rename_the_action, "115-03 改寫過的作法"),
        (rename_the_department, "總務處 80%／90%"),
        (rename_the_period, "最近一次 第三期填報 60%"),
        (move_the_deadline, "逾期 21 天"),
        (enter_planned_progress, "0%／33%"),
    ],
)
def test_a_case_that_was_read_before_says_what_has_changed_since(
    sign_in, manager, plan, change, words
):
    """Its HTML is kept by all that it is made from."""
    client = sign_in(manager)
    assert words not in text_of(client.get(URL))
    change()
    assert words in text_of(client.get(URL))


def test_only_those_who_report_on_a_case_are_told_to_ask_about_its_closed_period(
    sign_in, manager, hao, plan
):
    advice = "已關閉，請洽研考"
    assert advice not in text_of(sign_in(manager).get(URL))
    assert advice in text_of(sign_in(hao).get(URL))
    assert advice not in text_of(sign_in(manager).get(URL))


def test_without_cases_the_heading_says_nought(
    sign_in, manager, make_action, make_report, administration, mei, q3
):
    make_report(share(make_action([administration]), administration), q3, mei)
    page = text_of(sign_in(manager).get(URL))
    assert "需要處理 0 項" in page
    assert "沒有逾期、未填報或落後的項目。" in page


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_text_that_is_not_submitted_never_shows_even_to_its_writer(
    sign_in, mei, make_action, make_report, administration, q3, q4, state
):
    action = make_action([administration])
    make_report(share(action, administration), q3, mei, percent=50, delay_reason="已送出的原因")
    make_report(
        share(action, administration),
        q4,
        mei,
        percent=99,
        delay_reason="還沒送出的原因",
        state=state,
    )
    page = text_of(sign_in(mei).get(URL))
    assert "已送出的原因" in page
    assert "還沒送出的原因" not in page
    assert "99%／" not in page


def test_beyond_twenty_cases_the_rest_is_a_link(
    sign_in, manager, make_action, administration, quarters
):
    for _ in range(23):
        make_action([administration])
    response = sign_in(manager).get(URL)
    assert len(response.context["summary"].cases) == 20
    assert "看全部 23 項" in text_of(response)
    assert "這裡列出最急的 20 項，全部 23 項見計畫表。" in text_of(response)


def test_markup_in_a_reason_is_shown_as_text(
    sign_in, manager, mei, make_action, make_report, administration, q3
):
    action = make_action([administration], title="<b>粗體</b>")
    make_report(
        share(action, administration), q3, mei, percent=10, delay_reason="<script>alert(1)</script>"
    )
    html = sign_in(manager).get(URL).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<b>粗體" not in html
