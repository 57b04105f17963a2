"""填報審核: what the plan office accepts and returns, and who is missing."""

import pytest
from django.urls import reverse

from items.models import ReportState
from items.workflow import periods, reporting
from tests.items.views.answers import page, read, words
from tests.making import NOW, make_user


@pytest.mark.one_engine
def test_the_coordinator_accepts_and_returns_one_report(
    sign_in, coordinator, assignment, q4, mei, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    step = reverse("report_step", args=[115, report.pk, "return"])
    assert "請寫退回原因" in words(sign_in(coordinator).post(step, {"version": 1, "words": " "}))
    sign_in(coordinator).post(step, {"version": 1, "words": "請補件數。"})
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED


def test_a_stale_tab_is_told_what_the_report_is_now(
    sign_in, coordinator, assignment, q4, mei, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    reporting.accept(report, by=coordinator, at=NOW)
    step = reverse("report_step", args=[115, report.pk, "accept"])
    answer = words(sign_in(coordinator).post(step, {"version": 1}, follow=True))
    assert "剛才有人更新過，目前是「備查」" in answer


def test_the_grid_counts_by_department_and_says_who_is_missing(
    sign_in, coordinator, assignment, q4, make_action, information
):
    make_action([information])
    answer = read(page(sign_in(coordinator), "review"))
    assert "還有 2 件未送出" in answer
    assert "【催辦】行政處：115年第4季尚有 1 件未送出，填報期限 115年12月1日（剩 9 天）。" in answer


def test_a_period_that_is_not_open_yet_has_nothing_sent(
    sign_in, coordinator, programme, assignment
):
    first = periods.lay_out(programme, by=coordinator, at=NOW)[0]
    address = reverse("review", args=[115])
    answer = words(sign_in(coordinator).get(address, {"period": first.number}))
    assert "第1季還沒有開放填報" in answer
    assert "全部送出了" not in answer


@pytest.mark.one_engine
def test_a_period_that_asks_nothing_is_not_called_sent(sign_in, coordinator, q4):
    assert "第4季：沒有應填的項目" in words(page(sign_in(coordinator), "review"))


@pytest.mark.one_engine
def test_quality_flags_are_raised(
    sign_in, coordinator, assignment, q3, q4, mei, make_report, raise_flags
):
    make_report(assignment, q3, mei, text="持續辦理中。", percent=80)
    raise_flags(
        make_report(
            assignment, q4, mei, text="持續辦理中。", percent=79, state=ReportState.WITH_COORDINATOR
        )
    )
    answer = words(page(sign_in(coordinator), "review"))
    for flag in ("與上期文字相同", "內容過短", "進度倒退（上期 80%）"):
        assert flag in answer


@pytest.mark.one_engine
def test_the_plan_office_steps_in_where_the_head_has_left(sign_in, coordinator, head, waiting):
    head.is_active = False
    head.save()
    assert "單位已沒有主管可以核可" in words(page(sign_in(coordinator), "review"))
    address = reverse("report_step", args=[115, waiting.pk, "endorse"])
    answer = sign_in(coordinator).post(address, {"version": 1}, follow=True)
    assert "已同意，送研考審核" in words(answer)
    assert answer.request["PATH_INFO"] == reverse("review", args=[115])
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_COORDINATOR


@pytest.mark.one_engine
def test_a_head_whose_own_report_waits_for_a_head_that_left_is_not_stuck(
    sign_in, coordinator, head, administration, assignment, q4, make_report
):
    other = make_user("other", "前主管", head=administration)
    report = make_report(assignment, q4, head, state=ReportState.WITH_HEAD)
    other.is_active = False
    other.save()
    sign_in(coordinator).post(
        reverse("report_step", args=[115, report.pk, "endorse"]), {"version": 1}
    )
    report.refresh_from_db()
    assert report.state == ReportState.WITH_COORDINATOR


@pytest.mark.one_engine
def test_review_of_an_empty_year_says_what_to_do(sign_in, coordinator, programme):
    assert "請先建立 115 年度的填報期" in words(page(sign_in(coordinator), "review"))
