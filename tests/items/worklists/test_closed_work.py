"""What was not 備查 when its period was closed stands in its lists, with what can be done."""

import pytest
from django.urls import reverse

from items.models import ProgressReport, ReportState
from items.workflow import newest_figures, periods
from tests.items.views.answers import page, read, words
from tests.making import NOW

REMEDY = "需要補填、更正或核可，請洽研考（顏研考）重新開放那一期。"


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def office(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def closed(make_action, administration, information, make_report, q3, q4, mei, hao, coordinator):
    """115年第4季 closed with one report of 行政處 in each state, and one that is missing."""
    for department, writer in ((administration, mei), (information, hao)):
        for state in ReportState.values:
            assignment = make_action([department]).assignments.get()
            make_report(assignment, q3, writer)
            make_report(assignment, q4, writer, percent=89, state=state)
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q3, mei)
    return periods.close_period(q4, by=coordinator, at=NOW)


def test_the_department_reads_on_its_first_screen_what_is_left(sign_in, mei, closed):
    answer = page(sign_in(mei), "todo")
    todo = words(answer)
    assert "115年度的填報期都已關閉。" in todo
    assert "<summary>已關閉，未備查 17 件：第4季 5 件、第2季 6 件、第1季 6 件</summary>" in todo
    assert REMEDY in todo
    assert todo.count("行政處・第4季・期已關閉，未備查") == 5
    assert "資訊室" not in todo
    # The own draft can still be read.
    draft = closed.reports.get(state=ReportState.DRAFT, written_by=mei)
    assert reverse("report", args=[115, draft.pk]) in todo
    draft_page = words(page(sign_in(mei), "report", draft.pk))
    assert "115年第4季期已關閉，這一份未備查；要補正或核可，請洽研考重新開放" in draft_page


@pytest.mark.one_engine
def test_the_head_reads_what_was_still_waiting(sign_in, head, closed):
    inbox = words(page(sign_in(head), "inbox"))
    assert "<summary>第4季已關閉，未備查 1 件</summary>" in inbox
    assert inbox.count("期已關閉，未備查</span>") == 1
    assert REMEDY in inbox


def test_the_plan_office_has_them_by_state_and_the_way_to_open_the_period_again(office, closed):
    review = page(office, "review")
    assert "期已關閉，未備查" in words(review)
    assert "第4季 未填 1 件、草稿 2 件、待主管 2 件、待研考 2 件、退回 2 件" in " ".join(
        read(review).split()
    )
    assert f"{reverse('periods', args=[115])}#period-4" in words(review)
    listed = office.get(reverse("review", args=[115]), {"period": 4, "state": "unaccepted"})
    assert words(listed).count("第4季・期已關閉，未備查") == 9
    waiting = closed.reports.filter(state=ReportState.WITH_COORDINATOR).first()
    assert "請先<a" in words(page(office, "report", waiting.pk))
    # What other departments have not sent is not to be read, closed or not.
    draft = closed.reports.filter(state=ReportState.DRAFT).first()
    assert reverse("report", args=[115, draft.pk]) not in words(listed)


@pytest.mark.one_engine
def test_several_closed_periods_stand_on_one_card(
    sign_in, mei, make_action, administration, make_report, quarters, q3, q4
):
    first, second = (make_action([administration]).assignments.get() for _ in range(2))
    for quarter in quarters[:2]:
        make_report(first, quarter, mei)
        make_report(second, quarter, mei)
    make_report(first, q3, mei, state=ReportState.WITH_HEAD)
    todo = words(page(sign_in(mei), "todo"))
    assert "<summary>第3季已關閉，未備查 2 件</summary>" in todo
    ProgressReport.objects.filter(period=quarters[0], assignment=second).delete()
    # No verb deletes a report: what the row carries is written by hand here.
    newest_figures.refresh(second.pk)
    todo = words(page(sign_in(mei), "todo"))
    assert "<summary>已關閉，未備查 3 件：第3季 2 件、第1季 1 件</summary>" in todo
    # Folded: what can be done comes first.
    assert '<details class="card" id="closed">' in todo


@pytest.mark.one_engine
def test_nothing_is_said_where_everything_was_accepted(
    sign_in, mei, office, assignment, make_report, quarters, coordinator, q4
):
    for quarter in quarters:
        make_report(assignment, quarter, mei, percent=89)
    periods.close_period(q4, by=coordinator, at=NOW)
    assert "未備查" not in words(page(sign_in(mei), "todo"))
    assert 'id="closed"' not in words(page(office, "review"))


@pytest.mark.one_engine
def test_closing_says_how_many_are_left(office, assignment, q4):
    answer = office.post(reverse("period_step", args=[115, 4, "close"]), follow=True)
    assert "115年第4季已關閉，內容已鎖定；1 件列為「期已關閉，未備查」。" in words(answer)


@pytest.mark.one_engine
def test_of_a_closed_quarter_its_department_reads_whom_to_ask(
    sign_in, mei, hao, manager, assignment, q4
):
    told = "115年第3季未填報，已關閉，請洽研考"
    code = assignment.action.code
    for name, *arguments in [
        ("todo",),
        ("plan",),
        ("dashboard",),
        ("action", code),
        ("report_form", assignment.pk, 4),
    ]:
        assert told in words(page(sign_in(mei), name, *arguments)), name
    # Others cannot do anything about it.
    for person in (hao, manager):
        for name in ("plan", "dashboard"):
            answer = words(page(sign_in(person), name))
            assert "115年第3季未填報" in answer
            assert told not in answer


@pytest.mark.one_engine
def test_a_year_without_periods_says_so(sign_in, mei, programme):
    assert "115年度的填報期還沒有建立" in words(page(sign_in(mei), "todo"))
