"""填報期: laid out, opened and closed."""

import pytest
from django.urls import reverse

from items.workflow import periods
from tests.making import NOW


def test_periods_are_laid_out_opened_and_closed(sign_in, coordinator, programme):
    client = sign_in(coordinator)
    client.post(reverse("period_layout", args=[115]))
    assert [period.name for period in programme.periods.all()] == [
        "第1季",
        "第2季",
        "第3季",
        "第4季",
    ]
    client.post(reverse("period_step", args=[115, 1, "open"]), {"1-due_on": "115/04/10"})
    first = programme.periods.get(number=1)
    assert first.is_open
    assert str(first.due_on) == "2026-04-10"
    client.post(reverse("period_step", args=[115, 1, "close"]))
    assert programme.periods.get(number=1).is_closed


@pytest.mark.parametrize("due", ["", "明天", "114/1/1", "115/2/30", "每季"])
def test_a_wrong_due_date_is_said_and_opens_nothing(sign_in, coordinator, programme, due):
    periods.lay_out(programme, by=coordinator, at=NOW)
    answer = sign_in(coordinator).post(
        reverse("period_step", args=[115, 1, "open"]), {"1-due_on": due}
    )
    assert answer.status_code == 200
    assert not programme.periods.get(number=1).is_open
