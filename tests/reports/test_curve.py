"""The curve: what was planned and what was done, by period."""

from datetime import date

from items.models import Department, PlannedProgress


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
