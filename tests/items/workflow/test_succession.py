"""併案 and 分案: other items stand for one from the day of the approval on, and both know each other."""

from datetime import date

import pytest

from items.models import (
    Action,
    Assignment,
    Change,
    ControlRequest,
    ControlStep,
    ControlSuccessor,
    Directive,
    Membership,
    Notice,
    PlannedProgress,
    Programme,
    ProgrammeState,
    ProgressReport,
)
from items.models.item_links import links_of_item, links_of_year
from items.plan_content import ShareContent
from items.workflow import (
    WorkflowError,
    departments,
    directive_endings,
    directives,
    removing,
    year_end,
)
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    return_request,
    submit_request,
    withdraw_request,
)
from items.workflow.control_writing import IncompleteRequest, begin, discard, write
from items.workflow.errors import Refusal
from items.workflow.successor_rows import SuccessorContent
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

DECISION = ManagerDecision(on=TODAY, number="花港企字第115001號")


def share_of(department, kind="lead", deadline=date(2026, 12, 31), text="115年12月"):
    return ShareContent(
        key=None, department_id=department.pk, kind=kind, deadline_text=text, deadline=deadline
    )


def application(kind, *successors):
    return {
        "kind": kind,
        "ground": "單位任務變更或裁併",
        "reason": "內容重疊。",
        "late_reason": "十一月才整併。",
        "successors": list(successors),
    }


def merge_into(action, *shares):
    return application("merge", SuccessorContent(action_id=action.pk, shares=tuple(shares)))


def part(title, *shares, benefit=""):
    return SuccessorContent(title=title, expected_benefit=benefit, shares=tuple(shares))


def send(assignment, content, by):
    return submit_request(begin(assignment, content, by=by, at=NOW), by=by, at=NOW)


def approve(request, by):
    return approve_request(request, manager=DECISION, by=by, at=NOW)


def refusal(call, *args, **kwargs):
    with pytest.raises(WorkflowError) as caught:
        call(*args, **kwargs)
    return caught.value


@pytest.fixture
def old(make_action, administration, information):
    """115-01 of 行政處 and 資訊室, until December."""
    return make_action([administration, information], title="整理舊站房")


@pytest.fixture
def target(make_action, administration):
    """115-02 of 行政處 alone."""
    return make_action([administration], title="設置民眾休憩區", deadline=date(2026, 11, 30))


@pytest.fixture
def own(old, administration):
    return old.assignments.get(department=administration)


@pytest.fixture
def merging(own, target, mei, information):
    return send(own, merge_into(target, share_of(information)), mei)


@pytest.fixture
def splitting(own, mei, administration, information):
    first = part("整理站房外牆", share_of(administration), benefit="外牆安全。")
    later = share_of(information, deadline=date(2027, 3, 31), text="116年3月")
    second = part("整理站房網路", later, share_of(administration, "support"))
    return send(own, application("split", first, second), mei)


def departments_of(action):
    rows = Assignment.objects.filter(action=action).order_by("kind", "position", "id")
    return [(row.kind, row.department.name, row.deadline_text) for row in rows]


# 併案.


def test_a_merged_item_ends_and_the_other_gets_the_departments_it_had_not(
    merging, old, target, coordinator
):
    assert old.is_controlled
    done = approve(merging, coordinator).request
    old.refresh_from_db()
    assert (done.state, old.control_status) == ("approved", "merged")
    assert departments_of(target) == [
        ("lead", "行政處", "115年12月"),
        ("lead", "資訊室", "115年12月"),
    ]
    # What stands at the old one stays there.
    assert len(departments_of(old)) == 2


def test_both_items_know_each_other(merging, old, target, programme, coordinator):
    assert links_of_item(old).words == ""
    approve(merging, coordinator)
    assert links_of_item(old).words == "併入 115-02"
    assert links_of_item(target).words == "由 115-01 併入這一項"
    words = {key: links.words for key, links in links_of_year(programme).items()}
    assert words == {old.pk: "併入 115-02", target.pk: "由 115-01 併入這一項"}


def test_a_department_that_shall_not_go_along_does_not(own, target, mei, coordinator):
    approve(send(own, merge_into(target), mei), coordinator)
    assert [name for _kind, name, _day in departments_of(target)] == ["行政處"]


def test_sent_reports_of_the_other_item_go_back_and_those_of_the_merged_stay(
    merging, own, target, q3, q4, mei, coordinator, make_report
):
    merged = make_report(own, q4, mei)
    taking = make_report(target.assignments.get(), q4, mei)
    closed = make_report(target.assignments.get(), q3, mei)
    returned = approve(merging, coordinator).returned
    assert [report.pk for report in returned] == [taking.pk]
    states = dict(ProgressReport.objects.values_list("pk", "state"))
    assert states == {merged.pk: "accepted", taking.pk: "returned", closed.pk: "accepted"}
    words = taking.steps.get().words
    assert "115-01 已經併入 115-02（115年11月22日核准，文號 花港企字第115001號）" in words


def test_the_merged_item_owes_nothing_and_those_who_came_along_do(merging, target, q4, coordinator):
    owing = Assignment.objects.owing(q4).order_by("action__code", "pk")
    assert [str(row) for row in owing] == ["115-01 行政處", "115-01 資訊室", "115-02 行政處"]
    approve(merging, coordinator)
    owing = Assignment.objects.owing(q4).order_by("action__code", "pk")
    assert [str(row) for row in owing] == ["115-02 行政處", "115-02 資訊室"]


def test_who_comes_along_does_so_with_the_deadline_of_the_day_of_sending(
    own, old, target, mei, information, coordinator
):
    draft = begin(own, merge_into(target, share_of(information)), by=mei, at=NOW)
    old.assignments.filter(department=information).update(
        deadline=date(2026, 10, 31), deadline_text="115年10月", kind="support"
    )
    approve(submit_request(draft, by=mei, at=NOW), coordinator)
    assert ("support", "資訊室", "115年10月") in departments_of(target)


def test_the_contact_goes_along_unless_they_have_left(
    own, old, target, mei, hao, information, coordinator
):
    old.assignments.filter(department=information).update(contact=hao)
    approve(send(own, merge_into(target, share_of(information)), mei), coordinator)
    assert target.assignments.get(department=information).contact == hao


def test_a_contact_who_has_left_stays_behind(own, old, target, mei, hao, information, coordinator):
    old.assignments.filter(department=information).update(contact=hao)
    Membership.objects.filter(user=hao).delete()
    approve(send(own, merge_into(target, share_of(information)), mei), coordinator)
    assert target.assignments.get(department=information).contact is None


# 分案.


def test_a_split_makes_items_with_codes_of_their_own_behind_the_old_one(
    splitting, old, target, coordinator
):
    done = approve(splitting, coordinator).request
    old.refresh_from_db()
    assert (done.state, old.control_status) == ("approved", "split")
    in_order = Action.objects.in_order()
    rows = [(row.code, row.title, row.expected_benefit) for row in in_order]
    assert rows == [
        ("115-01", "整理舊站房", "增進民眾洽公之便利性。"),
        ("115-03", "整理站房外牆", "外牆安全。"),
        ("115-04", "整理站房網路", ""),
        ("115-02", "設置民眾休憩區", "增進民眾洽公之便利性。"),
    ]
    first, second = Action.objects.filter(code__in=["115-03", "115-04"]).order_by("code")
    assert departments_of(first) == [("lead", "行政處", "115年12月")]
    assert departments_of(second) == [
        ("lead", "資訊室", "116年3月"),
        ("support", "行政處", "115年12月"),
    ]
    assert links_of_item(old).words == "分為 115-03、115-04"
    assert links_of_item(second).words == "由 115-01 分出"


def test_a_code_that_was_used_is_not_given_to_a_part(splitting, coordinator, make_action):
    removing.remove_action(make_action([], code="115-09"), by=coordinator, at=NOW)
    approve(splitting, coordinator)
    codes = Action.objects.filter(title__startswith="整理站房").values_list("code", flat=True)
    assert sorted(codes) == ["115-10", "115-11"]


def test_planned_progress_goes_along_where_the_deadline_stays(
    own, old, mei, administration, information, q3, q4, coordinator
):
    for assignment in old.assignments.all():
        PlannedProgress.objects.create(assignment=assignment, period=q3, percent=40)
        PlannedProgress.objects.create(assignment=assignment, period=q4, percent=80)
    later = share_of(information, deadline=date(2027, 3, 31), text="116年3月")
    parts = [part("外牆", share_of(administration)), part("網路", later)]
    approve(send(own, application("split", *parts), mei), coordinator)
    carried = PlannedProgress.objects.exclude(assignment__action=old)
    rows = [(one.assignment.action.title, one.period, one.percent) for one in carried]
    # The third quarter is closed; the other part has another deadline.
    assert rows == [("外牆", q4, 80)]


def test_reports_of_the_split_item_stay_and_the_parts_owe_the_open_period(
    splitting, own, q3, q4, mei, coordinator, make_report
):
    report = make_report(own, q4, mei)
    assert approve(splitting, coordinator).returned == []
    report.refresh_from_db()
    assert (report.state, report.assignment_id) == ("accepted", own.pk)
    owing = Assignment.objects.owing(q4).order_by("action__code", "kind")
    assert [str(row) for row in owing] == ["115-02 行政處", "115-03 資訊室", "115-03 行政處"]
    assert not Assignment.objects.owing(q3).filter(action__code__in=["115-02", "115-03"]).exists()


# What both leave behind.


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("merging", "115-01 已經併入 115-02（115年11月22日核准"),
        ("splitting", "115-01 已經分成 115-02、115-03（115年11月22日核准"),
    ],
)
def test_a_report_that_waits_of_the_old_item_waits_for_nobody(
    request, kind, words, own, q4, mei, coordinator, make_report
):
    report = make_report(own, q4, mei, state="with_head")
    done = approve(request.getfixturevalue(kind), coordinator)
    assert [one.pk for one in done.stopped] == [report.pk]
    report.refresh_from_db()
    assert report.state == "returned"
    assert words in report.steps.get().words
    assert Notice.objects.filter(event="report_stopped", person=mei).exists()


@pytest.mark.parametrize("kind", ["merging", "splitting"])
def test_the_history_tells_it_at_every_item_that_it_touches(request, kind, old, coordinator):
    application_sent = request.getfixturevalue(kind)
    approve(application_sent, coordinator)
    status = Change.objects.get(model="action", object_id=old.pk)
    assert status.fields["control_status"][0] == "under_control"
    entries = Change.objects.filter(model="controlrequest").order_by("id")
    first = {change.label: change.new for change in entries[0].differences()}
    assert "主辦 資訊室" in first["承接項目"]
    assert first["原分辦"] == "主辦 行政處（115年12月）\n主辦 資訊室（115年12月）"
    for successor in ControlSuccessor.objects.in_force():
        told = Change.objects.filter(action=successor.action).values_list("model", flat=True)
        assert "assignment" in told
    # With the codes that the parts have got.
    step = ControlStep.objects.get(kind="approve")
    for successor in ControlSuccessor.objects.all():
        assert successor.action.code in "".join(step.content_lines())


@pytest.mark.parametrize("kind", ["merging", "splitting"])
def test_open_instructions_go_on_at_the_first_successor(
    request, kind, old, programme, administration, coordinator
):
    meeting = programme.meetings.create(name="檢討會議", held_on=date(2026, 10, 20))
    content = directives.DirectiveContent("請加速。", [administration], action=old)
    going_on = directives.give(meeting, content, by=coordinator, at=NOW)
    ended = directives.give(meeting, content, by=coordinator, at=NOW)
    directive_endings.conclude(ended, "void", because="重複", by=coordinator, at=NOW)
    sent = request.getfixturevalue(kind)
    approve(sent, coordinator)
    successor = sent.successors.get(number=1).action
    actions = dict(Directive.objects.values_list("pk", "action__code"))
    assert actions == {going_on.pk: successor.code, ended.pk: "115-01"}


def test_the_other_departments_are_told_once(merging, mei, hao, coordinator):
    Notice.objects.all().delete()
    approve(merging, coordinator)
    told = [(one.person.username, one.event) for one in Notice.objects.order_by("person__username")]
    assert told == [("hao", "item_taken_over"), ("mei", "request_approved")]


# What is refused, in words.


@pytest.mark.parametrize(
    ("status", "words"),
    [("released", "115-02 已經是「解除列管」"), ("merged", "115-02 已經是「併案列管」")],
)
def test_a_target_that_has_ended_meanwhile_takes_nothing(
    merging, old, target, coordinator, status, words
):
    Action.objects.filter(pk=target.pk).update(control_status=status)
    assert words in str(refusal(approve, merging, coordinator))
    old.refresh_from_db()
    assert old.control_status == "under_control"
    assert not Change.objects.exclude(model="controlrequest").exists()


def test_a_year_that_was_closed_meanwhile_changes_nothing(splitting, coordinator):
    Programme.objects.update(state=ProgrammeState.CLOSED)
    assert "115年度目前是「已結案」" in str(refusal(approve, splitting, coordinator))
    assert Action.objects.count() == 1


def test_an_item_that_was_edited_meanwhile_is_not_split_blindly(splitting, old, coordinator):
    old.assignments.filter(department__name="資訊室").update(deadline_text="115年11月")
    error = refusal(approve, splitting, coordinator)
    assert error.reason == Refusal.ITEM_CHANGED
    assert "分辦單位或完成期限在送出申請以後已經改過" in str(error)


def test_a_department_that_was_closed_meanwhile_gets_no_part(splitting, information, coordinator):
    information.is_active = False
    information.save()
    assert "資訊室" in str(refusal(approve, splitting, coordinator))
    assert Action.objects.count() == 1


def test_of_two_that_name_each_other_the_first_one_counts(own, old, target, mei, hao, coordinator):
    there = begin(own, merge_into(target), by=mei, at=NOW)
    back = begin(target.assignments.get(), merge_into(old), by=mei, at=NOW)
    sent = submit_request(there, by=mei, at=NOW)
    error = refusal(submit_request, back, by=mei, at=NOW)
    assert "115-01 行政處 併案申請正在處理（待研考），牽涉同一項" in str(error)
    approve(sent, coordinator)
    assert "已經是「併案列管」" in str(refusal(submit_request, back, by=mei, at=NOW))


def test_nothing_else_is_sent_for_an_item_that_goes_into_another(
    merging, old, target, mei, hao, information
):
    release = {"kind": "release", "ground": "其他", "reason": "完成", "late_reason": "晚"}
    other = begin(old.assignments.get(department=information), release, by=hao, at=NOW)
    assert "併案申請正在處理" in str(refusal(submit_request, other, by=hao, at=NOW))
    of_target = begin(target.assignments.get(), release, by=mei, at=NOW)
    assert "併案申請正在處理" in str(refusal(submit_request, of_target, by=mei, at=NOW))
    withdraw_request(merging, by=mei, at=NOW)
    submit_request(of_target, by=mei, at=NOW)


def test_it_is_not_sent_while_something_else_is_on_its_way(
    own, old, target, mei, hao, information, coordinator
):
    release = {"kind": "release", "ground": "其他", "reason": "完成", "late_reason": "晚"}
    sent = send(old.assignments.get(department=information), release, hao)
    draft = begin(own, merge_into(target), by=mei, at=NOW)
    assert "115-01 資訊室 解除列管申請正在處理" in str(
        refusal(submit_request, draft, by=mei, at=NOW)
    )
    returned = return_request(sent, words="補件", by=coordinator, at=NOW)
    merging = submit_request(draft, by=mei, at=NOW)
    # Sent again, the other one finds that the item is going elsewhere.
    assert "併案申請正在處理" in str(refusal(submit_request, returned, by=hao, at=NOW))
    approve(merging, coordinator)


def test_the_years_end_waits_for_it_at_both_items(merging, old, target, programme, coordinator):
    for action in (old, target):
        decided = {action.pk: "完成"}
        error = refusal(
            year_end.decide_year_end, programme, decided, "released", by=coordinator, at=NOW
        )
        assert "115-01 行政處 併案申請還沒有決定" in str(error)


LACKING = [
    (lambda o: application("merge"), "merged_into", "請選要併入哪一項"),
    (lambda o: merge_into(o["old"]), "merged_into", "115-01 不能併入自己"),
    (lambda o: merge_into(o["released"]), "merged_into", "115-02 已經是「解除列管」"),
    (lambda o: merge_into(o["nobody"]), "joining", "115-03 還沒有分辦給任何單位"),
    (lambda o: application("split"), "successors", "分案要分成 2 項以上"),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("", share_of(o["one"]))
        ),
        "successors",
        "分出的第 2 項：請寫具體推動作法",
    ),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("一", share_of(o["one"]))
        ),
        "successors",
        "分出的第 2 項與第 1 項的文字相同",
    ),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("二", share_of(o["one"], "support"))
        ),
        "successors",
        "分出的第 2 項：至少要有一個主辦單位",
    ),
]


@pytest.mark.one_engine
@pytest.mark.parametrize(("content", "field", "words"), LACKING)
def test_what_is_lacking_is_said_at_its_field_and_a_draft_may_lack_it(
    make_action, old, own, administration, mei, content, field, words
):
    office = {
        "old": old,
        "released": make_action([administration], control_status="released"),
        "nobody": make_action([]),
        "one": administration,
    }
    draft = begin(own, content(office), by=mei, at=NOW)
    with pytest.raises(IncompleteRequest) as caught:
        submit_request(draft, by=mei, at=NOW)
    assert words in caught.value.lacking[field]


@pytest.mark.one_engine
def test_a_draft_that_is_written_again_or_thrown_away_leaves_no_rows(own, target, mei, information):
    draft = begin(own, merge_into(target, share_of(information)), by=mei, at=NOW)
    draft = write(draft, merge_into(target), version=draft.version, by=mei, at=NOW)
    assert draft.successors_words() == "115-02 設置民眾休憩區"
    discard(draft, version=draft.version)
    assert not ControlSuccessor.objects.exists()


@pytest.mark.one_engine
def test_what_an_application_names_is_not_deleted(
    splitting, old, target, make_action, mei, information, administration, coordinator
):
    other = make_action([administration], title="另一項")
    send(other.assignments.get(), merge_into(target), mei)
    target.assignments.all().delete()
    assert "有管制異動申請要併入 115-02" in removing.obstacle_to_removal(target)
    approve(splitting, coordinator)
    first = Action.objects.get(title="整理站房外牆")
    assert "由它承接別的項目，不能刪除" in removing.obstacle_to_removal(first)
    Assignment.objects.filter(department=information).delete()
    Membership.objects.filter(department=information).delete()
    error = refusal(departments.delete_unused, information, by=coordinator, at=NOW)
    assert "1 件要增列它的管制異動" in str(error)


def test_a_second_approval_finds_it_done(merging, coordinator):
    approve(merging, coordinator)
    assert "剛才已由別人更新" in str(refusal(approve, merging, coordinator))
    assert ControlRequest.objects.get().state == "approved"
