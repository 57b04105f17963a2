"""Which steps are missing, for letters and mails; what they ask where nothing is."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import ProgressReport, ReportState
from items.workflow import newest_figures
from items.worklists.owed_steps import owed_steps


def test_a_closed_period_of_which_all_was_sent_asks_for_no_rows(
    make_action, administration, make_report, mei, programme, quarters
):
    assignment = make_action([administration]).assignments.get()
    for quarter in quarters[:3]:
        make_report(assignment, quarter, mei, state=ReportState.ACCEPTED)
    with CaptureQueriesContext(connection) as all_sent:
        steps = owed_steps(programme)
    assert [step.period.number for step in steps] == [4]
    ProgressReport.objects.filter(period=quarters[0]).update(state=ReportState.RETURNED)
    newest_figures.refresh(assignment.pk)
    with CaptureQueriesContext(connection) as one_returned:
        steps = owed_steps(programme)
    assert [step.period.number for step in steps] == [1, 4]
    # The rows, and since when they wait.
    assert len(one_returned) == len(all_sent) + 2
