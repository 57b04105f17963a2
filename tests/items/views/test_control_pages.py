"""管制異動 on pages: applied for from the item, decided, and shown where the deadline stands."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from items.models import Assignment, ControlRequest, ControlSettings, RequestState
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    return_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.worklists import control_lists
from items.worklists.control_file import control_file
from tests.applications import LATE_EXTENSION
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

TYPED = {
    "ground": "不可抗力",
    "deadline_text": "116年3月",
    "reason": "颱風後延後施工。",
    "late_reason": "颱風在11月。",
    "intent": "send",
}


@pytest.fixture
def share(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def sent(share, mei):
    """An extension without a head to endorse it: it waits for the plan office."""
    return submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)


def read(response):
    return " ".join(strip_tags(response.content.decode()).split())


def apply_address(share, kind="extend"):
    return f"/115/requests/new/{share.pk}/?kind={kind}"


def step(client, request, name, **fields):
    request.refresh_from_db()
    data = {"step": name, "version": request.version} | fields
    return client.post(f"/115/requests/{request.pk}/step/", data, follow=True)


@pytest.mark.one_engine
def test_a_department_applies_from_the_item_and_sees_what_becomes_of_it(share, mei, sign_in):
    client = sign_in(mei)
    item = client.get("/115/actions/115-01/").content.decode()
    assert f"{apply_address(share)}" in item
    page = read(client.get(apply_address(share)))
    assert "目前的完成期限 115年12月（115年12月31日）" in page
    assert "申請截止日 115年10月31日 已過" in page
    answer = client.post(apply_address(share), TYPED, follow=True)
    assert "已送出，現在待研考" in read(answer)
    assert "115年12月（115年12月31日） 申請 116年3月（116年3月31日）" in read(answer)
    item = read(client.get("/115/actions/115-01/"))
    assert "展延申請 待研考" in item
    assert "申請展延" not in item
    assert "我的申請 1 件" in read(client.get("/115/todo/"))


@pytest.mark.one_engine
def test_what_is_lacking_is_said_at_the_fields_and_nothing_is_lost(share, mei, sign_in):
    client = sign_in(mei)
    typed = TYPED | {"deadline_text": "115年10月", "ground": ""}
    page = client.post(apply_address(share), typed)
    assert "要晚於目前的期限" in read(page)
    assert "請選申請事由" in read(page)
    assert "颱風後延後施工。" in page.content.decode()
    assert not ControlRequest.objects.exists()


@pytest.mark.one_engine
def test_a_draft_is_written_further_and_thrown_away(share, mei, sign_in):
    client = sign_in(mei)
    client.post(apply_address(share), {"intent": "save", "reason": "想展延。"})
    draft = ControlRequest.objects.get()
    assert (draft.state, draft.reason) == (RequestState.DRAFT, "想展延。")
    address = f"/115/requests/{draft.pk}/edit/"
    stale = client.post(address, TYPED | {"version": draft.version + 1})
    assert "剛才已由別人更新" in read(stale)
    client.post(address, TYPED | {"version": draft.version, "intent": "save"})
    draft.refresh_from_db()
    assert draft.deadline == date(2027, 3, 31)
    step(client, draft, "discard")
    assert not ControlRequest.objects.exists()


@pytest.mark.one_engine
def test_the_office_decides_and_the_item_shows_the_deadline_before(
    sent, share, q4, mei, coordinator, sign_in, make_report
):
    make_report(share, q4, mei)
    client = sign_in(coordinator)
    assert "管制異動申請 1 件等您決定" in read(client.get("/115/review/"))
    assert "等您決定 1 件" in read(client.get("/115/requests/"))
    refused = step(client, sent, "approve")
    assert "請填首長核定日期與首長核定文號" in read(refused)
    assert Assignment.objects.get().deadline_text == "115年12月"
    done = step(client, sent, "approve", manager_on="115/11/20", manager_number="花港企字第1號")
    assert "退回行政處補正（1 件）" in read(done)
    assert "首長核定115年11月20日" in read(done)
    item = read(client.get("/115/actions/115-01/"))
    assert "原期限 115年12月 → 116年3月 115年11月" in item
    assert "核准展延的原因" in item


@pytest.mark.one_engine
def test_a_head_endorses_from_the_inbox(share, mei, head, sign_in):
    sent = submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
    client = sign_in(head)
    assert "管制異動申請 1 件等您核可" in read(client.get("/115/inbox/"))
    assert "請寫退回補正的原因" in read(step(client, sent, "return"))
    assert "已同意，送研考" in read(step(client, sent, "endorse"))


@pytest.mark.one_engine
def test_a_withdrawn_one_leaves_the_plan_and_can_be_read(sent, mei, auditor, sign_in):
    assert "已撤回" in read(step(sign_in(mei), sent, "withdraw", words="改以人力趕工。"))
    page = read(sign_in(auditor).get(f"/115/requests/{sent.pk}/"))
    assert "展延申請（第 1 次） 撤回" in page
    assert "改以人力趕工。" in page
    assert "退回補正" not in page
    assert Assignment.objects.get().deadline_text == "115年12月"


def test_what_asks_for_wording_shows_the_present_one(share, mei, sign_in):
    client = sign_in(mei)
    assert (
        "設置民眾休憩區</textarea>" in client.get(apply_address(share, "adjust")).content.decode()
    )
    typed = {
        "title": "設置民眾休憩區",
        "expected_benefit": "便利洽公。",
        "ground": "其他",
        "reason": "效益不同。",
        "late_reason": "晚了。",
        "intent": "send",
    }
    client.post(apply_address(share, "adjust"), typed)
    sent = ControlRequest.objects.get()
    assert (sent.title, sent.expected_benefit) == ("", "便利洽公。")


@pytest.mark.one_engine
def test_a_stranger_reads_what_was_sent_and_no_draft(share, mei, hao, sign_in):
    draft = begin(share, LATE_EXTENSION, by=mei, at=NOW)
    client = sign_in(hao)
    assert client.get(f"/115/requests/{draft.pk}/").status_code == 404
    assert client.get(apply_address(share)).status_code == 403
    submit_request(draft, by=mei, at=NOW)
    assert "行政處 展延 待研考" in read(client.get("/115/requests/"))
    assert step(client, draft, "withdraw").status_code == 403


@pytest.mark.one_engine
def test_the_list_of_a_year_without_any(programme, mei, sign_in):
    page = read(sign_in(mei).get("/115/requests/"))
    assert "這一年還沒有決定過任何申請" in page
    assert "申請截止日 115年10月31日" in page


def test_what_waits_is_listed_however_much_is_decided(
    make_action, administration, mei, coordinator, sign_in, monkeypatch
):
    monkeypatch.setattr(control_lists, "LIST_WINDOW", 2)
    decision = ManagerDecision(TODAY, "花港企字第1150001234號")
    asked = []
    for number in range(4):
        share = make_action([administration]).assignments.get()
        request = submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
        asked.append(request)
        if number < 3:
            approve_request(request, manager=decision, by=coordinator, at=NOW)
    lists = sign_in(coordinator).get("/115/requests/").context["lists"]
    assert lists.to_decide == [asked[3]]
    # Of what is decided, the newest.
    assert lists.decided == [asked[2], asked[1]]


@pytest.mark.one_engine
def test_queries_of_the_list_do_not_grow(
    make_action, administration, mei, coordinator, sign_in, programme, django_assert_max_num_queries
):
    ControlSettings.objects.create(programme=programme)
    client = sign_in(coordinator)
    with django_assert_max_num_queries(30) as few:
        client.get("/115/requests/")
    for _ in range(4):
        share = make_action([administration]).assignments.get()
        submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
    with django_assert_max_num_queries(len(few)):
        client.get("/115/requests/")


def test_every_step_stands_on_the_record_with_its_content_and_as_a_file(
    sent, share, coordinator, auditor, mei, head, manager, sign_in
):
    returned = return_request(sent, words="請補期程。", by=coordinator, at=NOW)
    client = sign_in(auditor)
    page = read(client.get("/115/record/?what=control"))
    assert "管制異動 2 筆" in page
    assert "退回補正（待研考 → 退回補正）" in page
    assert "「請補期程。」" in page
    assert "展延後完成期限：116年3月31日" in page
    # Why it was returned is not for everybody who reads the record.
    assert "請補期程。" not in read(sign_in(manager).get("/115/record/?what=control"))
    assert "這個範圍內沒有紀錄" in read(client.get("/115/record/?what=control&code=115-99"))
    person = read(client.get(f"/115/record/?what=control&person={mei.pk}"))
    assert "管制異動 1 筆" in person
    department = returned.assignment.department_id
    plan = read(client.get(f"/115/record/?what=plan&department={department}"))
    assert "115-01 行政處 展延申請" in plan
    file = client.get("/115/record/export.csv?what=control").content.decode("utf-8-sig")
    assert "申請事由：不可抗力" in file


def test_the_list_of_the_year_as_a_file_says_who_came_late(sent, share, mei, hao, sign_in):
    client = sign_in(hao)
    text = client.get("/115/requests/export.csv").content.decode("utf-8-sig")
    assert "完成期限：115年12月（115年12月31日） → 116年3月（116年3月31日）" in text
    assert "颱風在11月。" in text
    assert "115年11月22日" in text
    table = control_file(hao, share.action.programme)
    assert table.subtitle == "共 1 件，其中逾期申請 1 件"
    assert client.get("/115/requests/export.exe").status_code == 404
