"""項目 as plain data: where each department stands, as far as this reader may know it."""

import pytest

from items.models import Action, Assignment, ReportState
from items.models.light_basis import LightBasis
from items.plan_lines import actions_for_lines
from items.worklists.action_page import (
    department_shares,
    neighbours_of,
    reports_about,
    sent_by_period,
)
from tests.making import NOW, TODAY


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information])


def share_of(action, department):
    return Assignment.objects.get(action=action, department=department)


def shares(user, action):
    basis = LightBasis.of(action.programme, TODAY)
    [lit] = actions_for_lines(user, [action.pk], basis)
    return department_shares(user, lit, reports_about(user, lit), basis)


@pytest.mark.parametrize(
    ("state", "ours", "theirs"),
    [
        (None, ("未填", "填報", True), ("尚未送出", False)),
        (ReportState.DRAFT, ("草稿", "繼續填報", True), ("尚未送出", False)),
        (ReportState.RETURNED, ("退回", "補正", True), ("尚未送出", False)),
        (ReportState.WITH_HEAD, ("待主管", "繼續填報", False), ("待主管", False)),
    ],
)
def test_the_own_department_knows_more_than_another(
    action, administration, make_report, mei, hao, q4, state, ours, theirs
):
    if state is not None:
        make_report(share_of(action, administration), q4, mei, state=state)
    filing = shares(mei, action)[0].filings[0]
    assert (filing.words, filing.button_words, filing.writable) == ours
    filing = shares(hao, action)[0].filings[0]
    assert (filing.words, filing.writable) == theirs
    if state != ReportState.WITH_HEAD:
        assert filing.report is None


def test_a_released_action_asks_for_nothing(make_action, administration, mei, q4):
    action = make_action([administration], control_status="released")
    [share] = shares(mei, action)
    assert share.filings[0].words == "不必填報"
    assert not share.filings[0].writable


def test_progress_is_read_from_the_newest_report_that_was_submitted(
    action, administration, make_report, mei, quarters
):
    own = share_of(action, administration)
    make_report(own, quarters[1], mei)
    newest = make_report(own, quarters[2], mei)
    make_report(own, quarters[3], mei, state=ReportState.DRAFT)
    administration_share, information_share = shares(mei, action)
    assert administration_share.newest == newest
    assert information_share.newest is None


def test_what_was_submitted_stands_by_period_the_newest_first(
    action, administration, information, make_report, mei, hao, quarters
):
    own = share_of(action, administration)
    make_report(own, quarters[1], mei)
    make_report(own, quarters[2], mei)
    make_report(share_of(action, information), quarters[2], hao)
    make_report(own, quarters[3], mei, state=ReportState.DRAFT)
    told = sent_by_period(reports_about(mei, action))
    assert [period_reports.period for period_reports in told] == [quarters[2], quarters[1]]
    departments = [sent.report.assignment.department.name for sent in told[0].reports]
    assert departments == ["行政處", "資訊室"]


def test_a_report_without_steps_says_who_wrote_it(action, administration, make_report, mei, q3):
    make_report(share_of(action, administration), q3, mei, updated_at=NOW)
    [told] = sent_by_period(reports_about(mei, action))
    assert told.reports[0].way_words == "11月22日 王美玲填報"


@pytest.mark.parametrize(
    ("code", "previous", "following"),
    [("a", None, "b"), ("b", "a", "c"), ("c", "b", None)],
)
def test_neighbours_are_those_in_official_order(code, previous, following):
    neighbours = neighbours_of(code, ["a", "b", "c"])
    assert (neighbours.previous, neighbours.following) == (previous, following)


def test_an_action_alone_has_no_neighbours(make_action):
    make_action()
    codes = list(Action.objects.values_list("code", flat=True))
    neighbours = neighbours_of("115-01", codes)
    assert (neighbours.previous, neighbours.following) == (None, None)
