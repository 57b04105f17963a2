"""The pages of reporting cost the same number of queries however many items there are."""

import pytest

from items.models import Assignment, ProgressReport, ReportState
from items.workflow import reporting
from tests.items.views.answers import page
from tests.making import NOW


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("mei", "todo"),
        ("head", "inbox"),
        ("coordinator", "review"),
        ("coordinator", "periods"),
        ("auditor", "record"),
        ("admin", "manage"),
        ("coordinator", "manage"),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    request, sign_in, make_action, make_report, administration, q3, q4, mei, head, coordinator, person, name,
    django_assert_max_num_queries,
):  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    states = [
        ReportState.DRAFT,
        ReportState.RETURNED,
        ReportState.WITH_HEAD,
        ReportState.WITH_COORDINATOR,
    ]

    def add(number):
        for place in range(number):
            assignment = make_action([administration]).assignments.get()
            make_report(assignment, q3, mei)
            report = make_report(
                assignment, q4, mei, percent=88, state=ReportState.WITH_COORDINATOR
            )
            reporting.send_back(report, by=coordinator, at=NOW, words="請補件數。")
            ProgressReport.objects.filter(pk=report.pk).update(state=states[place % 4])

    client = sign_in(request.getfixturevalue(person))
    add(4)
    page(client, name)
    with CaptureQueriesContext(
        connection,
    ) as before:
        page(client, name)
    add(30)
    with CaptureQueriesContext(connection) as after:
        page(client, name)
    assert len(after) == len(before)
    assert Assignment.objects.count() == 34
