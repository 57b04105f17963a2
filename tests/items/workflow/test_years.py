"""年度: begun, closed, opened again, deleted; and which year everybody starts from."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from items.models import Change, ChangeKind, Period, Programme, ProgrammeState
from items.workflow import Refusal, WorkflowError, history, periods, years
from tests.making import NOW, TODAY


@pytest.fixture
def make_year(db):
    """make_year(116) → a year without anything, 研擬中 where nothing else is said."""

    def make(year, state=ProgrammeState.DRAFT):
        return Programme.objects.create(
            year=year,
            title=f"{year}年度計畫",
            starts_on=date(year + 1911, 1, 1),
            ends_on=date(year + 1911, 12, 31),
            state=state,
        )

    return make


@pytest.fixture
def open_first_period(coordinator):
    def open_it(programme):
        [first, *_] = periods.lay_out(programme, by=coordinator, at=NOW)
        return periods.open_period(first, by=coordinator, at=NOW)

    return open_it


def home_year(today):
    programme = Programme.objects.home(today)
    return programme.year if programme else None


def test_a_next_year_in_november_is_nobodys_home(make_year, programme, quarters):
    make_year(116)
    assert home_year(TODAY) == 115


def test_a_year_that_is_running_early_takes_nobody_from_the_open_period(
    make_year, programme, quarters, open_first_period
):
    next_year = make_year(116, ProgrammeState.RUNNING)
    assert home_year(TODAY) == 115
    open_first_period(next_year)
    assert home_year(TODAY) == 115
    # In January 116 is this year; the fourth quarter of 115 is still open.
    assert home_year(date(2027, 1, 5)) == 116


def test_the_open_period_comes_before_the_year_of_today(make_year, programme, quarters):
    make_year(116, ProgrammeState.RUNNING)
    assert home_year(date(2027, 1, 5)) == 115


def test_without_an_open_period_the_year_of_today_is_home(make_year, programme):
    make_year(116, ProgrammeState.RUNNING)
    assert home_year(TODAY) == 115
    assert home_year(date(2027, 1, 5)) == 116
    # After both of them: the newest that runs.
    assert home_year(date(2030, 1, 5)) == 116


def test_drafts_and_closed_years_are_no_home(make_year):
    make_year(115, ProgrammeState.CLOSED)
    make_year(116)
    assert home_year(TODAY) is None


def test_the_first_period_that_is_opened_starts_its_year(make_year, open_first_period, coordinator):
    programme = make_year(116)
    open_first_period(programme)
    programme.refresh_from_db()
    assert programme.is_running
    change = Change.objects.get(programme=programme, model="programme")
    assert (change.fields["state"], change.by) == (["draft", "running"], coordinator)
    [line] = change.differences()
    assert (line.label, line.old, line.new) == ("年度狀態", "研擬中", "執行中")


def test_a_year_goes_its_way(make_year, coordinator):
    programme = make_year(115)
    who = {"by": coordinator, "at": NOW}
    assert years.start(programme, **who).is_running
    assert years.close(programme, **who).is_closed
    assert years.reopen(programme, because=" 補登第4季 ", **who).is_running
    newest = Change.objects.filter(model="programme").first()
    assert newest.fields["reopened_because"] == ["", "補登第4季"]
    assert Change.objects.filter(model="programme").count() == 3


def test_what_a_step_of_the_year_refuses(programme, q4, coordinator, make_year, q3):
    draft, closed = make_year(116), make_year(114, ProgrammeState.CLOSED)
    [first, *_] = periods.lay_out(closed, by=coordinator, at=NOW)
    who = {"by": coordinator, "at": NOW}
    refused = [
        (lambda: years.start(programme, **who), Refusal.YEAR_IN_ANOTHER_STATE),
        (lambda: years.close(draft, **who), Refusal.YEAR_IN_ANOTHER_STATE),
        (lambda: years.close(programme, **who), Refusal.YEAR_HAS_OPEN_PERIOD),
        (lambda: years.reopen(draft, because="x", **who), Refusal.YEAR_IN_ANOTHER_STATE),
        (lambda: years.reopen(closed, because="  ", **who), Refusal.REASON_MISSING),
        (lambda: years.reopen(closed, because="長" * 501, **who), Refusal.REASON_TOO_LONG),
        (lambda: periods.open_period(first, **who), Refusal.YEAR_CLOSED),
        (lambda: years.delete_empty(programme, **who), Refusal.YEAR_NOT_EMPTY),
    ]
    for step, reason in refused:
        with pytest.raises(WorkflowError) as refusal:
            step()
        assert refusal.value.reason is reason
    states = {year.year: year.state for year in Programme.objects.all()}
    assert states == {114: "closed", 115: "running", 116: "draft"}


def test_an_empty_year_goes_with_its_periods_and_leaves_its_history(make_year, coordinator):
    programme = make_year(117)
    periods.lay_out(programme, by=coordinator, at=NOW)
    method = programme.strategies.create(number=1, title="策略").methods.create(
        position=1, title="方法"
    )
    method.plans.create(position=1, title="計畫")
    years.delete_empty(programme, by=coordinator, at=NOW)
    assert not Programme.objects.exists()
    assert not Period.objects.exists()
    deleted = Change.objects.filter(kind=ChangeKind.DELETED, programme=None)
    models = set(deleted.values_list("model", flat=True))
    assert models == {"method", "period", "plan", "programme", "strategy"}
    # The entries of before stay as well, though their year is gone.
    assert Change.objects.filter(kind=ChangeKind.CREATED, model="period").count() == 4


def test_a_year_with_items_or_opened_periods_says_why_it_stays(programme, make_action, quarters):
    make_action([])
    assert years.obstacle_to_deletion(programme) == (
        "115年度已經有 1 個項目、4 個開放過的填報期，不能刪除，以免紀錄失去依據；"
        "不再使用時，請研考在「管理」的「年度」頁把它結案。"
    )


def year_of(number, **days):
    return Programme(year=number, title=f"{number}年度計畫", **days)


def test_a_year_says_its_first_and_its_last_day(coordinator):
    made = history.save(year_of(116), by=coordinator, at=NOW)
    assert (made.starts_on, made.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("number", "field", "day"),
    [
        (115, "starts_on", date(2025, 1, 1)),
        (117, "starts_on", date(2027, 1, 1)),
        (115, "starts_on", date(2025, 11, 30)),
        (115, "starts_on", date(2027, 1, 1)),
        (115, "ends_on", date(2027, 12, 31)),
        (115, "ends_on", date(2027, 2, 1)),
        (115, "ends_on", date(2025, 12, 31)),
    ],
)
def test_days_of_another_year_are_refused_beside_their_field(coordinator, number, field, day):
    with pytest.raises(ValidationError) as refused:
        history.save(year_of(number, **{field: day}), by=coordinator, at=NOW)
    assert field in refused.value.message_dict
    assert f"不在{number}年度，是不是年份打錯？" in refused.value.message_dict[field][0]
    assert not Programme.objects.exists()


def test_a_few_days_beside_the_year_are_taken(coordinator):
    days = {"starts_on": date(2025, 12, 15), "ends_on": date(2027, 1, 31)}
    assert history.save(year_of(115, **days), by=coordinator, at=NOW).pk


def test_days_from_before_the_rule_stop_nobody(make_year, coordinator):
    programme = make_year(116)
    Programme.objects.update(starts_on=date(2020, 1, 1))
    programme.refresh_from_db()
    assert years.start(programme, by=coordinator, at=NOW).is_running
    programme.title = "新的名稱"
    history.save(programme, by=coordinator, at=NOW)


def test_a_form_that_was_open_meanwhile_takes_no_step_back(make_year, programme, coordinator, q4):
    in_a_form = Programme.objects.get(pk=programme.pk)
    period_in_a_form = programme.periods.get(pk=q4.pk)
    periods.close_period(q4, by=coordinator, at=NOW)
    years.close(programme, by=coordinator, at=NOW)
    in_a_form.title = "新的名稱"
    history.save(in_a_form, by=coordinator, at=NOW)
    period_in_a_form.name = "第四季"
    history.save(period_in_a_form, by=coordinator, at=NOW)
    programme.refresh_from_db()
    q4.refresh_from_db()
    assert (programme.title, programme.is_closed) == ("新的名稱", True)
    assert (q4.name, q4.is_closed) == ("第四季", True)
    newest = Change.objects.filter(model="programme").first()
    assert set(newest.fields) == {"title"}
