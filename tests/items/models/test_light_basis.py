"""By what queries and rows are kept that lights are read from: `LightBasis.key`."""

import pytest

from items.models import Programme
from items.models.light_basis import LightBasis
from tests.making import TODAY


def key_now():
    return LightBasis.of(Programme.objects.get(year=115), TODAY).key


def test_what_is_kept_stays_when_a_new_item_gets_its_number(plan):
    before = key_now()
    Programme.objects.update(last_code=1_000)
    assert key_now() == before


@pytest.mark.parametrize("setting", ["soon_days", "behind_threshold"])
def test_what_is_kept_goes_when_the_lights_of_the_year_change(plan, setting):
    before = key_now()
    Programme.objects.update(**{setting: 29})
    assert key_now() != before
