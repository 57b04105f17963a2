"""Whose turn it is: where it stands, who is next, the day since when, and its age."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from items.models import Deputy, ReportState
from items.workflow import reporting
from items.worklists.report_page import turn_now
from items.worklists.whose_turn import turn_to_write, words_of
from tests.items.views.answers import page, text_of
from tests.making import NOW, TODAY, make_user

BEFORE = NOW - timedelta(days=4)


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def sent(assignment, q4, mei, head):
    """A report that was sent four days ago."""
    content = {"text": "11月完成 3 場。", "percent": 88, "work_status": "in_progress"}
    return reporting.write_and_submit(
        assignment, q4, content, version=0, by=mei, at=BEFORE, today=BEFORE.date()
    )


def words(report, today=TODAY):
    return words_of(turn_now(report, today))


def test_each_step_says_who_is_next_since_when(sent, head, coordinator):
    assert words(sent) == "11月18日起待陳處長核可，已 4 天"
    endorsed = reporting.endorse(sent, by=head, at=NOW - timedelta(days=1))
    assert words(endorsed) == "11月21日起待研考審核，已 1 天"
    assert words(endorsed, date(2027, 1, 2)) == "115年11月21日起待研考審核，已 42 天"
    accepted = reporting.accept(endorsed, by=coordinator, at=NOW)
    assert words(accepted) == ""


def test_the_writer_is_not_the_next_and_the_deputy_is_named(sent, mei, head, hao, administration):
    make_user("second", "李副處長", head=administration)
    sent.written_by = head
    assert words(sent) == "11月18日起待李副處長核可，已 4 天"
    sent.written_by = mei
    Deputy.objects.create(
        person=head, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=head, made_at=NOW
    )
    assert words(sent) == "11月18日起待陳處長（林志豪代理）、李副處長核可，已 4 天"


def test_where_no_head_is_left_it_is_the_plan_office(sent, head):
    head.is_active = False
    head.save()
    assert words(sent) == "11月18日起待研考（單位沒有其他主管）核可，已 4 天"


def test_on_the_day_itself_no_age_is_said(assignment, make_report, q4, mei):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    assert words(report) == "今天起待研考審核"


def test_what_is_not_sent_waits_since_the_opening_or_since_it_was_handed_out(
    assignment, q4, make_report, mei
):
    def told(returned=None, who=""):
        return words_of(turn_to_write(q4, assignment, TODAY, who=who, returned=returned))

    assert told() == "11月16日起待行政處填報，已 6 天"
    assignment.handed_out_on = date(2026, 11, 20)
    assert told(who="王美玲") == "11月20日起待王美玲填報，已 2 天"
    returned = make_report(assignment, q4, mei, state=ReportState.RETURNED, since=BEFORE)
    assert told(returned, who="王美玲") == "11月18日起待王美玲補正，已 4 天"
    q4.opened_at = None
    assert told() == ""


@pytest.fixture
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.mark.usefixtures("_on_the_day")
def test_the_pages_say_it(sign_in, sent, mei, hao, head, coordinator):
    sentence = "11月18日起待陳處長核可，已 4 天"
    for person, name, arguments in [
        (mei, "todo", []),
        (mei, "action", [sent.assignment.action.code]),
        (hao, "action", [sent.assignment.action.code]),
        (coordinator, "report", [sent.pk]),
    ]:
        assert sentence in text_of(page(sign_in(person), name, *arguments)), (person, name)
    assert "11月18日起待您核可，已 4 天" in text_of(page(sign_in(head), "inbox"))
    back = reporting.send_back(sent, words="請補件數。", by=head, at=NOW - timedelta(days=2))
    own = "11月20日起待行政處補正，已 2 天"
    assert own in text_of(page(sign_in(mei), "todo"))
    form = reverse("report_form", args=[115, back.assignment_id, 4])
    assert own in text_of(sign_in(mei).get(form))
    # That it came back is for its department alone.
    shown = text_of(page(sign_in(hao), "action", back.assignment.action.code))
    assert "11月16日起待行政處填報，已 6 天" in shown
    assert "補正" not in shown


@pytest.mark.usefixtures("_on_the_day")
def test_the_grid_says_how_long_the_oldest_waits_and_the_list_is_limited_by_it(
    sign_in, sent, make_action, make_report, administration, q4, mei, head, coordinator
):
    newer = make_action([administration]).assignments.get()
    make_report(newer, q4, mei, state=ReportState.WITH_HEAD, since=NOW - timedelta(days=1))
    older = make_action([administration]).assignments.get()
    make_report(older, q4, mei, state=ReportState.WITH_COORDINATOR, since=NOW - timedelta(days=8))
    client = sign_in(coordinator)
    shown = text_of(page(client, "review"))
    assert "待主管 2 最久 4 天" in shown
    assert "待研考 1 最久 8 天" in shown
    # What nobody has sent waits since the quarter was opened on the 16th.
    assert "填報中 未填、草稿最久 6 天" in shown
    address = reverse("review", args=[115])

    def total(**limits):
        return client.get(address, limits).context["waiting_total"]

    assert [total(state="with_head", older=days) for days in ("", 3, 7)] == [2, 1, 0]
    assert [total(older=days) for days in (7, 14)] == [1, 0]
    listed = text_of(client.get(address, {"state": "with_head"}))
    assert "11月18日起待陳處長核可，已 4 天" in listed
    assert "11月21日起待陳處長核可，已 1 天" in listed
    assert "請從清單選擇停留幾天以上。" in text_of(client.get(address, {"older": "x"}))
