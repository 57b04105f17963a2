"""A year by lot: steps of the reporting cycle, drawn at random, in any order."""

import random
from contextlib import suppress
from datetime import timedelta

from items.models import Assignment, Period, PlannedProgress, ProgressReport, WorkStatus
from items.workflow import WorkflowError, history, reporting
from tests.making import NOW, TODAY


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
