"""併案 and 分案 on pages: applied for from the item, decided, and shown at every item they touch."""

from types import SimpleNamespace

import pytest
from django.utils.html import strip_tags

from items.models import Action, Assignment, ControlRequest, ControlSettings, ControlSuccessor
from items.workflow.control_requests import ManagerDecision, approve_request, submit_request
from items.workflow.control_writing import begin
from items.workflow.successor_rows import SuccessorContent
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

TYPED = {
    "ground": "單位任務變更或裁併",
    "reason": "內容重疊。",
    "late_reason": "十一月才整併。",
    "intent": "send",
}
EVERY_CHOICE = '<option value="0">各單位'
DECISION = {"manager_on": "115/11/20", "manager_number": "花港企字第1號"}


@pytest.fixture
def old(make_action, administration, information):
    return make_action([administration, information], title="整理舊站房")


@pytest.fixture
def own(old, administration):
    return old.assignments.get(department=administration)


@pytest.fixture
def target(make_action, administration):
    return make_action([administration], title="設置民眾休憩區")


@pytest.fixture
def merged(own, target, mei, coordinator):
    content = TYPED | {"kind": "merge", "successors": [SuccessorContent(action_id=target.pk)]}
    sent = submit_request(begin(own, content, by=mei, at=NOW), by=mei, at=NOW)
    decision = ManagerDecision(on=TODAY, number="第1號")
    return approve_request(sent, manager=decision, by=coordinator, at=NOW).request


def read(response):
    return " ".join(strip_tags(response.content.decode()).split())


def apply_address(share, kind):
    return f"/115/requests/new/{share.pk}/?kind={kind}"


def approve(client, request):
    data = {"step": "approve", "version": request.version} | DECISION
    return read(client.post(f"/115/requests/{request.pk}/step/", data, follow=True))


def parts_of(*parts):
    """What the form of a split sends: {title, rows of (department, kind, deadline)} of each part."""
    data = {"parts": len(parts)}
    for number, (title, rows) in enumerate(parts, start=1):
        data |= {f"part{number}-title": title, f"part{number}-rows": len(rows)}
        for place, (department, kind, deadline) in enumerate(rows):
            row = f"part{number}-row{place}"
            key = department.pk if department else ""
            data |= {f"{row}-department": key, f"{row}-kind": kind}
            data |= {f"{row}-deadline_text": deadline}
    return data


def test_a_department_merges_its_item_into_another_and_both_pages_say_so(
    own, target, information, mei, coordinator, sign_in
):
    client = sign_in(mei)
    assert "申請併案" in read(client.get("/115/actions/115-01/"))
    page = read(client.get(apply_address(own, "merge")))
    assert "115-02 設置民眾休憩區" in page
    assert "115-01 整理舊站房" not in page.split("併入哪一項")[1]
    assert "主辦 資訊室（115年12月）" in page
    typed = TYPED | {"merged_into": target.pk, "joining": [information.pk]}
    sent = read(client.post(apply_address(own, "merge"), typed, follow=True))
    assert "已送出，現在待研考" in sent
    assert "列管狀態 現行 列管中 申請 併案列管" in sent
    assert "115-02 設置民眾休憩區主辦 資訊室（115年12月）" in sent
    assert "115-02 在開放的填報期已經送出的辦理情形會退回" in sent
    request = ControlRequest.objects.get()
    client = sign_in(coordinator)
    assert "由 115-02 設置民眾休憩區 承接" in approve(client, request)
    assert "併入 115-02，115-01 不再列管" in read(client.get("/115/actions/115-01/"))
    assert "由 115-01 併入這一項" in read(client.get("/115/actions/115-02/"))
    assert "115-02 資訊室" in [str(row) for row in Assignment.objects.all()]


def test_a_department_splits_its_item_and_asks_for_rows_on_the_way(
    own, administration, information, mei, coordinator, sign_in
):
    client = sign_in(mei)
    address = apply_address(own, "split")
    page = client.get(address).content.decode()
    assert page.count("整理舊站房</textarea>") == 2
    typed = TYPED | parts_of(
        ("外牆", [(administration, "lead", "115年12月"), (None, "lead", "")]),
        ("網路", [(information, "lead", "116年3月")]),
    )
    more = client.post(address, typed | {"intent": "more-parts"}).content.decode()
    assert 'name="parts" value="3"' in more
    assert 'value="116年3月"' in more
    assert "error-summary" not in more
    more = client.post(address, typed | {"intent": "more-rows"}).content.decode()
    assert 'name="part2-rows" value="2"' in more
    assert not ControlRequest.objects.exists()
    sent = read(client.post(address, typed, follow=True))
    assert "分出的第 1 項 現行 主辦 行政處（115年12月）主辦 資訊室（115年12月） 申請 外牆" in sent
    assert "網路主辦 資訊室（116年3月）" in sent
    client = sign_in(coordinator)
    done = approve(client, ControlRequest.objects.get())
    assert "由 115-02 外牆、115-03 網路 承接" in done
    assert "分為 115-02、115-03，115-01 不再列管" in read(client.get("/115/actions/115-01/"))
    assert "由 115-01 分出" in read(client.get("/115/actions/115-03/"))


def test_an_item_of_every_department_is_split_into_one_without_naming_them(
    own, old, administration, information, mei, coordinator, sign_in
):
    client = sign_in(mei)
    address = apply_address(own, "split")
    assert EVERY_CHOICE not in client.get(address).content.decode()
    Action.objects.filter(pk=old.pk).update(every_department=True)
    assert EVERY_CHOICE in client.get(address).content.decode()
    every = SimpleNamespace(pk=0)
    typed = TYPED | parts_of(
        ("外牆", [(administration, "lead", "115年12月")]),
        ("網路", [(administration, "lead", "116年1月"), (every, "lead", "116年3月")]),
    )
    # Asked for another row, the page still has the choice.
    again = client.post(address, typed | {"intent": "more-rows"}).content.decode()
    assert EVERY_CHOICE.replace('">', '" selected>') in again
    sent = read(client.post(address, typed, follow=True))
    assert "網路主辦 行政處（116年1月）主辦 資訊室（116年3月）" in sent
    approve(sign_in(coordinator), ControlRequest.objects.get())
    # Printed as 各單位 again, and a department that comes later gets it as well.
    assert list(Action.objects.order_by("code").values_list("code", "every_department")) == [
        ("115-01", True),
        ("115-02", False),
        ("115-03", True),
    ]


@pytest.mark.one_engine
def test_what_is_wrong_in_a_part_is_said_with_its_place_and_nothing_is_lost(
    own, administration, mei, sign_in
):
    client = sign_in(mei)
    rows = [(administration, "lead", "某天"), (administration, "lead", "115年12月")]
    typed = TYPED | parts_of(("外牆", rows), ("", [(None, "lead", "115年12月")]))
    page = client.post(apply_address(own, "split"), typed)
    assert "分出的第 1 項：完成期限「某天」看不出是哪一天" in read(page)
    assert "分出的第 2 項：請選單位。" in read(page)
    assert "某天" in page.content.decode()
    only_one = TYPED | parts_of(("外牆", [(administration, "lead", "115年12月")]))
    assert "分案要分成 2 項以上" in read(client.post(apply_address(own, "split"), only_one))
    assert "請選要併入哪一項" in read(client.post(apply_address(own, "merge"), TYPED))
    wrong = TYPED | {"merged_into": "x", "joining": ["x"]}
    page = read(client.post(apply_address(own, "merge"), wrong))
    assert "已經不在列管中或已經刪除" in page
    assert "有的單位已經沒有這一項" in page
    many = client.post(apply_address(own, "split"), TYPED | {"parts": "9" * 30})
    assert "分案要分成 2 項以上" in read(many)
    assert not ControlRequest.objects.exists()


@pytest.mark.one_engine
def test_a_draft_comes_back_as_it_was_written(own, target, administration, mei, sign_in):
    client = sign_in(mei)
    rows = [(administration, "support", "持續辦理")]
    typed = TYPED | parts_of(("外牆", rows), ("網路", [])) | {"intent": "save"}
    client.post(apply_address(own, "split"), typed)
    draft = ControlRequest.objects.get()
    page = client.get(f"/115/requests/{draft.pk}/edit/").content.decode()
    assert "外牆</textarea>" in page
    assert 'value="持續辦理"' in page
    left_out = typed | parts_of(("外牆", rows), ("網路", []), ("燈光", []))
    left_out |= {"part3-left_out": "on", "version": draft.version}
    client.post(f"/115/requests/{draft.pk}/edit/", left_out)
    titles = ControlSuccessor.objects.order_by("number").values_list("title", flat=True)
    assert list(titles) == ["外牆", "網路"]


@pytest.mark.one_engine
def test_a_merge_that_was_written_without_a_department_keeps_that(own, target, mei, sign_in):
    client = sign_in(mei)
    typed = TYPED | {"merged_into": target.pk, "intent": "save"}
    client.post(apply_address(own, "merge"), typed)
    draft = ControlRequest.objects.get()
    page = client.get(f"/115/requests/{draft.pk}/edit/").content.decode()
    assert f'<option value="{target.pk}" selected>' in page
    assert page.count(" checked") == 0


def test_the_past_is_read_from_the_item_that_took_over(
    merged, own, q4, mei, auditor, sign_in, make_report
):
    make_report(own, q4, mei)
    make_report(own.action.assignments.exclude(pk=own.pk).get(), q4, mei, state="draft")
    page = read(sign_in(auditor).get("/115/actions/115-02/"))
    assert "承接以前的紀錄 留在原來的項目，不重複計算" in page
    assert "115-01 整理舊站房 辦理情形 1 份、佐證資料 0 個" in page


@pytest.mark.one_engine
def test_who_reports_on_the_item_that_took_over_reads_so_beside_the_form(
    merged, own, target, q4, mei, sign_in
):
    share = target.assignments.first()
    page = read(sign_in(mei).get(f"/115/assignments/{share.pk}/report/4/"))
    assert "由 115-01 併入這一項 核准的申請" in page


@pytest.mark.one_engine
def test_who_has_no_item_there_applies_for_nothing(own, target, hao, manager, sign_in):
    for stranger in (hao, manager):
        client = sign_in(stranger)
        for kind in ("merge", "split"):
            assert client.get(apply_address(own, kind)).status_code == 403
            assert client.post(apply_address(own, kind), TYPED).status_code == 403


@pytest.mark.one_engine
def test_nobody_applies_again_for_an_item_that_has_gone(merged, own, mei, sign_in):
    client = sign_in(mei)
    assert client.get(apply_address(own, "split")).status_code == 403
    assert "申請併案" not in read(client.get("/115/actions/115-01/"))


def test_the_year_says_whether_the_manager_decides(
    own, target, mei, coordinator, programme, sign_in
):
    ControlSettings.objects.create(programme=programme, manager_decides_merge=False)
    content = TYPED | {"kind": "merge", "successors": [SuccessorContent(action_id=target.pk)]}
    sent = submit_request(begin(own, content, by=mei, at=NOW), by=mei, at=NOW)
    client = sign_in(coordinator)
    data = {"step": "approve", "version": sent.version}
    client.post(f"/115/requests/{sent.pk}/step/", data)
    assert Action.objects.get(pk=own.action_id).control_status == "merged"
    assert "併案由首長核定" in read(client.get("/115/settings/"))
