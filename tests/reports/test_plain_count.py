"""Every figure of the dashboard against a slow, plain count, over random plans with random histories."""

import re
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from html import unescape

import pytest

from items import access
from items.lights import ATTENTION, Light
from items.models import (
    Action,
    Assignment,
    ControlStatus,
    Department,
    Method,
    Plan,
    PlannedProgress,
    Strategy,
    current_period,
)
from items.models.actions import GONE_INTO_OTHERS
from items.percents import MeanProgress
from items.workflow import WorkflowError, closed_figures, periods
from reports.cases import SHOWN_CASES
from reports.changes import RULES, SHOWN_CHANGES
from reports.dashboard import summarise
from tests.items.succession import merge_or_split_by_lot
from tests.making import NOW, TODAY
from tests.plain_count import WORST_FIRST, PlainYear, mean, rounded
from tests.random_year import RandomYear

STEPS = 80
DAYS = (date(2026, 4, 2), TODAY, TODAY + timedelta(days=12), TODAY + timedelta(days=60))


class YearOfPeriods(RandomYear):
    """Closes and opens periods by the verbs, and remembers what was true at each closing."""

    def __init__(self, seed, reporter, coordinator, programme):
        super().__init__(seed, reporter, coordinator)
        self.programme = programme
        self.kept = {}

    def close(self):
        period = self.random.choice(list(self.programme.periods.select_related("programme")))
        periods.close_period(period, by=self.coordinator, at=self.at)
        year = PlainYear(self.programme)
        actual, planned = year.at_end_of(period, max(TODAY, period.due_on + timedelta(days=1)))
        if not year.is_reported_by(period):
            actual = None
        self.kept[period.pk] = MeanProgress(actual=actual, planned=planned)

    def reopen(self):
        period = self.random.choice(list(self.programme.periods.select_related("programme")))
        periods.reopen_period(period, because="更正件數", by=self.coordinator, at=self.at)
        del self.kept[period.pk]

    def release(self):
        going_on = Action.objects.exclude(control_status__in=GONE_INTO_OTHERS)
        action = self.random.choice(list(going_on.order_by("pk")))
        action.control_status = self.random.choice(
            [ControlStatus.RELEASED, ControlStatus.UNDER_CONTROL]
        )
        action.save()

    def step(self):
        super().step()
        if self.random.random() < 0.05:
            self.release()
        if self.random.random() < 0.05:
            with suppress(WorkflowError):
                merge_or_split_by_lot(self.random, self.reporter, self.coordinator, self.at)


@pytest.fixture
def random_year(
    request, programme, quarters, make_action, administration, information, mei, coordinator
):
    year = YearOfPeriods(request.param, mei, coordinator, programme)
    dice = year.random
    departments = [administration, information]
    departments += [Department.objects.create(name=f"第{n}處", position=n) for n in range(3, 6)]
    second = Strategy.objects.create(programme=programme, number=2, title="重視全程意見回饋")
    method = Method.objects.create(strategy=second, position=1, title="建立管道")
    other_plan = Plan.objects.create(method=method, position=1, title="滿意度調查")
    for _ in range(dice.choice([2, 9, 30])):
        action = make_action(dice.sample(departments, dice.randrange(5)))
        if dice.random() < 0.4:
            action.plan = other_plan
            action.position = dice.randrange(3)
            action.save()
        for assignment in action.assignments.all():
            assignment.kind = dice.choice(["lead", "lead", "lead", "support"])
            assignment.handed_out_on = dice.choice(
                [None, None, None, date(2026, 8, 20), date(2026, 11, 20)]
            )
            assignment.deadline = date(2026, 12, 31) - timedelta(days=dice.randrange(90))
            assignment.save()
    # The plan came after the first three quarters were closed: they keep what it says of them.
    closed_figures.keep_missing()
    plain = PlainYear(programme)
    for quarter in programme.periods.filter(closed_at__isnull=False):
        _, planned = plain.at_end_of(quarter, max(TODAY, quarter.due_on + timedelta(days=1)))
        assert not plain.is_reported_by(quarter)
        year.kept[quarter.pk] = MeanProgress(actual=None, planned=planned)
    for _ in range(STEPS):
        year.step()
    return year


def summary_of(programme, person, today):
    return summarise(
        programme,
        today,
        reader=person,
        actions=access.visible_actions(person).for_programme(programme),
        assignments=access.visible_assignments(person).for_programme(programme),
        reports=access.visible_reports(person).for_programme(programme),
    )


def counted(figures):
    return {figure.light: figure.count for figure in figures if figure.count}


def segments(bar):
    return {segment.light: segment.count for segment in bar.segments}


def standings_of(year, department, today):
    standings = []
    for action in year.controlled:
        for assignment in year.assignments_of[action.pk]:
            if assignment.department == department:
                standings.append(year.standing(action, assignment, today))
    return standings


@pytest.mark.slow
@pytest.mark.parametrize("random_year", range(4), indirect=True)
@pytest.mark.parametrize("has_entries", [True, False])
def test_every_figure_is_that_of_a_plain_count(random_year, has_entries, programme, manager):
    # Lights are worked out in another way where nobody has entered 預定進度.
    if not has_entries:
        PlannedProgress.objects.all().delete()
    year = PlainYear(programme)
    for today in DAYS:
        summary = summary_of(programme, manager, today)
        assert_totals(summary, year, today)
        assert_strategies(summary, year, today)
        assert_departments(summary, year, today)
        assert_cases(summary, year, today)
        assert_changes(summary, year, today)
        assert_curve(summary, year, today, random_year.kept)


def assert_totals(summary, year, today):
    lights = year.lights(year.controlled, today)

    assert summary.total == len(year.controlled)
    assert counted(summary.figures) == lights
    assert summary.progress == MeanProgress(*year.means(year.controlled, today))
    released = [action for action in year.actions if action not in year.controlled]
    led = [action for action in released if year.leads(action)]
    assert (summary.released.count if summary.released else 0) == len(led)
    gone = [action for action in led if action.control_status in GONE_INTO_OTHERS]
    assert summary.taken_over == len(gone)
    said = "".join(part.text for part in summary.sentence)
    for light, number in lights.items():
        assert f"{number} 項{light.label}" in said or f"{number} 項全部{light.label}" in said


def assert_strategies(summary, year, today):
    strategies = year.programme.strategies.all()
    for strategy, bar in zip(strategies, summary.strategies, strict=True):
        actions = [one for one in year.controlled if one.plan.method.strategy == strategy]
        assert (bar.name, bar.count) == (str(strategy), len(actions))
        assert segments(bar) == year.lights(actions, today)
        assert bar.progress == MeanProgress(*year.means(actions, today))


def assert_departments(summary, year, today):
    current = current_period(year.periods, today)
    concerned = {assignment.department for assignment in year.controlled_assignments()}
    assert [bar.name for bar in summary.departments] == [
        one.name for one in sorted(concerned, key=lambda one: one.position)
    ]
    for bar in summary.departments:
        department = Department.objects.get(name=bar.name)
        standings = standings_of(year, department, today)
        assert bar.count == len(standings)
        assert segments(bar) == Counter(standing.light for standing in standings)
        in_means = [standing for standing in standings if standing.counts]
        assert bar.progress == MeanProgress(
            actual=rounded(mean(standing.actual for standing in in_means)),
            planned=rounded(mean(standing.planned for standing in in_means)),
        )
        shares = [standing.assignment for standing in standings]
        expected = [share for share in shares if year.expects(share, current)]
        owing = [share for share in shares if year.owes(share, current)]
        if not expected:
            assert bar.filing is None
        else:
            filing = bar.filing
            assert (filing.expected, filing.owing) == (len(expected), len(owing))
            assert filing.filed == len(expected) - len(owing)

    shares = year.controlled_assignments()
    owing = [share for share in shares if year.owes(share, current)]
    assert summary.filing.period_name == current.name
    assert summary.filing.expected == len([one for one in shares if year.expects(one, current)])
    assert summary.filing.filed == summary.filing.expected - len(owing)
    assert summary.filing.owing == len({share.action_id for share in owing})


def assert_cases(summary, year, today):
    def gravity(action):
        light = year.light_of(action, today)
        worst = [one for one in year.lead_standings(action, today) if one.light == light]
        days = 0
        if light == Light.OVER:
            days = max((today - one.assignment.deadline).days for one in worst)
        points = max(one.planned - one.actual for one in worst)
        return (WORST_FIRST.index(light), -days, -points)

    troubled = [one for one in year.controlled if year.light_of(one, today) in ATTENTION]
    # `controlled` is in the order of the plan, which sorting keeps among equals.
    worst_first = sorted(troubled, key=gravity)[:SHOWN_CASES]
    assert summary.cases_total == len(troubled)
    assert [case.action.code for case in summary.cases] == [one.code for one in worst_first]
    for case in summary.cases:
        standings = year.lead_standings(case.action, today)
        in_means = [one for one in standings if one.counts]
        assert case.line.light == year.light_of(case.action, today)
        assert case.line.actual == rounded(mean(one.actual for one in in_means))
        assert case.line.planned == rounded(mean(one.planned for one in in_means))
        late = [one.assignment for one in standings if one.light in ATTENTION]
        assert len(case.voices) + case.more == len(late)
        for voice in case.voices:
            newest = year.newest(voice.assignment)
            if newest is None:
                assert voice.report is None
            else:
                assert (voice.report.pk, voice.report.percent) == (newest.pk, newest.percent)
                assert voice.report.period == newest.period


def assert_changes(summary, year, today):
    current = current_period(year.periods, today)
    earlier = [one for one in year.periods if one.opened_at and one.number < current.number]
    if not earlier or not year.controlled:
        assert summary.changes is None
        return
    day = earlier[-1].ends_on
    codes = {}
    for action in year.controlled:
        after = year.light_of(action, today)
        if after is None:
            continue
        before = year.light_of(action, day, earlier=True)
        for rule in RULES:
            if rule.applies(before, after):
                codes.setdefault(rule.name, []).append(action.code)
    groups = summary.changes.groups
    assert {group.name: group.count for group in groups} == {
        name: len(changed) for name, changed in codes.items()
    }
    for group in groups:
        shown = [change.action.code for change in group.shown]
        assert shown == codes[group.name][:SHOWN_CHANGES]
        assert group.more == group.count - len(shown)


def assert_curve(summary, year, today, kept):
    points = {}
    for period in year.periods:
        if period.is_closed and kept[period.pk].planned is not None:
            points[period.name] = kept[period.pk]
            continue
        actual, planned = year.at_end_of(period, today)
        if not year.is_reported_by(period) or period.starts_on > today or not period.opened_at:
            actual = None
        points[period.name] = MeanProgress(actual=actual, planned=planned)
    if any(progress.planned is None for progress in points.values()):
        assert summary.curve is None
        return
    on_page = {one.name: MeanProgress(one.actual, one.planned) for one in summary.curve.points}
    assert on_page == points


@pytest.mark.slow
@pytest.mark.parametrize("random_year", [5], indirect=True)
def test_every_link_leads_to_a_list_of_just_so_many(random_year, sign_in, manager):
    client = sign_in(manager)
    html = client.get("/115/").content.decode()
    links = re.findall(r'<a href="(/115/plan/\?[^"]+)"([^>]*)>(.*?)</a>', html, re.DOTALL)
    assert len(links) > 10
    for href, attributes, inside in links:
        label = re.search(r'aria-label="([^"]*)"', attributes)
        words = re.sub(r"<[^>]+>", " ", label[1] if label else inside)
        number = re.search(r"缺 (\d+)", words) or re.search(r"(\d+)\D*$", words)
        listed = client.get(unescape(href)).context["page"].paginator.count
        assert listed == int(number[1]), (href, words)


def test_what_a_closed_period_said_stays_and_is_said_to(
    programme, quarters, make_action, administration, mei, coordinator, manager, make_report
):
    """70 % of two items; then one of them is released, and the plan of the other is put off."""
    q4 = quarters[3]
    shares = [make_action([administration]).assignments.get() for _ in range(2)]
    for share, percent in zip(shares, (60, 80), strict=True):
        make_report(share, q4, mei, percent=percent)
    before = summary_of(programme, manager, TODAY).curve
    assert (before.points[3].actual, before.has_kept) == (70, False)

    periods.close_period(q4, by=coordinator, at=NOW)
    Action.objects.filter(pk=shares[0].action_id).update(control_status=ControlStatus.RELEASED)
    Assignment.objects.update(deadline=date(2027, 6, 30))
    after = summary_of(programme, manager, TODAY).curve
    assert (after.points[3].planned, after.points[3].actual) == (before.points[3].planned, 70)
    assert after.has_kept
    [changed] = closed_figures.changed_since_closing()
    assert changed.words == (
        f"115年第4季：關閉時預定 {before.points[3].planned}%、實際 70%，"
        f"照現在的計畫是預定 {changed.now.planned}%、實際 80%"
    )

    periods.reopen_period(q4, because="更正件數", by=coordinator, at=NOW)
    assert summary_of(programme, manager, TODAY).curve.points[3].actual == 80
    periods.close_period(q4, by=coordinator, at=NOW)
    assert summary_of(programme, manager, TODAY).curve.points[3].actual == 80
