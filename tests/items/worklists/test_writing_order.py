"""The lists of 我的填報 and 下一件 of a department of any size: windows, numbers and the order."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import Action, Assignment, ReportState
from items.models.light_basis import LightBasis
from items.worklists.to_write import WINDOW, next_to_write, work_of
from items.worklists.work_numbers import number_to_do
from items.worklists.writing_order import (
    by_stage,
    first_of_each_stage,
    rows_of_lists,
    rows_to_report,
    with_stage,
)
from tests.making import TODAY, make_user
from tests.planner import refresh_statistics

MANY = 2_001


@pytest.fixture
def many(make_action, administration):
    """So many items of one department; every third one is late, in no order of theirs."""
    first = make_action([administration])
    actions = []
    for number in range(2, MANY + 1):
        action = Action(
            plan=first.plan, position=number, code=f"115-{number:02}", title="設置民眾休憩區"
        )
        actions.append(action)
    Action.objects.bulk_create(actions)
    assignments = []
    for number, action in enumerate(actions, start=2):
        late_by = timedelta(days=60 if number % 3 == 0 else -30)
        assignments.append(
            Assignment(
                action=action,
                department=administration,
                deadline=TODAY - late_by,
                deadline_text="115年12月",
            )
        )
    Assignment.objects.bulk_create(assignments)
    refresh_statistics()
    return Assignment.objects.with_path().in_order()


def codes(items):
    return [item.assignment.action.code for item in items]


def test_a_list_longer_than_a_page_is_cut_and_its_numbers_count_all(many, mei, q4):
    work = work_of(mei, q4, TODAY)
    assert work.number_to_write == work.number_to_do == MANY
    assert work.heading == "第4季待填 2,001 件，剩 9 天"
    # All that are late, in official order, before those that are not.
    assert codes(work.to_write) == [f"115-{3 * number:02}" for number in range(1, WINDOW + 1)]
    assert work.is_cut


def test_each_list_has_a_window_of_its_own(many, mei, q4, make_report):
    assignments = list(many)
    for assignment in assignments[:3]:
        make_report(assignment, q4, mei, state=ReportState.RETURNED)
    for assignment in assignments[3:5]:
        make_report(assignment, q4, mei, state=ReportState.ACCEPTED)
    make_report(assignments[5], q4, mei, state=ReportState.WITH_HEAD)
    work = work_of(mei, q4, TODAY)
    assert codes(work.returned) == ["115-01", "115-02", "115-03"]
    assert codes(work.submitted) == ["115-04", "115-05", "115-06"]
    assert work.submitted_words == "已送出 3 件，其中備查 2 件"
    assert len(work.to_write) == WINDOW
    assert work.number_to_write == MANY - 6


def test_the_own_and_the_others_are_counted_beyond_the_window(many, mei, administration, q4):
    wen = make_user("wen", "吳雅雯", reporter=administration)
    keys = list(many.values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=keys[:500]).update(contact=mei)
    Assignment.objects.filter(pk__in=keys[500:2000]).update(contact=wen)
    work = work_of(mei, q4, TODAY)
    assert work.division_words == "我的 500 件，本單位其他 1,501 件"
    assert len(work.shared_out.own) == WINDOW
    assert work.shared_out.others_words == "本單位其他 1,501 件，其中 1 件沒有承辦人"


def test_the_next_one_is_found_beyond_the_window_and_after_the_last_comes_the_first(many, mei, q4):
    assignments = list(many)
    by_code = {assignment.action.code: assignment for assignment in assignments}
    last_of_window = by_code["115-600"]
    assert next_to_write(mei, q4, TODAY, after=last_of_window).action.code == "115-603"
    # Behind the last that is late come those that are not, by deadline: the first item is due last.
    last_late = by_code["115-2001"]
    assert next_to_write(mei, q4, TODAY, after=last_late).action.code == "115-02"
    assert next_to_write(mei, q4, TODAY, after=by_code["115-01"]).action.code == "115-03"


def test_lists_and_next_cost_the_same_whatever_the_number(many, mei, q4):
    of_many = queries_of(mei, q4)
    Action.objects.filter(position__gt=2 * WINDOW).delete()
    assert queries_of(mei, q4) == of_many
    # Where all are shown, none asks which.
    Action.objects.filter(position__gt=20).delete()
    assert queries_of(mei, q4) == of_many - 1


def queries_of(user, period):
    """How many queries the list, the next and the number take."""
    after = Assignment.objects.with_path().first()
    basis = LightBasis.of(period.programme, TODAY)
    with CaptureQueriesContext(connection) as captured:
        work_of(user, period, TODAY, basis)
        next_to_write(user, period, TODAY, after=after, basis=basis)
        number_to_do(user, basis)
    return len(captured)


def most_urgent(user, period):
    """The one that the page leads to after a sending; None where everything is sent."""
    item = work_of(user, period, TODAY).most_urgent
    return item.assignment if item else None


@pytest.mark.parametrize("seed", range(6))
def test_from_one_to_the_next_every_one_is_met_once_in_the_order_of_first(
    seed, make_action, make_report, administration, mei, q3, q4
):
    """Sending each first one, and going on from each to the next, lead through the same order."""
    dice = random.Random(seed)
    wen = make_user("wen", "吳雅雯", reporter=administration)
    for _ in range(12):
        deadline = TODAY + timedelta(days=dice.choice([-40, -3, 20, 20, 39]))
        assignment = make_action([administration], deadline=deadline).assignments.get()
        contact = dice.choice([None, mei, wen])
        Assignment.objects.filter(pk=assignment.pk).update(contact=contact)
        if dice.random() < 0.6:
            make_report(assignment, q3, wen, percent=dice.choice([10, 80, 100]))
        state = dice.choice([None, None, ReportState.DRAFT, ReportState.RETURNED])
        if state is not None:
            make_report(assignment, q4, wen, state=state)
    expected = []
    first = most_urgent(mei, q4)
    # A list that is too long is cut by the database, which sorts by the same.
    basis = LightBasis.of(q4.programme, TODAY)
    rows = with_stage(rows_to_report(mei, q4, basis))
    in_order = by_stage(list(rows_of_lists(rows, basis)), mei)
    for number in (1, 2, 3):
        kept = set(first_of_each_stage(rows, mei, basis, number))
        of_stage = Counter()
        for row in in_order:
            of_stage[row.stage] += 1
            assert (row.pk in kept) == (of_stage[row.stage] <= number)
    place = Assignment.objects.with_path().get(pk=first.pk)
    for _ in range(number_to_do(mei, LightBasis.of(q4.programme, TODAY))):
        expected.append(place)
        following = next_to_write(mei, q4, TODAY, after=place)
        place = Assignment.objects.with_path().get(pk=following.pk)
    assert place == first
    work = work_of(mei, q4, TODAY)
    in_lists = {item.assignment for item in work.returned + work.to_write}
    assert set(expected) == in_lists
    sent = []
    while (following := most_urgent(mei, q4)) is not None:
        sent.append(following)
        following.reports.filter(period=q4).delete()
        make_report(following, q4, wen, state=ReportState.WITH_HEAD, percent=80)
    assert sent == expected
    # The page has what is to be written in the same order.
    to_write = [item.assignment for item in work.to_write]
    assert to_write == [one for one in expected if one in to_write]
