"""A period is closed while people save, send, attach and endorse: it keeps what is there, and no more comes."""

import threading

import pytest
from django.db import connection

from items.evidence.prepare import prepared
from items.models import Assignment, Period, ProgressReport, ReportState
from items.workflow import WorkflowError, evidence, periods, report_writing, reporting
from items.workflow.closing import keep_state
from items.workflow.errors import Refusal
from tests.items.evidence.files import PDF
from tests.making import NOW, TODAY

CONTENT = {"text": "完成地坪施工。", "percent": 89, "work_status": "in_progress"}
TURNS = 6


class Steps:
    """What each person does again and again until the period refuses it."""

    def __init__(self, people, period, shares):
        self.people = people
        self.period = period
        self.shares = shares

    def save(self, turn):
        [assignment] = self.shares["save"]
        version = ProgressReport.objects.get(assignment=assignment).version
        content = CONTENT | {"text": f"第 {turn} 次。"}
        report_writing.write(
            assignment, self.period, content, version=version, by=self.people["mei"], at=NOW
        )

    def attach(self, turn):
        [assignment] = self.shares["attach"]
        file = prepared(f"{turn}.pdf", PDF + bytes([48 + turn]))
        evidence.add_file(assignment, self.period, file, by=self.people["mei"], at=NOW)

    def send(self, turn):
        report = ProgressReport.objects.with_path().get(assignment=self.shares["send"][turn])
        reporting.submit(report, by=self.people["mei"], at=NOW, today=TODAY)

    def endorse(self, turn):
        report = ProgressReport.objects.with_path().get(assignment=self.shares["endorse"][turn])
        reporting.endorse(report, by=self.people["head"], at=NOW)


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_what_is_there_and_nothing_comes_afterwards(
    make_action, make_report, administration, q4, mei, head, coordinator
):
    numbers = {"save": 1, "attach": 1, "send": TURNS, "endorse": TURNS}
    shares = {}
    for name, number in numbers.items():
        state = ReportState.WITH_HEAD if name == "endorse" else ReportState.DRAFT
        shares[name] = [make_action([administration]).assignments.get() for _ in range(number)]
        for assignment in shares[name]:
            make_report(assignment, q4, mei, percent=89, state=state)
    steps = Steps({"mei": mei, "head": head}, q4, shares)
    start = threading.Barrier(len(numbers) + 1)
    a_few_are_through = threading.Semaphore(0)
    done, refused, failed = [], [], []

    def repeat(name):
        start.wait(120)
        try:
            for turn in range(TURNS):
                getattr(steps, name)(turn)
                done.append(name)
                a_few_are_through.release()
        except WorkflowError as error:
            refused.append(error.reason)
        except Exception as error:
            failed.append(error)
        finally:
            a_few_are_through.release()
            connection.close()

    def close():
        start.wait(120)
        try:
            for _ in range(4):
                a_few_are_through.acquire(timeout=120)
            periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=repeat, args=[name]) for name in numbers]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(refused) <= {Refusal.PERIOD_CLOSED}
    # Kept once more now that everybody has gone, the period says the same of every line.
    first = Period.objects.get(pk=q4.pk).closings.get()
    second = keep_state(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    kept = [line.content for line in first.lines.order_by("place")]
    assert len(kept) == Assignment.objects.count()
    assert kept == [line.content for line in second.lines.order_by("place")]
    # And each step that was not refused is there.
    for name, state in (("send", ReportState.DRAFT), ("endorse", ReportState.WITH_HEAD)):
        moved = ProgressReport.objects.filter(assignment__in=shares[name]).exclude(state=state)
        assert moved.count() == done.count(name)
    saved, attached = (
        ProgressReport.objects.get(assignment=shares[name][0]) for name in ("save", "attach")
    )
    assert saved.version - 1 == done.count("save")
    assert attached.evidence.count() == done.count("attach")
