"""我的填報 as plain data: what is to be written, in which order, and in which words."""

from datetime import date, timedelta

import pytest

from items.models import Assignment, ReportState, WorkStatus
from items.workflow import reporting
from items.worklists.to_write import next_to_write, work_of
from tests.making import NOW, TODAY, make_user

CONTENT = {
    "text": "完成地坪施工。",
    "percent": 89,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture
def make_assignment(make_action, administration):
    return lambda: make_action([administration]).assignments.get()


def codes(items):
    return [item.assignment.action.code for item in items]


def test_each_assignment_is_sorted_by_what_is_to_be_done(make_assignment, make_report, mei, q3, q4):
    states = [
        None,
        ReportState.DRAFT,
        ReportState.RETURNED,
        ReportState.WITH_HEAD,
        ReportState.ACCEPTED,
    ]
    for state in states:
        assignment = make_assignment()
        if state is not None:
            make_report(assignment, q4, mei, state=state)
    finished = make_assignment()
    make_report(finished, q3, mei, percent=100, work_status=WorkStatus.FINISHED)
    work = work_of(mei, q4, TODAY)
    assert codes(work.to_write) == ["115-01", "115-02"]
    assert codes(work.returned) == ["115-03"]
    assert codes(work.submitted) == ["115-04", "115-05"]
    assert codes(work.finished) == ["115-06"]
    assert work.heading == "第4季待填 3 件，剩 9 天"
    assert work.submitted_words == "已送出 2 件，其中備查 1 件"


@pytest.mark.parametrize(
    ("today", "when"),
    [
        (date(2026, 11, 30), "剩 1 天"),
        (date(2026, 12, 1), "今天截止"),
        (date(2026, 12, 4), "已逾期 3 天"),
    ],
)
def test_the_heading_says_how_much_time_is_left(make_assignment, mei, q4, today, when):
    make_assignment()
    assert work_of(mei, q4, today).heading == f"第4季待填 1 件，{when}"


def test_where_nothing_was_asked_the_heading_says_so(mei, q4):
    work = work_of(mei, q4, TODAY)
    assert work.heading == "第4季沒有要填的項目"
    assert work.submitted_words == "已送出 0 件"


def test_a_stranger_has_nothing_to_write(make_assignment, hao, q4):
    make_assignment()
    work = work_of(hao, q4, TODAY)
    assert (work.to_write, work.returned, work.submitted, work.finished) == ([], [], [], [])


@pytest.mark.parametrize(
    ("percent", "words"), [(75, "上次 75%，與預定相符"), (40, "上次 40%"), (None, "還沒有填報過")]
)
def test_an_item_says_how_far_it_was_last_time(
    make_assignment, make_report, mei, q3, q4, percent, words
):
    assignment = make_assignment()
    if percent is not None:
        make_report(assignment, q3, mei, percent=percent)
    [item] = work_of(mei, q4, TODAY).to_write
    assert item.progress_words == words
    make_report(assignment, q4, mei, state=ReportState.DRAFT)
    [item] = work_of(mei, q4, TODAY).to_write
    assert item.progress_words == f"{words}；王美玲的草稿，115年11月22日 10:00"


def test_a_returned_item_says_who_returned_it_when_and_why(make_assignment, coordinator, mei, q4):
    sent = reporting.write_and_submit(
        make_assignment(), q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY
    )
    reporting.send_back(sent, by=coordinator, at=NOW + timedelta(days=1), words="請補件數。")
    [item] = work_of(mei, q4, TODAY).returned
    assert item.returned_words == "顏研考 11月23日退回：「請補件數。」"


def test_what_was_sent_again_shows_its_way_since_then(make_assignment, coordinator, mei, q4):
    assignment = make_assignment()
    sent = reporting.write_and_submit(
        assignment, q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY
    )
    returned = reporting.send_back(sent, by=coordinator, at=NOW, words="請補件數。")
    later = NOW + timedelta(days=1)
    again = reporting.write_and_submit(
        assignment, q4, CONTENT, version=returned.version, by=mei, at=later, today=TODAY
    )
    reporting.accept(again, by=coordinator, at=later)
    [item] = work_of(mei, q4, TODAY).submitted
    assert item.way_words == "11月23日 王美玲送出 → 11月23日 顏研考備查"


def test_the_next_one_to_write_is_looked_for_from_here_to_the_end_and_then_from_the_start(
    make_assignment, make_report, mei, q4
):
    first, sent, returned = make_assignment(), make_assignment(), make_assignment()
    make_report(sent, q4, mei, state=ReportState.WITH_HEAD)
    make_report(returned, q4, mei, state=ReportState.RETURNED)
    assert next_to_write(mei, q4, TODAY, after=first) == returned
    assert next_to_write(mei, q4, TODAY, after=returned) == first
    make_report(first, q4, mei, state=ReportState.ACCEPTED)
    assert next_to_write(mei, q4, TODAY, after=returned) is None


def test_after_an_item_of_another_department_comes_the_first_of_ours(
    make_assignment, make_action, information, mei, q4
):
    ours = make_assignment()
    make_action([information])
    theirs = Assignment.objects.get(department=information)
    assert next_to_write(mei, q4, TODAY, after=theirs) == ours


def test_what_is_late_or_behind_stands_first_then_what_is_due_soonest(
    make_action, make_report, administration, mei, q3, q4
):
    def make(deadline, percent=90):
        assignment = make_action([administration], deadline=deadline).assignments.get()
        make_report(assignment, q3, mei, percent=percent)
        return assignment

    make(date(2026, 12, 31))
    make(date(2026, 12, 10))
    behind = make(date(2026, 12, 31), percent=40)
    over = make(date(2026, 10, 31))
    returned = make(date(2026, 12, 31))
    make_report(returned, q4, mei, state=ReportState.RETURNED)
    work = work_of(mei, q4, TODAY)
    assert codes(work.to_write) == ["115-04", "115-03", "115-02", "115-01"]
    assert work.most_urgent.assignment == returned
    assert next_to_write(mei, q4, TODAY, after=returned) == over
    assert next_to_write(mei, q4, TODAY, after=over) == behind


def test_without_any_contact_the_list_is_one(make_assignment, mei, q4):
    make_assignment()
    work = work_of(mei, q4, TODAY)
    assert work.division_words == ""
    assert codes(work.shared_out.own) == ["115-01"]
    assert work.shared_out.others == []


def test_what_i_am_named_for_stands_before_the_rest_of_the_department(
    make_assignment, make_report, administration, mei, q4
):
    wen = make_user("wen", "吳雅雯", reporter=administration)
    contacts = [wen, mei, None, mei, wen]
    for contact in contacts:
        Assignment.objects.filter(pk=make_assignment().pk).update(contact=contact)
    returned_to_me = make_assignment()
    Assignment.objects.filter(pk=returned_to_me.pk).update(contact=mei)
    make_report(returned_to_me, q4, wen, state=ReportState.RETURNED)
    work = work_of(mei, q4, TODAY)
    assert work.division_words == "我的 3 件，本單位其他 3 件"
    assert codes(work.shared_out.own) == ["115-02", "115-04"]
    assert codes(work.shared_out.others) == ["115-01", "115-03", "115-05"]
    words = [item.contact_words for item in work.shared_out.others]
    assert words == ["承辦人 吳雅雯", "", "承辦人 吳雅雯"]
    assert work.shared_out.others_words == "本單位其他 3 件，其中 1 件沒有承辦人"
    # What is nobody's is not hidden.
    assert work.shared_out.others_are_open
    # What was returned comes first, then the own, in 下一件 too.
    first = work_of(mei, q4, TODAY).most_urgent.assignment
    assert first.action.code == "115-06"
    assert next_to_write(mei, q4, TODAY, after=first).action.code == "115-02"
    Assignment.objects.filter(contact=None).update(contact=wen)
    assert not work_of(mei, q4, TODAY).shared_out.others_are_open


def test_what_somebody_left_behind_is_nobodys(make_assignment, administration, mei, q4):
    ken = make_user("ken", "趙建國", reporter=administration)
    assignment = make_assignment()
    Assignment.objects.filter(pk=assignment.pk).update(contact=ken)
    Assignment.objects.filter(pk=make_assignment().pk).update(contact=mei)
    ken.is_active = False
    ken.save()
    shared = work_of(mei, q4, TODAY).shared_out
    assert shared.others_words == "本單位其他 1 件，沒有承辦人"
    assert shared.others[0].contact_words == "承辦人 趙建國（尚未移交）"
    assert shared.others_are_open
