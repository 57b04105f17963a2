"""The copy of its newest report that each assignment carries is always what its reports say."""

import random
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from items.models import Assignment, Period, PlannedProgress, ProgressReport, WorkStatus
from items.models.light_basis import LightBasis
from items.models.row_light import light_up
from items.workflow import WorkflowError, history, newest_figures, reporting
from tests.making import NOW, TODAY
from tests.plain_count import PlainYear

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


class RandomYear:
    """Draws steps of the reporting cycle; what the workflow refuses is no step."""

    def __init__(self, seed, reporter, coordinator):
        self.random = random.Random(seed)
        self.reporter = reporter
        self.coordinator = coordinator
        self.at = NOW

    def step(self):
        self.at += timedelta(minutes=1)
        verbs = [self.send, self.send, self.send, self.accept, self.send_back, self.recall]
        verbs += [self.reopen, self.reopen, self.reopen, self.close]
        verbs += [self.move_deadline, self.enter_planned]
        with suppress(WorkflowError):
            self.random.choice(verbs)()

    def any_report(self):
        reports = ProgressReport.objects.select_related("period__programme", "assignment__action")
        return self.random.choice([*reports.order_by("pk"), None])

    def send(self):
        assignment = self.random.choice(list(Assignment.objects.with_path().order_by("pk")))
        period = self.random.choice(list(Period.objects.select_related("programme")))
        report = ProgressReport.objects.filter(assignment=assignment, period=period).first()
        percent = self.random.choice([0, 20, 55, 89, 100])
        finished = percent == 100
        reporting.write_and_submit(
            assignment,
            period,
            {
                "text": f"完成 {percent}%。",
                "percent": percent,
                "work_status": WorkStatus.FINISHED if finished else WorkStatus.IN_PROGRESS,
                "delay_reason": "缺料",
                "remedy": "改採替代品",
            },
            version=report.version if report else 0,
            by=self.reporter,
            at=self.at,
            today=TODAY,
        )

    def accept(self):
        report = self.any_report()
        if report is not None:
            reporting.accept(report, by=self.coordinator, at=self.at)

    def send_back(self):
        report = self.any_report()
        if report is not None:
            reporting.send_back(report, by=self.coordinator, at=self.at, words="請補數字")

    def recall(self):
        report = self.any_report()
        if report is not None:
            reporting.recall(report, by=self.reporter, at=self.at)

    # Past the questions that a page asks: which day is due is of no matter here.

    def reopen(self):
        period = self.random.choice(list(Period.objects.order_by("pk")))
        period.closed_at = period.closed_by = None
        period.save()

    def close(self):
        period = self.random.choice(list(Period.objects.order_by("pk")))
        period.closed_at, period.closed_by = self.at, self.coordinator
        period.first_closed_on = period.first_closed_on or TODAY
        period.save()

    def move_deadline(self):
        assignment = self.random.choice(list(Assignment.objects.order_by("pk")))
        assignment.deadline = TODAY + timedelta(days=self.random.randrange(-200, 200))
        history.save(assignment, by=self.coordinator, at=self.at)

    def enter_planned(self):
        PlannedProgress.objects.update_or_create(
            assignment=self.random.choice(list(Assignment.objects.order_by("pk"))),
            period=self.random.choice(list(Period.objects.order_by("pk"))),
            defaults={"percent": self.random.randrange(101)},
        )


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
    call_command("check_figures")
    assert "1 筆分辦的最近進度都與填報相符" in capsys.readouterr().out

    Assignment.objects.update(newest_percent=70, newest_status="")
    with pytest.raises(CommandError, match="--rebuild"):
        call_command("check_figures")
    assert f"不符：{assignment}" in capsys.readouterr().out

    call_command("check_figures", "--rebuild")
    assignment.refresh_from_db()
    assert (assignment.newest_percent, assignment.newest_status) == (55, "in_progress")
