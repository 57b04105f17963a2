"""總覽: who sees it, that its numbers are right and lead to lists of just so many, and what it costs."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import (
    Assignment,
    Department,
)
from items.workflow import periods
from tests.making import NOW
from tests.reports.dashboard_words import share, text_of

URL = "/115/"


def answer(response):
    """The sentence at the head of the page, without its links."""
    found = re.search(r'<p class="lead answer">(.*?)</p>', response.content.decode(), re.DOTALL)[1]
    return re.sub(r"<[^>]+>", "", found)


@pytest.mark.parametrize(
    "person", ["mei", "hao", "head", "coordinator", "manager", "auditor", "admin"]
)
def test_everyone_signed_in_sees_it(person, request, sign_in, plan):
    response = sign_in(request.getfixturevalue(person)).get(URL)
    assert response.status_code == 200
    assert "115 年度執行總覽" in text_of(response)


def test_a_stranger_is_sent_to_sign_in(client, programme):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_a_year_without_a_programme_is_404(sign_in, manager, programme):
    assert sign_in(manager).get("/114/").status_code == 404


def test_it_only_reads(sign_in, admin, programme):
    assert sign_in(admin).post(URL).status_code == 405


@pytest.mark.one_engine
def test_the_answer_comes_before_any_figure(sign_in, manager, plan):
    """Means by hand: actual (73 + 70 + 60 + 80 + 0 + 90 + 100) / 7 = 67.57; planned on the reports' own days
    (75 + 75 + 75 + 90 + 89 + 79 + 75) / 7 = 79.7, where 115-05 was never reported and is held against today.
    It was 未填報 at the end of the third quarter, too, and so is not new."""
    response = sign_in(manager).get(URL)
    assert answer(response) == (
        "7 項中 2 項正常、1 項已完成、1 項即將到期；1 項落後、1 項逾期、1 項未填報，集中在行政處。"
        "平均進度 68%，比預定 80% 少 12 個百分點。"
        "與第3季相比：新逾期 1 項。"
    )
    assert "截至 115年11月22日・第4季填報中（期限 12月1日，剩 9 天）" in text_of(response)


@pytest.mark.one_engine
def test_what_is_released_is_counted_apart(sign_in, manager, plan):
    page = text_of(sign_in(manager).get(URL))
    assert "7 列管項目" in page
    assert "已解除 1 項" in page


@pytest.mark.one_engine
@pytest.mark.slow
def test_every_number_leads_to_a_list_of_just_so_many(sign_in, manager, plan):
    """Each link to the plan table names its number; the table it opens has that many lines."""
    client = sign_in(manager)
    html = client.get(URL).content.decode()
    links = re.findall(r'<a href="(/115/plan/\?[^"]+)"([^>]*)>(.*?)</a>', html, re.DOTALL)
    assert len(links) > 25
    for href, attributes, inside in links:
        label = re.search(r'aria-label="([^"]*)"', attributes)
        words = re.sub(r"<[^>]+>", " ", label[1] if label else inside)
        promised = int(
            re.search(r"缺 (\d+)", words)[1] if "缺" in words else re.findall(r"\d+", words)[-1]
        )
        listed = client.get(unescape(href)).context["page"].paginator.count
        assert listed == promised, (href, words)


@pytest.mark.one_engine
def test_a_departments_bar_counts_its_own_assignments_supporting_ones_too(
    sign_in, manager, plan, information
):
    html = sign_in(manager).get(URL).content.decode()
    assert set(re.findall(r'aria-label="資訊室 ([^"]*)"', html)) == {"正常 1 件", "未填報 2 件"}
    assert "共 3 件" in html


def test_the_filing_rate_counts_what_is_owed_in_the_open_period(
    sign_in, manager, mei, plan, q4, make_report, administration
):
    """Eight assignments are under control and not finished before; one of them is filed for the fourth quarter."""
    make_report(
        Assignment.objects.filter(department=administration).first(),
        q4,
        mei,
        percent=80,
        state="with_head",
    )
    assert "12 % 第4季填報率，缺 6 項（7 件）" in text_of(sign_in(manager).get(URL))


@pytest.mark.one_engine
def test_departments_that_are_late_together_are_named_three_and_counted(
    sign_in, manager, make_action, quarters
):
    departments = [
        Department.objects.create(name=f"第{number}課", position=number) for number in range(5)
    ]
    make_action(departments)
    assert "另有 2 個單位" in text_of(sign_in(manager).get(URL))


def test_an_empty_plan_says_what_comes(sign_in, manager, programme):
    response = sign_in(manager).get(URL)
    assert answer(response) == "115年度沒有列管中的項目。"
    assert "匯入之後" in text_of(response)


def test_a_plan_that_is_all_released_leads_to_it(sign_in, manager, make_action, administration):
    make_action([administration], control_status="carried_over")
    assert "已解除 1 項" in text_of(sign_in(manager).get(URL))


def test_before_anything_is_opened_the_page_stands(sign_in, manager, make_action, administration):
    make_action([administration])
    response = sign_in(manager).get(URL)
    assert answer(response) == "1 項都還沒有填報。"
    page = text_of(response)
    assert "還沒有開放填報" in page
    assert "填報率" not in page
    assert "還沒有可以相比的前一期" in page


def test_a_plan_that_is_not_handed_out_yet_says_so(sign_in, manager, make_action):
    make_action()
    assert answer(sign_in(manager).get(URL)) == "1 項都還沒有主辦單位，沒有進度可以統計。"


def test_a_year_that_has_not_begun_has_no_progress(
    sign_in, manager, programme, make_action, administration
):
    make_action([administration], deadline=date(2027, 12, 31))
    programme.starts_on, programme.ends_on = date(2027, 1, 1), date(2027, 12, 31)
    programme.save()
    response = sign_in(manager).get(URL)
    assert "115年度從 116年1月1日 開始" in text_of(response)
    assert "年度還沒有開始" in answer(response)


@pytest.mark.one_engine
def test_a_closed_period_is_said_to_be_closed(sign_in, manager, coordinator, plan, q4):
    periods.close_period(q4, by=coordinator, at=NOW)
    assert "第4季填報已關閉" in text_of(sign_in(manager).get(URL))


@pytest.mark.one_engine
def test_queries_do_not_grow(
    sign_in,
    manager,
    mei,
    make_action,
    make_report,
    administration,
    information,
    q3,
    django_assert_max_num_queries,
):
    def one():
        action = make_action([administration, information])
        make_report(share(action, administration), q3, mei, percent=30, delay_reason="採購流標一次")

    one()
    client = sign_in(manager)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for _ in range(30):
        one()
    with CaptureQueriesContext(connection) as many:
        assert client.get(URL).status_code == 200
    assert len(many) == len(few)
    with django_assert_max_num_queries(30):
        client.get(URL)
