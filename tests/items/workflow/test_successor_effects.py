"""併案 and 分案: other items stand for one from the day of the approval on, and both know each other."""

from datetime import date

import pytest

from items.models import (
    Action,
    Assignment,
    Change,
    ControlStep,
    ControlSuccessor,
    Directive,
    Membership,
    Notice,
    PlannedProgress,
    ProgressReport,
)
from items.models.item_links import links_of_item, links_of_year
from items.workflow import (
    directive_endings,
    directives,
    removing,
)
from items.workflow.control_requests import (
    submit_request,
)
from items.workflow.control_writing import begin
from tests.items.workflow.successor_applications import (
    application,
    approve,
    merge_into,
    part,
    send,
    share_of,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


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
