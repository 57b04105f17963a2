"""An import is taken back whole, unless somebody has worked on what it made."""

import sqlite3

import pytest
from django.db import connection

from items.exchange.plan_import.undo import AlreadyUndone, NotUndone, undo
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    OfficialText,
    Plan,
    PlannedProgress,
    Programme,
    ProgressReport,
)
from items.workflow import history
from tests.items.exchange.official_rows import (
    HEADINGS,
    bring_in,
    row,
    rows_of,
    without_codes,
)
from tests.items.exchange.plan_import.whole_plan import PLAN_MODELS, edited, everything
from tests.making import NOW

pytestmark = pytest.mark.django_db


def test_an_import_is_taken_back_whole(plan, coordinator, admin):
    before = everything()
    batch = bring_in(edited(plan), plan, coordinator, NOW)
    assert everything() != before
    undo(batch, by=admin, at=NOW)
    assert everything() == before
    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_at) == (admin, NOW)
    assert (
        Change.objects.filter(by=admin, kind="deleted", model="action").get().label
        == "115-34 新的作法"
    )
    with pytest.raises(AlreadyUndone):
        undo(batch, by=admin, at=NOW)


def test_imports_that_build_on_one_another_are_taken_back_one_by_one(plan, coordinator):
    """A department whose date the first changes, and which the second takes back, is the same row again afterwards."""
    start = everything()
    rows = rows_of(plan)
    rows[2][5] = "115年6月"
    first = bring_in(rows, plan, coordinator, NOW)
    rows[2][6] = "港務處"
    second = bring_in(rows, plan, coordinator, NOW)
    with pytest.raises(NotUndone):
        undo(first, by=coordinator, at=NOW)
    undo(second, by=coordinator, at=NOW)
    undo(first, by=coordinator, at=NOW)
    assert everything() == start


def test_the_code_of_an_item_that_is_gone_is_given_to_no_other(plan, coordinator):
    batch = bring_in([HEADINGS, row("一"), row("二")], plan, coordinator, NOW)
    undo(batch, by=coordinator, at=NOW)
    bring_in([HEADINGS, row("三")], plan, coordinator, NOW)
    history.delete(Action.objects.get(title="三"), by=coordinator, at=NOW)
    bring_in([HEADINGS, row("四")], plan, coordinator, NOW)
    assert Action.objects.get(title="四").code == "115-37"


def test_an_import_raises_the_highest_running_number(plan, coordinator):
    bring_in([HEADINGS, row("一"), row("二")], plan, coordinator, NOW)
    plan.refresh_from_db()
    assert plan.last_code == 35


def test_a_programme_without_its_highest_number_gives_no_code_twice(plan, coordinator):
    """As a fixture of before brings it in."""
    Programme.objects.update(last_code=0)
    plan.refresh_from_db()
    bring_in([HEADINGS, row("一")], plan, coordinator, NOW)
    assert Action.objects.get(title="一").code == "115-34"


def test_the_first_import_of_all_can_be_taken_back_too(plan, coordinator):
    rows = without_codes(rows_of(plan))
    Assignment.objects.all().delete()
    Action.objects.all().delete()
    plan.strategies.all().delete()
    batch = bring_in(rows, plan, coordinator, NOW)
    assert Action.objects.count() == 33
    undo(batch, by=coordinator, at=NOW)
    assert [model.objects.count() for model in PLAN_MODELS] == [0, 0, 0, 0, 0]


def change_the_item(plan, by):
    Action.objects.filter(code="115-34").update(title="後來改過")


def delete_the_item(plan, by):
    history.delete(Action.objects.get(code="115-34"), by=by, at=NOW)


def put_one_under_it(plan, by):
    Action.objects.create(
        plan=Action.objects.get(code="115-34").plan, code="115-99", position=9, title="後來加的"
    )


def hand_it_out(plan, by):
    Assignment.objects.create(
        action=Action.objects.get(code="115-34"),
        department=Department.objects.get(name="工程處"),
        deadline=NOW.date(),
        deadline_text="今天",
    )


def release_it(plan, by):
    Action.objects.filter(code="115-34").update(control_status="released")


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (change_the_item, "「具體推動作法」在匯入之後改過"),
        (delete_the_item, "具體推動作法「115-34 設置民眾休憩區」在匯入之後已經刪除"),
        (put_one_under_it, "底下在匯入之後新增了"),
        (hand_it_out, "底下在匯入之後新增了"),
        (release_it, "已經「解除列管」"),
    ],
)
def test_what_was_changed_since_stands_in_the_way_of_undoing(plan, coordinator, since, words):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    since(plan, coordinator)
    before = everything()
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert any(words in each for each in refusal.value.obstacles)
    assert everything() == before


def test_an_item_whose_old_plan_is_gone_cannot_be_moved_back(plan, coordinator):
    rows = rows_of(plan)
    old = next(candidate for candidate in Plan.objects.all() if candidate.actions.count() == 1)
    mine = next(cells for cells in rows if cells[3] == old.title)
    other = next(cells for cells in rows[1:] if cells[3] != old.title)
    # 實施策略, 推動方法 and 執行計畫: the item goes under another plan.
    mine[1:4] = other[1:4]
    batch = bring_in(rows, plan, coordinator, NOW)
    history.delete(old, by=coordinator, at=NOW)
    before = everything()
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    label = f"{mine[0]} {mine[4]}"[:30]
    assert refusal.value.obstacles == [f"具體推動作法「{label}」原來的執行計畫已經刪除。"]
    assert everything() == before


def test_a_department_that_is_gone_cannot_have_its_item_back(plan, coordinator):
    office = Department.objects.create(name="臨時辦公室", position=99)
    rows = rows_of(plan)
    rows[1][6] = office.name
    bring_in(rows, plan, coordinator, NOW)
    rows[1][6] = "行政處"
    batch = bring_in(rows, plan, coordinator, NOW)
    history.delete(office, by=coordinator, at=NOW)
    before = everything()
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert refusal.value.obstacles == ["原來分辦的單位已經刪除。"]
    assert everything() == before


def hand_out_again(assignment, by):
    own = {
        "department": assignment.department,
        "deadline": assignment.deadline,
        "deadline_text": "再一次",
    }
    Assignment.objects.create(action=assignment.action, **own)


def delete_its_item(assignment, by):
    history.delete(assignment.action, by=by, at=NOW)


@pytest.mark.parametrize(
    ("since", "words"), [(hand_out_again, "重新分辦"), (delete_its_item, "項目已經刪除")]
)
def test_a_department_taken_back_comes_again_only_where_its_place_is_free(
    plan, coordinator, since, words
):
    rows = rows_of(plan)
    rows[2][6] = "港務處"
    taken_back = Assignment.objects.get(action__code="115-02", department__name="業務處")
    batch = bring_in(rows, plan, coordinator, NOW)
    since(taken_back, coordinator)
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert any(words in each for each in refusal.value.obstacles)


def test_each_department_that_is_gone_since_stands_in_the_way_of_undoing(plan, coordinator):
    batch = bring_in([HEADINGS, row(主辦單位="行政處、業務處")], plan, coordinator, NOW)
    for assignment in Assignment.objects.filter(action__code="115-34"):
        history.delete(assignment, by=coordinator, at=NOW)
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert [each.endswith("在匯入之後已經刪除或移走。") for each in refusal.value.obstacles] == [
        True,
        True,
    ]


def test_planned_progress_on_a_new_item_stands_in_the_way_of_undoing(plan, quarter, coordinator):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    PlannedProgress.objects.create(
        assignment=Assignment.objects.get(action__code="115-34"), period=quarter, percent=50
    )
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert any("已經有預定進度" in each for each in refusal.value.obstacles)


def test_a_report_on_a_new_item_stands_in_the_way_of_undoing(plan, quarter, coordinator):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    ProgressReport.objects.create(
        assignment=Assignment.objects.get(action__code="115-34"),
        period=quarter,
        written_by=coordinator,
        updated_at=NOW,
    )
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert any("已經有辦理情形" in each for each in refusal.value.obstacles)


def test_a_composed_text_of_a_new_item_stands_in_the_way_of_undoing(plan, quarter, coordinator):
    """It would go along with the item, without anybody being told."""
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    text = OfficialText.objects.create(
        action=Action.objects.get(code="115-34"),
        period=quarter,
        text="已完成。",
        composed_by=coordinator,
        composed_at=NOW,
    )
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=coordinator, at=NOW)
    assert refusal.value.obstacles == ["具體推動作法「115-34 設置民眾休憩區」已經有彙整文字。"]
    text.delete()
    undo(batch, by=coordinator, at=NOW)
    assert not Action.objects.filter(code="115-34").exists()


def test_the_history_of_an_item_that_goes_stays_with_its_year(plan, coordinator):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    key = Action.objects.get(code="115-34").pk
    undo(batch, by=coordinator, at=NOW)
    entries = Change.objects.filter(model="action", object_id=key).order_by("id")
    assert [(entry.kind, entry.action, entry.programme) for entry in entries] == [
        ("created", None, plan),
        ("deleted", None, plan),
    ]
    assert entries[1].fields["title"] == ["設置民眾休憩區", None]


def test_queries_of_an_undo_do_not_grow_with_people_who_look_after_items(
    plan, coordinator, django_assert_max_num_queries
):
    """The history names each of them, since they were chosen after the import."""
    rows = [row(f"第 {number} 項") for number in range(60)]
    batch = bring_in([HEADINGS, *rows], plan, coordinator, NOW)
    Assignment.objects.filter(action__title__startswith="第").update(contact=coordinator)
    with django_assert_max_num_queries(40):
        undo(batch, by=coordinator, at=NOW)
    entry = Change.objects.filter(model="assignment", kind="deleted").first()
    assert entry.fields["contact"] == [str(coordinator), None]


def hand_many_out_and_take_them_back(plan, by, departments=2):
    """The batch that took 300 items from all of their departments but one."""
    names = Department.objects.order_by("position").values_list("name", flat=True)[
        : departments + 1
    ]
    many = [HEADINGS, *(row(f"第 {number} 項", 主辦單位="、".join(names)) for number in range(300))]
    bring_in(many, plan, by, NOW)
    return bring_in(
        [HEADINGS, *([*cells[:5], names[0], cells[6]] for cells in many[1:])], plan, by, NOW
    )


def test_queries_of_an_undo_do_not_grow_with_what_was_taken_back(
    plan, coordinator, django_assert_max_num_queries
):
    batch = hand_many_out_and_take_them_back(plan, coordinator)
    with django_assert_max_num_queries(40):
        undo(batch, by=coordinator, at=NOW)
    assert Assignment.objects.filter(action__title__startswith="第").count() == 900


def test_any_number_of_departments_can_be_taken_back_at_once(plan, coordinator):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone has a bound for the keys of one statement")
    database = connection.connection
    usual = database.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1200)
    try:
        hand_many_out_and_take_them_back(plan, coordinator, departments=5)
    finally:
        database.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)
    assert Assignment.objects.filter(action__title__startswith="第").count() == 300
