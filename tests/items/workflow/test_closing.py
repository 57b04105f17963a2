"""What was reported is kept at closing as it then was, for ever; a command holds it to that."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from items import access
from items.exchange.plan_export.progress import closing_table, export_progress
from items.models import (
    Action,
    Assignment,
    ControlStatus,
    Department,
    Evidence,
    KeptLine,
    Period,
    PeriodClosing,
    PlannedProgress,
    ProgressReport,
    ReportState,
    User,
)
from items.models.closing import closing_in_force, counts_in_force
from items.workflow import departments, history, periods, removing
from items.workflow.closing import periods_without_state
from items.workflow.period_lines import NOT_REPORTED, period_lines
from tests.items.exchange.official_rows import bring_in, rows_of
from tests.making import NOW, TODAY
from tests.random_office import RandomOffice, hand_out

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def shares(make_action, administration, information):
    action = make_action([administration, information])
    return list(action.assignments.order_by("position"))


@pytest.fixture
def closed(shares, q4, mei, coordinator, make_report):
    """第4季, closed with one report; 資訊室 reported nothing."""
    make_report(shares[0], q4, mei, percent=80, planned_percent=88, delay_reason="缺料。")
    return periods.close_period(q4, by=coordinator, at=NOW)


def lines_of(state):
    return [kept.line for kept in state.lines.order_by("place")]


def check():
    call_command("check_closed", "--add-missing")


def test_a_line_keeps_the_plan_the_figures_and_the_whole_report(closed):
    state = PeriodClosing.objects.get(period=closed)
    first, second = lines_of(state)
    assert (first.code, first.action, first.department) == ("115-01", "設置民眾休憩區", "行政處")
    assert (first.strategy, first.deadline, first.deadline_text) == (
        "完備基礎服務項目",
        "2026-12-31",
        "115年12月",
    )
    assert (first.state, first.planned, first.percent) == (ReportState.ACCEPTED, 88, 80)
    assert first.report["text"] == "完成地坪施工。"
    assert first.report["written_by"] == "王美玲"
    assert (second.is_expected, second.state, second.report) == (True, "missing", None)
    assert second.light == "unreported"
    assert state.words == "115年第4季 關閉時（115年11月22日）的內容"
    assert (state.planned, state.actual) == (closed.closed_planned, closed.closed_actual)


def test_every_field_of_a_report_is_kept(closed):
    """Whoever adds a field to the model need not remember this place."""
    kept = lines_of(PeriodClosing.objects.get(period=closed))[0].report
    fields = {field.name for field in ProgressReport._meta.concrete_fields} - set(NOT_REPORTED)
    assert set(kept) == fields


def test_of_a_draft_only_its_state_is_kept(shares, q4, mei, coordinator, make_report):
    make_report(shares[0], q4, mei, text="還在寫", state=ReportState.DRAFT)
    periods.close_period(q4, by=coordinator, at=NOW)
    line = lines_of(PeriodClosing.objects.get(period=q4))[0]
    assert (line.state, line.report) == (ReportState.DRAFT, None)
    assert "還在寫" not in KeptLine.objects.get(place=0).content


def test_what_was_attached_is_kept_with_its_hash(shares, q4, mei, coordinator, make_report):
    report = make_report(shares[0], q4, mei)
    kept = Evidence.objects.create(
        report=report, kind="link", address="https://example.gov.tw/", added_by=mei, added_at=NOW
    )
    periods.close_period(q4, by=coordinator, at=NOW)
    line = lines_of(PeriodClosing.objects.get(period=q4))[0]
    assert line.evidence == [kept.as_kept()]


def test_reopened_and_closed_again_it_keeps_both_states(
    closed, shares, hao, coordinator, make_report
):
    periods.reopen_period(closed, because="補填", by=coordinator, at=NOW)
    make_report(shares[1], closed, hao, percent=60)
    periods.close_period(closed, by=coordinator, at=LATER)
    first, second = PeriodClosing.objects.filter(period=closed)
    assert [line.percent for line in lines_of(first)] == [80, None]
    assert [line.percent for line in lines_of(second)] == [80, 60]
    assert (first.reopened_because, second.reopened_because) == ("", "補填")
    assert second.words == "115年第4季 第 2 次關閉時（115年11月25日）的內容"
    check()


# Nothing that happens afterwards reaches it.


@pytest.fixture
def whole_plan(plan, quarter, coordinator, make_report):
    """The 115 plan with two reports of the open 第4季."""
    for code, percent in (("115-01", 70), ("115-15", 60)):
        assignment = Assignment.objects.filter(action__code=code).first()
        make_report(assignment, quarter, coordinator, percent=percent)
    return plan


def file_of(period, user, today, format="csv"):
    assignments = access.visible_assignments(user)
    reports = access.visible_reports(user)
    return export_progress(assignments, reports, period, today, format)


def test_its_file_stays_the_same_byte_for_byte(whole_plan, quarter, coordinator, manager):
    before = file_of(quarter, coordinator, TODAY).content.decode()
    periods.close_period(quarter, by=coordinator, at=NOW)
    period = Period.objects.get(pk=quarter.pk)
    # 未填報 of a period that is over is a light of its own; the rest of the file is what it was.
    kept = file_of(period, coordinator, TODAY)
    assert before.count("完成地坪施工。") == kept.content.decode().count("完成地坪施工。") == 2

    reworded = Action.objects.get(code="115-01")
    reworded.title = "改寫過的作法"
    history.save(reworded, by=coordinator, at=LATER)
    released = Action.objects.get(code="115-02")
    released.control_status = ControlStatus.RELEASED
    history.save(released, by=coordinator, at=LATER)
    rows = rows_of(whole_plan)
    rows[4][4] = "匯入時改寫的作法"
    bring_in(rows, whole_plan, coordinator, LATER)
    department = Department.objects.get(name="業務處")
    departments.rename_department(department, "營運處", by=coordinator, at=LATER)
    extended = Assignment.objects.filter(action__code="115-15").first()
    extended.deadline = date(2027, 6, 30)
    extended.deadline_text = "116年6月"
    history.save(extended, by=coordinator, at=LATER)
    unreported = Action.objects.get(code="115-33")
    removing.remove_action(unreported, by=coordinator, at=LATER)
    whole_plan.title = "改名的計畫"
    whole_plan.behind_threshold = 50
    history.save(whole_plan, by=coordinator, at=LATER)
    entered = PlannedProgress(assignment=extended, period=period, percent=1)
    history.save(entered, by=coordinator, at=LATER)

    period = Period.objects.get(pk=quarter.pk)
    assert file_of(period, manager, date(2027, 5, 3)) == kept
    check()


def test_the_file_says_what_it_shows(closed):
    subtitle = closing_table(PeriodClosing.objects.get(period=closed)).subtitle
    assert subtitle == (
        "115年第4季 關閉時（115年11月22日）的內容；已送出 1 件，共 2 件；燈號以115年11月22日為準"
    )


# No door leads to it.


def test_it_cannot_be_changed_or_removed(closed, programme):
    state = PeriodClosing.objects.get(period=closed)
    kept = state.lines.first()
    for write in (state.save, state.delete, kept.save, kept.delete):
        with pytest.raises(TypeError, match="只能新增"):
            write()
    for rows in (PeriodClosing.objects.all(), KeptLine.objects.all(), state.lines):
        with pytest.raises(TypeError, match="只能新增"):
            rows.update(number=9)
        with pytest.raises(TypeError, match="只能新增"):
            rows.all().delete()
    with pytest.raises(ProtectedError):
        programme.delete()


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "UPDATE items_keptline SET content = replace(content, '完成地坪', '完成全部')",
            "與關閉時的指紋",
        ),
        ("UPDATE items_keptline SET state = 'accepted'", "統計與各件內容不符"),
        ("DELETE FROM items_keptline WHERE place = 1", "應有 2 件，現在有 1 件"),
        ("UPDATE items_periodclosing SET actual = 99", "與關閉時的指紋"),
        ("UPDATE items_periodclosing SET number = 2", "第 2 次關閉之前的紀錄不見了"),
    ],
)
def test_the_command_finds_what_was_changed_past_the_application(closed, capsys, sql, said):
    check()
    raw(sql)
    with pytest.raises(CommandError, match="不符"):
        check()
    assert said in capsys.readouterr().out


def test_a_closed_period_without_a_state_is_named_and_gets_one(shares, q3, q4, capsys):
    with pytest.raises(CommandError, match=r"3 個已關閉的填報期.*--add-missing"):
        call_command("check_closed")
    assert "沒有保存關閉時的內容：115年第3季" in capsys.readouterr().out
    check()
    state = PeriodClosing.objects.get(period=q3)
    assert "依現有資料補建" in state.words
    assert state.closed_at == q3.closed_at


# What was closed before states were kept.

migration = import_module("items.migrations.0026_states_of_periods_closed_before")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_migration_says_of_a_period_what_the_verb_says(
    seed, programme, quarters, make_action, administration, information, mei, head, coordinator
):
    people = {"reporter": mei, "head": head, "coordinator": coordinator}
    office = RandomOffice(seed, programme, people)
    for number in range(6):
        both = office.random.sample([administration, information], 2)
        hand_out(office.random, make_action(both, title=f"設置第{number}區"))
    for _ in range(12):
        office.step()
    for period in Period.objects.open():
        periods.close_period(period, by=coordinator, at=office.at)
    names = {user.pk: str(user) for user in User.objects.all()}
    closed = Period.objects.filter(closed_at__isnull=False).select_related("programme")
    assert len(closed) == 4
    for period in closed:
        day = timezone.localtime(period.closed_at).date()
        by_verb = period_lines(
            period, day, assignments=Assignment.objects.all(), reports=ProgressReport.objects.all()
        )
        by_migration = migration.lines_of(apps, period, day, names)
        written = [migration.ENCODER.encode(line) for line in by_migration]
        assert written == [line.written() for line in by_verb]
        assert written


def test_the_migration_makes_states_that_the_command_finds_right(shares, q3, mei, make_report):
    make_report(shares[0], q3, mei, percent=50)
    migration.keep_states(apps, None)
    call_command("check_closed")
    state = PeriodClosing.objects.get(period=q3)
    assert "依現有資料補建" in state.words
    assert [line.percent for line in lines_of(state)] == [50, None]


def test_a_state_is_that_of_its_closing_whatever_the_clock_said(closed, coordinator):
    """A clock that is set back closes earlier than before: the state of before is none of it."""
    because = "資料有誤，需重新填報。"
    opened = periods.reopen_period(closed, by=coordinator, at=NOW, because=because)
    again = periods.close_period(opened, by=coordinator, at=NOW - timedelta(days=1))
    assert closing_in_force(again).number == 2
    assert again not in periods_without_state()
    # As of an office that closed it before states were kept.
    second = PeriodClosing.objects.filter(period=again, number=2)
    QuerySet(KeptLine).filter(closing__in=second).delete()
    QuerySet(PeriodClosing).filter(period=again, number=2).delete()
    assert closing_in_force(again) is None
    assert counts_in_force([again]) == {}
    assert again in periods_without_state()
