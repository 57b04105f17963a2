"""Several years side by side: whose home is which, and how the plan office moves them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from items.models import Change, Membership, MembershipRole, Programme, ProgrammeState, ReportState
from items.workflow import periods
from items.worklists.elsewhere import number_to_report, work_elsewhere
from items.worklists.to_write import open_work_of
from tests.making import NOW, TODAY


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def next_year(db):
    return Programme.objects.create(
        year=116,
        title="116年度計畫",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )


@pytest.fixture
def everybody(mei, head, coordinator, manager, auditor, admin):
    return {
        mei: "todo",
        head: "inbox",
        coordinator: "review",
        manager: "dashboard",
        auditor: "record",
        admin: "manage",
    }


def words(response):
    return response.content.decode()


@pytest.mark.one_engine
def test_a_new_year_changes_nobodys_home(sign_in, everybody, q4, next_year):
    for person, first_screen in everybody.items():
        answer = sign_in(person).get(reverse("home"))
        assert answer.url == reverse(first_screen, args=[115])


@pytest.mark.one_engine
def test_before_a_year_runs_only_those_who_prepare_it_get_in(
    sign_in, mei, manager, coordinator, admin, next_year
):
    for person in (mei, manager):
        answer = sign_in(person).get(reverse("home"))
        assert answer.status_code == 200
        assert "116 年度計畫正在準備" in words(answer)
    assert sign_in(coordinator).get(reverse("home")).url == reverse("manage", args=[116])
    assert sign_in(admin).get(reverse("home")).url == reverse("manage", args=[116])


@pytest.mark.one_engine
def test_the_page_stays_where_the_other_year_has_it(
    sign_in, coordinator, make_action, administration, q4, next_year
):
    action = make_action([administration])
    client = sign_in(coordinator)
    answer = words(client.get(reverse("periods", args=[115])))
    assert f'href="{reverse("periods", args=[116])}"' in answer
    assert "116 年度（研擬中）" in answer
    # An item is in its own year alone: the way to the other year says so.
    answer = words(client.get(reverse("action", args=[115, action.code])))
    address = reverse("year_switch", args=[116, "action"]) + "?from=115&code=115-01"
    assert address.replace("&", "&amp;") in answer
    other = client.get(address, follow=True)
    assert other.redirect_chain[-1][0] == reverse("plan", args=[116])
    assert "115-01 只在115年度；這裡是116年度的計畫表。" in words(other)
    # A page that belongs to no year is shown beside the one that people work on.
    assert "</span>115 <span" in words(client.get(reverse("password_change")))


@pytest.mark.one_engine
def test_the_plan_office_starts_closes_and_reopens_a_year(sign_in, coordinator, next_year):
    client = sign_in(coordinator)

    def step(name, **data):
        answer = client.post(reverse("year_step", args=[116, name]), data, follow=True)
        next_year.refresh_from_db()
        return words(answer)

    assert "116年度開始執行" in step("start")
    assert next_year.is_running
    assert "116年度已結案" in step("close")
    assert "請寫出116年度恢復執行的原因" in step("reopen", because=" ")
    assert next_year.is_closed
    assert "116年度已恢復執行" in step("reopen", because="補登")
    assert next_year.is_running
    assert client.post(reverse("year_step", args=[116, "burn"])).status_code == 404
    assert client.get(reverse("year_step", args=[116, "close"])).status_code == 405


@pytest.mark.parametrize("because", ["\x00", "又有\x00更正"])
def test_a_character_that_postgresql_refuses_is_left_out_of_a_reason(
    sign_in, coordinator, next_year, because
):
    Programme.objects.filter(pk=next_year.pk).update(state="closed")
    client = sign_in(coordinator)
    answer = client.post(f"/{next_year.year}/state/reopen/", {"because": because})
    assert answer.status_code in (200, 302)
    assert Change.objects.filter(model="programme").exists() == ("更正" in because)


def test_a_year_made_by_mistake_is_deleted_and_another_is_not_offered(
    sign_in, coordinator, programme, make_action, next_year
):
    make_action([])
    periods.lay_out(next_year, by=coordinator, at=NOW)
    client = sign_in(coordinator)
    address = reverse("year_step", args=[116, "delete"])
    assert address in words(client.get(reverse("years")))
    assert "116年度已刪除" in words(client.post(address, follow=True))
    assert not Programme.objects.filter(year=116).exists()
    kept = reverse("year_step", args=[115, "delete"])
    assert kept not in words(client.get(reverse("years")))
    assert "115年度已經有 1 個項目，不能刪除" in words(client.post(kept, follow=True))
    assert Programme.objects.filter(year=115).exists()


@pytest.mark.one_engine
@pytest.mark.parametrize("step", ["start", "close", "reopen", "delete"])
def test_only_who_makes_years_moves_one(sign_in, mei, manager, auditor, next_year, step):
    for person in (mei, manager, auditor):
        answer = sign_in(person).post(reverse("year_step", args=[116, step]), {"because": "x"})
        assert answer.status_code == 403
    assert Programme.objects.get(year=116).state == ProgrammeState.DRAFT


@pytest.mark.parametrize("person", ["coordinator", "admin"])
def test_who_made_a_year_starts_closes_and_deletes_it(request, sign_in, next_year, person):
    client = sign_in(request.getfixturevalue(person))
    assert "116 年度結案…" not in words(client.get(reverse("years")))
    for step, state in [("start", "running"), ("close", "closed")]:
        client.post(reverse("year_step", args=[116, step]))
        assert Programme.objects.get(year=116).state == state
    client.post(reverse("year_step", args=[116, "delete"]))
    assert not Programme.objects.exists()


def test_the_back_office_deletes_an_empty_year_after_a_question(
    sign_in, admin, programme, quarters, next_year
):
    client = sign_in(admin)
    address = reverse("admin:items_programme_delete", args=[next_year.pk])
    assert "確定要刪除" in words(client.get(address))
    assert Programme.objects.filter(year=116).exists()
    client.post(address, {"post": "yes"})
    assert not Programme.objects.filter(year=116).exists()
    # And says of a year with a past why it stays.
    address = reverse("admin:items_programme_delete", args=[programme.pk])
    answer = client.post(address, {"post": "yes"}, follow=True)
    assert "115年度已經有 4 個開放過的填報期，不能刪除" in words(answer)
    assert Programme.objects.filter(year=115).exists()


@pytest.mark.one_engine
def test_the_back_office_has_no_button_that_ends_in_403(sign_in, admin, programme):
    page = sign_in(admin).get(reverse("admin:items_programme_change", args=[programme.pk]))
    assert reverse("periods", args=[115]) not in words(page)


def test_an_item_of_the_same_code_is_shown_in_the_other_year(
    sign_in, mei, make_action, administration, next_year
):
    action = make_action([administration], code="A-01")
    address = reverse("year_switch", args=[115, "action"])
    answer = sign_in(mei).get(address, {"from": "116", "code": "A-01"})
    assert answer.url == reverse("action", args=[115, action.code])
    assert sign_in(mei).get(address, {"from": "x", "code": "A\0"}).url == reverse(
        "plan", args=[115]
    )


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("person", "page", "target"),
    [
        ("mei", "report", "todo"),
        ("coordinator", "report", "review"),
        ("manager", "report", "plan"),
        ("mei", "report_form", "todo"),
        ("coordinator", "batch", "batches"),
        ("manager", "no_such_page", "dashboard"),
    ],
)
def test_a_page_of_one_year_alone_leads_to_its_list_in_the_other(
    request, sign_in, next_year, person, page, target
):
    client = sign_in(request.getfixturevalue(person))
    answer = client.get(reverse("year_switch", args=[116, page]), {"from": "115"})
    assert answer.url == reverse(target, args=[116])


@pytest.fixture
def work_of_this_year(make_action, administration, make_report, mei, q4):
    """Of 行政處 in 115年第4季: two to write, one with the head, three with the plan office."""
    for state in [ReportState.DRAFT, None, ReportState.WITH_HEAD, *THREE_WITH_OFFICE]:
        assignment = make_action([administration]).assignments.get()
        if state is not None:
            make_report(assignment, q4, mei, percent=89, state=state)


THREE_WITH_OFFICE = [ReportState.WITH_COORDINATOR] * 3


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("person", "sentences"),
    [
        ("mei", ["115年度還有 2 件待填報"]),
        ("head", ["115年度還有 1 件待核可", "115年度還有 2 件待填報"]),
        ("coordinator", ["115年度還有 3 件待審核"]),
        ("manager", []),
        ("hao", []),
    ],
)
def test_a_page_of_another_year_says_what_waits_in_this_one(
    request, sign_in, work_of_this_year, next_year, person, sentences
):
    client = sign_in(request.getfixturevalue(person))
    answer = words(client.get(reverse("plan", args=[116])))
    for sentence in sentences:
        assert sentence in answer
    assert answer.count("115年度還有") == len(sentences)
    # On the pages of the year itself there is nothing to hint at.
    assert "年度還有" not in words(client.get(reverse("plan", args=[115])))


@pytest.mark.one_engine
def test_a_head_who_writes_starts_from_what_waits_in_this_year(
    sign_in, head, information, work_of_this_year, next_year, coordinator, settings
):
    # What waits for the head is in 115; in January the own list of 116 comes first, with the hint.
    Membership.objects.create(user=head, department=information, role=MembershipRole.REPORTER)
    assert sign_in(head).get(reverse("home")).url == reverse("inbox", args=[115])
    settings.DEMONSTRATION_DATE = date(2027, 1, 5)
    at = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
    first = periods.lay_out(next_year, by=coordinator, at=at)[0]
    periods.open_period(first, by=coordinator, at=at)
    answer = sign_in(head).get(reverse("home"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("todo", args=[116])
    assert "115年度還有 1 件待核可" in words(answer)


@pytest.mark.one_engine
def test_after_new_year_the_last_quarter_of_the_old_one_is_not_forgotten(
    sign_in, mei, work_of_this_year, next_year, coordinator, settings
):
    settings.DEMONSTRATION_DATE = date(2027, 1, 5)
    at = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
    first = periods.lay_out(next_year, by=coordinator, at=at)[0]
    periods.open_period(first, by=coordinator, at=at)
    answer = sign_in(mei).get(reverse("home"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("todo", args=[116])
    assert "115年度還有 2 件待填報" in words(answer)


@pytest.mark.one_engine
def test_a_page_costs_no_more_queries_while_no_other_year_has_open_periods(
    sign_in, mei, make_action, q4, next_year, django_assert_num_queries
):
    client = sign_in(mei)
    client.get(reverse("plan", args=[115]))
    programmes = list(Programme.objects.home_first(TODAY))
    with django_assert_num_queries(0):
        assert work_elsewhere(mei, programmes, programmes[0]) == []


def test_the_hint_counts_as_the_list_does(work_of_this_year, mei, programme):
    counted = open_work_of(mei, list(programme.periods.open()), TODAY).number_to_do
    assert number_to_report(mei, programme) == counted == 2
