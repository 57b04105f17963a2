"""管制異動: what happens when the world changes while an application is on its way."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items import access
from items.models import (
    Assignment,
    Change,
    ControlRequest,
    ControlStep,
    Period,
    Programme,
    ProgrammeState,
)
from items.plan_content import content_of
from items.workflow import WorkflowError, editing
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    return_request,
    submit_request,
    withdraw_request,
)
from items.workflow.control_writing import begin, write
from tests.applications import LATE_EXTENSION
from tests.making import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db

DECISION = ManagerDecision(on=TODAY, number="第1號")


@pytest.fixture
def share(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def sent(share, mei):
    """Without a head it waits for the plan office."""
    return submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)


def test_a_double_press_on_approve_changes_the_plan_once(sent, coordinator, sign_in):
    client = sign_in(coordinator)
    address = reverse("control_step", args=[115, sent.pk])
    data = {
        "step": "approve",
        "version": sent.version,
        "manager_on": "115/11/20",
        "manager_number": "第1號",
    }
    client.post(address, data)
    again = client.post(address, data)
    assert again.status_code == 403
    assert ControlStep.objects.filter(kind="approve").count() == 1
    assert Change.objects.filter(model="assignment").count() == 1
    # Past the page, as two requests that were both let in.
    with pytest.raises(WorkflowError, match="剛才已由別人更新"):
        approve_request(sent, manager=DECISION, by=coordinator, at=NOW, version=sent.version)


def test_reports_of_two_open_periods_go_back(sent, share, q3, q4, mei, coordinator, make_report):
    Period.objects.filter(pk=q3.pk).update(closed_at=None, closed_by=None)
    reports = [make_report(share, period, mei) for period in (q3, q4)]
    returned = approve_request(sent, manager=DECISION, by=coordinator, at=NOW).returned
    assert {report.pk for report in returned} == {report.pk for report in reports}


def test_who_applied_has_left_and_a_colleague_goes_on(sent, mei, administration, coordinator):
    colleague = make_user("wen", "吳雅雯", reporter=administration)
    mei.is_active = False
    mei.save()
    returned = return_request(sent, words="請補期程。", by=coordinator, at=NOW)
    row = access.visible_requests(colleague).get()
    assert (row.writable, row.withdrawable) == (True, True)
    mended = write(
        returned, {"reason": "補了期程。"}, version=returned.version, by=colleague, at=NOW
    )
    again = submit_request(mended, by=colleague, at=NOW)
    assert again.writer_words == "吳雅雯"
    assert not access.visible_requests(mei).exists()


def test_a_plan_that_was_edited_meanwhile_is_not_overwritten(sent, share, coordinator):
    content = content_of(share.action)
    changed = [
        type(one)(**{**vars(one), "deadline": date(2027, 1, 31), "deadline_text": "116年1月"})
        for one in content.shares
    ]
    wanted = type(content)(**{**vars(content), "shares": tuple(changed)})
    editing.edit_action(share.action, wanted, seen=content, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="完成期限在送出申請以後已經改過"):
        approve_request(sent, manager=DECISION, by=coordinator, at=NOW)
    returned = return_request(sent, words="期限已改，請重新確認。", by=coordinator, at=NOW)
    again = submit_request(returned, by=returned.written_by, at=NOW)
    approve_request(again, manager=DECISION, by=coordinator, at=NOW)
    done = ControlRequest.objects.get()
    assert (done.old_deadline_text, Assignment.objects.get().deadline_text) == (
        "116年1月",
        "116年3月",
    )


def test_a_department_that_was_closed_meanwhile_is_not_added(share, mei, coordinator, information):
    content = {
        "kind": "adjust",
        "ground": "其他",
        "reason": "要資訊室協助。",
        "late_reason": "晚了",
        "added_department": information,
    }
    request = submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    information.is_active = False
    information.save()
    with pytest.raises(WorkflowError, match="資訊室"):
        approve_request(request, by=coordinator, at=NOW)
    assert Assignment.objects.count() == 1


def test_a_year_that_was_closed_meanwhile_decides_nothing_but_lets_it_be_withdrawn(
    sent, mei, coordinator
):
    Programme.objects.update(state=ProgrammeState.CLOSED)
    with pytest.raises(WorkflowError, match="115年度目前是「已結案」"):
        approve_request(sent, manager=DECISION, by=coordinator, at=NOW)
    assert withdraw_request(sent, by=mei, at=NOW).state == "withdrawn"


def test_a_head_who_lost_the_department_cannot_endorse_any_more(
    share, mei, head, administration, sign_in
):
    sent = submit_request(begin(share, LATE_EXTENSION, by=mei, at=NOW), by=mei, at=NOW)
    head.memberships.all().delete()
    address = reverse("control_step", args=[115, sent.pk])
    answer = sign_in(head).post(address, {"step": "endorse", "version": sent.version})
    assert answer.status_code == 403
    other = make_user("other", "蔡副處長", head=administration)
    assert endorse_request(sent, by=other, at=NOW).state == "with_coordinator"


def test_a_stale_tab_is_told_what_it_is_now(sent, mei, coordinator, sign_in):
    client = sign_in(coordinator)
    page = client.get(reverse("control_request", args=[115, sent.pk])).content.decode()
    assert "通過" in page
    returned = return_request(sent, words="請補。", by=coordinator, at=NOW)
    submit_request(returned, by=mei, at=NOW)
    address = reverse("control_step", args=[115, sent.pk])
    answer = client.post(address, {"step": "reject", "version": sent.version, "words": "不行。"})
    words = " ".join(strip_tags(answer.content.decode()).split())
    assert "剛才已由別人更新，現在是「待研考」" in words
    assert ControlRequest.objects.get().state == "with_coordinator"
