"""歷程 as plain data: both days of a range are included, and a code finds what is gone as well."""

from datetime import UTC, date, datetime

import pytest

from items.models import Change, PlannedProgress, Programme, ReportState
from items.workflow import history, reporting, years
from items.worklists.record import (
    office_changes,
    plan_changes,
    record_tabs,
    report_steps,
    year_changes,
)
from items.worklists.record_limits import RecordLimits
from tests.making import NOW, TODAY, make_user


@pytest.fixture
def change_at(make_action, coordinator):
    """change_at(moment) → the entry of a change made then."""
    action = make_action()

    def change(moment):
        action.title = f"改於 {moment}"
        history.save(action, by=coordinator, at=moment)
        return Change.objects.first()

    return change


@pytest.mark.parametrize(
    ("limits", "is_in"),
    [
        (RecordLimits(), True),
        (RecordLimits(start=date(2026, 11, 22)), True),
        (RecordLimits(start=date(2026, 11, 23)), False),
        (RecordLimits(end=date(2026, 11, 22)), True),
        (RecordLimits(end=date(2026, 11, 21)), False),
        (RecordLimits(code="115-01"), True),
        (RecordLimits(code="115-02"), False),
    ],
)
@pytest.mark.parametrize(
    "moment",
    # The first and the last second of 11月22日 in Taipei.
    [datetime(2026, 11, 21, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)],
)
def test_a_range_includes_both_of_its_days_in_taipei(
    programme, auditor, change_at, limits, is_in, moment
):
    entry = change_at(moment)
    assert list(plan_changes(auditor, programme, limits)) == ([entry] if is_in else [])


def test_the_code_of_a_deleted_action_still_finds_its_entries(
    programme, auditor, coordinator, make_action
):
    action = make_action()
    make_action()
    history.delete(action, by=coordinator, at=NOW)
    [entry] = plan_changes(auditor, programme, RecordLimits(code="115-01"))
    assert entry.action is None
    assert entry.label.startswith("115-01 ")


def test_a_year_without_reports_has_no_steps(programme, auditor):
    assert list(report_steps(auditor, programme, RecordLimits())) == []


def test_the_number_of_the_tab_is_that_of_the_steps_of_this_year_alone(
    programme, auditor, coordinator, make_action, make_report, administration, mei, q4
):
    report = make_report(
        make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_COORDINATOR
    )
    reporting.accept(report, by=coordinator, at=NOW)
    next_year = Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    number = report_steps(auditor, programme, RecordLimits()).count()
    assert number > 0
    [reports, *_] = record_tabs(auditor, programme, RecordLimits())
    assert reports.number == number
    [reports, *_] = record_tabs(auditor, next_year, RecordLimits())
    assert reports.number == 0


def labels(entries):
    return {f"{entry.get_kind_display()}{entry.subject()} {entry.label}" for entry in entries}


@pytest.fixture
def shared(make_action, administration, information):
    """115-01, which 行政處 and 資訊室 have."""
    return make_action([administration, information])


def test_a_department_finds_what_became_of_its_items_and_not_of_its_neighbours_share(
    programme, auditor, coordinator, q4, shared, make_action, administration, information
):
    make_action([information], title="別人的項目")
    for assignment in shared.assignments.all():
        assignment.position += 5
        history.save(assignment, by=coordinator, at=NOW)
        planned = PlannedProgress(assignment=assignment, period=q4, percent=60)
        history.save(planned, by=coordinator, at=NOW)
    shared.title = "改寫的作法"
    history.save(shared, by=coordinator, at=NOW)
    other = information.assignments.exclude(action=shared).get().action
    other.title = "別人改寫的作法"
    history.save(other, by=coordinator, at=NOW)
    entries = plan_changes(auditor, programme, RecordLimits(department=administration))
    assert labels(entries) == {
        "修改分辦 115-01 行政處",
        "新增預定進度 115-01 行政處 115年第4季 60%",
        "修改具體推動作法 115-01 改寫的作法",
    }


def test_a_department_finds_what_was_taken_away_from_it(
    programme, auditor, coordinator, shared, administration, information
):
    history.delete(administration.assignments.get(), by=coordinator, at=NOW)
    shared.title = "改寫的作法"
    history.save(shared, by=coordinator, at=NOW)
    entries = plan_changes(auditor, programme, RecordLimits(department=administration))
    assert labels(entries) == {"刪除分辦 115-01 行政處", "修改具體推動作法 115-01 改寫的作法"}


def test_a_department_finds_what_an_import_took_away_from_it(
    programme, auditor, coordinator, make_action, administration, information
):
    # The entry of an import tells of the item and its departments together.
    action = make_action([information])
    fields = {"assignments/行政處": ["主辦，115年12月", None]}
    entry = history.entry(action, "changed", fields, by=coordinator, at=NOW, door="import")
    entry.save()
    assert list(plan_changes(auditor, programme, RecordLimits(department=administration))) == [
        entry
    ]


def test_a_person_and_a_department_limit_the_steps_of_reports(
    programme, auditor, q4, shared, mei, hao, head, administration, information
):
    content = {
        "text": "完成。",
        "percent": 90,
        "work_status": "in_progress",
        "delay_reason": "",
        "remedy": "",
    }
    for by, department in ((mei, administration), (hao, information)):
        reporting.write_and_submit(
            shared.assignments.get(department=department),
            q4,
            content,
            version=0,
            by=by,
            at=NOW,
            today=TODAY,
        )

    def found(**limits):
        steps = report_steps(auditor, programme, RecordLimits(**limits))
        return [str(step.by) for step in steps]

    assert found(person=mei) == ["王美玲"]
    assert found(department=information) == ["林志豪"]
    assert found(person=mei, department=information) == []
    assert found(person=mei, department=administration, code="115-01") == ["王美玲"]


def test_years_and_periods_are_of_no_department_and_no_item(
    programme, auditor, q4, administration, coordinator
):
    assert year_changes(auditor, programme, RecordLimits(person=coordinator)).count() == 11
    for limits in (RecordLimits(department=administration), RecordLimits(code="115-01")):
        assert not year_changes(auditor, programme, limits)


def test_what_is_left_of_a_deleted_year_is_read_in_every_other_year(
    programme, auditor, coordinator
):
    mistaken = type(programme)(
        year=117, title="打錯", starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31)
    )
    history.save(mistaken, by=coordinator, at=NOW)
    years.delete_empty(mistaken, by=coordinator, at=NOW)
    entries = year_changes(auditor, programme, RecordLimits())
    assert labels(entries) == {"新增年度計畫 打錯", "刪除年度計畫 打錯"}


def test_a_person_finds_what_was_done_to_their_account(
    auditor, admin, mei, hao, administration, information
):
    hao.email = "hao@example.gov.tw"
    history.save(hao, by=admin, at=NOW)
    mei.email = "mei@example.gov.tw"
    history.save(mei, by=admin, at=NOW)
    history.delete(mei.memberships.get(), by=admin, at=NOW)
    assert labels(office_changes(auditor, RecordLimits(person=mei))) == {
        "修改帳號 王美玲",
        "刪除所屬單位 王美玲・行政處承辦人",
    }
    assert office_changes(auditor, RecordLimits(person=admin)).count() == 3
    of_department = office_changes(auditor, RecordLimits(department=administration))
    assert labels(of_department) == {"刪除所屬單位 王美玲・行政處承辦人"}


def test_a_department_is_not_taken_for_one_whose_name_begins_alike(auditor, admin, administration):
    second = type(administration).objects.create(name="行政處二科", position=9)
    person = make_user("second", "二科員", reporter=second)
    history.delete(person.memberships.get(), by=admin, at=NOW)
    assert not office_changes(auditor, RecordLimits(department=administration))
