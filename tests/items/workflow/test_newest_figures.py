"""The copy of its newest report that each assignment carries is always what its reports say."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from items.models import Assignment, ProgressReport
from items.models.light_basis import LightBasis
from items.models.row_light import light_up
from items.workflow import closed_figures, history, newest_figures
from tests.making import NOW, TODAY
from tests.plain_count import PlainYear
from tests.random_year import RandomYear

STEPS = 80
"""So many steps of a year, drawn at random, make one history."""
LIT = ("severity", "actual", "planned", "reported_until", "due_until", "due_period", "behind_by")
LIT_OF_ROW = (
    "severity",
    "actual",
    "planned",
    "reported_until",
    "due_period",
    "due_closed_at",
    "behind_by",
    "light_days",
)
"""What `light_up` sets: all that is said of a light in words."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_after_any_history_the_copy_and_the_light_are_those_of_the_reports(
    seed, programme, quarters, make_action, administration, information, mei, coordinator
):
    for _ in range(3):
        make_action([administration, information])
    year = RandomYear(seed, reporter=mei, coordinator=coordinator)
    for _ in range(STEPS):
        year.step()
        assert newest_figures.stale_assignments() == []
    # The slow way asks the reports of each row.
    for days in (0, 10, 60):
        basis = LightBasis.of(programme, TODAY + timedelta(days=days))
        quickly = Assignment.objects.with_light(basis).order_by("pk").values("pk", *LIT)
        slowly = Assignment.objects.with_light_on(basis).order_by("pk").values("pk", *LIT)
        assert list(quickly) == list(slowly)
        by_hand = PlainYear(programme)
        for assignment in Assignment.objects.with_light(basis).select_related("action"):
            assert_stands_as(
                by_hand.standing(assignment.action, assignment, basis.today), assignment
            )
        # Once more in Python, as the pages of one item do it.
        rows = list(Assignment.objects.select_related("action").order_by("pk"))
        light_up(rows, basis)
        in_python = [{name: getattr(row, name) for name in LIT_OF_ROW} for row in rows]
        by_database = Assignment.objects.with_light(basis).order_by("pk").values(*LIT_OF_ROW)
        assert in_python == list(by_database)
    # And on earlier days, when some of the periods had not begun.
    for day in (date(2026, 3, 1), date(2026, 6, 30), date(2026, 9, 30)):
        for assignment in Assignment.objects.with_light_on(basis.on(day)).select_related("action"):
            earlier = by_hand.standing(assignment.action, assignment, day, earlier=True)
            assert_stands_as(earlier, assignment)
    assert ProgressReport.objects.submitted().count() > 2


def assert_stands_as(standing, assignment):
    figures = (assignment.light, assignment.actual, assignment.planned, assignment.reported_until)
    assert figures == (
        standing.light,
        standing.actual,
        standing.planned,
        standing.reported_until,
    )


def test_a_corrected_earlier_period_does_not_outdo_the_newer_one(
    make_action, administration, q3, q4, mei, make_report
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q4, mei, percent=55)
    make_report(assignment, q3, mei, percent=100)
    assignment.refresh_from_db()
    assert (assignment.newest_until, assignment.newest_percent) == (q4.ends_on, 55)


def test_saving_an_assignment_that_was_read_before_a_report_keeps_the_copy(
    make_action, administration, q4, mei, coordinator, make_report
):
    read_before = make_action([administration]).assignments.get()
    make_report(read_before, q4, mei, percent=55)
    read_before.deadline_text = "115年12月31日"
    history.save(read_before, by=coordinator, at=NOW)
    read_before.refresh_from_db()
    assert read_before.newest_percent == 55


def test_the_command_names_what_differs_and_mends_it_when_asked(
    make_action, administration, q4, mei, make_report, capsys
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q4, mei, percent=55)
    # Of the three quarters that were closed while there was no item.
    closed_figures.keep_missing()
    call_command("check_figures")
    assert "1 筆分辦的最近進度都與填報相符" in capsys.readouterr().out

    Assignment.objects.update(newest_percent=70, newest_status="")
    with pytest.raises(CommandError, match="--rebuild"):
        call_command("check_figures")
    assert f"不符：{assignment}" in capsys.readouterr().out

    call_command("check_figures", "--rebuild")
    assignment.refresh_from_db()
    assert (assignment.newest_percent, assignment.newest_status) == (55, "in_progress")
