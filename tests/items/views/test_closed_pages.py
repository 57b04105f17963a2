"""Pages about a closed period show what was kept, whatever becomes of the plan afterwards."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Action, Assignment, Department, Period, ReportState
from items.workflow import departments, history, periods
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(make_action, administration, information, q4, mei, coordinator, make_report):
    """Of the closed 第4季; 資訊室 reported nothing."""
    action = make_action([administration, information])
    report = make_report(action.assignments.first(), q4, mei, percent=60, planned_percent=88)
    periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    return report


@pytest.fixture
def edited(report, administration, coordinator):
    """Another wording, another deadline, another name, and 資訊室 has lost the item."""
    action = Action.objects.get()
    action.title = "改寫的作法"
    history.save(action, by=coordinator, at=NOW)
    assignment = Assignment.objects.get(pk=report.assignment_id)
    assignment.deadline_text = "116年6月"
    history.save(assignment, by=coordinator, at=NOW)
    department = Department.objects.get(pk=administration.pk)
    departments.rename_department(department, "總務處", by=coordinator, at=NOW)
    history.delete(Assignment.objects.get(department__name="資訊室"), by=coordinator, at=NOW)


def words(client, name, *arguments, **asked):
    answer = client.get(reverse(name, args=[115, *arguments]), asked)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


@pytest.mark.one_engine
def test_a_report_stands_among_the_words_of_its_closing(report, edited, sign_in, manager):
    shown = words(sign_in(manager), "report", report.pk)
    assert "115年第4季 關閉時（115年11月22日）的內容" in shown
    for kept in ("設置民眾休憩區", "行政處・115年第4季", "115年12月（115年12月31日）", "預定 88%"):
        assert kept in shown
    for later in ("改寫的作法", "總務處", "116年6月"):
        assert later not in shown


@pytest.mark.one_engine
def test_the_grid_counts_what_was_kept_under_the_name_of_now(report, edited, sign_in, coordinator):
    shown = words(sign_in(coordinator), "review", period="4")
    assert "應填 2 件：未填 1、鎖定 1。" in shown
    assert "總務處" in shown
    assert "當時：行政處" in shown
    # It has lost the item since, and had owed it.
    assert "資訊室" in shown


def test_the_list_behind_a_figure_is_what_was_kept(report, edited, sign_in, coordinator):
    client = sign_in(coordinator)
    missing = words(client, "review", period="4", state="missing")
    assert "115年第4季 關閉時（115年11月22日）的內容" in missing
    assert "設置民眾休憩區 未填資訊室" in missing
    assert "期已關閉，未備查" in missing
    expected = words(client, "review", period="4", state="expected")
    assert "清單 2 件" in expected


@pytest.mark.one_engine
def test_opened_again_it_is_the_plan_of_now(report, edited, sign_in, coordinator):
    period = Period.objects.get(number=4)
    periods.reopen_period(period, because="更正", by=coordinator, at=NOW)
    shown = words(sign_in(coordinator), "report", report.pk)
    assert "改寫的作法" in shown
    assert "關閉時" not in shown
    assert "應填 1 件" in words(sign_in(coordinator), "review", period="4")


@pytest.mark.one_engine
def test_a_page_from_before_the_closing_says_that_it_was_closed(report, sign_in, coordinator):
    """The report has the version that the page shows: else the plan office would be refused as a stranger."""
    address = reverse("report_step", args=[115, report.pk, "accept"])
    answer = sign_in(coordinator).post(address, {"version": report.version}, follow=True)
    assert answer.status_code == 200
    assert "115-01 沒有處理：115年第4季已經關閉" in strip_tags(answer.content.decode())


@pytest.mark.one_engine
def test_a_draft_is_not_called_what_closing_has_kept(
    make_action, administration, q4, mei, coordinator, make_report, sign_in
):
    assignment = make_action([administration]).assignments.get()
    draft = make_report(assignment, q4, mei, state=ReportState.DRAFT)
    periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    shown = words(sign_in(mei), "report", draft.pk)
    assert "這一份在115年第4季關閉時（115年11月22日）還沒有送出，沒有列入關閉時的內容" in shown
    assert "關閉時（115年11月22日）的內容" not in shown
