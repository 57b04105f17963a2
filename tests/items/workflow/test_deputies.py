"""代理: who may stand in for whom, what the deputy may do, and the two names that every step bears."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from items import access
from items.models import Change, Deputy, Membership, ReportState, Role
from items.workflow import Refusal, WorkflowError, deputies, report_writing, reporting
from tests.making import NOW, TODAY, make_user

CONTENT = {
    "text": "11月20日完成地坪施工。",
    "percent": 88,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def name(person, deputy, start=TODAY, end=FRIDAY, by=None):
    return deputies.name_deputy(person, deputy, start, end, by=by or person, at=NOW)


def acting(user, day=TODAY):
    """The person as a request of this day has them."""
    user.acts_on = day
    user.principals = None
    return user


def refused(*arguments, **days):
    with pytest.raises(WorkflowError) as error:
        name(*arguments, **days)
    assert error.value.reason is Refusal.DEPUTY_NOT_POSSIBLE
    assert not Deputy.objects.filter(made_at__gt=NOW).exists()
    return str(error.value)


def test_a_deputy_has_the_rights_of_the_person_on_these_days_alone(head, hao, administration):
    name(head, hao, MONDAY, FRIDAY)
    for day, is_deputy in [
        (MONDAY - timedelta(days=1), False),
        (MONDAY, True),
        (FRIDAY, True),
        (FRIDAY + timedelta(days=1), False),
    ]:
        assert access.is_head(acting(hao, day)) is is_deputy, day
    # Outside of a request nobody stands in for anybody.
    hao.acts_on = None
    assert not access.is_head(hao)


def test_naming_and_ending_are_kept_in_the_history(head, hao, coordinator):
    row = name(head, hao, by=coordinator)
    assert access.is_head(acting(hao))
    deputies.end(row, by=coordinator, at=NOW)
    assert not access.is_head(acting(hao))
    words = [change.label for change in Change.objects.filter(model="deputy")]
    assert words == ["陳處長由林志豪代理（115年11月22日至115年11月27日）"] * 2
    with pytest.raises(WorkflowError, match="已經結束了"):
        deputies.end(row, by=coordinator, at=NOW)


def test_overlapping_days_are_refused_in_words(head, mei, hao):
    name(head, mei, TODAY, FRIDAY)
    words = refused(head, hao, start=FRIDAY, end=FRIDAY + timedelta(days=3))
    assert words.startswith("115年11月22日至115年11月27日已經由王美玲代理陳處長，日子重疊了")
    name(head, hao, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3))


def test_no_chains(head, mei, hao):
    name(mei, hao)
    assert "代理不能再轉給別人" in refused(head, mei)
    assert "王美玲" in refused(hao, head)
    # Nor through the rights: who stands in for the deputy has the deputy's own alone.
    Deputy.objects.all().delete()
    for person, deputy in [(head, mei), (mei, hao)]:
        Deputy.objects.create(
            person=person,
            deputy=deputy,
            starts_on=TODAY,
            ends_on=TODAY,
            made_by=head,
            made_at=NOW,
        )
    assert access.is_head(acting(mei))
    assert not access.is_head(acting(hao))


def test_what_makes_no_sense_is_refused_in_words(head, hao, mei, manager, coordinator):
    assert refused(head, head) == "代理人要是另一個人，請重新選擇。"
    assert "不能早於" in refused(head, hao, start=FRIDAY, end=MONDAY)
    assert "最早從今天（115年11月22日）" in refused(head, hao, start=date(2026, 11, 21))
    assert "最長一年" in refused(head, hao, end=date(2027, 11, 23))
    assert "首長，只能查閱" in refused(head, manager)
    assert "不屬於任何單位" in refused(coordinator, hao)
    hao.is_active = False
    hao.save()
    assert "已停用" in refused(head, hao)


def test_the_database_refuses_it_as_well(head, hao):
    for fields in [
        {"deputy": head, "starts_on": MONDAY, "ends_on": FRIDAY},
        {"deputy": hao, "starts_on": FRIDAY, "ends_on": MONDAY},
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Deputy.objects.create(person=head, made_by=head, made_at=NOW, **fields)


def test_a_person_without_rights_lends_none(head, hao):
    name(head, hao)
    head.role = Role.AUDITOR
    head.save()
    assert not access.is_head(acting(hao))
    head.role = ""
    head.is_active = False
    head.save()
    assert not access.is_head(acting(hao))


def test_the_steps_of_a_deputy_bear_both_names(assignment, q4, mei, head, hao, coordinator):
    name(head, hao)
    report = reporting.write_and_submit(
        assignment, q4, CONTENT, version=0, by=mei, at=NOW, today=TODAY
    )
    assert list(access.reports_to_endorse(acting(hao))) == [report]
    endorsed = reporting.endorse(report, by=acting(hao), at=NOW)
    assert [step.by_words for step in endorsed.steps.all()] == ["王美玲", "陳處長（林志豪代理）"]
    accepted = reporting.accept(endorsed, by=coordinator, at=NOW)
    assert accepted.steps.last().by_words == "顏研考"


def test_a_report_is_returned_in_the_name_of_the_head(assignment, make_report, q4, mei, head, hao):
    name(head, hao)
    report = make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    reporting.send_back(report, words="請補件數。", by=acting(hao), at=NOW)
    assert report.steps.get().by_words == "陳處長（林志豪代理）"


def test_what_a_deputy_writes_bears_both_names(assignment, q4, mei, head, hao):
    name(mei, hao)
    report = report_writing.write(assignment, q4, CONTENT, version=0, by=acting(hao), at=NOW)
    assert report.writer_words == "王美玲（林志豪代理）"
    again = report_writing.write(assignment, q4, CONTENT, version=1, by=mei, at=NOW)
    assert again.writer_words == "王美玲"
    sent = reporting.submit(again, by=acting(hao), at=NOW, today=TODAY)
    assert sent.steps.get().by_words == "王美玲（林志豪代理）"


def test_a_colleague_writes_what_the_absent_person_looks_after_in_that_name(
    make_action, q4, mei, administration
):
    colleague = make_user("yi", "蔡淑芬", reporter=administration)
    name(mei, colleague)
    of_mei = make_action([administration]).assignments.get()
    of_mei.contact = mei
    of_mei.save()
    of_nobody = make_action([administration]).assignments.get()
    acting(colleague)
    written = [
        report_writing.write(one, q4, CONTENT, version=0, by=colleague, at=NOW).writer_words
        for one in (of_mei, of_nobody)
    ]
    assert written == ["王美玲（蔡淑芬代理）", "蔡淑芬"]


def test_a_deputy_endorses_neither_the_own_report_nor_that_of_the_absent_head(
    assignment, make_report, q4, mei, head, hao, administration
):
    name(head, hao)
    Membership.objects.create(user=hao, department=administration)
    acting(hao)
    own = reporting.write_and_submit(
        assignment, q4, CONTENT, version=0, by=hao, at=NOW, today=TODAY
    )
    # It waits for the head: somebody else than the writer.
    assert own.state == ReportState.WITH_HEAD
    assert not access.reports_to_endorse(hao).exists()
    with pytest.raises(WorkflowError) as error:
        reporting.endorse(own, by=hao, at=NOW)
    assert error.value.reason is Refusal.WRITER_ENDORSES
    own.written_by = head
    own.save()
    assert not access.reports_to_endorse(hao).exists()
    with pytest.raises(WorkflowError, match="代理陳處長的人不能核可"):
        reporting.endorse(own, by=hao, at=NOW)
    # Another head endorses for themselves.
    make_user("second", "李副處長", head=administration)
    assert not access.reports_to_endorse(hao).exists()
