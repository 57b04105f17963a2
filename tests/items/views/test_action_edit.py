"""編輯這一項: the plan office changes an item on one page, and nobody's work is lost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Method,
    Plan,
    PlannedProgress,
    Programme,
    Strategy,
)
from items.plan_content import content_of, packed
from items.workflow import history
from tests.filled_form import filled_form
from tests.making import NOW

URL = "/115/actions/115-01/edit/"


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information])


@pytest.fixture
def office(sign_in, coordinator):
    return sign_in(coordinator)


def words(response):
    return response.content.decode()


def sent(office, address=URL, **changes):
    """The form as the page shows it, with `changes`, sent to be saved; the next page."""
    data = filled_form(office.get(address), "edit") | {"intent": "save"} | changes
    return office.post(address, data, follow=True)


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


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


def test_saving_without_a_change_writes_nothing(office, action):
    assert "115-01 沒有更動" in words(sent(office))
    assert not Change.objects.exists()


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


def test_a_department_stands_in_one_row_only(office, action, administration):
    page = sent(
        office,
        **{"row2-department": administration.pk, "row2-deadline_text": "每季"},
    )
    assert "這個單位寫了兩次" in words(page)
    assert not Change.objects.exists()


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


def test_a_department_that_has_reported_keeps_the_item(
    office, action, administration, information, q4, mei, make_report
):
    make_report(share(action, administration), q4, mei)
    page = words(office.get(URL))
    assert "已有填報或預定進度的單位不能移除，也不能換成別的單位" in page
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


# Asking before saving.


def test_enter_in_a_field_shows_the_days_and_saves_nothing(office, action):
    data = filled_form(office.get(URL), "edit")
    page = office.post(
        URL, data | {"intent": "check", "row0-deadline_text": "115年9月底", "title": ""}
    )
    assert "是 115年9月30日" in words(page)
    assert "請寫具體推動作法" not in words(page)
    assert not Change.objects.exists()


def test_more_rows_keep_what_is_written(office, action):
    data = filled_form(office.get(URL), "edit")
    page = office.post(URL, data | {"intent": "more", "row2-deadline_text": "每季"})
    again = filled_form(page, "edit")
    assert again["rows"] == "6"
    assert again["row2-deadline_text"] == "每季"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("115年12月底", "是 115年12月31日"),
        ("每季", "是 115年12月31日"),
        ("9/30", "是 115年9月30日"),
        ("116年3月", "是 116年3月31日，不在 115 年度內，請確認"),
        ("下個月", "看不出是哪一天"),
        ("", ""),
    ],
)
def test_the_day_is_shown_while_somebody_writes(office, programme, written, shown):
    page = office.get("/115/deadline/", {"row0-deadline_text": written})
    assert shown in words(page)


def test_the_hint_tells_nothing_to_others_and_leads_nobody_away(client, sign_in, mei, programme):
    address = "/115/deadline/?deadline_text=每季"
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert sign_in(mei).get(address).status_code == 403


def test_what_was_written_is_carried_over_an_ended_session(office, action, settings):
    data = filled_form(office.get(URL), "edit") | {"intent": "save", "title": "寫了很久的字"}
    office.logout()
    answer = office.post(URL, data, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "寫了很久的字" in words(answer)
    assert "再送一次" in words(answer)


def test_htmx_gets_the_list_of_plans_alone(office, action):
    data = filled_form(office.get(URL), "edit") | {"intent": "plans"}
    headers = {"HX-Request": "true", "HX-Target": "plan-choice"}
    page = words(office.post(URL, data, headers=headers))
    assert "滾動檢討作業流程" in page
    assert "<form" not in page


# A new item, and one made by mistake.


def test_a_new_item_gets_the_next_code_and_stands_last(office, action, programme, administration):
    Programme.objects.filter(pk=programme.pk).update(last_code=40)
    address = f"/115/actions/new/?plan={action.plan_id}"
    page = sent(
        office,
        address,
        title="新的作法",
        **{"row0-department": administration.pk, "row0-deadline_text": "115年12月"},
    )
    assert "已新增 115-41" in words(page)
    made = Action.objects.get(code="115-41")
    assert made.plan == action.plan
    assert made.position > action.position
    assert made.assignments.get().department == administration


def test_an_item_made_by_mistake_is_deleted_with_its_history(office, action, coordinator):
    assert "確定刪除" in words(office.get(URL))
    page = office.post("/115/actions/115-01/delete/", follow=True)
    assert "115-01 已刪除；這個編號不會再用" in words(page)
    assert not Action.objects.exists()
    deleted = Change.objects.filter(kind="deleted")
    assert set(deleted.values_list("model", flat=True)) == {"action", "assignment"}
    assert office.get(URL).status_code == 404


def test_an_item_with_a_report_or_planned_progress_stays(
    office, action, administration, information, q4, mei, make_report
):
    PlannedProgress.objects.create(assignment=share(action, information), period=q4, percent=80)
    assert "確定刪除" not in words(office.get(URL))
    page = office.post("/115/actions/115-01/delete/", follow=True)
    assert "「資訊室」已經有 115-01 的填報或預定進度，不能刪除" in words(page)
    assert Action.objects.exists()


# Who, and how many queries.


def test_the_door_is_there_for_the_plan_office_alone(sign_in, action, request):
    page = words(sign_in(request.getfixturevalue("coordinator")).get("/115/actions/115-01/"))
    assert f'href="{URL}"' in page
    assert f'href="{URL}#shares"' in page
    for person in ("mei", "head", "manager", "auditor", "admin"):
        client = sign_in(request.getfixturevalue(person))
        assert URL not in words(client.get("/115/actions/115-01/"))
        assert client.get(URL).status_code == 403
        assert client.post(URL, {"title": "x"}).status_code == 403
        assert client.post("/115/actions/115-01/delete/").status_code == 403


@pytest.mark.parametrize("path", ["/115/actions/%00/edit/", "/115/actions/115-99/edit/"])
def test_an_unknown_code_is_404(office, programme, path):
    assert office.get(path).status_code == 404


def test_a_broken_request_is_answered_in_words(office, action):
    unusual = [
        "[]",
        "{",
        "{}",
        packed(content_of(action)).replace('"plan_id": ', '"plan_id": "x", "was": '),
        packed(content_of(action)).replace('"key": ', '"key": [], "was": '),
    ]
    requests = [{}, {"rows": "9" * 50}, {"rows": "-1"}, {"strategy": "²", "plan": "x"}]
    for data in [*requests, *({"seen": seen} for seen in unusual)]:
        page = office.post(URL, {"intent": "save", **data})
        assert page.status_code == 200
        assert "請寫具體推動作法" in words(page)
    assert action.assignments.count() == 2


def test_queries_do_not_grow_with_departments(office, make_action):
    departments = [
        Department.objects.create(name=f"{number}號課", position=number) for number in range(12)
    ]
    make_action(departments[:1])
    make_action(departments)
    office.get(URL)
    with CaptureQueriesContext(connection) as few:
        office.get(URL)
    with CaptureQueriesContext(connection) as many:
        office.get(reverse("action_edit", args=[115, "115-02"]))
    assert len(many) == len(few)
