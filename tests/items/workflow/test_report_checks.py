"""What a report lacks before it can be sent."""

import pytest

from items.models import ProgressReport
from items.workflow.report_checks import missing
from tests.making import TODAY

CONTENT = {
    "text": "11月20日完成地坪施工。",
    "percent": 88,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"text": "  "}, "text"),
        ({"percent": None}, "percent"),
        ({"work_status": ""}, "work_status"),
        ({"work_status": "finished"}, "percent"),
        ({"work_status": "not_started", "percent": 100}, "work_status"),
        ({"percent": 79}, "delay_reason"),
        ({"percent": 79, "delay_reason": "流標"}, "remedy"),
    ],
)
def test_what_a_report_lacks_is_said_by_field(assignment, q4, mei, content, field):
    report = ProgressReport(assignment=assignment, period=q4, **(CONTENT | content))
    assert field in missing(report, TODAY)
