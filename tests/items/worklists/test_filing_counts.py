"""The states of a year counted in one query are those of the lists, whatever its history."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from items.models import Action, Assignment, ControlStatus, ProgressReport, ReportState
from items.models.filing_states import (
    OUTSTANDING,
    FiledReport,
    FilingYear,
    read_states,
    written_states,
)
from items.workflow import newest_figures, report_writing, reporting
from items.worklists.closed_work import WINDOW, closed_work_of_departments
from items.worklists.filing_counts import filed_year, filing_counts
from tests.making import NOW


def counted(periods):
    """{(period, department): {state: number}}, counted by the text that assignments carry."""
    numbers = {}
    for period, by_department in filing_counts(Assignment.objects.all(), periods).items():
        for department, states in by_department.items():
            numbers[period, department] = Counter(states)
    return numbers


def listed(periods):
    """The same, from the rows that `expected_in` has with the report of each."""
    numbers = {}
    for period in periods:
        if period.opened_at is None:
            continue
        for row in Assignment.objects.expected_in(period).with_report(period):
            states = numbers.setdefault((period.pk, row.department_id), Counter())
            states[row.report_state or "missing"] += 1
    return numbers


@pytest.mark.parametrize("seed", range(6))
def test_any_year_is_counted_as_it_is_listed(
    seed, quarters, make_action, administration, information, mei, make_report
):
    dice = random.Random(seed)
    # Some reports come in late, some periods end on one day, one is yet to be opened.
    quarters[1].ends_on = dice.choice([quarters[1].ends_on, quarters[2].ends_on])
    quarters[1].due_on = quarters[1].ends_on
    quarters[dice.randrange(4)].first_closed_on = None
    unopened = quarters[dice.randrange(4)]
    unopened.opened_at = unopened.opened_by = unopened.closed_at = unopened.closed_by = None
    for quarter in quarters:
        quarter.save()
    for number in range(12):
        status = ControlStatus.RELEASED if number % 5 == 4 else ControlStatus.UNDER_CONTROL
        make_action([administration, information], control_status=status)
    for assignment in Assignment.objects.order_by("pk"):
        if dice.random() < 0.4:
            assignment.handed_out_on = date(2026, 1, 1) + timedelta(days=dice.randrange(360))
            assignment.save()
        for quarter in dice.sample(quarters, dice.randrange(5)):
            state = dice.choice(ReportState.values)
            percent = dice.choice([40, 99, 100, 100])
            make_report(assignment, quarter, mei, percent=percent, state=state)
    assert counted(quarters) == listed(quarters)
    year = filed_year(Assignment.objects.all(), quarters)
    for quarter in quarters:
        if quarter.opened_at is not None:
            owing = set(year.in_states(Assignment.objects.all(), quarter, OUTSTANDING))
            assert owing == set(Assignment.objects.owing(quarter))
    assert newest_figures.stale_assignments() == []


def test_the_text_is_read_as_it_was_written():
    reports = [
        FiledReport(120, ReportState.DRAFT, is_finished=False),
        FiledReport(7, ReportState.ACCEPTED, is_finished=True),
        FiledReport(8, ReportState.RETURNED, is_finished=False),
    ]
    text = written_states(reports)
    assert text == "7A8r120d"
    assert list(read_states(text).values()) == [reports[1], reports[2], reports[0]]
    assert written_states([]) == ""
    assert read_states("") == {}


def test_a_first_draft_is_counted_at_once(make_action, administration, q4, mei, quarters):
    assignment = make_action([administration]).assignments.get()
    content = {"text": "施工中", "percent": 100, "work_status": "", "delay_reason": ""}
    report_writing.write(assignment, q4, content, version=0, by=mei, at=NOW)
    assignment.refresh_from_db()
    # 100 % in a draft says nothing yet.
    assert assignment.filing_states == f"{q4.pk}d"
    assert counted(quarters)[q4.pk, administration.pk] == {"draft": 1}


def test_a_step_back_is_counted_as_well(
    make_action, administration, q4, mei, coordinator, make_report
):
    assignment = make_action([administration]).assignments.get()
    report = make_report(assignment, q4, mei, percent=100, work_status="finished")
    assignment.refresh_from_db()
    assert assignment.filing_states == f"{q4.pk}A"
    reporting.send_back(report, by=coordinator, at=NOW, words="請補數字")
    assignment.refresh_from_db()
    assert assignment.filing_states == f"{q4.pk}r"


def test_a_state_that_went_wrong_is_found_and_mended(
    make_action, administration, q4, mei, make_report
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q4, mei)
    Assignment.objects.update(filing_states=f"{q4.pk}d")
    assert newest_figures.rebuild() == 1
    assignment.refresh_from_db()
    assert assignment.filing_states == f"{q4.pk}a"


def test_a_year_with_one_period_to_come_owes_nothing(quarters):
    for quarter in quarters:
        quarter.opened_at = None
    year = FilingYear(quarters)
    assert year.states("", None) == {}
    assert filing_counts(Assignment.objects.all(), quarters) == {}
    assert filing_counts(Assignment.objects.all(), []) == {}


def test_what_is_left_of_closed_periods_is_counted_whole_and_listed_to_a_window(
    make_action, administration, mei, programme, quarters, make_report, django_assert_num_queries
):
    for _ in range(3):
        assignment = make_action([administration]).assignments.get()
        for quarter in quarters[:2]:
            make_report(assignment, quarter, mei)
    many = make_action([administration])
    rows = []
    for number in range(WINDOW):
        code = f"115-{500 + number}"
        rows.append(Action(plan=many.plan, code=code, title="設置", position=9))
    actions = Action.objects.bulk_create(rows)
    Assignment.objects.bulk_create(
        Assignment(
            action=action,
            department=administration,
            deadline=date(2026, 12, 31),
            deadline_text="115年12月",
        )
        for action in actions
    )
    # Periods, counts, the plan office, and a list for each of the three that have any.
    with django_assert_num_queries(6):
        closed = closed_work_of_departments(mei, programme)
    assert [work.total for work in closed.works] == [WINDOW + 4, WINDOW + 1, WINDOW + 1]
    assert [len(work.items) for work in closed.works] == [WINDOW, WINDOW, WINDOW]
    assert closed.works[0].is_cut
    # Everything accepted: nothing is listed, and nothing asked that could be.
    Assignment.objects.filter(action__in=[*actions, many]).delete()
    for assignment in Assignment.objects.all():
        make_report(assignment, quarters[2], mei)
    with django_assert_num_queries(2):
        assert closed_work_of_departments(mei, programme).works == []
    assert ProgressReport.objects.count() == 9
