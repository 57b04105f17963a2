"""管理: a card for each thing that an office sets up, with its state in a line."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from items.models import ImportBatch
from items.workflow import periods
from tests.making import NOW, TODAY


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def cards(sign_in):
    """cards(user) → {title of the card: its state}."""

    def read(user):
        page = sign_in(user).get(reverse("manage", args=[115])).content.decode()
        found = re.findall(r'<li class="card">\s*<h2>(.*?)</h2>\s*<p>(.*?)</p>', page, re.S)
        return {unescape(title): unescape(state) for title, state in found}

    return read


@pytest.mark.one_engine
def test_each_role_sees_its_own_cards(cards, coordinator, admin, programme):
    assert "填報期" in cards(coordinator)
    assert "後台" not in cards(coordinator)
    assert "填報期" not in cards(admin)
    assert "後台" in cards(admin)


@pytest.mark.one_engine
def test_a_card_says_which_period_is_open_until_when(cards, coordinator, quarters):
    assert cards(coordinator)["填報期"] == "第4季開放中，12月1日截止。"
    periods.reopen_period(
        quarters[0], because="更正", due_on=date(2027, 1, 7), by=coordinator, at=NOW
    )
    assert (
        cards(coordinator)["填報期"] == "第4季開放中，12月1日截止；第1季開放中，116年1月7日截止。"
    )


@pytest.mark.one_engine
def test_a_card_says_what_comes_next_where_nothing_is_open(cards, coordinator, programme):
    assert cards(coordinator)["填報期"] == "填報期還沒有建立。"
    laid_out = list(periods.lay_out(programme, by=coordinator, at=NOW))
    words = "目前沒有開放；下一期是第1季（1月1日至3月31日）。"
    assert cards(coordinator)["填報期"] == words
    for period in laid_out:
        periods.open_period(period, by=coordinator, at=NOW)
        periods.close_period(period, by=coordinator, at=NOW)
    assert cards(coordinator)["填報期"] == "各期都已關閉。"


@pytest.mark.one_engine
def test_a_card_says_who_imported_what_and_that_it_was_undone(cards, coordinator, programme):
    assert cards(coordinator)["匯入"] == "115 年度還沒有匯入過計畫表。"
    batch = ImportBatch.objects.create(
        programme=programme, by=coordinator, at=NOW, door="page", file_name="<計畫>.xlsx",
        content=b"", sha256="0" * 64,
    )  # fmt: skip
    words = "上次匯入 115年11月22日 10:00，顏研考「<計畫>.xlsx」"
    assert cards(coordinator)["匯入"] == f"{words}。"
    batch.undone_at, batch.undone_by = NOW, coordinator
    batch.save(update_fields=["undone_at", "undone_by"])
    assert cards(coordinator)["匯入"] == f"{words}（已復原）。"


@pytest.mark.one_engine
def test_a_card_counts_the_departments_without_a_reporter(
    cards, admin, programme, mei, administration, information
):
    assert cards(admin)["單位"] == "2 個單位，1 個沒有承辦人。"
    mei.is_active = False
    mei.save()
    assert cards(admin)["單位"] == "2 個單位，2 個沒有承辦人。"


@pytest.mark.one_engine
def test_the_plan_office_reads_what_is_missing_and_is_led_to_pages_that_are_its_own(
    sign_in, coordinator, mei, head, programme, q4, information, make_action, make_report
):
    # A report was sent: the first steps are behind this office.
    make_report(make_action([mei.departments.get()]).assignments.get(), q4, mei, state="with_head")
    page = sign_in(coordinator).get(reverse("manage", args=[115])).content.decode()
    people = reverse("people", args=[115])
    assert "待處理" in page
    assert f'<a href="{people}#department-{information.pk}">資訊室</a>沒有任何人員' in page
    assert "/admin/" not in page


@pytest.mark.one_engine
def test_the_plan_office_finds_the_way_to_single_items_beside_the_import(
    sign_in, coordinator, admin, programme
):
    address = reverse("plan_outline", args=[115])
    assert address in sign_in(coordinator).get(reverse("manage", args=[115])).content.decode()
    assert address not in sign_in(admin).get(reverse("manage", args=[115])).content.decode()
