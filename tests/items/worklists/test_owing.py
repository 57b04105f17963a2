"""催辦: every department that owes reports, in its order, with words that can be sent as they stand."""

from datetime import date

import pytest

from items.models import ReportState
from items.worklists.owing import reminders
from tests.making import TODAY


def test_a_reminder_names_each_item_that_is_owed_and_what_was_returned(
    make_action, make_report, administration, coordinator, mei, q4
):
    make_action([administration], title="設置民眾休憩區")
    returned, sent = make_action([administration]), make_action([administration])
    make_report(returned.assignments.get(), q4, mei, state=ReportState.RETURNED)
    make_report(sent.assignments.get(), q4, mei, state=ReportState.WITH_HEAD)
    [reminder] = reminders(coordinator, q4, TODAY)
    assert reminder.text == (
        "【催辦】行政處：115年第4季尚有 2 件未送出，填報期限 115年12月1日（剩 9 天）。\n"
        "115-01 設置民眾休憩區\n"
        "115-02 設置民眾休憩區（退回待補正）\n"
        "請登入計畫管考系統「我的填報」完成填報，謝謝。"
    )


@pytest.mark.parametrize(("length", "shown"), [(30, "長" * 30), (31, "長" * 30 + "…")])
def test_a_long_title_is_cut(make_action, administration, coordinator, q4, length, shown):
    make_action([administration], title="長" * length)
    [reminder] = reminders(coordinator, q4, TODAY)
    assert reminder.text.splitlines()[1] == f"115-01 {shown}"


def test_after_the_due_day_it_says_so(make_action, administration, coordinator, q4):
    make_action([administration])
    [reminder] = reminders(coordinator, q4, date(2026, 12, 6))
    assert "填報期限 115年12月1日（已逾期 5 天）" in reminder.text


def test_departments_stand_in_their_order_and_only_those_that_owe(
    make_action, make_report, administration, information, coordinator, hao, q4
):
    make_action([information, administration])
    names = [reminder.department.name for reminder in reminders(coordinator, q4, TODAY)]
    assert names == ["行政處", "資訊室"]
    information_share = information.assignments.get()
    make_report(information_share, q4, hao, state=ReportState.WITH_COORDINATOR)
    names = [reminder.department.name for reminder in reminders(coordinator, q4, TODAY)]
    assert names == ["行政處"]


def test_where_nothing_is_owed_nobody_is_reminded(q4, coordinator):
    assert reminders(coordinator, q4, TODAY) == []
