"""Applications of 管制異動 as tests send them."""

from datetime import date, timedelta

import pytest

from items.workflow import WorkflowError
from items.workflow.control_requests import ManagerDecision, submit_request
from items.workflow.control_writing import begin
from tests.making import NOW, TODAY

IN_TIME = NOW - timedelta(days=40)
"""115年10月13日, before the last day for applications."""

EXTENSION = {
    "kind": "extend",
    "ground": "不可抗力",
    "reason": "颱風後延後施工，驗收要到明年三月。",
    "deadline": date(2027, 3, 31),
    "deadline_text": "116年3月",
}
LATE_EXTENSION = EXTENSION | {"reason": "颱風後延後施工。", "late_reason": "颱風在11月。"}
"""The same after the last day for applications, as on the day of the tests."""
DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


def apply_for(share, by, **content):
    given = {"ground": "不可抗力", "reason": "原因", "late_reason": "颱風"} | content
    return submit_request(begin(share, given, by=by, at=NOW), by=by, at=NOW)


def refusal(call, *args, **kwargs):
    with pytest.raises(WorkflowError) as caught:
        call(*args, **kwargs)
    return caught.value
