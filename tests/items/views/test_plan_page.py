"""計畫表: who sees it, how cells span, what it says, and what it costs."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from items import plan_lines
from items.models import Action, Assignment, Department, Method, Plan, ReportState, Strategy

URL = "/115/plan/"
HTMX = {"HX-Request": "true", "HX-Target": "rows"}


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


def text_of(response):
    """What a reader reads: tags and runs of space taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def spans(response, column):
    """The rowspans of a column, from top to bottom."""
    return [
        int(span)
        for span in re.findall(
            rf'<td class="[^"]*col-{column}"[^>]*rowspan="(\d+)"', response.content.decode()
        )
    ]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "person", ["mei", "hao", "head", "coordinator", "manager", "auditor", "admin"]
)
def test_everyone_signed_in_sees_the_plan(person, request, sign_in, make_action, administration):
    make_action([administration], title="設置民眾休憩區")
    response = sign_in(request.getfixturevalue(person)).get(URL)
    assert response.status_code == 200
    assert "設置民眾休憩區" in text_of(response)


@pytest.mark.one_engine
def test_everyone_finds_the_approved_table_and_what_was_reported_as_files(
    sign_in, manager, make_action, q4
):
    make_action()
    client = sign_in(manager)
    shown = client.get(URL).content.decode()
    for address in (
        "/115/export.xlsx",
        "/115/export.ods",
        "/115/export.csv",
        "/115/periods/4/export.xlsx",
    ):
        assert f'href="{address}"' in shown
        assert client.get(address).status_code == 200


@pytest.mark.one_engine
def test_a_stranger_is_sent_to_sign_in(client, make_action):
    make_action(title="設置民眾休憩區")
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


@pytest.mark.one_engine
def test_a_year_without_a_programme_is_404(sign_in, mei, programme):
    assert sign_in(mei).get("/114/plan/").status_code == 404


@pytest.mark.one_engine
def test_it_only_reads(sign_in, admin, programme):
    assert sign_in(admin).post(URL).status_code == 405


@pytest.mark.one_engine
def test_an_empty_plan_says_what_comes(sign_in, mei, programme):
    assert "還沒有任何項目" in text_of(sign_in(mei).get(URL))


def test_a_filter_without_hits_says_what_to_do(sign_in, mei, make_action):
    make_action()
    page = text_of(sign_in(mei).get(URL, {"q": "太空梭"}))
    assert "沒有符合這些條件的項目" in page
    assert "看全部項目" in page
    assert "0 項" in page


@pytest.mark.one_engine
def test_cells_span_the_lines_they_have_in_common(
    sign_in, mei, make_action, programme, administration
):
    """Two strategies; the first has two methods, the second of these two plans; a benefit spans within one plan only."""
    first = make_action([administration], title="甲", expected_benefit="效益").plan
    make_action([administration], title="乙", expected_benefit="效益")
    method = Method.objects.create(strategy=first.method.strategy, position=2, title="方法二")
    for position in (1, 2):
        plan = Plan.objects.create(method=method, position=position, title=f"計畫{position}")
        make_action([administration], title=f"丙{position}", plan=plan, expected_benefit="效益")
    strategy = Strategy.objects.create(programme=programme, number=2, title="策略二")
    method = Method.objects.create(strategy=strategy, position=1, title="方法三")
    plan = Plan.objects.create(method=method, position=1, title="計畫三")
    make_action([administration], title="丁", plan=plan, expected_benefit="")
    response = sign_in(mei).get(URL, {"benefit": "1"})
    assert spans(response, "strategy") == [4, 1]
    assert spans(response, "method") == [2, 2, 1]
    assert spans(response, "plan") == [2, 1, 1, 1]
    assert spans(response, "benefit") == [2, 1, 1, 1]


@pytest.mark.one_engine
def test_spans_are_those_of_the_lines_that_are_shown(sign_in, mei, make_action, administration):
    make_action([administration], title="甲種")
    make_action([administration], title="乙種")
    make_action([administration], title="甲類")
    assert spans(sign_in(mei).get(URL, {"q": "甲"}), "strategy") == [2]


def test_a_sorted_table_has_no_spans(sign_in, mei, make_action, administration):
    for _ in range(3):
        make_action([administration])
    assert spans(sign_in(mei).get(URL, {"sort": "deadline"}), "strategy") == [1, 1, 1]


def test_beyond_200_lines_the_next_page_repeats_the_spanning_cells(
    sign_in, mei, make_action, administration
):
    plan = make_action([administration]).plan
    Action.objects.bulk_create(
        Action(plan=plan, position=number, code=f"115-{number:03}", title="作法")
        for number in range(2, 204)
    )
    client = sign_in(mei)
    assert spans(client.get(URL), "strategy") == [200]
    second = client.get(URL, {"page": "2"})
    assert spans(second, "strategy") == [3]
    assert "203 項" in text_of(second)
    assert client.get(URL, {"page": "x"}).status_code == 200


@pytest.mark.one_engine
def test_the_light_is_the_worst_and_names_the_department(
    sign_in, mei, hao, make_action, make_report, administration, information, q3, quarters
):
    action = make_action([administration, information])
    make_report(share(action, administration), q3, mei, percent=80)
    make_report(share(action, information), q3, hao, percent=60)
    page = text_of(sign_in(mei).get(URL))
    assert "落後 資訊室落後 15 個百分點" in page
    assert "70%／75%" in page


@pytest.mark.one_engine
def test_a_reason_that_all_departments_share_names_nobody(
    sign_in, mei, make_action, administration, information, quarters
):
    make_action([administration, information])
    page = text_of(sign_in(mei).get(URL))
    assert "115年第3季未填報" in page
    assert "資訊室115年第3季未填報" not in page


def test_with_a_department_light_and_progress_are_its_own(
    sign_in, mei, hao, make_action, make_report, administration, information, q3, quarters
):
    action = make_action([administration, information])
    make_report(share(action, administration), q3, mei, percent=80)
    make_report(share(action, information), q3, hao, percent=60)
    page = text_of(sign_in(mei).get(URL, {"department": administration.pk}))
    assert "80%／75%" in page
    assert "資訊室落後" not in page


def test_deadlines_that_differ_stand_beside_their_departments(
    sign_in, mei, make_action, administration, information
):
    action = make_action([administration, information])
    Assignment.objects.filter(action=action, department=information).update(
        deadline=date(2026, 6, 30), deadline_text="115年6月底前"
    )
    page = text_of(sign_in(mei).get(URL))
    assert "行政處 115年12月" in page
    assert "資訊室 115年6月底前" in page


@pytest.mark.one_engine
def test_every_department_is_printed_as_such_with_those_that_need_attention(
    sign_in, mei, make_action, make_report, administration, information, q3, quarters
):
    action = make_action([administration, information], every_department=True)
    make_report(share(action, administration), q3, mei, percent=100, work_status="finished")
    page = text_of(sign_in(mei).get(URL))
    assert "各單位 資訊室" in page
    assert "各單位 行政處" not in page


@pytest.mark.one_engine
def test_an_action_that_nobody_has_is_shown_without_light(sign_in, mei, make_action):
    make_action(title="沒有單位的作法")
    assert "未分辦" in text_of(sign_in(mei).get(URL))


@pytest.mark.one_engine
def test_htmx_gets_the_rows_and_the_short_address(sign_in, mei, make_action, administration):
    make_action([administration], title="設置民眾休憩區")
    response = sign_in(mei).get(f"{URL}?strategy=&q=休憩&light=&department=", headers=HTMX)
    assert "<html" not in response.content.decode()
    assert "設置民眾休憩區" in text_of(response)
    assert "1 項" in text_of(response)
    assert response["HX-Push-Url"] == f"{URL}?q=%E4%BC%91%E6%86%A9"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "secrets"},
        {**HTMX, "HX-History-Restore-Request": "true"},
    ],
)
def test_any_other_request_gets_the_whole_page(sign_in, mei, make_action, headers):
    make_action()
    assert "<html" in sign_in(mei).get(URL, headers=headers).content.decode()


@pytest.mark.one_engine
def test_a_refused_value_is_explained_and_the_others_hold(sign_in, mei, make_action):
    make_action(title="甲")
    make_action(title="乙")
    page = text_of(sign_in(mei).get(f"{URL}?light=purple&department=x&q=甲"))
    assert "「燈號」沒有這個選項" in page
    assert "「單位」沒有這個選項" in page
    assert "1 項" in page


@pytest.mark.one_engine
def test_what_is_typed_comes_back_as_text(sign_in, mei, make_action):
    make_action(title="<script>alert(1)</script>")
    response = sign_in(mei).get(URL, {"q": "<script>"})
    assert "<script>alert" not in response.content.decode()
    assert "1 項" in text_of(response)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_words_of_an_unsent_report_reach_nobody(
    sign_in, mei, make_action, make_report, administration, q4, state, hao, coordinator
):
    action = make_action([administration], title="設置民眾休憩區")
    fields = {
        "text": "草稿暗語",
        "delay_reason": "草稿暗語",
        "remedy": "草稿暗語",
        "percent": 99,
        "work_status": "continuous",
    }
    make_report(share(action, administration), q4, mei, state=state, **fields)
    for person in (hao, coordinator, mei):
        client = sign_in(person)
        page = client.get(URL)
        assert "草稿暗語" not in page.content.decode()
        assert "99%" not in text_of(page)
        assert "0 項" in text_of(client.get(URL, {"q": "草稿暗語"}))
        assert "0 項" in text_of(client.get(URL, {"work_status": "continuous"}))
        assert "1 項" in text_of(client.get(URL, {"unreported": q4.number}))


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_the_list_on_screen_is_a_file_with_every_page_of_it(
    sign_in, mei, make_action, administration, format
):
    make_action([administration], title="甲種")
    make_action([administration], title="乙種")
    response = sign_in(mei).get(f"/115/plan/export.{format}", {"q": "甲", "page": "9"})
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''115")
    assert response["Content-Disposition"].endswith(f".{format}")
    if format == "csv":
        assert "甲種" in response.content.decode("utf-8-sig")
        assert "乙種" not in response.content.decode("utf-8-sig")


def test_the_page_links_to_the_file_of_its_own_filter(sign_in, mei, make_action, administration):
    make_action([administration], title="甲種")
    page = (
        sign_in(mei)
        .get(URL, {"q": "甲", "sort": "deadline", "page": "1", "light": "purple"})
        .content.decode()
    )
    assert 'href="/115/plan/export.ods?q=%E7%94%B2&amp;sort=deadline"' in page


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "url", ["/115/plan/export.exe", "/114/plan/export.csv", "/115/plan/export.xlsx.exe"]
)
def test_an_unknown_format_or_year_is_404(sign_in, mei, programme, url):
    assert sign_in(mei).get(url).status_code == 404


def test_an_empty_list_is_a_file_all_the_same(sign_in, mei, programme):
    assert sign_in(mei).get("/115/plan/export.csv").status_code == 200


@pytest.mark.one_engine
def test_words_of_an_unsent_report_are_in_no_file(
    sign_in, mei, hao, make_action, make_report, administration, q4
):
    action = make_action([administration])
    make_report(share(action, administration), q4, mei, text="草稿暗語", state=ReportState.DRAFT)
    assert "草稿暗語" not in sign_in(hao).get("/115/plan/export.csv").content.decode("utf-8-sig")
    assert "115-01" not in sign_in(hao).get(
        "/115/plan/export.csv", {"q": "草稿暗語"}
    ).content.decode("utf-8-sig")


def cost(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


FILTERED = "?light=unreported&light=ok&sort=severity&q=作法 行政&benefit=1&unreported=4"


@pytest.mark.parametrize("url", [URL, URL + FILTERED, "/115/plan/export.csv"])
def test_queries_do_not_grow(
    sign_in, mei, make_action, make_report, administration, information, q3, url
):
    client = sign_in(mei)
    client.get(URL)

    def add(number):
        for _ in range(number):
            action = make_action([administration, information], title="作法")
            make_report(share(action, administration), q3, mei)

    add(1)
    before = cost(client, url)
    add(30)
    for number in range(10):
        Department.objects.create(name=f"單位{number}")
    assert cost(client, url) == before


def test_spans_say_how_far_each_cell_reaches_down():
    assert plan_lines.cell_spans("aaab") == [3, 0, 0, 1]
    assert plan_lines.cell_spans("") == []
