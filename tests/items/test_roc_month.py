"""A month as people write it, and the months that a form offers."""

from datetime import date

import pytest

from items.roc_month import MonthError, end_of_month, months_from, read_month


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("116年2月", "116年2月"),
        (" １１６年２月 ", "116年2月"),
        ("116/2", "116年2月"),
        ("2027-02", "116年2月"),
        ("12月", "115年12月"),
        ("115年12月15日", "115年12月"),
        ("115年底", "115年12月"),
    ],
)
def test_a_month_is_read_however_people_write_it(written, month):
    assert read_month(written, 115) == month


@pytest.mark.parametrize("written", ["快了", "每季", "115.1", "13月", "12"])
def test_what_names_no_month_is_refused_with_the_remedy(written):
    with pytest.raises(MonthError) as refused:
        read_month(written, 115)
    assert str(refused.value) == f"「{written}」看不出是哪個月，請寫成「115年12月」。"


def test_the_months_to_choose_from_begin_with_that_of_the_day():
    months = months_from(date(2026, 11, 22))
    assert months[:3] == ["115年11月", "115年12月", "116年1月"]
    assert len(months) == 18


def test_a_month_ends_with_its_last_day():
    assert end_of_month("117年2月") == date(2028, 2, 29)
