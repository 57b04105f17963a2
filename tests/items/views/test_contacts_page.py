"""分工: who of a department looks after which item, set by its head or the plan office."""

import pytest
from django.urls import reverse

from items.models import Assignment, Change, ControlStatus, ProgrammeState
from tests.items.views.answers import text_of
from tests.making import make_user

PAGE = reverse("contacts", args=[115])


@pytest.fixture
def two(make_action, administration):
    """Two items of 行政處."""
    return [make_action([administration]).assignments.get() for _ in range(2)]


@pytest.fixture
def wen(administration):
    return make_user("wen", "吳雅雯", reporter=administration)


def choose(client, chosen, shown=None, **data):
    """Send the page with {assignment: person chosen}; `shown` is what it showed."""
    shown = shown or {}
    for assignment, person in chosen.items():
        data[f"contact-{assignment.pk}"] = person.pk if person else ""
        was = shown.get(assignment)
        data[f"shown-{assignment.pk}"] = was.pk if was else ""
    return client.post(PAGE, data, follow=True)


def contacts():
    return list(Assignment.objects.order_by("pk").values_list("contact__username", flat=True))


def test_the_head_names_several_at_once_and_it_stands_in_the_history(sign_in, two, head, mei, wen):
    client = sign_in(head)
    assert "2 項：未指定 2 項" in text_of(client.get(PAGE))
    answer = choose(client, {two[0]: mei, two[1]: wen})
    assert "已更新 2 項的承辦人：115-01、115-02。" in text_of(answer)
    assert "2 項：王美玲 1 項、吳雅雯 1 項" in text_of(answer)
    assert contacts() == ["mei", "wen"]
    assert [change.by for change in Change.objects.all()] == [head, head]
    assert [change.action for change in Change.objects.all()] == [two[1].action, two[0].action]


@pytest.mark.one_engine
def test_saving_again_changes_nothing(sign_in, two, head, mei):
    client = sign_in(head)
    choose(client, {two[0]: mei})
    again = choose(client, {two[0]: mei}, shown={two[0]: mei})
    assert "承辦人沒有變動" in text_of(again)
    # A double click sends the page as it was before.
    assert "承辦人沒有變動" in text_of(choose(client, {two[0]: mei}))
    assert Change.objects.count() == 1


def test_whoever_is_second_is_told_and_the_rest_is_saved(sign_in, two, coordinator, head, mei, wen):
    Assignment.objects.filter(pk=two[0].pk).update(contact=wen)
    answer = choose(sign_in(head), {two[0]: mei, two[1]: mei})
    assert "115-01 行政處沒有儲存" in text_of(answer)
    assert "已經有人改為「吳雅雯」" in text_of(answer)
    assert contacts() == ["wen", "mei"]


@pytest.mark.one_engine
def test_a_head_cannot_reach_into_another_department(sign_in, make_action, information, head, hao):
    foreign = make_action([information]).assignments.get()
    answer = choose(sign_in(head), {foreign: hao})
    assert "不是您能分工的項目" in text_of(answer)
    assert contacts() == [None]
    assert sign_in(head).get(PAGE, {"department": information.pk}).status_code == 404


@pytest.mark.one_engine
def test_somebody_of_another_department_cannot_be_named(sign_in, two, head, hao):
    answer = choose(sign_in(head), {two[0]: hao})
    assert "115-01：林志豪不是行政處能填報的人員" in text_of(answer)
    assert contacts() == [None, None]


@pytest.mark.one_engine
@pytest.mark.parametrize("value", ["999999", "x", "1" * 50, "²"])
def test_a_made_up_choice_is_refused(sign_in, two, head, value):
    answer = sign_in(head).post(PAGE, {f"contact-{two[0].pk}": value}, follow=True)
    assert "沒有這個帳號" in text_of(answer)
    assert contacts() == [None, None]


def test_the_plan_office_does_it_for_every_department(
    sign_in, two, make_action, information, coordinator, hao
):
    foreign = make_action([information]).assignments.get()
    client = sign_in(coordinator)
    page = text_of(client.get(PAGE))
    assert "行政處 未指定 2" in page
    assert "資訊室 未指定 1" in page
    choose(client, {foreign: hao}, department=information.pk)
    assert contacts() == [None, None, "hao"]


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["mei", "hao", "manager", "auditor", "admin"])
def test_nobody_else_divides_work(sign_in, two, request, name):
    client = sign_in(request.getfixturevalue(name))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {f"contact-{two[0].pk}": ""}).status_code == 403


@pytest.mark.one_engine
def test_the_way_to_the_page_stands_on_the_lists_of_the_head_alone(sign_in, two, q4, head, mei):
    for name in ("todo", "inbox"):
        page = sign_in(head).get(reverse(name, args=[115]))
        assert f'href="{PAGE}"' in page.content.decode()
    assert f'href="{PAGE}"' not in sign_in(mei).get(reverse("todo", args=[115])).content.decode()


@pytest.mark.one_engine
def test_released_items_and_closed_years_are_not_divided(sign_in, two, programme, head):
    two[0].action.control_status = ControlStatus.RELEASED
    two[0].action.save()
    assert "1 項：未指定 1 項" in text_of(sign_in(head).get(PAGE))
    programme.state = ProgrammeState.CLOSED
    programme.save()
    assert "目前沒有您可以分工的項目" in text_of(sign_in(head).get(PAGE))


@pytest.mark.one_engine
def test_whoever_has_left_is_marked_until_the_work_is_handed_over(sign_in, two, head, mei):
    Assignment.objects.filter(pk=two[0].pk).update(contact=mei)
    mei.is_active = False
    mei.save()
    assert "王美玲（尚未移交）" in text_of(sign_in(head).get(PAGE))


@pytest.mark.one_engine
def test_people_of_one_name_are_told_apart(sign_in, two, head, mei, administration):
    make_user("mei2", "王美玲", reporter=administration)
    page = text_of(sign_in(head).get(PAGE))
    assert "王美玲（mei）" in page
    assert "王美玲（mei2）" in page


@pytest.mark.one_engine
def test_the_page_of_an_item_shows_the_contact_to_all_and_lets_the_head_choose(
    sign_in, two, head, mei, hao
):
    address = reverse("action", args=[115, "115-01"])
    assert "指定承辦人…" in text_of(sign_in(head).get(address))
    answer = choose(sign_in(head), {two[0]: mei}, code="115-01")
    assert answer.redirect_chain == [(address, 302)]
    assert "承辦人 王美玲" in text_of(answer)
    page = text_of(sign_in(hao).get(address))
    assert "承辦人 王美玲" in page
    assert "變更承辦人…" not in page


@pytest.mark.one_engine
def test_a_code_that_somebody_made_up_leads_back_to_the_list(sign_in, two, head, mei):
    answer = choose(sign_in(head), {two[0]: mei}, code="9999/12/31")
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "已更新 1 項的承辦人" in text_of(answer)


@pytest.mark.one_engine
def test_the_number_of_queries_does_not_grow(
    sign_in, make_action, administration, head, mei, django_assert_max_num_queries
):
    client = sign_in(head)
    for _ in range(12):
        make_action([administration]).assignments.update(contact=mei)
    with django_assert_max_num_queries(16):
        client.get(PAGE)


@pytest.mark.one_engine
def test_the_list_of_a_reporter_says_what_is_mine_and_a_draft_whose_it_is(
    sign_in, two, mei, wen, q4, make_report
):
    Assignment.objects.filter(pk=two[0].pk).update(contact=mei)
    Assignment.objects.filter(pk=two[1].pk).update(contact=wen)
    make_report(two[1], q4, wen, state="draft")
    page = text_of(sign_in(mei).get(reverse("todo", args=[115])))
    assert "我的 1 件，本單位其他 1 件" in page
    assert "吳雅雯的草稿，115年11月22日 10:00" in page
    # Everybody of the department may write it all the same.
    form = sign_in(mei).get(reverse("report_form", args=[115, two[1].pk, 4]))
    assert "吳雅雯的草稿，115年11月22日 10:00" in text_of(form)
    assert "承辦人吳雅雯" in text_of(form)


def test_the_list_behind_a_figure_of_the_grid_names_the_contact(sign_in, two, coordinator, mei, q4):
    Assignment.objects.filter(pk=two[0].pk).update(contact=mei)
    address = reverse("review", args=[115])
    page = text_of(sign_in(coordinator).get(address, {"period": 4, "state": "missing"}))
    assert "行政處 王美玲・第4季" in page
    assert "行政處・第4季" in page
