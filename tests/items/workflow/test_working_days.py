"""辦公日曆: filled for a year, set by hand for a day, and asked for what is worked."""

from datetime import date

import pytest

from items.models import Change, DaySource, OfficeDay, WorkingCalendar
from items.workflow import WorkflowError, working_days
from tests.making import NOW

CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
def year_2026(coordinator):
    return working_days.fill_year(2026, by=coordinator, at=NOW)


def test_a_year_is_filled_with_its_holidays_on_weekdays(year_2026):
    days = {row.day: row.name for row in OfficeDay.objects.filter(is_working=False)}
    assert days[CHRISTMAS] == "行憲紀念日"
    # A national day on a Saturday is made up for on the Friday before.
    assert days[date(2026, 10, 9)] == "國慶日（補假）"
    assert date(2026, 10, 10) not in days
    assert year_2026.written == len(days) == 16
    entry = Change.objects.get(label="115年12月25日 放假")
    assert (entry.programme, entry.model) == (None, "officeday")


def test_a_make_up_saturday_is_worked(coordinator):
    working_days.fill_year(2025, by=coordinator, at=NOW)
    saturday = date(2025, 2, 8)
    assert WorkingCalendar.load().is_working(saturday)
    assert OfficeDay.objects.get(day=saturday).name == "補行上班"
    assert not WorkingCalendar.load().is_working(date(2025, 2, 15))


def test_what_was_set_by_hand_stays_when_the_year_is_filled_again(year_2026, coordinator):
    storm = date(2026, 9, 1)
    for day, is_working in ((CHRISTMAS, True), (storm, False)):
        working_days.set_day(day, is_working=is_working, name="人工", by=coordinator, at=NOW)
    again = working_days.fill_year(2026, by=coordinator, at=NOW)
    assert (again.written, again.removed, again.kept) == (0, 0, 2)
    calendar = WorkingCalendar.load()
    assert (calendar.is_working(CHRISTMAS), calendar.is_working(storm)) == (True, False)
    # Taken back, each is as it was before.
    for row in OfficeDay.objects.filter(source=DaySource.HAND):
        working_days.forget_day(row, by=coordinator, at=NOW)
    calendar = WorkingCalendar.load()
    assert (calendar.is_working(CHRISTMAS), calendar.is_working(storm)) == (False, True)


def test_a_day_that_the_law_has_dropped_goes_when_the_year_is_filled_again(year_2026, coordinator):
    OfficeDay.objects.create(day=date(2026, 3, 2), is_working=False, source=DaySource.FILLED)
    again = working_days.fill_year(2026, by=coordinator, at=NOW)
    assert again.removed == 1
    assert WorkingCalendar.load().is_working(date(2026, 3, 2))


def test_a_filled_day_is_not_taken_back(year_2026, coordinator):
    with pytest.raises(WorkflowError, match="是填入的，不能取消"):
        working_days.forget_day(OfficeDay.objects.get(day=CHRISTMAS), by=coordinator, at=NOW)


@pytest.mark.one_engine
def test_the_words_about_a_day_on_which_nobody_works(year_2026):
    calendar = WorkingCalendar.load()
    words = calendar.due_day_words(CHRISTMAS)
    assert words == "115年12月25日放假（行憲紀念日），前一個上班日是115年12月24日。"
    assert "（星期六）" in calendar.due_day_words(date(2026, 12, 5))
    assert calendar.due_day_words(date(2026, 12, 24)) == ""
    # Friday to Sunday are off.
    assert calendar.first_from(CHRISTMAS) == date(2026, 12, 28)
    assert calendar.missing_words(2026) == ""
    assert calendar.missing_words(2027).startswith("116 年的辦公日曆還沒有填入")
