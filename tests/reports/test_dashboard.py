"""What the whole summary counts, of which actions and on which day."""

from datetime import date

from items.lights import Light
from items.models import Assignment
from items.percents import MeanProgress
from items.workflow import history
from tests.making import NOW


def said(parts):
    return "".join(part.text for part in parts)


def test_an_action_shows_the_worst_of_its_leads_and_support_counts_for_its_department_only(
    summary, make_action, make_report, administration, information, mei, q3
):
    action = make_action([administration])
    make_report(action.assignments.get(), q3, mei, percent=75)
    Assignment.objects.create(
        action=action,
        department=information,
        kind="support",
        deadline=date(2026, 12, 31),
        deadline_text="115年12月",
    )
    found = summary()
    assert {figure.light: figure.count for figure in found.figures if figure.count} == {Light.OK: 1}
    assert found.progress == MeanProgress(75, 75)
    assert {row.name: row.progress.actual for row in found.departments} == {
        "行政處": 75,
        "資訊室": 0,
    }
    assert found.cases == []


def test_nothing_to_report_in_a_period_is_not_a_rate_of_nought(
    summary, make_action, make_report, administration, mei, q3, q4
):
    make_report(make_action([administration]).assignments.get(), q3, mei, percent=100)
    assert (summary().filing.expected, summary().filing.percent) == (0, None)


def test_what_was_handed_out_today_does_not_pull_a_mean_down(
    summary, make_action, make_report, administration, information, mei, coordinator, q3
):
    action = make_action([administration])
    make_report(action.assignments.get(), q3, mei, percent=75)
    before = summary()
    for late_action in (action, make_action()):
        assignment = Assignment(
            action=late_action,
            department=information,
            deadline=date(2026, 12, 31),
            deadline_text="115年12月",
        )
        history.save(assignment, by=coordinator, at=NOW)
    after = summary()
    assert after.progress == before.progress == MeanProgress(75, 75)
    assert after.curve.points == before.curve.points
    bars_of = {row.name: row.progress for row in after.departments}
    assert bars_of["資訊室"] == MeanProgress(None, None)
    # From the day on which it owes something it counts as nought.
    assert summary(date(2026, 12, 2)).progress.actual == 19


def test_a_plan_on_which_nobody_has_reported_is_not_called_fine(
    summary, make_action, administration, programme, coordinator
):
    """As on the first day of an installation: no period was opened yet."""
    make_action([administration])
    make_action([administration])
    found = summary()
    assert said(found.sentence) == "2 項都還沒有填報。"
    assert {figure.light: figure.count for figure in found.figures if figure.count} == {
        Light.NOT_YET: 2
    }
    assert found.progress == MeanProgress(None, None)
    [strategy] = found.strategies
    assert [(segment.word, segment.count) for segment in strategy.segments] == [("尚無填報", 2)]


def test_the_light_of_before_the_first_report_has_no_empty_figure_afterwards(
    summary, make_action, make_report, administration, mei, q3
):
    make_report(make_action([administration]).assignments.get(), q3, mei, percent=75)
    assert Light.NOT_YET not in [figure.light for figure in summary().figures]
