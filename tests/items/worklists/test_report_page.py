"""What stands beside one report: the deadline in words, the reports before it, whose turn it is."""

from datetime import date

import pytest

from items.models import Deputy, ReportState
from items.models.light_basis import LightBasis
from items.worklists.report_page import (
    deadline_note,
    earlier_reports,
    next_step_words,
    other_departments,
)
from tests.making import NOW, TODAY, make_user


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.mark.parametrize(
    ("written", "today", "note"),
    [
        ("115年12月", TODAY, "115年12月31日，剩 39 天"),
        ("115年12月31日", TODAY, "剩 39 天"),
        ("115年12月", date(2026, 12, 31), "115年12月31日，今天到期"),
        ("115年12月", date(2027, 1, 1), "115年12月31日"),
        ("115年12月31日", date(2027, 1, 1), ""),
    ],
)
def test_the_deadline_is_explained_where_its_words_do_not_say_it(assignment, written, today, note):
    assignment.deadline_text = written
    assert deadline_note(assignment, today) == note


def test_earlier_reports_are_the_submitted_ones_newest_first(
    assignment, make_report, mei, quarters
):
    first = make_report(assignment, quarters[0], mei)
    second = make_report(assignment, quarters[1], mei)
    make_report(assignment, quarters[2], mei, state=ReportState.DRAFT)
    make_report(assignment, quarters[3], mei)
    assert list(earlier_reports(mei, assignment, quarters[3])) == [second, first]


def test_other_departments_are_those_of_the_same_action(
    make_action, administration, information, mei
):
    make_action([administration])
    ours, theirs = make_action([administration, information]).assignments.all()
    basis = LightBasis.of(ours.action.programme, TODAY)
    assert list(other_departments(mei, ours, basis)) == [theirs]


def test_where_the_head_is_away_the_deputy_is_named(
    assignment, make_report, administration, mei, head, hao, q4
):
    Deputy.objects.create(
        person=head, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=head, made_at=NOW
    )
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    assert next_step_words(report, TODAY) == "待陳處長（林志豪代理）核可"
    assert next_step_words(report, date(2026, 11, 23)) == "待陳處長核可"


def test_after_sending_it_is_said_whose_turn_it_is(
    assignment, make_report, administration, mei, head, q4
):
    make_user("deputy", "李副處長", head=administration)
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    assert next_step_words(report, TODAY) == "待陳處長、李副處長核可"
    report.state = ReportState.WITH_COORDINATOR
    assert next_step_words(report, TODAY) == "待研考審核"
