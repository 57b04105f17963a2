"""Two press 通過 of one application at the same moment: the plan changes once."""

import threading

import pytest
from django.db import connection

from items.models import Assignment, Change, ControlRequest, ControlStep
from items.workflow import WorkflowError
from items.workflow.control_requests import ManagerDecision, approve_request, submit_request
from items.workflow.control_writing import begin
from tests.applications import LATE_EXTENSION
from tests.making import NOW, TODAY


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(
    make_action, administration, programme, mei, coordinator
):
    share = make_action([administration]).assignments.get()
    sent = submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
    start = threading.Barrier(2)
    outcomes = []

    def approve():
        try:
            request = ControlRequest.objects.get(pk=sent.pk)
            decision = ManagerDecision(on=TODAY, number="第1號")
            start.wait()
            approve_request(request, manager=decision, by=coordinator, at=NOW)
            outcomes.append("approved")
        except WorkflowError as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=approve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "approved"
    assert "剛才已由別人更新，現在是「通過」" in sorted(outcomes)[1]
    assert ControlStep.objects.filter(kind="approve").count() == 1
    assert Change.objects.filter(model="assignment").count() == 1
    assert Assignment.objects.get().deadline_text == "116年3月"
