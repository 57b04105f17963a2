"""催辦: every department that owes reports, in its order, with words that can be sent as they stand."""

from datetime import date, timedelta

import pytest
from django.db import connection

from items.models import Action, Assignment, ControlStatus, ReportState, Role
from items.models.department_list import all_departments
from items.models.filing_states import OUTSTANDING
from items.models.light_basis import fetch_periods
from items.workflow import periods, reopening
from items.worklists import owed_assignments, owed_endorsements
from items.worklists.department_reminder import ReminderKind
from items.worklists.owed_rows import LINES
from items.worklists.owing import all_texts, reminders, reminders_of
from items.worklists.period_grid import period_grid
from items.worklists.reminding import EVERYTHING, ReminderRoom, SystemAddresses
from tests.making import NOW, TODAY, make_user

ADDRESSES = SystemAddresses("https://plan.example/115/todo/", "https://plan.example/115/inbox/")


def remind(user, period, today=TODAY):
    return reminders(user, period, today, ADDRESSES)


def test_a_reminder_names_each_item_that_is_owed_and_what_was_returned(
    make_action, make_report, administration, coordinator, mei, q4
):
    make_action([administration], title="設置民眾休憩區")
    returned, sent = make_action([administration]), make_action([administration])
    make_report(returned.assignments.get(), q4, mei, state=ReportState.RETURNED)
    make_report(sent.assignments.get(), q4, mei, state=ReportState.WITH_COORDINATOR)
    [reminder] = remind(coordinator, q4)
    assert reminder.text == (
        "【催辦】行政處：115年第4季尚有 2 件未送出，填報期限 115年12月1日（剩 9 天）。\n"
        "承辦人：王美玲\n"
        "115-01 設置民眾休憩區\n"
        "115-02 設置民眾休憩區（退回待補正）\n"
        "請登入計畫管考系統「我的填報」完成填報，謝謝。\n"
        "https://plan.example/115/todo/"
    )


def test_a_long_title_is_told_whole(make_action, administration, coordinator, q4):
    make_action([administration], title="長" * 200)
    [reminder] = remind(coordinator, q4)
    assert f"115-01 {'長' * 200}" in reminder.text.splitlines()


def test_after_the_due_day_it_says_so(make_action, administration, coordinator, q4):
    make_action([administration])
    [reminder] = remind(coordinator, q4, date(2026, 12, 6))
    assert "填報期限 115年12月1日（已逾期 5 天）" in reminder.text


def test_a_quarter_that_is_open_again_says_so(make_action, administration, coordinator, q3):
    make_action([administration])
    periods.reopen_period(q3, because="更正件數", by=coordinator, at=NOW)
    [reminder] = remind(coordinator, q3)
    assert "行政處：115年第3季（重新開放）尚有 1 件未送出，填報期限 115年12月7日" in reminder.text


def test_departments_stand_in_their_order_and_only_those_that_owe(
    make_action, make_report, administration, information, coordinator, hao, q4
):
    make_action([information, administration])
    names = [reminder.department.name for reminder in remind(coordinator, q4)]
    assert names == ["行政處", "資訊室"]
    information_share = information.assignments.get()
    make_report(information_share, q4, hao, state=ReportState.WITH_COORDINATOR)
    names = [reminder.department.name for reminder in remind(coordinator, q4)]
    assert names == ["行政處"]


def test_where_nothing_is_owed_nobody_is_reminded(q4, coordinator):
    assert remind(coordinator, q4) == []


def test_a_head_is_reminded_of_what_waits_for_the_signature(
    make_action, make_report, administration, coordinator, mei, head, q4
):
    action = make_action([administration], title="設置民眾休憩區")
    make_report(action.assignments.get(), q4, mei, state=ReportState.WITH_HEAD)
    [reminder] = remind(coordinator, q4)
    assert reminder.text == (
        "【催辦】行政處：115年第4季有 1 件等主管核可，填報期限 115年12月1日（剩 9 天）。\n"
        "單位主管：陳處長\n"
        "115-01 設置民眾休憩區\n"
        "請登入計畫管考系統「待我核可」同意或退回，謝謝。\n"
        "https://plan.example/115/inbox/"
    )


def test_of_two_heads_the_one_who_did_not_write_is_named(
    make_action, make_report, administration, coordinator, head, q4
):
    make_user("deputy", "李副處長", head=administration)
    make_report(
        make_action([administration]).assignments.get(), q4, head, state=ReportState.WITH_HEAD
    )
    [reminder] = remind(coordinator, q4)
    assert reminder.people == ["李副處長"]


def test_where_no_head_is_left_nobody_is_reminded_to_endorse(
    make_action, make_report, administration, coordinator, mei, head, q4
):
    head.is_active = False
    head.save()
    make_report(
        make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_HEAD
    )
    assert remind(coordinator, q4) == []


def test_people_who_have_left_are_not_named(make_action, administration, coordinator, mei, q4):
    make_action([administration])
    mei.is_active = False
    mei.save()
    [reminder] = remind(coordinator, q4)
    assert reminder.people == []
    assert "承辦人" not in reminder.text


def test_of_a_closed_period_one_is_told_where_to_turn(
    make_action, administration, coordinator, mei, q3
):
    make_action([administration], title="設置民眾休憩區")
    [reminder] = remind(coordinator, q3)
    assert reminder.text == (
        "【催辦】行政處：115年第3季已關閉，仍有 1 件未送出。\n"
        "承辦人：王美玲\n"
        "115-01 設置民眾休憩區\n"
        "填報期已關閉，無法自行補填，請洽研考。\n"
        "https://plan.example/115/todo/"
    )


def test_what_was_reopened_by_itself_is_to_be_corrected_in_time(
    make_action, administration, coordinator, q3
):
    first = make_action([administration]).assignments.get()
    until = TODAY + timedelta(days=5)
    reopening.open_for(q3, [first], because="補件", due_on=until, by=coordinator, at=NOW)
    [reminder] = remind(coordinator, q3)
    lines = reminder.text.splitlines()
    assert lines[-3] == "115-01 設置民眾休憩區（已個別重新開放，補正期限 115年11月27日）"
    assert lines[-2] == "請在補正期限內登入計畫管考系統「我的填報」補正，謝謝。"
    # The second of the closed period cannot be sent.
    make_action([administration])
    [reminder] = remind(coordinator, q3)
    lines = reminder.text.splitlines()
    assert lines[-3] == "115-02 設置民眾休憩區"
    assert lines[-2].endswith("「我的填報」補正；其餘無法自行補填，請洽研考。")


def test_all_texts_stand_below_each_other(
    make_action, administration, information, coordinator, q4
):
    make_action([administration, information])
    first, second = remind(coordinator, q4)
    assert all_texts([first, second]) == f"{first.text}\n\n{second.text}"


def test_the_contact_is_named_where_there_is_one_else_the_reporters(
    make_action, administration, coordinator, mei, q4
):
    wen = make_user("wen", "吳雅雯", reporter=administration)
    make_user("ken", "趙建國", reporter=administration)
    first = make_action([administration]).assignments
    first.update(contact=wen)
    [reminder] = remind(coordinator, q4)
    assert reminder.people == ["吳雅雯"]
    assert "115-01 設置民眾休憩區（吳雅雯）" in reminder.text.splitlines()
    make_action([administration])
    [reminder] = remind(coordinator, q4)
    assert reminder.people == ["吳雅雯", "趙建國", "王美玲"]
    # Somebody who has left is not asked, but everybody else is.
    wen.is_active = False
    wen.save()
    [reminder] = remind(coordinator, q4)
    assert reminder.people == ["趙建國", "王美玲"]
    assert "吳雅雯" not in reminder.text


@pytest.fixture
def many(make_action, make_report, administration, information, mei, hao, head, q4):
    """行政處 owes a report on 52 items and has sent two to its head, who wrote one; 資訊室 owes 5."""
    ken = make_user("ken", "趙建國", reporter=administration)
    for writer in (mei, head):
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, q4, writer, state=ReportState.WITH_HEAD)
    make_action([information, administration]).assignments.update(contact=None)
    for _ in range(4):
        make_action([information])
    for _ in range(51):
        make_action([administration])
    last = Assignment.objects.order_by("pk").last()
    last.contact = ken
    last.save()
    return ken


def test_a_long_reminder_names_fifty_items_and_counts_the_others(many, coordinator, q4):
    to_report, of_information, to_endorse = remind(coordinator, q4)
    assert to_report.heading == "行政處・第4季未送出 52 件"
    lines = to_report.text.splitlines()
    assert lines[0].startswith("【催辦】行政處：115年第4季尚有 52 件未送出")
    # Also those whose items have no room in the text.
    assert lines[1] == "承辦人：趙建國、王美玲"
    assert lines[2] == "115-03 設置民眾休憩區"
    assert lines[51].startswith("115-56")
    assert lines[52] == "……另有 2 件，請登入系統看全部。"
    assert lines[53] == "請登入計畫管考系統「我的填報」完成填報，謝謝。"
    assert len(of_information.assignments) == of_information.number == 5
    assert "另有" not in of_information.text
    # The head cannot endorse the own report.
    assert to_endorse.heading == "行政處・第4季待主管核可 1 件"


@pytest.mark.parametrize("ways_kept", [200, 0])
def test_whole_or_in_part_the_first_items_and_the_numbers_are_the_same(
    many, coordinator, q4, monkeypatch, ways_kept
):
    monkeypatch.setattr("items.worklists.owed_assignments.MOST_WAYS", ways_kept)
    year = period_grid(list(q4.programme.periods.all())).year
    counted = year.ways_in(q4, OUTSTANDING)
    numbers = year.numbers_in(q4, OUTSTANDING)
    in_part = owed_assignments.owed_assignments(coordinator, counted, numbers, of_all=True)
    monkeypatch.setattr("items.worklists.owed_assignments.LINES", 1_000)
    whole = owed_assignments.owed_assignments(coordinator, counted, numbers, of_all=True)
    assert max(numbers.values()) > LINES
    assert whole.keys() == in_part.keys() == numbers.keys()
    for department, owed in whole.items():
        assert in_part[department].rows == owed.rows[:LINES]
        assert in_part[department].number_of == owed.number_of


@pytest.fixture
def two_heads(many, administration, information, hao, make_action, make_report, q4):
    """Both departments have a head, and two more reports wait for that of 資訊室."""
    make_user("chief", "林主任", head=information)
    for _ in range(2):
        assignment = make_action([information]).assignments.get()
        make_report(assignment, q4, hao, state=ReportState.WITH_HEAD)
    return [administration, information]


def test_counted_first_or_fetched_at_once_heads_are_reminded_of_the_same(
    two_heads, coordinator, q4, monkeypatch
):
    at_once = remind(coordinator, q4)
    monkeypatch.setattr("items.worklists.reminders_to_endorse.AT_ONCE", 0)
    assert remind(coordinator, q4) == at_once
    headings = [one.heading for one in at_once if one.kind is ReminderKind.TO_ENDORSE]
    assert headings == ["行政處・第4季待主管核可 1 件", "資訊室・第4季待主管核可 2 件"]


def test_of_many_reports_the_first_of_each_writer_are_named(
    two_heads, administration, information, coordinator, hao, q4, monkeypatch
):
    keys = [department.pk for department in two_heads]
    whole = owed_endorsements.owed_endorsements(coordinator, q4.pk, keys)
    monkeypatch.setattr("items.worklists.owed_endorsements.LINES", 1)
    first = owed_endorsements.first_endorsements(coordinator, q4.pk, keys)
    assert first[administration.pk] == whole[administration.pk]
    assert [row.code for row in first[information.pk].rows] == ["115-59"]
    assert first[information.pk].number_of == whole[information.pk].number_of == {hao.pk: 2}


def test_items_of_texts_that_are_not_shown_are_counted_and_not_fetched(
    two_heads, information, coordinator, hao, make_action, make_report, q4, monkeypatch
):
    monkeypatch.setattr("items.worklists.reminders_to_endorse.AT_ONCE", 0)

    def shown(room):
        departments = all_departments()
        grid = period_grid(fetch_periods(q4.programme), departments)
        return reminders_of(
            coordinator,
            [q4],
            TODAY,
            addresses=ADDRESSES,
            departments=departments,
            grid=grid,
            room=room,
        )

    one_text = ReminderRoom(texts=1, items=1_000)
    every = shown(EVERYTHING)
    assert every.has_all
    assert every.number == 4
    first = shown(one_text)
    assert (first.shown, first.number, first.has_all) == (every.shown[:1], 4, False)
    # 行政處 names fifty items; the five of 資訊室 have no room, and nor has the one that follows.
    assert shown(ReminderRoom(texts=20, items=54)) == first
    assert shown(ReminderRoom(texts=20, items=56)).shown == every.shown[:3]
    rows_before = number_of_rows(lambda: shown(one_text))
    for _ in range(20):
        make_action([information])
        assignment = make_action([information]).assignments.get()
        make_report(assignment, q4, hao, state=ReportState.WITH_HEAD)
    assert number_of_rows(lambda: shown(one_text)) == rows_before
    assert number_of_rows(lambda: shown(EVERYTHING)) > rows_before + 20


def number_of_rows(work):
    """How many rows a piece of work fetches: each of its statements is asked once more."""
    asked = []

    def note(execute, sql, values, many, context):
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        work()
    number = 0
    for sql, values in asked:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            number += len(cursor.fetchall())
    return number


def test_a_text_fetches_fifty_items_of_a_department_that_owes_more(
    many, administration, coordinator, q4, make_action
):
    rows_before = number_of_rows(lambda: remind(coordinator, q4))
    for _ in range(20):
        make_action([administration])
    assert number_of_rows(lambda: remind(coordinator, q4)) == rows_before


def test_of_a_closed_period_the_text_says_what_is_so_now(
    many, administration, coordinator, mei, q4, make_report
):
    """The grid of a closed period shows what was kept; a text of 52 lines is as true as one of 2."""
    periods.close_period(q4, by=coordinator, at=NOW)
    [of_administration, _] = remind(coordinator, q4)
    assert of_administration.number == 52
    Action.objects.filter(code="115-56").update(control_status=ControlStatus.RELEASED)
    [of_administration, _] = remind(coordinator, q4)
    assert of_administration.heading == "行政處・第4季已關閉，未送出 51 件"
    assert of_administration.text.splitlines()[52] == "……另有 1 件，請登入系統看全部。"


def test_somebody_who_only_reads_is_not_reminded(make_action, administration, coordinator, mei, q4):
    make_action([administration])
    mei.role = Role.AUDITOR
    mei.save()
    [reminder] = remind(coordinator, q4)
    assert reminder.people == []
