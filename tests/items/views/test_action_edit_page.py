"""編輯這一項 before anything is saved, a new item, and who comes in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import (
    Action,
    Change,
    Department,
    PlannedProgress,
    Programme,
)
from items.plan_content import content_of, packed
from tests.filled_form import filled_form
from tests.items.views.editing_an_item import URL, sent, share, words

# Asking before saving.


@pytest.mark.one_engine
def test_enter_in_a_field_shows_the_days_and_saves_nothing(office, action):
    data = filled_form(office.get(URL), "edit")
    page = office.post(
        URL, data | {"intent": "check", "row0-deadline_text": "115年9月底", "title": ""}
    )
    assert "是 115年9月30日" in words(page)
    assert "請寫具體推動作法" not in words(page)
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_more_rows_keep_what_is_written(office, action):
    data = filled_form(office.get(URL), "edit")
    page = office.post(URL, data | {"intent": "more", "row2-deadline_text": "每季"})
    again = filled_form(page, "edit")
    assert again["rows"] == "6"
    assert again["row2-deadline_text"] == "每季"


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_the_hint_tells_nothing_to_others_and_leads_nobody_away(client, sign_in, mei, programme):
    address = "/115/deadline/?deadline_text=每季"
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert sign_in(mei).get(address).status_code == 403


@pytest.mark.one_engine
def test_what_was_written_is_carried_over_an_ended_session(office, action, settings):
    data = filled_form(office.get(URL), "edit") | {"intent": "save", "title": "寫了很久的字"}
    office.logout()
    answer = office.post(URL, data, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "寫了很久的字" in words(answer)
    assert "再送一次" in words(answer)


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_an_item_with_a_report_or_planned_progress_stays(
    office, action, administration, information, q4, mei, make_report
):
    PlannedProgress.objects.create(assignment=share(action, information), period=q4, percent=80)
    assert "確定刪除" not in words(office.get(URL))
    page = office.post("/115/actions/115-01/delete/", follow=True)
    assert "「資訊室」已經有 115-01 的填報、預定進度或管制異動，不能刪除" in words(page)
    assert Action.objects.exists()


# Who, and how many queries.


@pytest.mark.one_engine
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


@pytest.mark.one_engine
@pytest.mark.parametrize("path", ["/115/actions/%00/edit/", "/115/actions/115-99/edit/"])
def test_an_unknown_code_is_404(office, programme, path):
    assert office.get(path).status_code == 404


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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
