"""總覽: who sees it, that its numbers are right and lead to lists of just so many, and what it costs."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items.models import (
    Action,
    Assignment,
    Department,
    Method,
    Period,
    Plan,
    PlannedProgress,
    ProgressReport,
    ReportState,
    Strategy,
)
from items.workflow import newest_figures, periods
from tests.making import NOW

URL = "/115/"


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


def text_of(response):
    """What a reader reads: tags and runs of space taken out."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def answer(response):
    """The sentence at the head of the page, without its links."""
    found = re.search(r'<p class="lead answer">(.*?)</p>', response.content.decode(), re.DOTALL)[1]
    return re.sub(r"<[^>]+>", "", found)


@pytest.fixture
def plan(make_action, make_report, programme, quarters, administration, information, mei, hao):
    """Seven actions of two strategies, one for each light but 正常, which has two; 資訊室 shares 115-01 and supports 115-03.

    Quarter 3 was planned at 75% (273 of 365 days) for what is due at the year's end.
    """
    q3 = quarters[2]

    def reported(percent, deadline=date(2026, 12, 31), departments=(administration,), **fields):
        action = make_action(departments, deadline=deadline)
        for department in departments:
            by = hao if department == information else mei
            make_report(share(action, department), q3, by, percent=percent, **fields)
        return action

    together = reported(75, departments=[administration, information])
    share(together, information).reports.update(percent=71)
    newest_figures.rebuild()
    reported(70)
    behind = reported(60, delay_reason="採購流標一次", remedy="改採開口契約")
    Assignment.objects.create(
        action=behind,
        department=information,
        kind="support",
        deadline=date(2026, 12, 31),
        deadline_text="115年12月",
    )
    reported(80, deadline=date(2026, 10, 31))
    make_action([information])
    reported(90, deadline=date(2026, 12, 10))
    done = reported(100, work_status="finished")
    second = Strategy.objects.create(programme=programme, number=2, title="重視全程意見回饋")
    method = Method.objects.create(strategy=second, position=1, title="建立管道")
    done.plan = Plan.objects.create(method=method, position=1, title="滿意度調查")
    done.save()
    make_action([administration], control_status="released")


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


def test_what_needs_attention_is_listed_worst_first_with_reason_and_remedy(sign_in, manager, plan):
    response = sign_in(manager).get(URL)
    cases = response.context["summary"].cases
    assert [case.action.code for case in cases] == ["115-04", "115-05", "115-03"]
    page = text_of(response)
    assert "逾期 22 天" in page
    assert "採購流標一次" in page
    assert "改採開口契約" in page
    assert "未填原因" in page
    assert "沒有送出過填報" in page


def test_a_long_remedy_is_there_to_its_end(sign_in, manager, plan):
    """The screen shows how it begins; on paper the end decides."""
    end = "，115年12月底前完成驗收。"
    ProgressReport.objects.filter(remedy="改採開口契約").update(remedy="改採開口契約" * 40 + end)
    assert end in text_of(sign_in(manager).get(URL))


def test_what_is_missing_is_told_apart_from_the_latest_report(sign_in, manager, plan):
    ProgressReport.objects.filter(remedy="改採開口契約").update(delay_reason="", remedy="")
    assert "未填原因 ，最近一次 第3季填報 60%" in text_of(sign_in(manager).get(URL))


def write_another_remedy():
    ProgressReport.objects.filter(remedy="改採開口契約").update(remedy="另行標租")


def put_another_percent():
    Assignment.objects.filter(action__code="115-03", kind="lead").update(newest_percent=62)


def rename_the_action():
    Action.objects.filter(code="115-03").update(title="改寫過的作法")


def rename_the_department():
    Department.objects.filter(name="行政處").update(name="總務處")


def rename_the_period():
    Period.objects.filter(number=3).update(name="第三期")


def move_the_deadline():
    Assignment.objects.filter(action__code="115-04").update(deadline=date(2026, 11, 1))


def enter_planned_progress():
    unreported = Assignment.objects.get(action__code="115-05")
    third = Period.objects.get(number=3)
    PlannedProgress.objects.create(assignment=unreported, period=third, percent=33)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (write_another_remedy, "對策 另行標租"),
        (put_another_percent, "62%／75%"),
        (rename_the_action, "115-03 改寫過的作法"),
        (rename_the_department, "總務處 80%／90%"),
        (rename_the_period, "最近一次 第三期填報 60%"),
        (move_the_deadline, "逾期 21 天"),
        (enter_planned_progress, "0%／33%"),
    ],
)
def test_a_case_that_was_read_before_says_what_has_changed_since(
    sign_in, manager, plan, change, words
):
    """Its HTML is kept by all that it is made from."""
    client = sign_in(manager)
    assert words not in text_of(client.get(URL))
    change()
    assert words in text_of(client.get(URL))


def test_only_those_who_report_on_a_case_are_told_to_ask_about_its_closed_period(
    sign_in, manager, hao, plan
):
    advice = "已關閉，請洽研考"
    assert advice not in text_of(sign_in(manager).get(URL))
    assert advice in text_of(sign_in(hao).get(URL))
    assert advice not in text_of(sign_in(manager).get(URL))


def test_without_cases_the_heading_says_nought(
    sign_in, manager, make_action, make_report, administration, mei, q3
):
    make_report(share(make_action([administration]), administration), q3, mei)
    page = text_of(sign_in(manager).get(URL))
    assert "需要處理 0 項" in page
    assert "沒有逾期、未填報或落後的項目。" in page


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_text_that_is_not_submitted_never_shows_even_to_its_writer(
    sign_in, mei, make_action, make_report, administration, q3, q4, state
):
    action = make_action([administration])
    make_report(share(action, administration), q3, mei, percent=50, delay_reason="已送出的原因")
    make_report(
        share(action, administration),
        q4,
        mei,
        percent=99,
        delay_reason="還沒送出的原因",
        state=state,
    )
    page = text_of(sign_in(mei).get(URL))
    assert "已送出的原因" in page
    assert "還沒送出的原因" not in page
    assert "99%／" not in page


def test_beyond_twenty_cases_the_rest_is_a_link(
    sign_in, manager, make_action, administration, quarters
):
    for _ in range(23):
        make_action([administration])
    response = sign_in(manager).get(URL)
    assert len(response.context["summary"].cases) == 20
    assert "看全部 23 項" in text_of(response)
    assert "這裡列出最急的 20 項，全部 23 項見計畫表。" in text_of(response)


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


def test_markup_in_a_reason_is_shown_as_text(
    sign_in, manager, mei, make_action, make_report, administration, q3
):
    action = make_action([administration], title="<b>粗體</b>")
    make_report(
        share(action, administration), q3, mei, percent=10, delay_reason="<script>alert(1)</script>"
    )
    html = sign_in(manager).get(URL).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<b>粗體" not in html


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
