"""The same figure in list, filter, grid and file, against a plain count over random years."""

import re
from datetime import date, timedelta

import pytest
from django.http import QueryDict

from items import access
from items.exchange.plan_export.filtered import action_table
from items.exchange.plan_export.progress import ACTUAL, progress_table
from items.filters import PlanFilter
from items.lights import Light
from items.models import SUBMITTED, ReportState
from items.models.closing import closing_in_force
from items.worklists.closed_work import closed_work_of_departments
from items.worklists.elsewhere import number_to_report
from items.worklists.period_grid import period_grid
from items.worklists.review_list import (
    EXPECTED,
    MISSING,
    OUTSTANDING,
    UNACCEPTED,
    assignments_in_state,
    kept_in_state,
)
from items.worklists.to_write import open_work_of
from items.worklists.waiting import waiting_for_head, waiting_for_office
from tests.making import TODAY
from tests.plain_count import PlainYear, mean, rounded, worst
from tests.random_office import RandomOffice, hand_out

STEPS = 60
DAYS = (TODAY, TODAY + timedelta(days=12), date(2027, 1, 20))


@pytest.fixture
def year(
    request, programme, quarters, make_action, administration, information, mei, head, coordinator
):
    """A plain count of a year by lot."""
    people = {"reporter": mei, "head": head, "coordinator": coordinator}
    office = RandomOffice(request.param, programme, people, takes_over=True)
    dice = office.random
    departments = [administration, information]
    for number in range(dice.choice([3, 9, 16])):
        action = make_action(
            dice.sample(departments, dice.choice([1, 1, 2])), title=f"設置第{number}區"
        )
        hand_out(dice, action)
    for _ in range(STEPS):
        office.step()
    plain = PlainYear(programme)
    plain.office = office
    return plain


def subjects_of(year, action, department, today):
    """What progress and light of a line are about: the leads, or what one department has of it."""
    if department is None:
        return year.lead_standings(action, today)
    standings = []
    for assignment in year.assignments_of[action.pk]:
        if assignment.department == department:
            standings.append(year.standing(action, assignment, today))
    return standings


def figures_of(table, row):
    """預定進度, 實際進度 and 燈號, whatever columns stand behind them."""
    headings = [column.heading for column in table.columns]
    return [row[headings.index(name)] for name in ("預定進度（%）", "實際進度（%）", "燈號")]


def check_lists_by_light_and_their_file(year, coordinator, administration):
    programme = year.programme
    for today in DAYS:
        for department in (None, administration):
            chosen = f"department={department.pk}" if department else ""
            number_listed = 0
            for light in Light:
                query = QueryDict(f"{chosen}&light={light.value}")
                filters = PlanFilter(query, user=coordinator, programme=programme, today=today)
                lines = []
                for action in year.actions:
                    subjects = subjects_of(year, action, department, today)
                    if worst(subject.light for subject in subjects) == light:
                        counted = [subject for subject in subjects if subject.counts]
                        planned = rounded(mean(subject.planned for subject in counted))
                        actual = rounded(mean(subject.actual for subject in counted))
                        lines.append([action.code, planned, actual, light.label])
                assert list(filters.qs.values_list("code", flat=True)) == [
                    line[0] for line in lines
                ]
                table = action_table(filters, today)
                assert [[row[0], *figures_of(table, row)] for row in table.rows] == lines
                number_listed += len(lines)
            assert number_listed > 0


def check_pages_by_light(year, client):
    for light in Light:
        page = client.get("/115/plan/", {"light": light.value}).content.decode()
        # Not by the links alone: an item that others took over is linked from their lines, too.
        listed = set(re.findall(r'class="item-link"\s+href="/115/actions/([0-9-]+)/"', page))
        for action in year.actions:
            is_listed = action.code in listed
            assert is_listed == (year.light_of(action, TODAY) == light), (action, light)


def check_grid_and_its_lists(year, coordinator, departments):
    """A closed period says what it said at closing, an open one what is so now."""
    grid = period_grid(year.periods)
    cells = {}
    for row in grid.rows:
        for cell in row.cells:
            if cell is not None:
                cells[row.department_id, cell.period.pk] = cell
    for period in year.periods:
        if period.is_closed:
            filed = year.office.kept[period.pk]
        else:
            filed = year.filed_in(period)
        for department in departments:
            expected = [one for one in filed if one.department_key == department.pk]
            cell = cells.get((department.pk, period.pk))
            if not expected:
                assert cell is None or cell.expected == 0
                continue
            check_cell(cell, expected)
            by_list = {
                EXPECTED: expected,
                MISSING: [one for one in expected if one.state is None],
                OUTSTANDING: [one for one in expected if one.state not in SUBMITTED],
                UNACCEPTED: [one for one in expected if one.state != ReportState.ACCEPTED],
            }
            for state in ReportState:
                by_list[state] = [one for one in expected if one.state == state]
            for state, listed in by_list.items():
                found = keys_in_list(coordinator, state, period, department)
                wanted = sorted(one.assignment_key for one in listed)
                assert found == wanted, (period, department, state)


def check_cell(cell, expected):
    assert cell.expected == len(expected)
    assert cell.missing == len([one for one in expected if one.state is None])
    for state in ReportState:
        in_state = [one for one in expected if one.state == state]
        assert cell.counts.get(state, 0) == len(in_state)


def keys_in_list(coordinator, state, period, department):
    """The keys that 審核 lists, in order."""
    closing = closing_in_force(period)
    if closing is not None:
        lines = kept_in_state(closing, state, department)
        return sorted(lines.values_list("assignment_key", flat=True))
    listed = assignments_in_state(coordinator, state, period, department, today=TODAY)
    return sorted(assignment.pk for assignment in listed)


def check_lists_of_people(year, people):
    programme = year.programme
    open_periods = [period for period in year.periods if period.is_open]
    for person, department in people.items():
        work = open_work_of(person, open_periods, TODAY)
        to_do = 0
        for of_period in work.works:
            expected = year.expected_in(of_period.period, department)
            owed = [one for one in expected if year.owes(one, of_period.period)]
            assert of_period.number_to_do == len(owed)
            to_do += len(owed)
        assert work.number_to_do == number_to_report(person, programme) == to_do
        closed = closed_work_of_departments(person, programme)
        for period in year.periods:
            unaccepted = 0
            for report in year.expected_in(period, department).values():
                if report is None or report.state != ReportState.ACCEPTED:
                    unaccepted += 1
            in_list = sum(one.total for one in closed.works if one.period == period)
            is_asked = period.is_closed and period.opened_at is not None
            assert in_list == (unaccepted if is_asked else 0)


def check_waiting(year, coordinator, head, administration):
    programme = year.programme
    with_head = []
    with_office = []
    for action in year.actions:
        for assignment in year.assignments_of[action.pk]:
            for report in year.reports_of[assignment.pk]:
                if report.period.is_closed:
                    continue
                is_of_head = assignment.department == administration
                if report.state == ReportState.WITH_HEAD and is_of_head:
                    with_head.append(report.pk)
                if report.state == ReportState.WITH_COORDINATOR:
                    with_office.append(report.pk)
    to_endorse = waiting_for_head(head, programme).values_list("pk", flat=True)
    assert sorted(to_endorse) == sorted(with_head)
    to_accept = waiting_for_office(coordinator, programme).values_list("pk", flat=True)
    assert sorted(to_accept) == sorted(with_office)


def check_files_of_periods(year, coordinator):
    for period in year.periods:
        day = min(TODAY, period.ends_on)
        lines = []
        for action in year.actions:
            for assignment in year.assignments_of[action.pk]:
                report = year.report_in(assignment, period)
                if report is None and not year.was_there(assignment, period):
                    continue
                standing = year.standing(action, assignment, day, earlier=True)
                is_sent = report is not None and report.state in SUBMITTED
                percent = report.percent if is_sent else None
                lines.append((action.code, percent, standing.light.label))
        table = progress_table(
            access.visible_assignments(coordinator),
            access.visible_reports(coordinator),
            period,
            TODAY,
        )
        percent_place = table.columns.index(ACTUAL)
        rows = [(row[0], row[percent_place], row[-1].partition("\n")[0]) for row in table.rows]
        assert rows == lines, period


@pytest.mark.slow
@pytest.mark.parametrize("year", range(4), indirect=True)
def test_every_figure_is_that_of_a_plain_count(
    year, coordinator, head, mei, hao, administration, information, sign_in
):
    # Otherwise the lot has tried little of what can happen.
    assert {"import_again", "fill_in_workbook", "endorse"} <= set(year.office.done)
    assert "merge_or_split" in year.office.done
    check_lists_by_light_and_their_file(year, coordinator, administration)
    check_pages_by_light(year, sign_in(coordinator))
    check_grid_and_its_lists(year, coordinator, [administration, information])
    check_lists_of_people(year, {mei: administration, hao: information})
    check_waiting(year, coordinator, head, administration)
    check_files_of_periods(year, coordinator)
