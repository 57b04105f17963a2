"""What falls due soon in the departments of a head."""

from datetime import date

from items.models import ReportState
from items.worklists.due_items import due_soon
from tests.making import TODAY


def test_what_falls_due_soon_is_of_the_heads_departments_and_not_yet_done(
    programme, make_action, make_report, administration, information, head, mei, q4
):
    days = {
        "past": date(2026, 11, 21),
        "today": TODAY,
        "last": date(2026, 12, 22),
        "later": date(2026, 12, 23),
    }
    actions = {
        name: make_action([administration], deadline=deadline) for name, deadline in days.items()
    }
    make_action([information], deadline=TODAY)
    done = make_action([administration], deadline=TODAY).assignments.get()
    make_report(done, q4, mei, percent=100, state=ReportState.WITH_HEAD)
    released = make_action([administration], deadline=TODAY, control_status="released")
    soon = [assignment.action for assignment in due_soon(head, programme, TODAY)]
    assert soon == [actions["today"], actions["last"]]
    assert released not in soon
