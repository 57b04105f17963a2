"""管制異動: what an application goes through, and what its approval alone changes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from items import access
from items.models import (
    Action,
    Assignment,
    Change,
    ControlRequest,
    ControlSettings,
    ControlStep,
    Deputy,
    ProgressReport,
    RequestState,
)
from items.plan_content import content_of
from items.workflow import WorkflowError, departments, editing, removing, years
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    reject_request,
    return_request,
    submit_request,
    withdraw_request,
)
from items.workflow.control_writing import StaleRequest, begin, discard, write
from items.workflow.errors import Refusal
from tests.making import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db

IN_TIME = NOW - timedelta(days=40)
"""115年10月13日, before the last day for applications."""

EXTENSION = {
    "kind": "extend",
    "ground": "不可抗力",
    "reason": "颱風後延後施工，驗收要到明年三月。",
    "deadline": date(2027, 3, 31),
    "deadline_text": "116年3月",
}
DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


@pytest.fixture
def shares(make_action, administration, information):
    return list(make_action([administration, information]).assignments.order_by("position"))


@pytest.fixture
def share(shares):
    """The item of 行政處, until 115年12月31日."""
    return shares[0]


@pytest.fixture
def sent(share, mei, head):
    """An extension that 行政處 has asked for in time, with its head."""
    return submit_request(begin(share, EXTENSION, by=mei, at=IN_TIME), by=mei, at=IN_TIME)


@pytest.fixture
def with_office(sent, head):
    return endorse_request(sent, by=head, at=NOW)


def apply_for(share, by, **content):
    given = {"ground": "不可抗力", "reason": "原因", "late_reason": "颱風"} | content
    return submit_request(begin(share, given, by=by, at=NOW), by=by, at=NOW)


def refusal(call, *args, **kwargs):
    with pytest.raises(WorkflowError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_an_extension_goes_by_head_and_office_and_changes_one_departments_deadline(
    with_office, shares, coordinator
):
    assert Assignment.objects.get(pk=shares[0].pk).deadline_text == "115年12月"
    done = approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).request
    assert done.state == RequestState.APPROVED
    deadlines = dict(Assignment.objects.values_list("department__name", "deadline_text"))
    assert deadlines == {"行政處": "116年3月", "資訊室": "115年12月"}
    assert Assignment.objects.get(pk=shares[0].pk).deadline == date(2027, 3, 31)
    assert (done.old_deadline, done.old_deadline_text) == (date(2026, 12, 31), "115年12月")
    assert (done.manager_on, done.manager_number) == (TODAY, "花港企字第115001號")
    steps = [(step.kind, step.by.username) for step in ControlStep.objects.all()]
    assert steps == [("submit", "mei"), ("endorse", "head"), ("approve", "coordinator")]


def test_the_history_says_what_was_asked_for_and_what_it_changed(with_office, coordinator):
    approve_request(with_office, manager=DECISION, by=coordinator, at=NOW)
    of_request = Change.objects.filter(model="controlrequest").order_by("id")
    assert [entry.kind for entry in of_request] == ["created", "changed", "changed"]
    first = {change.label: change.new for change in of_request[0].differences()}
    assert first["申請類別"] == "展延"
    assert first["原完成期限"] == "115年12月31日"
    assert first["展延後完成期限"] == "116年3月31日"
    assert "原具體推動作法" not in first
    last = {change.label: (change.old, change.new) for change in of_request[2].differences()}
    assert last["申請狀態"] == ("待研考", "通過")
    of_item = Change.objects.get(model="assignment")
    assert of_item.fields["deadline_text"] == ["115年12月", "116年3月"]
    assert {entry.action.code for entry in Change.objects.all()} == {"115-01"}


@pytest.mark.parametrize("state", ["with_head", "with_coordinator", "accepted"])
def test_a_report_of_an_open_period_goes_back_and_says_why(
    with_office, shares, q4, mei, hao, coordinator, make_report, state
):
    own = make_report(shares[0], q4, mei, state=state)
    others = make_report(shares[1], q4, hao, state=state)
    returned = approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).returned
    assert [report.pk for report in returned] == [own.pk]
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.state, others.state) == ("returned", state)
    words = own.steps.get().words
    assert "完成期限由 115年12月 展延為 116年3月" in words
    assert "115年11月22日核准，文號 花港企字第115001號" in words


def test_a_draft_and_a_closed_period_keep_their_reports(
    with_office, share, q3, q4, mei, coordinator, make_report
):
    make_report(share, q3, mei)
    make_report(share, q4, mei, state="draft")
    assert approve_request(with_office, manager=DECISION, by=coordinator, at=NOW).returned == []
    assert set(ProgressReport.objects.values_list("state", flat=True)) == {"accepted", "draft"}


def test_new_wording_sends_the_reports_of_all_departments_back(
    shares, q4, mei, hao, coordinator, make_report
):
    for share, writer in zip(shares, (mei, hao), strict=True):
        make_report(share, q4, writer)
    request = apply_for(shares[0], mei, kind="adjust", title="設置兩處民眾休憩區")
    returned = approve_request(request, by=coordinator, at=NOW).returned
    assert len(returned) == 2
    action = Action.objects.get()
    assert action.title == "設置兩處民眾休憩區"
    assert action.expected_benefit == "增進民眾洽公之便利性。"
    request.refresh_from_db()
    assert request.old_title == "設置民眾休憩區"


def test_another_department_is_added_with_the_applicants_deadline(
    make_action, administration, information, mei, coordinator, q4, make_report
):
    share = make_action([administration]).assignments.get()
    make_report(share, q4, mei)
    request = apply_for(share, mei, kind="adjust", added_department=information)
    assert approve_request(request, by=coordinator, at=NOW).returned == []
    added = Assignment.objects.get(department=information)
    assert (added.kind, added.deadline_text) == ("lead", "115年12月")


def test_a_department_that_is_to_be_added_is_not_deleted(
    make_action, q4, mei, administration, information, coordinator
):
    share = make_action([administration]).assignments.get()
    apply_for(share, mei, kind="adjust", added_department=information)
    with pytest.raises(WorkflowError, match="1 件要增列它的管制異動，不能刪除"):
        departments.delete_unused(information, by=coordinator, at=NOW)


@pytest.mark.parametrize(
    ("kind", "decision", "status"),
    [("withdraw", DECISION, "withdrawn"), ("release", None, "released")],
)
def test_the_status_follows_from_an_approval_alone(
    share, q4, mei, coordinator, make_report, kind, decision, status
):
    report = make_report(share, q4, mei)
    request = apply_for(share, mei, kind=kind)
    assert Action.objects.get().control_status == "under_control"
    approve_request(request, manager=decision, by=coordinator, at=NOW)
    assert Action.objects.get().control_status == status
    # Nobody could send it again.
    report.refresh_from_db()
    assert report.state == "accepted"


def test_nothing_else_is_approved_of_an_item_that_is_released(shares, mei, hao, coordinator):
    first = apply_for(shares[0], mei, kind="release")
    second = apply_for(shares[1], hao, **EXTENSION)
    approve_request(first, by=coordinator, at=NOW)
    error = refusal(approve_request, second, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.REQUEST_NOT_POSSIBLE
    assert "解除列管" in str(error)
    rejected = reject_request(second, words="已解除列管。", by=coordinator, at=NOW)
    assert rejected.state == RequestState.REJECTED


def test_an_approval_changes_nothing_where_the_plan_was_changed_meanwhile(
    with_office, share, coordinator
):
    share.action.assignments.filter(pk=share.pk).update(
        deadline=date(2027, 1, 31), deadline_text="116年1月"
    )
    error = refusal(approve_request, with_office, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.ITEM_CHANGED
    assert "完成期限在送出申請以後已經改過" in str(error)
    with_office.refresh_from_db()
    assert (with_office.state, with_office.decided_at) == (RequestState.WITH_COORDINATOR, None)
    assert not Change.objects.filter(model="assignment").exists()


@pytest.mark.parametrize(
    "decision",
    [
        None,
        ManagerDecision(on=TODAY),
        ManagerDecision(number="文號"),
        ManagerDecision(on=TODAY + timedelta(days=1), number="文號"),
    ],
)
def test_where_the_manager_decides_day_and_number_are_needed(with_office, coordinator, decision):
    error = refusal(approve_request, with_office, manager=decision, by=coordinator, at=NOW)
    assert error.reason == Refusal.DECISION_INCOMPLETE
    assert "首長核定日期" in str(error)


def test_the_year_says_which_kinds_the_manager_decides(with_office, programme, coordinator):
    ControlSettings.objects.create(programme=programme, manager_decides_extend=False)
    done = approve_request(with_office, by=coordinator, at=NOW).request
    assert (done.state, done.manager_on) == (RequestState.APPROVED, None)


def test_one_at_a_time_for_an_item_and_department(sent, shares, mei, hao):
    error = refusal(begin, shares[0], {"kind": "release"}, by=mei, at=NOW)
    assert "已經有一件展延申請（待主管，王美玲）" in str(error)
    begin(shares[1], {"kind": "release"}, by=hao, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlRequest.objects.create(
            assignment=shares[0], kind="release", written_by=mei, updated_at=NOW, since=NOW
        )


def test_a_withdrawn_one_changes_nothing_and_makes_room(with_office, share, mei, coordinator):
    gone = withdraw_request(with_office, words="改以人力趕工。", by=mei, at=NOW)
    assert gone.state == RequestState.WITHDRAWN
    error = refusal(approve_request, gone, manager=DECISION, by=coordinator, at=NOW)
    assert error.reason == Refusal.REQUEST_IN_ANOTHER_STATE
    assert Assignment.objects.get(pk=share.pk).deadline_text == "115年12月"
    begin(share, {"kind": "release"}, by=mei, at=NOW)


def test_what_was_decided_cannot_be_withdrawn(with_office, mei, coordinator):
    done = reject_request(with_office, words="請趕工。", by=coordinator, at=NOW)
    error = refusal(withdraw_request, done, by=mei, at=NOW)
    assert error.reason == Refusal.REQUEST_IN_ANOTHER_STATE


@pytest.mark.parametrize("verb", [return_request, reject_request])
def test_a_return_and_a_refusal_need_a_reason(with_office, coordinator, verb):
    error = refusal(verb, with_office, words="  ", by=coordinator, at=NOW)
    assert error.reason == Refusal.RETURN_WITHOUT_REASON


def test_what_was_returned_is_mended_and_not_late_by_that(sent, head, mei):
    returned = return_request(sent, words="請附驗收期程。", by=head, at=IN_TIME)
    assert returned.is_editable
    mended = write(
        returned, {"reason": "驗收 116年3月20日。"}, version=returned.version, by=mei, at=NOW
    )
    again = submit_request(mended, by=mei, at=NOW)
    assert (again.state, again.submitted_at) == (RequestState.WITH_HEAD, IN_TIME)
    entry = Change.objects.filter(model="controlrequest").latest("id")
    assert entry.fields["reason"] == [EXTENSION["reason"], "驗收 116年3月20日。"]


def test_after_the_last_day_the_reason_is_asked_for_and_kept(share, mei):
    draft = begin(share, EXTENSION, by=mei, at=NOW)
    error = refusal(submit_request, draft, by=mei, at=NOW)
    assert "申請截止日 115年10月31日 已過" in str(error)
    late = write(draft, {"late_reason": "颱風在11月。"}, version=draft.version, by=mei, at=NOW)
    assert submit_request(late, by=mei, at=NOW).is_late


def test_the_year_says_until_when(share, programme, mei):
    ControlSettings.objects.create(programme=programme, apply_until=date(2026, 11, 30))
    content = EXTENSION | {"late_reason": "多寫的"}
    sent = submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    assert not sent.is_late


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"kind": "release", "reason": "做完了"}, "請選申請事由"),
        ({"kind": "release", "ground": "其他"}, "請寫原因說明"),
        (EXTENSION | {"deadline": None}, "請寫展延後完成期限"),
        (EXTENSION | {"deadline": date(2026, 12, 31)}, "要晚於目前的期限 115年12月31日"),
        (EXTENSION | {"kind": "adjust"}, "請寫調整後的文字"),
        (EXTENSION | {"kind": "adjust", "title": "設置民眾休憩區"}, "請寫調整後的文字"),
    ],
)
def test_what_lacks_something_is_not_sent(share, mei, content, sentence):
    draft = begin(share, content, by=mei, at=IN_TIME)
    assert sentence in str(refusal(submit_request, draft, by=mei, at=IN_TIME))


def test_what_another_kind_asks_for_is_not_kept(share, mei):
    draft = begin(share, EXTENSION | {"kind": "release"}, by=mei, at=IN_TIME)
    assert (draft.deadline, draft.deadline_text) == (None, "")


def test_a_ground_is_one_of_the_list(share, mei):
    error = refusal(begin, share, {"kind": "release", "ground": "天意"}, by=mei, at=NOW)
    assert "「天意」不在清單裡" in str(error)


def test_a_draft_is_nobody_elses_and_leaves_no_trace(share, mei, coordinator, hao):
    draft = begin(share, EXTENSION, by=mei, at=NOW)
    for stranger in (coordinator, hao):
        assert not access.visible_requests(stranger).exists()
    assert access.visible_requests(mei).get().discardable
    discard(draft, version=draft.version)
    assert not ControlRequest.objects.exists()
    assert not Change.objects.exists()


def test_what_was_sent_is_withdrawn_and_never_deleted(sent):
    assert refusal(discard, sent, version=sent.version).reason == Refusal.REQUEST_IN_ANOTHER_STATE


def test_of_two_who_decide_the_second_is_told(with_office, coordinator):
    seen = ControlRequest.objects.get(pk=with_office.pk)
    return_request(with_office, words="請補。", by=coordinator, at=NOW)
    with pytest.raises(StaleRequest, match="現在是「退回補正」"):
        approve_request(seen, manager=DECISION, by=coordinator, at=NOW)


def test_a_head_does_not_endorse_what_they_wrote(share, head, administration, coordinator):
    other = make_user("other", "蔡副處長", head=administration)
    sent = submit_request(begin(share, EXTENSION, by=head, at=IN_TIME), by=head, at=IN_TIME)
    assert sent.state == RequestState.WITH_HEAD
    assert refusal(endorse_request, sent, by=head, at=NOW).reason == Refusal.WRITER_ENDORSES
    assert not access.visible_requests(head).get().endorsable
    assert access.visible_requests(other).get().endorsable


def test_without_another_head_it_goes_straight_to_the_office(share, head):
    sent = submit_request(begin(share, EXTENSION, by=head, at=IN_TIME), by=head, at=IN_TIME)
    assert sent.state == RequestState.WITH_COORDINATOR


def test_a_deputy_stands_with_both_names(share, mei, head, hao):
    Deputy.objects.create(
        person=mei, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=mei, made_at=NOW
    )
    hao.acts_on = TODAY
    request = apply_for(share, hao, **EXTENSION)
    assert request.writer_words == "王美玲（林志豪代理）"
    assert request.steps.get().by_words == "王美玲（林志豪代理）"


def test_rights_follow_the_state_of_an_application(sent, mei, hao, head, coordinator, auditor):
    def rights(user):
        names = ("writable", "withdrawable", "endorsable", "decidable", "returnable")
        row = access.visible_requests(user).get()
        return {name for name in names if getattr(row, name)}

    assert rights(mei) == {"withdrawable"}
    assert rights(head) == {"withdrawable", "endorsable", "returnable"}
    assert rights(hao) == rights(auditor) == rights(coordinator) == set()
    endorsed = endorse_request(sent, by=head, at=NOW)
    assert rights(coordinator) == {"decidable", "returnable"}
    assert rights(head) == {"withdrawable"}
    return_request(endorsed, words="請補驗收期程。", by=coordinator, at=NOW)
    assert rights(mei) == {"writable", "withdrawable"}
    words = {}
    for reader in (mei, coordinator, auditor, hao):
        step = access.request_steps_with_words(reader).get(kind="return")
        words[reader.username] = step.readable_words
    assert words["hao"] == ""
    assert {words["mei"], words["coordinator"], words["auditor"]} == {"請補驗收期程。"}


def test_an_item_with_an_application_keeps_its_department(sent, share, coordinator):
    obstacle = removing.obstacle_to_removal(share)
    assert "「行政處」已經有 115-01 的填報、預定進度或管制異動" in obstacle
    content = content_of(share.action)
    assert editing.edit_action(share.action, content, seen=content, by=coordinator, at=NOW) is None


def test_nobody_applies_in_a_closed_year(share, programme, mei, coordinator):
    years.close(programme, by=coordinator, at=NOW)
    share = Assignment.objects.with_path().get(pk=share.pk)
    error = refusal(begin, share, EXTENSION, by=mei, at=NOW)
    assert "115年度目前是「已結案」" in str(error)


def test_the_rules_go_on_in_the_next_year(programme, coordinator):
    ControlSettings.objects.create(
        programme=programme, grounds="其他", apply_until=TODAY, manager_decides_release=True
    )
    following = type(programme)(year=116, title="116年度計畫")
    years.create(following, by=coordinator, at=NOW)
    rules = ControlSettings.objects.get(programme=following)
    assert (rules.grounds, rules.manager_decides_release) == ("其他", True)
    assert (rules.apply_until, rules.last_day) == (None, date(2027, 10, 31))
    years.delete_empty(following, by=coordinator, at=NOW)
    assert ControlSettings.objects.count() == 1
