"""歷程 as a file: what the page lists, for whoever reads it, and nothing that they may not know."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.exchange.spreadsheets.read import read_workbook
from items.models import Change, ChangeKind, Door
from items.workflow import history, reporting
from items.worklists import record_file
from tests.items.exchange.official_rows import HEADINGS, row
from tests.items.views import importing
from tests.items.views.answers import FORM, read
from tests.making import NOW, TODAY

REASON = "請補件數，廠商名稱不可外流。"


@pytest.fixture
def returned(assignment, q4, mei, coordinator):
    content = FORM | {"text": "=1+1 完成地坪施工。", "percent": 88, "delay_reason": "雨"}
    report = reporting.write_and_submit(
        assignment, q4, content, version=0, by=mei, at=NOW, today=TODAY
    )
    return reporting.send_back(report, by=coordinator, at=NOW, words=REASON)


def export(client, format="csv", **asked):
    return client.get(reverse("record_export", args=[115, format]), asked)


def rows_of(answer):
    """The rows of a csv, as {heading: cell}."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.one_engine
def test_the_file_of_reports_says_who_said_what_and_when(sign_in, auditor, returned):
    answer = export(sign_in(auditor))
    returned_row, sent_row = rows_of(answer)
    assert sent_row == {
        "何時": "115年11月22日 10:00",
        "誰": "王美玲",
        "步驟": "送出",
        "原狀態": "草稿",
        "新狀態": "待研考",
        "項次編號": "115-01",
        "具體推動作法": "設置民眾休憩區",
        "單位": "行政處",
        "填報期": "115年第4季",
        "實際進度（%）": "88",
        "辦理狀態": "辦理中",
        "辦理情形": "'=1+1 完成地坪施工。",
        "落後因素": "",
        "落後原因": "雨",
        "因應對策": "",
        "待協調事項": "",
        "預計趕上月份": "",
        "說明": "",
        "經由": "網頁",
    }
    assert (returned_row["步驟"], returned_row["說明"]) == ("退回", REASON)


@pytest.mark.one_engine
@pytest.mark.parametrize(("reader", "reads"), [("auditor", True), ("manager", False)])
@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_no_file_holds_the_reason_of_a_return_for_whoever_may_not_read_it(
    request, sign_in, returned, format, reader, reads
):
    answer = export(sign_in(request.getfixturevalue(reader)), format)
    workbook = read_workbook(answer.content, f"歷程.{format}")
    [sheet] = workbook.sheets
    texts = [cell.text for line in sheet.rows for cell in line.cells.values()]
    assert any(REASON in text for text in texts) is reads


@pytest.mark.one_engine
def test_the_file_of_changes_has_a_row_for_each_field(sign_in, auditor, coordinator, assignment):
    assignment.deadline_text = "115年12月底"
    assignment.position = 3
    history.save(assignment, by=coordinator, at=NOW)
    rows = rows_of(export(sign_in(auditor), what="plan"))
    assert [list(one.values()) for one in rows] == [
        [
            "115年11月22日 10:00",
            "顏研考",
            "網頁",
            "修改",
            "分辦",
            "115-01 行政處",
            field,
            old,
            new,
        ]
        for field, old, new in [("順序", "0", "3"), ("期限寫法", "115年12月", "115年12月底")]
    ]


def test_the_file_says_by_what_it_was_chosen(sign_in, auditor, mei, returned):
    answer = export(
        sign_in(auditor), "xlsx", person=mei.pk, start="115/11/22", end="115/11/22", code="1"
    )
    [sheet] = read_workbook(answer.content, "歷程.xlsx").sheets
    top = [cell.text for line in sheet.rows[:2] for cell in line.cells.values()]
    assert top == [
        "115年度花蓮港務分公司提升服務品質執行計畫　填報歷程",
        "115年11月22日匯出，共 1 筆；條件：日期 115年11月22日、人員 王美玲、項次 115-01",
    ]
    assert "%E7%8E%8B%E7%BE%8E%E7%8E%B2" in answer["Content-Disposition"]


@pytest.mark.one_engine
def test_the_file_of_imports_names_file_and_person(plan, sign_in, auditor, coordinator):
    client = sign_in(coordinator)
    url, _ = importing.preview(client, [HEADINGS, row("新的一項")])
    importing.confirm(client, url)
    [batch] = rows_of(export(sign_in(auditor), what="imports"))
    assert batch["檔名"] == "計畫.csv"
    assert batch["匯入者"] == "顏研考"
    assert (batch["新增項數"], batch["復原者"]) == ("1", "")


@pytest.mark.one_engine
def test_a_file_of_nothing_has_its_headings(sign_in, auditor, programme):
    for what in ("reports", "plan", "imports", "years", "office"):
        answer = export(sign_in(auditor), what=what)
        assert rows_of(answer) == []
        assert answer.content.decode("utf-8-sig").count(",") > 5


@pytest.mark.one_engine
def test_a_wrong_day_leads_back_to_the_page_that_says_so(sign_in, auditor, programme):
    answer = sign_in(auditor).get(
        reverse("record_export", args=[115, "csv"]), {"start": "昨天"}, follow=True
    )
    assert (
        answer.redirect_chain[0][0] == f"{reverse('record', args=[115])}?start=%E6%98%A8%E5%A4%A9"
    )
    assert "看不出是哪一天" in read(answer)
    assert sign_in(auditor).get(reverse("record_export", args=[115, "pdf"])).status_code == 404


@pytest.mark.one_engine
def test_more_entries_than_a_file_takes_are_refused_with_the_remedy(
    sign_in, auditor, returned, monkeypatch
):
    monkeypatch.setattr(record_file, "MOST_ENTRIES", 1)
    answer = sign_in(auditor).get(reverse("record_export", args=[115, "csv"]), follow=True)
    assert "這個範圍有 2 筆，一個檔案最多 1 筆；請用日期、人員、單位或項次縮小範圍" in read(answer)


def test_the_plan_office_gets_no_file_of_accounts(
    sign_in, auditor, coordinator, admin, mei, programme
):
    mei.email = "mei@example.gov.tw"
    history.save(mei, by=admin, at=NOW, door=Door.ADMIN)
    assert not rows_of(export(sign_in(coordinator), what="office"))
    [change] = rows_of(export(sign_in(auditor), what="office"))
    assert change["改為"] == "mei@example.gov.tw"


def test_queries_of_the_file_do_not_grow(sign_in, auditor, coordinator, make_action, programme):
    client = sign_in(auditor)

    def queries_for(number):
        for _ in range(number):
            action = make_action()
            history.entry(
                action,
                ChangeKind.CHANGED,
                {"title": ["甲", "乙"]},
                by=coordinator,
                at=NOW,
                door=Door.PAGE,
            ).save()
        with CaptureQueriesContext(connection) as captured:
            export(client, what="plan")
        return len(captured)

    # The first answer of a client looks up its session.
    queries_for(1)
    few = queries_for(1)
    assert queries_for(20) == few
    assert Change.objects.count() == 22
