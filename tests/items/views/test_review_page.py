"""填報審核: the grid first, and behind each figure of it the list that it counts."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import ProgressReport, ReportState
from items.workflow import newest_figures
from items.workflow.periods import close_period
from items.worklists.reminding import ReminderRoom
from tests.items.views.answers import page, words
from tests.making import NOW, TODAY

ADDRESS = "/115/review/"


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def plan(make_action, make_report, administration, information, mei, hao, head, quarters):
    """行政處 with a report in every state and one 未填, 資訊室 with two that wait for the office."""
    q3, q4 = quarters[2:]
    for state in ReportState:
        make_report(make_action([administration]).assignments.get(), q4, mei, state=state)
    make_action([administration])
    for _ in range(2):
        assignment = make_action([information]).assignments.get()
        make_report(assignment, q3, hao, state=ReportState.WITH_COORDINATOR)
        make_report(assignment, q4, hao, state=ReportState.WITH_COORDINATOR)


def codes_listed(answer):
    """The assignments of the list, to decide on or to look at: their codes, department by department."""
    context = answer.context
    decided = [f"{row.code} {row.department}" for row in context["rows"]]
    looked_at = [str(listed.assignment) for listed in context["listed"]]
    return decided + looked_at


def figures_of(answer):
    """Every figure with a link: (address, number)."""
    page = answer.content.decode()
    links = re.findall(r'<a[^>]*href="(\?[^"#]*)#list"[^>]*>(.*?)</a>', page, re.DOTALL)
    figures = []
    for address, inside in links:
        numbers = re.findall(r"\d+", re.sub(r"<[^>]*>", "", inside))
        if numbers:
            figures.append((unescape(address), int(numbers[-1])))
    return figures


@pytest.mark.one_engine
def test_the_grid_and_the_reminders_stand_before_the_list(sign_in, coordinator, plan):
    page = sign_in(coordinator).get(ADDRESS).content.decode()
    places = [page.index(f'id="{name}"') for name in ("grid", "reminders", "list")]
    assert places == sorted(places)


@pytest.mark.slow
def test_every_figure_leads_to_exactly_so_many_items(sign_in, coordinator, plan):
    client = sign_in(coordinator)
    figures = figures_of(client.get(ADDRESS))
    # The heading, the sentence below it, and the cells of four quarters.
    assert len(figures) > 15
    for address, number in figures:
        answer = client.get(ADDRESS + address)
        assert len(codes_listed(answer)) == number, address
        assert answer.context["waiting_total"] == number, address


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("missing", ["115-06 行政處"]),
        ("draft", ["115-01 行政處"]),
        ("outstanding", ["115-01 行政處", "115-04 行政處", "115-06 行政處"]),
        ("with_head", ["115-02 行政處"]),
        ("with_coordinator", ["115-03 行政處"]),
    ],
)
def test_the_list_is_limited_by_department_and_state(
    sign_in, coordinator, administration, plan, state, codes
):
    query = {"period": "4", "department": administration.pk, "state": state}
    assert codes_listed(sign_in(coordinator).get(ADDRESS, query)) == codes


@pytest.mark.one_engine
def test_by_department_alone_one_decides_on_what_waits_of_it(
    sign_in, coordinator, information, plan
):
    answer = sign_in(coordinator).get(ADDRESS, {"department": information.pk})
    assert codes_listed(answer) == ["115-07 資訊室", "115-08 資訊室"]
    assert "備查全部 2 件" in answer.content.decode()


def test_the_list_is_limited_by_what_holds_items_up(
    sign_in, coordinator, plan, programme, quarters
):
    """Of what waits, of every state that was sent, and of a closed period; never of a draft."""
    factor = programme.delay_factor_list[0]
    ProgressReport.objects.filter(
        assignment__action__code__in=["115-01", "115-03", "115-07"]
    ).update(delay_factor=factor)
    client = sign_in(coordinator)
    answer = client.get(ADDRESS, {"delay_factor": factor})
    assert codes_listed(answer) == ["115-03 行政處", "115-07 資訊室"]
    query = {"period": "4", "state": "expected", "delay_factor": factor}
    assert codes_listed(client.get(ADDRESS, query)) == ["115-03 行政處", "115-07 資訊室"]
    close_period(quarters[3], by=coordinator, at=NOW)
    kept = client.get(ADDRESS, query).context["kept"]
    assert [one.line.code for one in kept] == ["115-03", "115-07"]
    programme.delay_factors = ""
    programme.save()
    assert "id_delay_factor" not in client.get(ADDRESS).content.decode()


def test_after_a_decision_the_filter_stays(sign_in, coordinator, information, plan):
    address = f"{ADDRESS}?period=4&department={information.pk}"
    client = sign_in(coordinator)
    row = client.get(address).context["rows"][0]
    ticked = {"intent": "accept", "report": f"{row.report}:{row.version}"}
    assert client.post(address, ticked).url == address


@pytest.mark.one_engine
def test_a_closed_period_is_looked_at_and_not_decided_on(sign_in, coordinator, information, plan):
    query = {"period": "3", "department": information.pk, "state": "with_coordinator"}
    answer = sign_in(coordinator).get(ADDRESS, query)
    assert codes_listed(answer) == ["115-07 資訊室", "115-08 資訊室"]
    assert answer.context["rows"] == []


@pytest.mark.one_engine
def test_a_draft_is_listed_without_a_way_to_its_text(sign_in, coordinator, plan):
    for state, leads_to_report in (("draft", False), ("returned", False), ("with_head", True)):
        answer = sign_in(coordinator).get(ADDRESS, {"period": "4", "state": state})
        [listed] = answer.context["listed"]
        assert (listed.report_to_read is not None) is leads_to_report


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"department": "999"}, "沒有這個單位，請重新選擇。"),
        ({"department": "x"}, "沒有這個單位，請重新選擇。"),
        ({"state": "lost"}, "沒有這個狀態，請重新選擇。"),
    ],
)
def test_a_value_that_does_not_exist_is_said_and_lists_nothing(
    sign_in, coordinator, plan, query, sentence
):
    answer = sign_in(coordinator).get(ADDRESS, query)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert codes_listed(answer) == []


@pytest.mark.one_engine
def test_a_reminder_bears_the_whole_address_of_the_system(sign_in, coordinator, plan):
    page = sign_in(coordinator).get(ADDRESS).content.decode()
    assert "http://testserver/115/todo/" in page
    assert "http://testserver/115/inbox/" in page
    assert "單位主管：陳處長" in page


@pytest.mark.one_engine
def test_beside_an_open_period_closed_ones_are_reminded_of_too(sign_in, coordinator, plan):
    answer = sign_in(coordinator).get(ADDRESS)
    kinds = [(one.period.number, one.kind.name) for one in answer.context["reminders"].shown]
    assert kinds[:2] == [(4, "TO_REPORT"), (4, "TO_ENDORSE")]
    assert (3, "CLOSED") in kinds
    closed = sign_in(coordinator).get(ADDRESS, {"period": "3"}).context["reminders"].shown
    assert {(one.period.number, one.kind.name) for one in closed} == {(3, "CLOSED")}


@pytest.mark.one_engine
@pytest.mark.parametrize("state", ["", "expected", "with_coordinator"])
def test_the_number_of_queries_does_not_grow(
    sign_in, coordinator, make_action, make_report, administration, mei, plan, quarters, state
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(coordinator)
    query = {"period": "4", "state": state}
    client.get(ADDRESS, query)
    with CaptureQueriesContext(connection) as before:
        client.get(ADDRESS, query)
    for _ in range(10):
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, quarters[3], mei, state=ReportState.WITH_COORDINATOR)
        make_action([administration])
    with CaptureQueriesContext(connection) as after:
        client.get(ADDRESS, query)
    assert len(after) == len(before)


def test_a_closed_period_costs_a_query_only_where_something_of_it_is_owed(
    office, make_action, administration, make_report, mei, quarters
):
    first, second = (make_action([administration]).assignments.get() for _ in range(2))
    for quarter in quarters[:3]:
        make_report(first, quarter, mei)
        make_report(second, quarter, mei)
    page(office, "review")
    with CaptureQueriesContext(connection) as nothing_owed:
        assert "已關閉，未送出" not in words(page(office, "review"))
    ProgressReport.objects.filter(assignment=second, period=quarters[0]).update(state="returned")
    newest_figures.refresh(second.pk)
    with CaptureQueriesContext(connection) as one_owed:
        assert "行政處・第1季已關閉，未送出 1 件" in words(page(office, "review"))
    assert len(one_owed) == len(nothing_owed) + 1


def test_a_long_list_has_pages_and_every_report_stands_on_one_of_them(
    sign_in, coordinator, plan, monkeypatch
):
    monkeypatch.setattr("items.worklists.review_list.PER_PAGE", 2)
    client = sign_in(coordinator)
    whole = client.get(ADDRESS)
    assert whole.context["waiting_total"] == 3
    assert "這一頁是第 1 到 2 件，共 3 件" in words(whole)
    assert 'href="?page=2#list"' in whole.content.decode()
    listed = []
    for number in (1, 2):
        listed += codes_listed(client.get(ADDRESS, {"page": number}))
    assert len(set(listed)) == len(listed) == 3
    # No number, and one beyond the end, are pages as well.
    assert codes_listed(client.get(ADDRESS, {"page": "x"})) == listed[:2]
    assert codes_listed(client.get(ADDRESS, {"page": 99})) == listed[2:]
    # 備查全部 are those of the page.
    assert "備查全部 2 件" in words(whole)


@pytest.mark.parametrize("query", [{"state": "expected"}, {"state": "expected", "period": "3"}])
def test_the_list_behind_a_figure_has_pages(sign_in, coordinator, plan, monkeypatch, query):
    monkeypatch.setattr("items.worklists.review_list.PER_PAGE", 3)
    client = sign_in(coordinator)
    whole = client.get(ADDRESS, query)
    total = whole.context["waiting_total"]
    assert total > 3
    seen = []
    for number in range(1, whole.context["page"].paginator.num_pages + 1):
        page_of_list = client.get(ADDRESS, {**query, "page": number})
        seen += [one.words_below for one in page_of_list.context["listed"]]
        seen += [one.words_below for one in page_of_list.context["kept"]]
        assert page_of_list.context["waiting_total"] == total
    assert len(seen) == total


def test_what_is_long_beside_the_list_is_shown_whole_when_asked(
    sign_in, coordinator, plan, monkeypatch, head
):
    one_text = ReminderRoom(texts=1, items=50)
    for name, number in (
        ("GRID_SHOWN", 1),
        ("REMINDERS_SHOWN", one_text),
        ("MOST_OF_ALL_TEXTS", 0),
    ):
        monkeypatch.setattr(f"items.views.review.{name}", number)
    monkeypatch.setattr("items.worklists.stranded.STRANDED_SHOWN", 0)
    head.memberships.all().delete()
    client = sign_in(coordinator)
    shown = client.get(ADDRESS)
    assert len(shown.context["grid_rows"]) == len(shown.context["reminder_rows"]) == 1
    assert shown.context["all_texts"] == ""
    assert (shown.context["stranded"].number, shown.context["stranded"].reports) == (1, [])
    for part, sentence in (
        ("grid", "看全部 2 個單位"),
        ("reminders", "則，一次複製"),
        ("stranded", "看全部 1 件"),
    ):
        assert f'href="?all={part}#{part}"' in shown.content.decode()
        assert sentence in words(shown)
        assert sentence not in words(client.get(ADDRESS, {"all": part}))
    whole = client.get(ADDRESS, {"all": "reminders"})
    assert len(whole.context["reminder_rows"]) == whole.context["reminders"].number > 1
    assert "【催辦】" in whole.context["all_texts"]
    assert len(client.get(ADDRESS, {"all": "grid"}).context["grid_rows"]) == 2
    assert len(client.get(ADDRESS, {"all": "stranded"}).context["stranded"].reports) == 1


def test_more_than_a_window_without_a_head_are_counted(
    sign_in, coordinator, plan, monkeypatch, head, make_action, make_report, administration, mei, q4
):
    """The number is that of all of them, and the link promises no more than it shows."""
    make_report(
        make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_HEAD
    )
    monkeypatch.setattr("items.worklists.stranded.STRANDED_SHOWN", 0)
    monkeypatch.setattr("items.worklists.stranded.WINDOW", 1)
    head.memberships.all().delete()
    client = sign_in(coordinator)
    first = client.get(ADDRESS)
    assert first.context["stranded"].number == 2
    assert "沒有主管 2 件" in words(first)
    assert "看前 1 件" in words(first)
    whole = client.get(ADDRESS, {"all": "stranded"})
    assert len(whole.context["stranded"].reports) == 1
    assert "先列出前 1 件，處理後會接著列出其餘的。" in words(whole)
