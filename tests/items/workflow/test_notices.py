"""通知: who is told of what, and who is not."""

from datetime import date, timedelta

import pytest

from items.models import (
    Assignment,
    Department,
    Deputy,
    Meeting,
    Membership,
    Notice,
    NoticeEvent,
    NoticeKind,
    ReportState,
)
from items.models.notices import KIND_OF
from items.workflow import (
    deputies,
    directive_answers,
    directive_endings,
    directives,
    notices,
    periods,
    reporting,
)
from items.workflow.bulk_delete import delete_rows
from items.workflow.directives import DirectiveContent
from items.workflow.reopening import open_for
from tests.making import NOW, TODAY, make_user

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def sent(make_report, assignment, q4, mei):
    """A report of 美 that waits for the plan office."""
    return make_report(assignment, q4, mei, percent=95, state=ReportState.WITH_COORDINATOR)


def told():
    """{account: what the person is told}, of all notices."""
    rows = Notice.objects.select_related("person").order_by("person__username", "pk")
    answer = {}
    for row in rows:
        answer.setdefault(row.person.username, []).append(row.event)
    return answer


@pytest.mark.one_engine
def test_each_event_has_its_kind():
    assert set(KIND_OF) == set(NoticeEvent)
    assert set(KIND_OF.values()) == set(NoticeKind)


def test_a_returned_and_an_accepted_report_are_told_to_whoever_wrote_it(
    sent, mei, head, coordinator, assignment
):
    reporting.send_back(sent, words="請附紀錄。", by=coordinator, at=NOW)
    notice = Notice.objects.get()
    assert (notice.person, notice.event, notice.kind) == (mei, "report_returned", "returned")
    assert (notice.about, notice.about_id) == ("progressreport", sent.pk)
    assert (notice.programme, notice.action) == (assignment.action.programme, assignment.action)
    assert notice.data == {"what": "115-01 行政處・115年第4季"}
    sent.refresh_from_db()
    reporting.submit(sent, by=mei, at=NOW, today=TODAY)
    sent.refresh_from_db()
    reporting.endorse(sent, by=head, at=NOW)
    sent.refresh_from_db()
    reporting.accept(sent, by=coordinator, at=NOW)
    assert told() == {"mei": ["report_returned", "report_accepted"]}


def test_the_contact_is_told_as_well(sent, assignment, administration, coordinator):
    contact = make_user("ting", "林雅婷", reporter=administration)
    Assignment.objects.update(contact=contact)
    sent.assignment.refresh_from_db()
    reporting.accept(sent, by=coordinator, at=NOW)
    assert set(told()) == {"mei", "ting"}


def test_of_a_writer_who_has_left_the_department_learns(
    sent, mei, hao, head, administration, coordinator
):
    mei.is_active = False
    mei.save()
    reporting.send_back(sent, words="請附紀錄。", by=coordinator, at=NOW)
    assert told() == {"head": ["report_returned"]}
    Membership.objects.filter(user=head).delete()
    Notice.objects.all().delete()
    sent.refresh_from_db()
    notices.tell([mei], NoticeEvent.REPORT_ACCEPTED, sent, by=coordinator, at=NOW)
    assert told() == {}


def test_nobody_is_told_what_they_did_themselves(assignment, mei, coordinator, sent):
    notices.tell([mei, mei, coordinator], NoticeEvent.REMINDED, sent, by=mei, at=NOW)
    assert told() == {"coordinator": ["reminded"]}


def test_a_deputy_is_told_in_the_place_of_the_absent_person_and_so_is_the_person(
    sent, mei, hao, coordinator
):
    deputies.name_deputy(mei, hao, TODAY, TODAY, by=mei, at=NOW)
    assert told() == {"hao": ["deputy_named"]}
    Notice.objects.all().delete()
    reporting.send_back(sent, words="請附紀錄。", by=coordinator, at=LATER)
    rows = {notice.person: notice.for_whom for notice in Notice.objects.all()}
    assert rows == {mei: None, hao: mei}
    sent.refresh_from_db()
    # The day after, nobody stands in any more.
    Notice.objects.all().delete()
    notices.tell([mei], NoticeEvent.REMINDED, sent, by=coordinator, at=NOW + timedelta(days=1))
    assert told() == {"mei": ["reminded"]}


def test_a_deputy_that_is_ended_is_told_to_both(mei, hao, coordinator, administration):
    row = deputies.name_deputy(mei, hao, TODAY, TODAY, by=coordinator, at=NOW)
    deputies.end(Deputy.objects.get(pk=row.pk), by=coordinator, at=LATER)
    both = ["deputy_named", "deputy_ended"]
    assert told() == {"mei": both, "hao": both}


def test_a_period_is_told_once_to_each_person_who_has_something_under_control(
    make_action, administration, information, mei, hao, head, manager, coordinator, programme
):
    make_action([administration, information])
    make_action([administration])
    make_user("idle", "無項目", reporter=Department.objects.create(name="業務處", position=9))
    periods.lay_out(programme, by=coordinator, at=NOW)
    quarter = programme.periods.get(number=4)
    periods.open_period(quarter, due_on=date(2026, 12, 1), by=coordinator, at=NOW)
    once = ["period_opened"]
    assert told() == {"mei": once, "hao": once, "head": once}
    assert Notice.objects.first().data == {"what": "115年第4季", "until": "2026-12-01"}
    Notice.objects.all().delete()
    periods.close_period(quarter, by=coordinator, at=NOW)
    [first, second] = Assignment.objects.filter(department=administration).order_by("pk")
    open_for(
        quarter,
        [first, second],
        because="漏報",
        due_on=date(2026, 12, 5),
        by=coordinator,
        at=LATER,
    )
    assert told() == {"mei": ["items_reopened"], "head": ["items_reopened"]}
    assert Notice.objects.first().data["what"] == "115年第4季（115-01、115-02）"
    Notice.objects.all().delete()
    periods.reopen_period(quarter, because="更正", by=coordinator, at=LATER)
    assert set(told()) == {"mei", "hao", "head"}


@pytest.fixture
def instruction(programme, administration, information, mei, hao, coordinator):
    meeting = directives.save_meeting(
        _meeting(programme, "第3季檢討會議", date(2026, 10, 20)), by=coordinator, at=NOW
    )
    content = DirectiveContent(text="請加速。", departments=[administration], due_on=TODAY)
    return directives.give(meeting, content, by=coordinator, at=NOW)


def _meeting(programme, name, held_on):

    return Meeting(programme=programme, name=name, held_on=held_on)


def test_an_instruction_is_told_to_its_departments_and_the_release_to_the_office(
    instruction, administration, information, mei, coordinator, programme
):
    assert told() == {"mei": ["directive_given"]}
    assert Notice.objects.get().data["until"] == "2026-11-22"
    content = DirectiveContent(text="請加速。", departments=[administration, information])
    directives.revise(instruction, content, by=coordinator, at=NOW)
    assert told() == {
        "mei": ["directive_given", "directive_revised"],
        "hao": ["directive_given"],
    }
    Notice.objects.all().delete()
    answer = instruction.answers.select_related("directive").get(department=administration)
    asked = directive_answers.write(answer, "已完成。", seen_at=None, asks=True, by=mei, at=NOW)
    assert told() == {"coordinator": ["release_asked"]}
    directive_answers.refuse(asked, because="請附紀錄。", by=coordinator, at=NOW)
    again = instruction.answers.select_related("directive").get(department=administration)
    asked = directive_answers.write(
        again, "已驗收。", seen_at=again.answered_at, asks=True, by=mei, at=NOW
    )
    directive_answers.agree(asked, by=coordinator, at=NOW)
    assert told()["mei"] == ["release_refused", "release_agreed"]
    Notice.objects.all().delete()
    # 行政處 is released: what ends now concerns 資訊室 alone.
    directive_endings.conclude(instruction, "void", because="重複", by=coordinator, at=NOW)
    assert told() == {"hao": ["directive_concluded"]}
    directive_endings.follow_up_again(instruction, because="還要", by=coordinator, at=NOW)
    assert told() == {
        "mei": ["directive_resumed"],
        "hao": ["directive_concluded", "directive_resumed"],
    }


def test_a_refused_step_tells_nobody(sent, coordinator):
    with pytest.raises(reporting.WorkflowError):
        reporting.send_back(sent, words=" ", by=coordinator, at=NOW)
    assert told() == {}


def test_a_notice_stays_where_its_item_goes_with_an_import_that_is_undone(
    assignment, mei, coordinator
):
    notices.tell([mei], NoticeEvent.REMINDED, assignment, by=coordinator, at=NOW)
    action = assignment.action
    assignment.delete()
    delete_rows(type(action), [action.pk])
    notice = Notice.objects.get()
    assert (notice.action, notice.data["what"]) == (None, "115-01 行政處")


def test_old_notices_are_swept(assignment, mei, coordinator):
    for days in (180, 181):
        at = NOW - timedelta(days=days)
        notices.tell([mei], NoticeEvent.REMINDED, assignment, by=coordinator, at=at)
    assert notices.sweep(at=NOW, dry_run=True) == 1
    assert Notice.objects.count() == 2
    assert notices.sweep(at=NOW) == 1
    assert Notice.objects.get().at == NOW - timedelta(days=180)
