"""What has changed since the period before."""

from datetime import date

import pytest

from items.lights import Light
from items.workflow import periods
from reports.changes import RULES
from tests.making import NOW


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (Light.OK, Light.BEHIND, "新落後"),
        (Light.UNREPORTED, Light.BEHIND, "新落後"),
        (Light.BEHIND, Light.OVER, "新逾期"),
        (Light.OVER, Light.BEHIND, None),
        (Light.OK, Light.UNREPORTED, "新未填報"),
        (Light.BEHIND, Light.SOON, "追上"),
        (Light.BEHIND, Light.DONE, "新完成"),
        (Light.UNREPORTED, Light.OK, None),
        (Light.OK, Light.SOON, None),
    ],
)
def test_a_change_of_light_has_one_name_at_most(before, after, name):
    names = [rule.name for rule in RULES if rule.applies(before, after)]
    assert names == ([name] if name else [])


def test_caught_up_and_fallen_behind_are_seen_against_the_last_day_of_the_period_before(
    summary, make_action, make_report, administration, mei, q3, q4
):
    for third, fourth in ((60, 88), (75, 76), (75, 88)):
        share = make_action([administration]).assignments.get()
        make_report(share, q3, mei, percent=third)
        make_report(share, q4, mei, percent=fourth)
    groups = {
        group.name: [change.action.code for change in group.shown]
        for group in summary().changes.groups
    }
    assert groups == {"追上": ["115-01"], "新落後": ["115-02"]}


def test_in_the_first_period_there_is_nothing_to_compare_with(
    summary, programme, coordinator, make_action, administration
):
    make_action([administration])
    periods.lay_out(programme, by=coordinator, at=NOW)
    periods.open_period(programme.periods.get(number=1), by=coordinator, at=NOW)
    assert summary(date(2026, 3, 20)).changes is None
