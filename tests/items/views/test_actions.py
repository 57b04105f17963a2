"""項目: path, shares, what was said, history; and what is nobody else's business."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import Assignment, Change, Department, Membership, ReportState
from items.workflow import history, reporting
from tests.making import NOW, TODAY, make_user

URL = "/115/actions/115-01/"
CONTENT = {
    "text": "完成地坪施工。",
    "percent": 89,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


def text_of(response):
    """What a reader reads: tags and runs of space taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information], title="設置民眾休憩區")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "person", ["mei", "hao", "head", "coordinator", "manager", "auditor", "admin"]
)
def test_everyone_signed_in_sees_the_item_with_its_path(person, request, sign_in, action):
    page = text_of(sign_in(request.getfixturevalue(person)).get(URL))
    for words in (
        "1. 完備基礎服務項目",
        "建立標準作業流程",
        "滾動檢討作業流程",
        "115-01",
        "設置民眾休憩區",
        "列管中",
    ):
        assert words in page
    assert "增進民眾洽公之便利性。" in page
    assert "行政處 主辦" in page
    assert "115年12月31日" in page


@pytest.mark.one_engine
def test_a_stranger_is_sent_to_sign_in(client, action):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "url", ["/115/actions/115-99/", "/114/actions/115-01/", "/115/actions/%00/", "/115/actions/x/"]
)
def test_an_unknown_code_or_year_is_404(sign_in, mei, action, url):
    assert sign_in(mei).get(url).status_code == 404


@pytest.mark.one_engine
def test_it_only_reads(sign_in, admin, action):
    assert sign_in(admin).post(URL).status_code == 405


@pytest.mark.one_engine
def test_an_item_that_nobody_has_and_nobody_spoke_of_says_so(sign_in, mei, make_action):
    make_action(expected_benefit="")
    page = text_of(sign_in(mei).get(URL))
    assert "還沒有分辦給任何單位" in page
    assert "還沒有任何單位送出辦理情形" in page
    assert "核定後沒有異動" in page


def test_it_leads_to_the_items_before_and_after_in_official_order(sign_in, mei, make_action):
    first, _, last = make_action(), make_action(), make_action()
    first.position, last.position = 9, 0
    first.save()
    last.save()
    client = sign_in(mei)
    middle = client.get("/115/actions/115-02/").content.decode()
    assert 'rel="prev" href="/115/actions/115-03/"' in middle
    assert 'rel="next" href="/115/actions/115-01/"' in middle
    assert 'rel="next"' not in client.get("/115/actions/115-01/").content.decode()
    assert 'rel="prev"' not in client.get("/115/actions/115-03/").content.decode()


@pytest.mark.one_engine
def test_the_newest_submitted_report_stands_first_with_delay_and_remedy(
    sign_in, hao, mei, action, administration, make_report, quarters
):
    own = share(action, administration)
    make_report(own, quarters[1], mei, text="第二季的話", percent=40)
    make_report(
        own,
        quarters[2],
        mei,
        text="第三季的話",
        percent=50,
        delay_reason="工期延宕",
        remedy="加派人力",
    )
    page = text_of(sign_in(hao).get(URL))
    assert page.index("第三季的話") < page.index("第二季的話")
    for words in ("工期延宕", "加派人力", "落後 25 個百分點", "實際 50%／預定 75%"):
        assert words in page


@pytest.mark.one_engine
def test_every_step_says_who_and_when(
    sign_in, hao, mei, head, coordinator, action, administration, q4
):
    own = share(action, administration)
    sent = reporting.write_and_submit(own, q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY)
    reporting.accept(reporting.endorse(sent, by=head, at=NOW), by=coordinator, at=NOW)
    page = text_of(sign_in(hao).get(URL))
    assert "王美玲送出 → " in page
    assert "陳處長主管同意 → " in page
    assert "顏研考備查" in page


@pytest.mark.one_engine
@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
@pytest.mark.parametrize("person", ["hao", "coordinator", "manager", "auditor", "admin"])
def test_an_unsent_report_is_for_its_own_department_only(
    sign_in, mei, request, action, administration, make_report, q4, state, person
):
    fields = {"delay_reason": "草稿暗語", "remedy": "草稿暗語", "percent": 99}
    make_report(share(action, administration), q4, mei, text="草稿暗語", state=state, **fields)
    page = text_of(sign_in(request.getfixturevalue(person)).get(URL))
    assert "草稿暗語" not in page
    assert "99%" not in page
    assert "尚未送出" in page
    assert "草稿" not in page
    assert "退回" not in page


@pytest.mark.one_engine
def test_what_was_returned_and_sent_again_shows_only_the_way_since(
    sign_in, hao, mei, coordinator, action, administration, q4
):
    own = share(action, administration)
    sent = reporting.write_and_submit(own, q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY)
    returned = reporting.send_back(sent, by=coordinator, at=NOW, words="退回暗語")
    again = CONTENT | {"text": "補上數字後的話"}
    reporting.write_and_submit(
        own, q4, again, version=returned.version, by=mei, at=NOW, today=TODAY
    )
    page = text_of(sign_in(hao).get(URL))
    assert "補上數字後的話" in page
    assert "完成地坪施工" not in page
    assert "退回暗語" not in page


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (None, "未填", "填報"),
        (ReportState.DRAFT, "草稿", "繼續填報"),
        (ReportState.RETURNED, "退回", "補正"),
    ],
)
def test_the_own_department_sees_where_it_stands_and_a_button(
    sign_in, mei, action, administration, make_report, q4, state, words, button
):
    own = share(action, administration)
    if state:
        make_report(own, q4, mei, state=state)
    response = sign_in(mei).get(URL)
    assert f'href="/115/assignments/{own.pk}/report/4/">{button}<' in response.content.decode()
    assert words in text_of(response)


@pytest.mark.one_engine
def test_the_reason_of_a_return_is_shown_to_the_own_department(
    sign_in, mei, coordinator, action, administration, q4
):
    own = share(action, administration)
    sent = reporting.write_and_submit(own, q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY)
    reporting.send_back(sent, by=coordinator, at=NOW, words="請補件數。")
    assert "請補件數。" in text_of(sign_in(mei).get(URL))


@pytest.mark.one_engine
def test_there_is_no_button_for_what_is_sent_finished_released_or_anothers(
    sign_in, mei, hao, make_action, make_report, administration, information, q3, q4
):
    sent, finished, released, anothers = (
        make_action([administration]),
        make_action([administration]),
        make_action([administration], control_status="released"),
        make_action([information]),
    )
    make_report(share(sent, administration), q4, mei, state=ReportState.WITH_HEAD)
    make_report(share(finished, administration), q3, mei, percent=100, work_status="finished")
    client = sign_in(mei)
    words = {sent: "待主管", finished: "不必填報", released: "不必填報", anothers: "尚未送出"}
    for action, state in words.items():
        response = client.get(f"/115/actions/{action.code}/")
        assert state in text_of(response)
        assert 'class="btn push noprint"' not in response.content.decode()
        has_way = "/assignments/" in response.content.decode()
        # Whoever has reported 100 % by mistake can say so in the next period.
        assert has_way == (action == finished)


@pytest.mark.one_engine
def test_without_an_open_period_there_is_nothing_to_report(sign_in, mei, action):
    response = sign_in(mei).get(URL)
    assert "/assignments/" not in response.content.decode()
    assert "未填" not in text_of(response)


@pytest.mark.one_engine
def test_a_manager_who_also_belongs_to_a_department_reads_only(
    sign_in, manager, action, administration, q4
):
    Membership.objects.create(user=manager, department=administration)
    assert "/assignments/" not in sign_in(manager).get(URL).content.decode()


@pytest.mark.one_engine
def test_history_says_who_when_from_what_to_what_and_through_which_door(
    sign_in, mei, coordinator, action
):
    action.title = "設置民眾休憩區並植栽美化"
    history.save(action, by=coordinator, at=NOW, door="admin")
    page = text_of(sign_in(mei).get(URL))
    assert "115年11月22日 10:00 顏研考，經由後台" in page
    assert "設置民眾休憩區 設置民眾休憩區並植栽美化" in page


@pytest.mark.one_engine
def test_a_moved_deadline_is_told_in_dates_of_the_republic(
    sign_in, mei, coordinator, action, administration
):
    own = share(action, administration)
    own.deadline, own.deadline_text = date(2026, 10, 31), "115年10月底前"
    history.save(own, by=coordinator, at=NOW)
    assert "完成期限 115年12月31日 115年10月31日" in text_of(sign_in(mei).get(URL))


def test_long_histories_are_paged(sign_in, mei, coordinator, action):
    for number in range(60):
        action.title = f"第 {number} 版"
        history.save(action, by=coordinator, at=NOW)
    client = sign_in(mei)
    assert "60 筆" in text_of(client.get(URL))
    assert "設置民眾休憩區 第 0 版" not in text_of(client.get(URL))
    assert "設置民眾休憩區 第 0 版" in text_of(client.get(URL, {"page": "2"}))
    assert client.get(URL, {"page": "x"}).status_code == 200


@pytest.mark.one_engine
def test_markup_in_any_text_is_text(
    sign_in, mei, coordinator, make_action, make_report, administration, q3
):
    evil = "<script>alert(1)</script>"
    action = make_action([administration], title=evil, expected_benefit=evil)
    make_report(share(action, administration), q3, mei, text=evil, delay_reason=evil, remedy=evil)
    action.expected_benefit = evil * 2
    history.save(action, by=coordinator, at=NOW)
    assert "<script>alert" not in sign_in(mei).get(URL).content.decode()


@pytest.mark.one_engine
def test_queries_do_not_grow(
    sign_in, mei, hao, coordinator, make_action, make_report, administration, information, quarters
):
    action = make_action([administration, information])
    client = sign_in(mei)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    client.get(URL)
    sent = reporting.write_and_submit(
        share(action, administration), quarters[3], CONTENT, version=0, by=mei, at=NOW, today=TODAY
    )
    reporting.accept(sent, by=coordinator, at=NOW)
    action.title = "改過"
    history.save(action, by=coordinator, at=NOW)
    before = cost()
    for number in range(30):
        department = Department.objects.create(name=f"單位{number}", position=number)
        assignment = Assignment.objects.create(
            action=action, department=department, deadline="2026-12-31", deadline_text="115年12月"
        )
        writer = make_user(f"writer{number}", f"承辦{number}", reporter=department)
        for quarter in quarters[:3]:
            make_report(assignment, quarter, writer)
        reporting.write_and_submit(
            assignment, quarters[3], CONTENT, version=0, by=writer, at=NOW, today=TODAY
        )
        make_action([department])
        action.title = f"改過 {number} 次"
        history.save(action, by=coordinator, at=NOW)
    assert cost() == before


@pytest.mark.one_engine
def test_whoever_reads_the_record_gets_from_an_item_to_its_entries_in_one_step(
    sign_in, auditor, mei, make_action
):
    make_action()
    link = '<a href="/115/record/?code=115-01">這一項的填報與異動歷程</a>'
    assert link in sign_in(auditor).get(URL).content.decode()
    assert link not in sign_in(mei).get(URL).content.decode()


def test_more_changes_than_one_page_has_are_counted_and_stand_on_further_pages(
    sign_in, coordinator, action
):
    for number in range(51):
        Change.objects.create(
            at=NOW, by=coordinator, door="page", kind="changed", model="action",
            object_id=action.pk, label=f"第{number}筆", action=action,
            programme=action.programme, fields={"title": ["舊", "新"]},
        )  # fmt: skip
    total = Change.objects.filter(action=action).count()
    client = sign_in(coordinator)
    first = text_of(client.get(URL))
    assert f"異動紀錄 {total} 筆" in first
    assert "第50筆" in first
    assert "第0筆" not in first
    assert "第0筆" in text_of(client.get(URL, {"page": "2"}))
    # A page beyond all is the last one.
    assert "第0筆" in text_of(client.get(URL, {"page": "9"}))
