"""編輯這一項: the plan office changes an item on one page, and nobody's work is lost."""

from datetime import date

import pytest

from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Method,
    Plan,
    Programme,
    Strategy,
)
from items.workflow import history
from tests.filled_form import filled_form
from tests.items.views.editing_an_item import URL, sent, share, words
from tests.making import NOW

# Saving.


def test_text_benefit_and_deadline_are_saved_together_and_told(
    office, action, administration, coordinator
):
    page = sent(
        office,
        title="設置民眾休憩區與飲水機",
        expected_benefit="便利民眾。",
        **{"row0-deadline_text": "115年9月"},
    )
    action.refresh_from_db()
    assert action.title == "設置民眾休憩區與飲水機"
    assert action.expected_benefit == "便利民眾。"
    own = share(action, administration)
    assert (own.deadline_text, own.deadline) == ("115年9月", date(2026, 9, 30))
    assert "115-01 已修改 3 處" in words(page)
    assert 'href="#changes"' in words(page)
    assert "行政處的完成期限「115年12月（115年12月31日）」→「115年9月（115年9月30日）」" in words(
        page
    )
    by = set(Change.objects.filter(action=action).values_list("by__username", "door"))
    assert by == {(coordinator.username, "page")}


@pytest.mark.one_engine
def test_saving_without_a_change_writes_nothing(office, action):
    assert "115-01 沒有更動" in words(sent(office))
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_a_department_is_added_and_another_removed(office, action, information):
    engineering = Department.objects.create(name="工務處", position=3)
    sent(
        office,
        **{
            "row1-remove": "on",
            "row2-department": engineering.pk,
            "row2-kind": "support",
            "row2-deadline_text": "每季",
        },
    )
    assert not Assignment.objects.filter(action=action, department=information).exists()
    added = share(action, engineering)
    assert (added.kind, added.deadline_text) == ("support", "每季")
    assert added.deadline == date(2026, 12, 31)
    # What is handed out late owes nothing for what was before.
    assert added.handed_out_on is not None


def test_one_deadline_for_all_rows(office, action):
    sent(office, common_deadline="115/10/31")
    deadlines = set(action.assignments.values_list("deadline_text", "deadline"))
    assert deadlines == {("115/10/31", date(2026, 10, 31))}


def test_every_department_needs_one_deadline_and_then_reaches_all(office, make_action):
    action = make_action()
    for position in (1, 2, 3):
        Department.objects.create(name=f"第{'一二三'[position - 1]}課", position=position)
    Department.objects.create(name="裁撤科", position=9, is_active=False)
    page = sent(office, every_department="on")
    assert "分辦各單位要有完成期限" in words(page)
    sent(office, every_department="on", common_deadline="115年11月")
    names = action.assignments.order_by("position").values_list("department__name", flat=True)
    assert list(names) == ["第一課", "第二課", "第三課"]
    Department.objects.create(name="第四課", position=4)
    # What 各單位 brings by itself is told like what was written.
    page = sent(office, title="改寫")
    assert "主辦單位「（空白）」→「第四課（115年11月" in words(page)
    action.refresh_from_db()
    assert action.every_department


@pytest.mark.one_engine
def test_one_of_every_department_is_not_removed_alone(office, make_action, administration):
    make_action([administration], every_department=True)
    page = sent(office, **{"row0-remove": "on"})
    assert "要移除，請先取消「分辦各單位」" in words(page)
    assert Assignment.objects.count() == 1


def test_the_item_moves_to_another_plan_of_the_year(office, action, programme):
    strategy = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    method = Method.objects.create(strategy=strategy, position=1, title="第二方法")
    plan = Plan.objects.create(method=method, position=1, title="第二計畫")
    data = filled_form(office.get(URL), "edit") | {"strategy": strategy.pk}
    asked = office.post(URL, data | {"intent": "plans", "title": "還沒存"})
    assert "第二計畫" in words(asked)
    assert "還沒存" in words(asked)
    assert not Change.objects.exists()
    # Chosen under one strategy, but sent with another: never guessed.
    page = office.post(URL, data | {"intent": "save"})
    assert "請在這個實施策略底下選一個執行計畫" in words(page)
    page = office.post(URL, data | {"intent": "save", "plan": plan.pk}, follow=True)
    assert "執行計畫「滾動檢討作業流程」→「第二計畫」" in words(page)
    action.refresh_from_db()
    assert action.plan == plan


@pytest.mark.one_engine
def test_a_plan_of_another_year_is_refused(office, action):
    other_year = Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    strategy = Strategy.objects.create(programme=other_year, number=1, title="策略")
    method = Method.objects.create(strategy=strategy, position=1, title="方法")
    plan = Plan.objects.create(method=method, position=1, title="明年的計畫")
    page = sent(office, strategy=strategy.pk, plan=plan.pk)
    assert "還沒有儲存" in words(page)
    assert "明年的計畫" not in words(page)
    action.refresh_from_db()
    assert action.plan != plan


def test_the_third_becomes_the_first_of_its_plan(office, make_action):
    actions = [make_action() for _ in range(3)]
    sent(office, "/115/actions/115-03/edit/", place=1)
    codes = Action.objects.order_by("position", "id").values_list("code", flat=True)
    assert list(codes) == ["115-03", "115-01", "115-02"]
    page = sent(office, "/115/actions/115-03/edit/", place=99)
    assert "順序「第 1 項」→「第 3 項」" in words(page)
    codes = Action.objects.order_by("position", "id").values_list("code", flat=True)
    assert list(codes) == ["115-01", "115-02", "115-03"]
    assert len(actions) == 3


# What cannot be.


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "請寫具體推動作法"),
        ({"row0-deadline_text": ""}, "請寫完成期限，例如 115年12月、每季、持續辦理。"),
        ({"row0-deadline_text": "驗收後"}, "也可以在旁邊填日期"),
        ({"row0-deadline_text": "115年9月", "row0-deadline": "115/11/30"}, "請改成一致"),
        ({"row0-kind": "support", "row1-kind": "support"}, "至少要有一個主辦單位"),
        ({"row2-deadline_text": "115年12月"}, "請選單位"),
        ({"place": "0"}, "順序請填 1 以上的整數"),
        ({"common_deadline": "不知道"}, "看不出是哪一天"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_nothing_is_lost(office, action, changes, sentence):
    page = sent(office, expected_benefit="不要弄丟我", **changes)
    assert page.status_code == 200
    assert sentence in words(page)
    assert "還沒有儲存，內容都還在這一頁" in words(page)
    assert "不要弄丟我" in words(page)
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_a_department_stands_in_one_row_only(office, action, administration):
    page = sent(
        office,
        **{"row2-department": administration.pk, "row2-deadline_text": "每季"},
    )
    assert "這個單位寫了兩次" in words(page)
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_an_inactive_department_gets_nothing_new_but_keeps_what_it_has(
    office, make_action, administration
):
    closed_down = Department.objects.create(name="裁撤科", position=9, is_active=False)
    action = make_action([closed_down])
    other = Department.objects.create(name="裁撤二科", position=10, is_active=False)
    assert "裁撤二科" not in words(office.get(URL))
    page = sent(office, **{"row1-department": other.pk, "row1-deadline_text": "每季"})
    assert "這個單位不存在或已經停用" in words(page)
    sent(office, **{"row0-deadline_text": "115年6月"})
    assert action.assignments.get().deadline_text == "115年6月"


@pytest.mark.one_engine
def test_words_of_the_offices_own_need_a_day_and_keep_it(office, action, administration):
    page = sent(office, **{"row0-deadline_text": "驗收後"})
    # The field for the day is there now, beside the sentence.
    data = filled_form(page, "edit")
    assert "row0-deadline" in data
    office.post(URL, data | {"intent": "save", "row0-deadline": "115/9/30"})
    own = share(action, administration)
    assert (own.deadline_text, own.deadline) == ("驗收後", date(2026, 9, 30))
    assert "以下面的日期為準" in words(office.get(URL))
    # Another change does not ask about it again.
    assert "115-01 已修改 1 處" in words(sent(office, title="改一個字"))


@pytest.mark.one_engine
def test_a_department_that_has_reported_keeps_the_item(
    office, action, administration, information, q4, mei, make_report
):
    make_report(share(action, administration), q4, mei)
    page = words(office.get(URL))
    assert "已有填報、預定進度或管制異動的單位不能移除，也不能換成別的單位" in page
    engineering = Department.objects.create(name="工務處", position=3)
    # Whatever a browser sends.
    sent(office, **{"row0-remove": "on", "row0-department": engineering.pk})
    assert share(action, administration)
    # The other one may go.
    sent(office, **{"row1-remove": "on"})
    assert action.assignments.get().department == administration


# Two people.


def test_the_second_of_two_is_told_and_both_changes_are_saved(
    office, action, administration, admin
):
    data = filled_form(office.get(URL), "edit")
    action.expected_benefit = "資訊單位的改寫"
    history.save(action, by=admin, at=NOW)
    own = share(action, administration)
    own.deadline_text, own.deadline = "115年8月", date(2026, 8, 31)
    history.save(own, by=admin, at=NOW)

    changed = {"intent": "save", "title": "研考的改寫", "row0-deadline_text": "115年9月"}
    page = office.post(URL, data | changed)
    assert "還沒有儲存：您開啟這一頁之後，系統管理員在 115年11月22日 10:00 改過這一項" in words(
        page
    )
    assert "預期效益：已經改成「資訊單位的改寫」" in words(page)
    assert "現在是「行政處（主辦，115年8月（115年8月31日））」" in words(page)
    action.refresh_from_db()
    assert action.title == "設置民眾休憩區"

    again = filled_form(page, "edit")
    office.post(URL, again | {"intent": "save"})
    action.refresh_from_db()
    assert action.title == "研考的改寫"
    assert action.expected_benefit == "資訊單位的改寫"
    assert share(action, administration).deadline_text == "115年9月"


def test_rows_that_somebody_else_added_or_removed_are_told(
    office, action, administration, information, admin
):
    data = filled_form(office.get(URL), "edit")
    history.delete(share(action, information), by=admin, at=NOW)
    engineering = Department.objects.create(name="工務處", position=3)
    added = Assignment(
        action=action,
        department=engineering,
        deadline=date(2026, 12, 31),
        deadline_text="每季",
    )
    history.save(added, by=admin, at=NOW)
    page = office.post(URL, data | {"intent": "save", "title": "研考的改寫"})
    assert "「資訊室（主辦，115年12月（115年12月31日））」已經由別人移除" in words(page)
    assert "別人加了「工務處（主辦，每季（115年12月31日））」" in words(page)
    office.post(URL, filled_form(page, "edit") | {"intent": "save"})
    names = set(action.assignments.values_list("department__name", flat=True))
    assert names == {"行政處", "工務處"}


def test_the_same_sent_twice_is_saved_once(office, action):
    engineering = Department.objects.create(name="工務處", position=3)
    data = filled_form(office.get(URL), "edit") | {
        "intent": "save",
        "title": "改寫",
        "row2-department": engineering.pk,
        "row2-deadline_text": "每季",
    }
    office.post(URL, data)
    number = Change.objects.count()
    assert office.post(URL, data).status_code == 302
    assert Change.objects.count() == number
    assert action.assignments.count() == 3
