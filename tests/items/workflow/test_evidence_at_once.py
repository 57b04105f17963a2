"""Several people attach at the same moment: nothing is lost, nothing is there twice."""

import threading

import pytest
from django.db import connection

from items.evidence.prepare import prepared
from items.models import ProgressReport
from items.workflow import WorkflowError, evidence
from items.workflow.errors import Refusal
from tests.items.evidence.files import PDF
from tests.making import NOW

PEOPLE = 6


@pytest.mark.django_db(transaction=True)
def test_each_own_file_is_there_and_the_same_file_once(make_action, administration, q4, mei):
    """Not even the report is there before: one of them begins it."""
    assignment = make_action([administration]).assignments.get()
    start = threading.Barrier(PEOPLE)
    refusals = []

    def attach(number):
        own = prepared(f"{number}.pdf", PDF + bytes([48 + number]))
        same = prepared("同一個.pdf", PDF)
        start.wait(120)
        try:
            for file in (same, own):
                try:
                    evidence.add_file(assignment, q4, file, by=mei, at=NOW)
                except WorkflowError as error:
                    refusals.append(error.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=attach, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = ProgressReport.objects.get()
    names = sorted(row.name for row in report.evidence.all())
    assert names == [*(f"{number}.pdf" for number in range(PEOPLE)), "同一個.pdf"]
    assert refusals == [Refusal.EVIDENCE_ATTACHED_ALREADY] * (PEOPLE - 1)
