"""Closing a period keeps its mean progress; it is forgotten where the period is opened again."""

from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from items.models import Assignment, Change, Period
from items.workflow import closed_figures, periods
from tests.making import NOW


@pytest.fixture
def shares(make_action, administration):
    return [make_action([administration]).assignments.get() for _ in range(2)]


def kept_of(period):
    period.refresh_from_db()
    return (period.closed_planned, period.closed_actual)


def test_what_is_missing_at_closing_counts_as_nought_before_the_due_day(
    shares, q4, mei, coordinator, make_report
):
    """The due day is 12月1日, closed is on 11月22日: nobody can report any more."""
    make_report(shares[0], q4, mei, percent=80)
    periods.close_period(q4, by=coordinator, at=NOW)
    assert kept_of(q4) == (92, 40)


def test_a_period_on_which_nobody_reported_keeps_its_plan_alone(shares, q4, coordinator):
    periods.close_period(q4, by=coordinator, at=NOW)
    assert kept_of(q4) == (92, None)


def test_a_period_that_is_closed_before_it_begins_keeps_nothing(
    shares, programme, coordinator, quarters
):
    q4 = quarters[3]
    Period.objects.filter(pk=q4.pk).update(starts_on=date(2026, 11, 25))
    periods.close_period(q4, by=coordinator, at=NOW)
    assert kept_of(q4) == (None, None)


def test_what_was_handed_out_on_the_day_of_closing_is_not_part_of_it(
    shares, q4, mei, coordinator, make_report
):
    Assignment.objects.filter(pk=shares[1].pk).update(handed_out_on=date(2026, 11, 22))
    make_report(shares[0], q4, mei, percent=80)
    periods.close_period(q4, by=coordinator, at=NOW)
    assert kept_of(q4) == (92, 80)


def test_both_states_stand_in_the_history(shares, q4, mei, coordinator, make_report):
    make_report(shares[0], q4, mei, percent=80)
    periods.close_period(q4, by=coordinator, at=NOW)
    periods.reopen_period(q4, because="更正件數", by=coordinator, at=NOW)
    assert kept_of(q4) == (None, None)
    make_report(shares[1], q4, mei, percent=60)
    periods.close_period(q4, by=coordinator, at=NOW)
    # 填報期限 was put off with it, and so is the day up to which the plan speaks.
    assert kept_of(q4) == (93, 70)
    entries = Change.objects.filter(model="period", object_id=q4.pk).order_by("pk")
    kept = [entry.fields["closed_actual"] for entry in entries if "closed_actual" in entry.fields]
    assert kept[-3:] == [[None, 40], [40, None], [None, 70]]


def test_the_command_names_periods_of_before_and_keeps_what_the_plan_says_now(
    shares, q3, q4, mei, coordinator, make_report, capsys
):
    make_report(shares[0], q3, mei, percent=50)
    periods.close_period(q4, by=coordinator, at=NOW)
    # As after the migration: nothing was kept yet of the three quarters.
    with pytest.raises(CommandError, match=r"3 個已關閉的填報期.*--rebuild"):
        call_command("check_figures")
    assert "沒有保存關閉時的進度：115年第3季" in capsys.readouterr().out

    call_command("check_figures", "--rebuild")
    assert kept_of(q3) == (75, 25)
    call_command("check_figures")
    assert closed_figures.periods_without() == []


def test_the_command_says_where_the_plan_was_changed_since_and_leaves_it(
    shares, q3, q4, mei, coordinator, make_report, capsys
):
    make_report(shares[0], q4, mei, percent=80)
    periods.close_period(q4, by=coordinator, at=NOW)
    closed_figures.keep_missing()
    shares[1].delete()
    call_command("check_figures", "--rebuild")
    assert "115年第4季：關閉時預定 92%、實際 40%，照現在的計畫是預定 92%、實際 80%" in (
        capsys.readouterr().out
    )
    assert kept_of(q4) == (92, 40)


def test_a_period_that_was_closed_before_it_had_an_item_lacks_nothing(
    programme, q4, coordinator, make_action, administration
):
    periods.close_period(q4, by=coordinator, at=NOW)
    assignment = make_action([administration]).assignments.get()
    # Of an item that was there before, as an import may say.
    Assignment.objects.filter(pk=assignment.pk).update(handed_out_on=None)
    assert q4 not in closed_figures.periods_without()
