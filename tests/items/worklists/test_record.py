"""歷程 as plain data: both days of a range are included, and a code finds what is gone as well."""

from datetime import UTC, date, datetime

import pytest

from items.models import Change
from items.workflow import history
from items.worklists.record import RecordLimits, plan_changes, report_steps
from tests.making import NOW


@pytest.fixture
def change_at(make_action, coordinator):
    """change_at(moment) → the entry of a change made then."""
    action = make_action()

    def change(moment):
        action.title = f"改於 {moment}"
        history.save(action, by=coordinator, at=moment)
        return Change.objects.first()

    return change


@pytest.mark.parametrize(
    ("limits", "is_in"),
    [
        (RecordLimits(), True),
        (RecordLimits(start=date(2026, 11, 22)), True),
        (RecordLimits(start=date(2026, 11, 23)), False),
        (RecordLimits(end=date(2026, 11, 22)), True),
        (RecordLimits(end=date(2026, 11, 21)), False),
        (RecordLimits(code="115-01"), True),
        (RecordLimits(code="115-02"), False),
    ],
)
@pytest.mark.parametrize(
    "moment",
    # The first and the last second of 11月22日 in Taipei.
    [datetime(2026, 11, 21, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)],
)
def test_a_range_includes_both_of_its_days_in_taipei(
    programme, auditor, change_at, limits, is_in, moment
):
    entry = change_at(moment)
    assert list(plan_changes(auditor, programme, limits)) == ([entry] if is_in else [])


def test_the_code_of_a_deleted_action_still_finds_its_entries(
    programme, auditor, coordinator, make_action
):
    action = make_action()
    make_action()
    history.delete(action, by=coordinator, at=NOW)
    [entry] = plan_changes(auditor, programme, RecordLimits(code="115-01"))
    assert entry.action is None
    assert entry.label.startswith("115-01 ")


def test_a_year_without_reports_has_no_steps(programme, auditor):
    assert list(report_steps(auditor, programme, RecordLimits())) == []
