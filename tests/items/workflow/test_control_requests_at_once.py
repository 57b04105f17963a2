"""Two press 通過 of one application at the same moment: the plan changes once."""

import threading

import pytest
from django.db import connection

from items.models import (
    Action,
    Assignment,
    Change,
    ControlRequest,
    ControlStep,
    ReportStep,
)
from items.workflow import WorkflowError
from items.workflow.control_requests import ManagerDecision, approve_request, submit_request
from items.workflow.control_writing import begin
from items.workflow.history_chain import faults_of_history
from items.workflow.successor_rows import SuccessorContent
from tests.applications import LATE_EXTENSION
from tests.items.succession import asked_for, shares_of
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def approve_at_once(sent, by):
    """Two people press at the same moment; what each of them was told, the one who did it first."""
    start = threading.Barrier(2)
    outcomes = []

    def approve():
        try:
            request = ControlRequest.objects.get(pk=sent.pk)
            decision = ManagerDecision(on=TODAY, number="第1號")
            start.wait()
            approve_request(request, manager=decision, by=by, at=NOW)
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
    return sorted(outcomes)


def test_of_two_who_approve_at_once_one_is_told(
    make_action, administration, programme, mei, coordinator
):
    share = make_action([administration]).assignments.get()
    sent = submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
    outcomes = approve_at_once(sent, coordinator)
    assert outcomes[0] == "approved"
    assert "剛才已由別人更新，現在是「通過」" in outcomes[1]
    assert ControlStep.objects.filter(kind="approve").count() == 1
    assert Change.objects.filter(model="assignment").count() == 1
    assert Assignment.objects.get().deadline_text == "116年3月"


@pytest.mark.parametrize("kind", ["merge", "split"])
def test_an_item_goes_on_in_others_once(
    make_action, administration, information, programme, q4, mei, coordinator, make_report, kind
):
    old = make_action([administration, information])
    target = make_action([administration])
    make_report(old.assignments.first(), q4, mei, state="with_coordinator")
    shares = shares_of(old)
    successors = [SuccessorContent(action_id=target.pk, shares=shares)]
    if kind == "split":
        successors = [SuccessorContent(title=title, shares=shares) for title in ("甲", "乙")]
    sent = asked_for(old.assignments.first(), kind, successors, mei)
    outcomes = approve_at_once(sent, coordinator)
    assert outcomes[0] == "approved"
    assert "剛才已由別人更新，現在是「通過」" in outcomes[1]
    assert ControlStep.objects.filter(kind="approve").count() == 1
    # The other item, or two new ones, with two departments each.
    number_of_items = {"merge": 2, "split": 4}[kind]
    assert Action.objects.count() == number_of_items
    assert Assignment.objects.count() == {"merge": 4, "split": 7}[kind]
    # The report that waited went back once.
    assert ReportStep.objects.filter(kind="return").count() == 1
    assert list(faults_of_history()) == []
