"""預定進度 that a report is held against, with the database's answer and without asking it."""

from datetime import date

import pytest

from items.workflow.report_planned import planned_for

TODAYS = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 22), date(2027, 1, 20)]
DEADLINES = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)]


@pytest.mark.parametrize("deadline", DEADLINES)
def test_without_entries_the_figure_is_the_same_without_a_query(
    deadline, make_action, administration, quarters, django_assert_num_queries
):
    assignment = make_action([administration], deadline=deadline).assignments.get()
    for period in quarters:
        for today in TODAYS:
            by_database = planned_for(assignment, period, today)
            with django_assert_num_queries(0):
                spared = planned_for(assignment, period, today, has_entries=False)
            assert spared == by_database
