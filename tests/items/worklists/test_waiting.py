"""待核可 and 待審核 as plain data: who may decide on what, and what stood there before."""

import random

import pytest

from items.models import SUBMITTED, ProgressReport, ReportState
from items.worklists.waiting import waiting_for_head, waiting_for_office, with_earlier
from tests.making import TODAY, make_user


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def test_a_report_waits_beside_the_newest_one_before_it(
    programme, assignment, make_report, raise_flags, head, mei, quarters
):
    make_report(assignment, quarters[1], mei, text="完成規劃。", percent=40)
    make_report(assignment, quarters[2], mei, text="完成發包。", percent=90)
    sent = make_report(
        assignment,
        quarters[3],
        mei,
        text="完成發包。開始施工。",
        percent=80,
        state=ReportState.WITH_HEAD,
    )
    raise_flags(sent)
    [waiting] = with_earlier(head, waiting_for_head(head, programme), programme, TODAY)
    assert waiting.earlier.period == quarters[2]
    assert waiting.has_new_text
    assert waiting.marked_text == [("same", "完成發包。"), ("ins", "開始施工。")]
    assert waiting.earlier_percent_words == "90% → "
    assert [flag.words for flag in waiting.flags] == ["沒有數字或日期", "進度倒退（上期 90%）"]


def test_the_first_report_of_an_assignment_has_nothing_marked(
    programme, assignment, make_report, head, mei, quarters
):
    make_report(assignment, quarters[0], mei, text="完成規劃。", state=ReportState.WITH_HEAD)
    # Its period was closed: nothing of it waits any more.
    assert with_earlier(head, waiting_for_head(head, programme), programme, TODAY) == []
    make_report(assignment, quarters[3], mei, text="完成發包。", state=ReportState.WITH_HEAD)
    quarters[0].closed_at = quarters[0].closed_by = None
    quarters[0].save()
    # The current period comes first, as on every screen.
    second, first = with_earlier(head, waiting_for_head(head, programme), programme, TODAY)
    assert second.report.period == quarters[3]
    assert first.earlier is None
    assert first.marked_text == [("same", "完成規劃。")]
    assert first.earlier_percent_words == ""
    assert second.earlier == first.report


@pytest.mark.parametrize("seed", range(4))
def test_whatever_waits_stands_beside_the_newest_sent_report_of_an_earlier_end(
    seed, programme, make_action, administration, make_report, coordinator, mei, quarters
):
    dice = random.Random(seed)
    # Reopened periods, of which two may end on one day.
    quarters[1].ends_on = dice.choice([quarters[1].ends_on, quarters[2].ends_on])
    quarters[1].due_on = quarters[1].ends_on
    for quarter in quarters:
        quarter.closed_at = quarter.closed_by = None
        quarter.save()
    for _ in range(8):
        assignment = make_action([administration]).assignments.get()
        for quarter in dice.sample(quarters, dice.randrange(1, 5)):
            state = dice.choice([*SUBMITTED, ReportState.DRAFT, ReportState.WITH_COORDINATOR])
            make_report(assignment, quarter, mei, state=state, text=quarter.name)
    waiting = with_earlier(
        coordinator, waiting_for_office(coordinator, programme), programme, TODAY
    )
    assert waiting
    for one in waiting:
        of_assignment = ProgressReport.objects.submitted().filter(assignment=one.assignment)
        assert one.earlier == of_assignment.before(one.report.period).first()


def test_a_report_waits_for_its_own_head_and_not_for_the_writer(
    programme, assignment, make_report, head, information, mei, coordinator, q4
):
    other_head = make_user("other", "林主任", head=information)
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    assert list(waiting_for_head(head, programme)) == [report]
    for person in (other_head, mei, coordinator):
        assert list(waiting_for_head(person, programme)) == []
    assert list(waiting_for_office(coordinator, programme)) == []


def test_where_no_head_is_left_a_report_waits_for_the_plan_office(
    programme, assignment, make_report, head, mei, coordinator, q4
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    head.is_active = False
    head.save()
    assert list(waiting_for_head(coordinator, programme)) == [report]


def test_only_the_plan_office_accepts(
    programme, assignment, make_report, head, mei, coordinator, q4
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    assert list(waiting_for_office(coordinator, programme)) == [report]
    assert list(waiting_for_office(head, programme)) == []
