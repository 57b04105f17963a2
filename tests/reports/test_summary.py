"""What the summary says and draws, case by case: words, means, changes, the curve and the bars."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from items import access
from items.lights import Light
from items.models import Assignment, Department, PlannedProgress
from items.percents import EqualGroup, MeanProgress, mean_of_means
from items.workflow import history, periods
from reports import bars
from reports.changes import RULES
from reports.dashboard import summarise
from reports.sentence import count_parts, department_parts, status
from tests.making import NOW, TODAY


def said(parts):
    return "".join(part.text for part in parts)


@pytest.fixture
def summary(programme, manager):
    def make(today=TODAY):
        return summarise(
            programme,
            today,
            reader=manager,
            actions=access.visible_actions(manager).for_programme(programme),
            assignments=access.visible_assignments(manager).for_programme(programme),
            reports=access.visible_reports(manager).for_programme(programme),
        )

    return make


@pytest.mark.parametrize(
    ("lights", "words"),
    [
        ([Light.OK], "1 項全部正常。"),
        ([Light.DONE] * 2, "2 項全部已完成。"),
        ([Light.UNREPORTED] * 3, "3 項全部未填報"),
        ([Light.NOT_YET] * 33, "33 項都還沒有填報。"),
        (
            [Light.OK, Light.NOT_YET],
            "2 項中 1 項正常、1 項尚無填報，沒有落後、逾期或未填報。",
        ),
        ([Light.OK, Light.OK, Light.DONE], "3 項中 2 項正常、1 項已完成，沒有落後、逾期或未填報。"),
        ([Light.OK, Light.BEHIND], "2 項中 1 項正常；1 項落後"),
        ([Light.OVER, Light.BEHIND], "2 項中 1 項落後、1 項逾期"),
    ],
)
def test_what_is_nought_is_left_out_of_the_sentence(lights, words):
    assert said(count_parts(Counter(lights))) == words


@pytest.mark.parametrize(
    ("troubled", "words"),
    [
        ([], ""),
        ([1, 1], "，都在甲處。"),
        ([1, 2], "，都在甲處與乙處。"),
        ([1, 1, 1, 2, 3], "，集中在甲處與乙處。"),
        ([1, 1, 1, 1, 2, 3], "，集中在甲處。"),
        ([1, 2, 3, 4], "，分散在 4 個單位。"),
        ([1, 1, 2, 3, 4], "，分散在 4 個單位，甲處最多。"),
    ],
)
def test_the_departments_that_matter_are_named(troubled, words):
    departments = [
        Department(pk=pk, name=name)
        for pk, name in enumerate(["甲處", "乙處", "丙處", "丁處"], start=1)
    ]
    assert said(department_parts(Counter(troubled), departments)) == words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 30), "第4季填報中（期限 12月1日，剩 1 天）"),
        (date(2026, 12, 1), "第4季填報中（期限 12月1日，今天截止）"),
        (date(2026, 12, 3), "第4季填報中（期限 12月1日，逾填報期限 2 天）"),
        (date(2025, 12, 1), "115年度從 115年1月1日 開始"),
    ],
)
def test_the_heading_says_how_long_a_period_still_runs(programme, q4, today, words):
    assert status(programme, q4, today) == words


def test_a_due_day_of_the_next_year_says_its_year(programme, q4):
    q4.due_on = date(2027, 1, 7)
    assert status(programme, q4, TODAY) == "第4季填報中（期限 116年1月7日，剩 46 天）"
    assert status(programme, q4, date(2027, 1, 5)) == "第4季填報中（期限 1月7日，剩 2 天）"


def test_means_of_means_are_rounded_once():
    """(50 + 51) / 2 = 50.5 and 50: their mean 50.25 is 50, though rounding each first would give 51 and 50, so 51."""
    two_leads = EqualGroup(number=1, size=2, total=50 + 51)
    one_lead = EqualGroup(number=1, size=1, total=50)
    nobody_yet = EqualGroup(number=7, size=0, total=0)
    assert mean_of_means([two_leads, one_lead, nobody_yet]) == 50


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (Light.OK, Light.BEHIND, "新落後"),
        (Light.UNREPORTED, Light.BEHIND, "新落後"),
        (Light.BEHIND, Light.OVER, "新逾期"),
        (Light.OVER, Light.BEHIND, None),
        (Light.OK, Light.UNREPORTED, "新未填報"),
        (Light.BEHIND, Light.SOON, "追上"),
        (Light.BEHIND, Light.DONE, "新完成"),
        (Light.UNREPORTED, Light.OK, None),
        (Light.OK, Light.SOON, None),
    ],
)
def test_a_change_of_light_has_one_name_at_most(before, after, name):
    names = [rule.name for rule in RULES if rule.applies(before, after)]
    assert names == ([name] if name else [])


def test_caught_up_and_fallen_behind_are_seen_against_the_last_day_of_the_period_before(
    summary, make_action, make_report, administration, mei, q3, q4
):
    for third, fourth in ((60, 88), (75, 76), (75, 88)):
        share = make_action([administration]).assignments.get()
        make_report(share, q3, mei, percent=third)
        make_report(share, q4, mei, percent=fourth)
    groups = {
        group.name: [change.action.code for change in group.shown]
        for group in summary().changes.groups
    }
    assert groups == {"追上": ["115-01"], "新落後": ["115-02"]}


def test_in_the_first_period_there_is_nothing_to_compare_with(
    summary, programme, coordinator, make_action, administration
):
    make_action([administration])
    periods.lay_out(programme, by=coordinator, at=NOW)
    periods.open_period(programme.periods.get(number=1), by=coordinator, at=NOW)
    assert summary(date(2026, 3, 20)).changes is None


def test_the_curve_has_a_point_for_each_period_and_marks_the_one_that_is_being_reported(
    summary, make_action, make_report, administration, mei, quarters
):
    share = make_action([administration]).assignments.get()
    other = make_action([administration]).assignments.get()
    for quarter, percent in zip(quarters, (20, 40, 70, 90), strict=True):
        make_report(share, quarter, mei, percent=percent)
    PlannedProgress.objects.create(assignment=other, period=quarters[0], percent=5)
    points = summary().curve.points
    assert [(point.name, point.planned, point.actual, point.is_tentative) for point in points] == [
        ("第1季", 15, 10, False),
        ("第2季", 28, 20, False),
        ("第3季", 40, 35, False),
        ("第4季", 49, 45, True),
    ]
    assert points[-1].gap is None
    # Its reports are due before it ends: they are held against the plan of that day.
    assert points[-1].day == date(2026, 12, 1)


def test_the_curve_weighs_actions_alike_however_many_departments_lead_them(
    summary, make_action, make_report, administration, information, mei, q3
):
    """(20 + 40) / 2 = 30 and 70: their mean is 50, not the 43 of the three assignments."""
    for percents in ((20, 40), (70,)):
        shares = make_action([administration, information][: len(percents)]).assignments.all()
        for share, percent in zip(shares, percents, strict=True):
            make_report(share, q3, mei, percent=percent)
    assert summary().curve.points[2].actual == summary().progress.actual == 50


def test_curve_and_head_of_the_page_round_the_same_mean_alike(
    summary, make_action, make_report, administration, information, mei, q3
):
    """The mean is 54.5; a mean of the database's averages is 54.49999999999999, which would be 54."""
    third = Department.objects.create(name="工程處", position=3)
    departments = [administration, information, third]
    for percents in ((52,), (78, 84, 40), (49,), (92, 7, 50)):
        action = make_action(departments[: len(percents)])
        for assignment, percent in zip(action.assignments.all(), percents, strict=True):
            make_report(assignment, q3, mei, percent=percent)
    assert summary().progress.actual == 55
    assert summary().curve.points[2].actual == 55


def test_a_department_of_an_action_that_did_not_report_counts_as_nought(
    summary, make_action, make_report, administration, information, mei, q3
):
    make_report(make_action([administration, information]).assignments.first(), q3, mei, percent=70)
    assert summary().curve.points[2].actual == summary().progress.actual == 35


def test_a_period_to_come_has_a_plan_and_no_actual(
    summary, make_action, make_report, administration, mei, quarters
):
    share = make_action([administration]).assignments.get()
    make_report(share, quarters[0], mei, percent=20)
    points = summary(date(2026, 5, 10)).curve.points
    assert [point.actual for point in points] == [20, 20, None, None]
    assert [point.planned for point in points] == [25, 50, 75, 92]


def test_where_nothing_was_reported_the_curve_shows_the_plan_alone(
    summary, make_action, administration, quarters
):
    make_action([administration])
    curve = summary().curve
    assert [point.actual for point in curve.points] == [None] * 4
    assert curve.drawing.dots == curve.drawing.open_dots == curve.drawing.actual == []


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


@pytest.mark.parametrize(
    "counts",
    [
        {Light.OK: 1},
        {
            Light.OK: 1900,
            Light.OVER: 1,
            Light.BEHIND: 1,
            Light.UNREPORTED: 1,
            Light.SOON: 1,
            Light.DONE: 1,
        },
        dict.fromkeys(bars.LIGHTS_IN_BARS, 1),
        dict.fromkeys(bars.LIGHTS_IN_BARS, 12345),
    ],
)
def test_segments_stay_inside_the_bar_and_have_room_for_their_numbers(counts):
    segments = bars.segments_of(counts, sum(counts.values()), {})
    assert sum(segment.width for segment in segments) <= 100.01
    assert all(one.x + one.width <= two.x + 0.01 for one, two in pairwise(segments))
    assert all(
        segment.width >= min(bars.needed_width(segment.count), 100 / 7.7) - bars.GAP
        for segment in segments
    )


def test_bars_are_as_long_as_their_numbers():
    half = bars.segments_of({Light.OK: 10, Light.BEHIND: 10}, 40, {})
    assert [segment.width + bars.GAP for segment in half] == [25, 25]


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
