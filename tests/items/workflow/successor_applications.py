"""Applications for 併案 and 分案, and the steps that they take."""

from datetime import date

import pytest

from items.plan_content import ShareContent
from items.workflow import (
    WorkflowError,
)
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.workflow.successor_rows import SuccessorContent
from tests.making import NOW, TODAY

DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


def share_of(department, kind="lead", deadline=date(2026, 12, 31), text="115年12月"):
    return ShareContent(
        key=None, department_id=department.pk, kind=kind, deadline_text=text, deadline=deadline
    )


def application(kind, *successors):
    return {
        "kind": kind,
        "ground": "單位任務變更或裁併",
        "reason": "內容重疊。",
        "late_reason": "十一月才整併。",
        "successors": list(successors),
    }


def merge_into(action, *shares):
    return application("merge", SuccessorContent(action_id=action.pk, shares=tuple(shares)))


def part(title, *shares, benefit=""):
    return SuccessorContent(title=title, expected_benefit=benefit, shares=tuple(shares))


def send(assignment, content, by):
    return submit_request(begin(assignment, content, by=by, at=NOW), by=by, at=NOW)


def approve(request, by):
    return approve_request(request, manager=DECISION, by=by, at=NOW)


def refusal(call, *args, **kwargs):
    with pytest.raises(WorkflowError) as caught:
        call(*args, **kwargs)
    return caught.value
