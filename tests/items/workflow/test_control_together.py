"""Several applications are decided in one go: all of them, or none and the reasons why."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Assignment, Change, ControlRequest, RequestState, RequestStepKind
from items.workflow.control_requests import ManagerDecision, submit_request, withdraw_request
from items.workflow.control_together import SeenRequest, SomeRefused, decide_together
from items.workflow.control_writing import begin
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

DECISION = ManagerDecision(on=TODAY, number="花港企字第7號")


@pytest.fixture
def apply_for(mei, hao):
    def apply_for(share, **content):
        given = {"ground": "不可抗力", "reason": "原因", "late_reason": "颱風"} | content
        writer = mei if share.department.name == "行政處" else hao
        return submit_request(begin(share, given, by=writer, at=NOW), by=writer, at=NOW)

    return apply_for


@pytest.fixture
def two(make_action, administration, information, apply_for):
    """An extension of 行政處 and a release of 資訊室, of two items; both wait for the plan office."""
    first = make_action([administration]).assignments.get()
    second = make_action([information]).assignments.get()
    extension = {"kind": "extend", "deadline": date(2027, 3, 31), "deadline_text": "116年3月"}
    return [apply_for(first, **extension), apply_for(second, kind="release")]


def seen(requests):
    return [SeenRequest(request, request.version) for request in requests]


def states():
    return list(ControlRequest.objects.order_by("pk").values_list("state", flat=True))


def test_all_are_approved_and_the_decision_stands_with_those_that_need_it(two, coordinator):
    done = decide_together(
        seen(two), RequestStepKind.APPROVE, manager=DECISION, by=coordinator, at=NOW
    )
    assert states() == ["approved", "approved"]
    numbers = [request.manager_number for request in done.requests]
    assert numbers == ["花港企字第7號", ""]
    assert Assignment.objects.order_by("pk").first().deadline_text == "116年3月"
    assert (
        two[1].assignment.action.__class__.objects.get(code="115-02").control_status == "released"
    )


def test_where_one_is_refused_none_is_decided_and_every_reason_is_said(two, mei, coordinator):
    withdraw_request(two[0], by=mei, at=NOW)
    number_of_entries = Change.objects.count()
    with pytest.raises(SomeRefused) as caught:
        decide_together(seen(two), RequestStepKind.APPROVE, by=coordinator, at=NOW)
    [problem] = caught.value.problems
    assert "115-01 行政處" in problem
    assert "現在是「撤回」" in problem
    assert states() == [RequestState.WITHDRAWN, RequestState.WITH_COORDINATOR]
    assert Change.objects.count() == number_of_entries


def test_two_of_one_item_that_shut_each_other_out_are_both_left(
    make_action, administration, information, apply_for, coordinator
):
    shares = list(make_action([administration, information]).assignments.order_by("position"))
    released = apply_for(shares[0], kind="release")
    changed = apply_for(shares[1], kind="adjust", title="別的作法")
    with pytest.raises(SomeRefused, match="解除列管"):
        decide_together(seen([released, changed]), RequestStepKind.APPROVE, by=coordinator, at=NOW)
    assert states() == ["with_coordinator", "with_coordinator"]


@pytest.fixture
def press(two, coordinator, sign_in):
    client = sign_in(coordinator)
    address = reverse("control_decide", args=[115])

    def press(step, requests, **data):
        ticks = [f"{request.pk}:{request.version}" for request in requests]
        answer = client.post(address, {"step": step, "request": ticks} | data, follow=True)
        return " ".join(strip_tags(answer.content.decode()).split()), answer

    return press


def test_the_list_decides_what_is_ticked(press, two):
    page, answer = press("approve", two)
    assert "全部都還沒有決定" in page
    assert "115-01 行政處 展延申請：展延由首長核定，請填首長核定日期與首長核定文號" in page
    # What was ticked stays so.
    assert answer.content.decode().count(" checked>") == 2
    page, _ = press("approve", two, manager_on="115/11/20", manager_number="第7號")
    assert "通過 2 件：115-01 行政處 展延申請、115-02 資訊室 解除列管申請。" in page
    assert "等您決定" not in page


@pytest.mark.parametrize("step", ["return", "reject"])
def test_a_return_or_a_refusal_of_several_needs_words(press, two, step):
    page, _ = press(step, two)
    assert page.count("：請寫") == 2
    assert states() == ["with_coordinator", "with_coordinator"]
    page, _ = press(step, two, words="請補期程。")
    assert set(states()) == {"returned" if step == "return" else "rejected"}


def test_nothing_ticked_and_a_page_of_yesterday_are_said(press, two):
    assert "請先勾選要決定的申請" in press("return", [])[0]
    two[1].version = 99
    assert "剛才已由別人更新" in press("return", two, words="請補。")[0]
    assert states() == ["with_coordinator", "with_coordinator"]


def test_who_has_no_right_to_a_step_takes_it_with_none(two, mei, sign_in):
    data = {"step": "approve", "request": [f"{one.pk}:{one.version}" for one in two]}
    answer = sign_in(mei).post(reverse("control_decide", args=[115]), data)
    assert "您不能在這裡選「通過」" in answer.content.decode()
    assert states() == ["with_coordinator", "with_coordinator"]


def test_a_head_endorses_several(make_action, administration, head, apply_for, sign_in):
    first = apply_for(make_action([administration]).assignments.get(), kind="release")
    second = apply_for(make_action([administration]).assignments.get(), kind="release")
    ticks = [f"{one.pk}:{one.version}" for one in (first, second)]
    client = sign_in(head)
    assert "同意勾選的" in client.get(reverse("control_requests", args=[115])).content.decode()
    client.post(reverse("control_decide", args=[115]), {"step": "endorse", "request": ticks})
    assert states() == ["with_coordinator", "with_coordinator"]
