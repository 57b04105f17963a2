"""計畫架構: the plan office makes and edits what stands above the items; the first item of a year."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import Action, Change, Method, Plan, Programme, Strategy
from items.workflow import history
from tests.filled_form import filled_form
from tests.making import NOW

OUTLINE = "/115/plan/outline/"


@pytest.fixture
def action(make_action):
    return make_action()


def words(response):
    return response.content.decode()


def sent(office, address, form_class="part", **changes):
    """The form as the page shows it, with `changes`, sent to be saved; the next page."""
    data = filled_form(office.get(address), form_class) | changes
    return office.post(address, data, follow=True)


def edit_address(part):
    return reverse("part_edit", args=[115, part._meta.model_name, part.pk])


@pytest.mark.one_engine
def test_the_outline_shows_parts_and_items_of_one_strategy(office, action, programme):
    other = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    page = words(office.get(OUTLINE))
    for text in (
        "1. 完備基礎服務項目",
        "建立標準作業流程",
        "滾動檢討作業流程",
        "115-01",
        "2. 第二策略",
    ):
        assert text in page
    assert f"/115/actions/new/?plan={action.plan_id}" in page
    page = words(office.get(OUTLINE, {"strategy": "2"}))
    assert "建立標準作業流程" not in page
    assert f"/115/plan/method/new/?under={other.pk}" in page
    assert words(office.get(OUTLINE, {"strategy": "<x>"})).count("建立標準作業流程") > 0


@pytest.mark.one_engine
def test_a_title_is_edited_and_told(office, action):
    plan = action.plan
    page = sent(office, edit_address(plan), title="滾動檢討並修訂作業流程")
    plan.refresh_from_db()
    assert plan.title == "滾動檢討並修訂作業流程"
    assert "執行計畫「滾動檢討作業流程」→「滾動檢討並修訂作業流程」" in words(page)
    assert Change.objects.get().door == "page"


def test_a_number_that_another_strategy_has_is_refused(office, action, programme):
    strategy = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    page = sent(office, edit_address(strategy), place=1, title="改了名字")
    assert "這個年度已經有這個編號的策略" in words(page)
    assert "改了名字" in words(page)
    strategy.refresh_from_db()
    assert (strategy.number, strategy.title) == (2, "第二策略")


def test_a_method_moves_to_another_strategy_and_a_plan_to_another_place(office, action, programme):
    plan = action.plan
    other = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    sent(office, edit_address(plan.method), parent=other.pk)
    plan.method.refresh_from_db()
    assert plan.method.strategy == other
    second = Plan.objects.create(method=plan.method, position=2, title="第二計畫")
    sent(office, edit_address(second), place=1)
    titles = plan.method.plans.order_by("position", "id").values_list("title", flat=True)
    assert list(titles) == ["第二計畫", "滾動檢討作業流程"]


@pytest.mark.one_engine
def test_a_parent_of_another_year_is_refused(office, action):
    other_year = Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    strategy = Strategy.objects.create(programme=other_year, number=1, title="明年")
    page = sent(office, edit_address(action.plan.method), parent=strategy.pk)
    assert "這個年度沒有這一個" in words(page)
    address = reverse("part_new", args=[115, "method"]) + f"?under={strategy.pk}"
    assert office.get(address).status_code == 404
    address = reverse("part_edit", args=[115, "strategy", strategy.pk])
    assert office.get(address).status_code == 404


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "請寫推動方法"),
        ({"place": "0"}, "請填 1 以上的整數"),
        ({"place": "99999999999"}, "請填 1 以上的整數"),
        ({"title": "字" * 32_768}, "有 32,768 個字，最多 32,767 個字"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(office, action, changes, sentence):
    page = sent(office, edit_address(action.plan.method), **changes)
    assert sentence in words(page)
    assert "還沒有儲存" in words(page)
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_new_parts_lead_on_to_what_comes_next(office, programme):
    page = sent(office, "/115/plan/strategy/new/", title="新策略")
    strategy = Strategy.objects.get()
    assert strategy.number == 1
    following = f"/115/plan/method/new/?under={strategy.pk}"
    assert following in words(page)
    page = sent(office, following, title="新方法")
    following = f"/115/plan/plan/new/?under={Method.objects.get().pk}"
    assert following in words(page)
    page = sent(office, following, title="新計畫")
    assert f"/115/actions/new/?plan={Plan.objects.get().pk}" in words(page)


def test_a_new_plan_takes_the_place_that_was_asked_for(office, action):
    address = f"/115/plan/plan/new/?under={action.plan.method_id}"
    sent(office, address, title="排在最前面", place=1)
    titles = Plan.objects.order_by("position", "id").values_list("title", flat=True)
    assert list(titles) == ["排在最前面", "滾動檢討作業流程"]


def test_the_second_of_two_is_told_and_both_changes_are_saved(office, action, admin, programme):
    method = action.plan.method
    other = Strategy.objects.create(programme=programme, number=2, title="第二策略")
    data = filled_form(office.get(edit_address(method)), "part")
    method.strategy = other
    history.save(method, by=admin, at=NOW)
    page = office.post(edit_address(method), data | {"title": "研考的改寫"})
    assert "還沒有儲存：您開啟這一頁之後，系統管理員在" in words(page)
    assert "實施策略：已經改成「2. 第二策略」" in words(page)
    office.post(edit_address(method), filled_form(page, "part"))
    method.refresh_from_db()
    assert (method.title, method.strategy) == ("研考的改寫", other)


@pytest.mark.one_engine
def test_a_part_goes_only_without_items(office, action):
    plan = action.plan
    assert "底下還有 115-01，不能刪除" in words(office.get(edit_address(plan)))
    address = reverse("part_delete", args=[115, "plan", plan.pk])
    assert "底下還有 115-01，不能刪除" in words(office.post(address, follow=True))
    empty = Plan.objects.create(method=plan.method, position=2, title="空的")
    address = reverse("part_delete", args=[115, "plan", empty.pk])
    assert "執行計畫已刪除" in words(office.post(address, follow=True))
    assert list(Plan.objects.all()) == [plan]


def test_an_empty_year_offers_the_import_and_the_first_item(
    sign_in, coordinator, mei, programme, administration
):
    page = words(sign_in(mei).get("/115/plan/"))
    assert "新增第一項" not in page
    assert "/115/import/" not in page
    office = sign_in(coordinator)
    page = words(office.get("/115/plan/"))
    assert "新增第一項" in page
    assert "/115/import/" in page
    assert "新增第一項" in words(office.get(OUTLINE))
    above = {"strategy_title": "新策略", "method_title": "新方法", "plan_title": ""}
    row = {"row0-department": administration.pk, "row0-deadline_text": "每季"}
    wanted = {"title": "第一件事", "intent": "save"} | above | row
    page = sent(office, "/115/actions/new/", "edit", **wanted)
    assert "請寫執行計畫" in words(page)
    assert not Strategy.objects.exists()
    page = sent(office, "/115/actions/new/", "edit", **(wanted | {"plan_title": "新計畫"}))
    assert "已新增 115-01" in words(page)
    made = Action.objects.with_path().get()
    assert made.plan.title == "新計畫"
    assert made.plan.method.strategy.title == "新策略"
    assert made.assignments.get().department == administration


@pytest.mark.one_engine
def test_only_the_plan_office_gets_in(sign_in, request, action):
    strategy = action.plan.method.strategy
    for person in ("mei", "head", "manager", "auditor", "admin"):
        client = sign_in(request.getfixturevalue(person))
        for address in (OUTLINE, "/115/plan/strategy/new/", edit_address(strategy)):
            assert client.get(address).status_code == 403
            assert client.post(address, {"title": "x"}).status_code in (403, 405)
        assert OUTLINE not in words(client.get("/115/plan/"))


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "path",
    [
        "/115/plan/programme/new/",
        "/115/plan/method/new/",
        "/115/plan/method/new/?under=x",
        "/115/plan/plan/999/edit/",
    ],
)
def test_an_address_of_nothing_is_404(office, programme, path):
    assert office.get(path).status_code == 404


@pytest.mark.one_engine
def test_queries_of_the_outline_do_not_grow(office, make_action, programme):
    action = make_action()
    office.get(OUTLINE)
    with CaptureQueriesContext(connection) as few:
        office.get(OUTLINE)
    strategy = action.plan.method.strategy
    for number in range(5):
        method = Method.objects.create(strategy=strategy, position=9, title=f"方法{number}")
        plan = Plan.objects.create(method=method, position=1, title=f"計畫{number}")
        make_action(plan=plan)
    with CaptureQueriesContext(connection) as many:
        office.get(OUTLINE)
    assert len(many) == len(few)
