"""我的填報: what is still to be written, and how long there is time."""

import pytest
from django.urls import reverse

from items.models import Assignment, ReportState, WorkStatus
from items.workflow import periods, reporting
from tests.items.views.answers import FORM, page, read, words
from tests.making import NOW


@pytest.mark.one_engine
def test_todo_says_how_many_are_left_and_how_many_days(sign_in, mei, assignment, q4):
    assert "第4季待填 1 件，剩 9 天" in words(page(sign_in(mei), "todo"))


@pytest.mark.one_engine
def test_todo_puts_what_was_returned_first_with_the_reason(
    sign_in, mei, assignment, q4, coordinator, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    reporting.send_back(report, by=coordinator, at=NOW, words="請補受理件數。")
    answer = words(page(sign_in(mei), "todo"))
    assert "請補受理件數。" in answer
    assert answer.index("退回，請補正") < answer.index("請補受理件數。")


@pytest.mark.one_engine
def test_todo_shows_only_the_own_department(sign_in, hao, assignment, q4):
    assert "設置民眾休憩區" not in words(page(sign_in(hao), "todo"))


@pytest.mark.one_engine
def test_todo_without_an_open_period_says_what_comes_next(
    sign_in, mei, assignment, q4, coordinator
):
    periods.close_period(q4, by=coordinator, at=NOW)
    assert "目前沒有開放填報" in words(page(sign_in(mei), "todo"))


@pytest.mark.one_engine
def test_a_quarter_that_is_opened_again_hides_nothing_of_the_current_one(
    sign_in, mei, coordinator, make_action, administration, make_report, q3, q4
):
    first, second = (make_action([administration]).assignments.get() for _ in range(2))
    make_report(first, q3, mei)
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW)
    client = sign_in(mei)
    todo = words(page(client, "todo"))
    assert "<h1>待填 3 件：第4季 2 件、第3季 1 件</h1>" in todo
    assert todo.index("第4季待填 2 件") < todo.index("第3季（重新開放）待填 1 件")
    # Every form is one click away, of either period.
    for assignment, number in [(first, 4), (second, 4), (second, 3)]:
        assert reverse("report_form", args=[115, assignment.pk, number]) in todo
    # The page of one offline workbook leads to the other.
    for number in (3, 4):
        offline = words(page(client, "offline", number))
        assert reverse("offline", args=[115, 3]) in offline
        assert reverse("offline", args=[115, 4]) in offline


@pytest.mark.one_engine
def test_where_all_of_it_is_of_one_quarter_the_number_stands_once_in_the_heading(
    sign_in, mei, coordinator, assignment, make_report, q3, q4
):
    make_report(assignment, q3, mei)
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW)
    todo = words(page(sign_in(mei), "todo"))
    assert "<h1>待填 1 件，都是第4季的</h1>" in todo
    assert "第3季（重新開放）都已送出" in todo


def test_review_counts_what_waits_by_period_and_starts_from_the_current_one(
    sign_in, coordinator, mei, assignment, make_report, q3, q4
):
    make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW)
    client = sign_in(coordinator)
    assert "第4季：全部送出了，1 件等您審核" in read(page(client, "review"))
    answer = client.get(reverse("review", args=[115]), {"period": "3"})
    assert "第3季：還有 1 件未送出；其他填報期 1 件等您審核" in read(answer)


@pytest.mark.one_engine
def test_long_lists_are_windowed_and_say_so(
    sign_in, mei, head, make_action, make_report, administration, q4, monkeypatch
):
    monkeypatch.setattr("items.worklists.to_write.WINDOW", 2)
    monkeypatch.setattr("items.worklists.waiting.WINDOW", 2)
    for place in range(6):
        assignment = make_action([administration]).assignments.get()
        if place % 2:
            make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    todo = words(page(sign_in(mei), "todo"))
    assert "第4季待填 3 件" in todo
    assert "先列出前 2 件" in todo
    inbox = words(page(sign_in(head), "inbox"))
    assert "待您核可 3 件" in inbox
    assert "先列出前 2 件" in inbox


@pytest.mark.one_engine
def test_todo_asks_nothing_for_what_was_finished_before(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, percent=100, work_status=WorkStatus.FINISHED)
    answer = words(page(sign_in(mei), "todo"))
    assert "已完成、不必再填 1 件" in answer
    assert "待填 1 件" not in answer


def test_a_wrong_100_percent_is_corrected_in_the_next_open_period(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, percent=100, work_status=WorkStatus.FINISHED)
    client = sign_in(mei)
    address = reverse("report_form", args=[115, assignment.pk, 4])
    assert address in words(page(client, "todo"))
    client.post(address, FORM | {"percent": "90", "version": 0, "intent": "submit"})
    assignment.refresh_from_db()
    assert (assignment.newest_percent, assignment.newest_status) == (90, "in_progress")
    assert Assignment.objects.expected_in(q4).get() == assignment
