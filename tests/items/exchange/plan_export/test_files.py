"""The official table as xlsx, ods and csv: everything is text, nothing is a formula, and it prints as on paper."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.http import QueryDict

from items.exchange.plan_export import listed
from items.exchange.plan_export.filtered import action_table, export_actions
from items.exchange.plan_export.official import official_table
from items.exchange.spreadsheets.file_table import Column, FileTable, Merge
from items.exchange.spreadsheets.write import file_name, write
from items.filters import PlanFilter
from items.models import Action, Assignment, Department, Method, Plan
from tests.items.exchange.official_rows import exported, look, rows_of
from tests.making import TODAY

HOSTILE = [
    "=1+1", "==cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "＝1+1", "=HYPERLINK(1)",
    "'", "1e5", "007",
    "2026-12-31", "_x0041_", "<b>&amp;</b>", "  前後空白", "一\n二", "a  b", "emoji 🙂 𠮷", "TRUE",
]  # fmt: skip


def small(texts):
    return FileTable(
        "表", "標題", "", (Column("甲", 10), Column("乙", 10)), [[text, 1] for text in texts]
    )


def sheet_of(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_every_text_cell_of_xlsx_is_text():
    sheet = sheet_of(write(small(HOSTILE), "xlsx")[0])
    cells = [sheet.cell(row=number, column=1) for number in range(3, 3 + len(HOSTILE))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if "_x" not in cell.value] == [
        t for t in HOSTILE if "_x" not in t
    ]


def test_no_cell_of_csv_can_be_taken_for_a_formula():
    lines = (
        write(small([text for text in HOSTILE if "\n" not in text]), "csv")[0]
        .decode("utf-8-sig")
        .splitlines()
    )
    assert not [
        line for line in lines if line.strip('"').startswith(("=", "+", "-", "@", "\t", "＝"))
    ]


def test_ods_has_no_formula():
    content = (
        zipfile.ZipFile(io.BytesIO(write(small(HOSTILE), "ods")[0])).read("content.xml").decode()
    )
    assert "table:formula" not in content
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in content


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("text", [t for t in HOSTILE if t == t.strip()])
@pytest.mark.django_db
def test_whatever_a_text_begins_with_it_comes_back_as_it_was(plan, format, text):
    Action.objects.filter(code="115-01").update(title=text, expected_benefit=text)
    preview = look(exported(plan, format), plan)
    assert (preview.counts["unchanged"], preview.counts["error"]) == (33, 0), preview.rows[
        0
    ].changes


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
@pytest.mark.django_db
def test_the_longest_cells_come_back_as_they_were(plan, format):
    strategy = plan.strategies.get(number=1)
    strategy.title = "策" * 32_760
    strategy.save()
    Action.objects.filter(code="115-01").update(
        title="=" + "作" * 32_766, expected_benefit="益" * 5_000
    )
    preview = look(exported(plan, format), plan)
    assert (preview.errors, preview.counts["unchanged"]) == ((), 33)


def test_control_characters_cannot_occur():
    for format in ("xlsx", "ods", "csv"):
        content, _ = write(small(["一\x00二\x0b三\x1b四\ud800"]), format)
        assert content
        if format == "xlsx":
            assert sheet_of(content)["A3"].value == "一二三四"


@pytest.mark.one_engine
@pytest.mark.django_db
def test_the_xlsx_prints_as_on_paper(plan):
    sheet = sheet_of(exported(plan, "xlsx"))
    assert sheet["A1"].value == plan.title
    assert sheet["A2"].value == "115年4月27日核定"
    assert [cell.value for cell in sheet[3]] == rows_of(plan)[0]
    assert sheet.print_title_rows == "$3:$3"
    assert (
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
        sheet.page_setup.fitToHeight,
    ) == (
        "landscape",
        9,
        0,
    )
    assert sheet.oddFooter.center.text == "第 &P 頁，共 &N 頁"
    assert sheet["B4"].font.name == "標楷體"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B4:B10", "C5:C6", "D5:D6", "H7:H8"} <= merged
    assert not any(area.startswith(("A", "E", "F", "G")) for area in merged - {"A1:H1", "A2:H2"})


@pytest.mark.django_db
def test_the_ods_has_the_same_merges_and_a_heading_on_each_page(plan):
    archive = zipfile.ZipFile(io.BytesIO(exported(plan, "ods")))
    assert archive.infolist()[0].filename == "mimetype"
    assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    content = archive.read("content.xml").decode()
    assert content.count("<table:table-header-rows>") == 1
    assert 'table:number-rows-spanned="7"' in content
    assert "標楷體" in content
    assert 'style:print-orientation="landscape"' in archive.read("styles.xml").decode()


@pytest.mark.django_db
def test_a_blank_benefit_is_never_merged(plan):
    plan_of = Action.objects.get(code="115-02").plan
    Action.objects.filter(plan=plan_of).update(expected_benefit="")
    merges = official_table(plan).merges
    assert Merge(7, 1, 2) not in merges
    assert look(exported(plan, "xlsx"), plan).counts["unchanged"] == 33


@pytest.mark.one_engine
@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_supporting_departments_have_a_column_where_there_are_any(plan, format):
    assert "協辦單位" not in rows_of(plan)[0]
    Assignment.objects.create(
        action=Action.objects.get(code="115-01"),
        department=Department.objects.get(name="工程處"),
        kind="support",
        deadline=TODAY,
        deadline_text="115年11月",
    )
    assert rows_of(plan)[1][7] == "工程處"
    assert look(exported(plan, format), plan).counts["unchanged"] == 33


@pytest.fixture
def on_screen(plan, manager):
    """on_screen("q=甲") → the filter of the list behind this query string."""

    def filters(query=""):
        return PlanFilter(QueryDict(query), user=manager, programme=plan, today=TODAY)

    return filters


def test_the_list_on_screen_has_its_own_rows_in_its_own_order(on_screen):
    Assignment.objects.filter(action__code="115-07").update(deadline=date(2026, 6, 30))
    _, content, content_type = export_actions(on_screen("strategy=1&sort=deadline"), TODAY, "xlsx")
    sheet = sheet_of(content)
    codes = [sheet.cell(row=number, column=1).value for number in range(4, sheet.max_row + 1)]
    assert codes[:2] == ["115-07", "115-01"]
    assert len(codes) == Action.objects.filter(plan__method__strategy__number=1).count()
    assert content_type.endswith("spreadsheetml.sheet")


def test_a_list_says_in_the_file_and_in_its_name_by_what_it_was_chosen(on_screen, plan):
    office = Department.objects.get(name="行政處")
    filters = on_screen(f"department={office.pk}&light=behind&light=over&q=飲水&sort=deadline")
    name, content, _ = export_actions(filters, TODAY, "xlsx")
    assert sheet_of(content)["A2"].value == (
        f"115年11月22日，共 {filters.qs.count()} 項；條件：搜尋 「飲水」、單位 行政處、燈號 落後、燈號 逾期；進度與燈號只看行政處"
    )
    assert name == "115年度計畫表_115年11月22日_飲水_行政處_落後_逾期.xlsx"
    name, content, _ = export_actions(on_screen(), TODAY, "xlsx")
    assert sheet_of(content)["A2"].value == "115年11月22日，共 33 項"
    assert name == "115年度計畫表_115年11月22日.xlsx"


def test_progress_and_light_of_a_list_are_those_on_screen(on_screen):
    """Of the chosen department alone: the other lead of the item is overdue."""
    action = Action.objects.get(code="115-01")
    other = Department.objects.get(name="工程處")
    Assignment.objects.create(
        action=action,
        department=other,
        kind="lead",
        deadline=date(2026, 1, 31),
        deadline_text="115年1月",
    )
    own = action.assignments.exclude(department=other).first()
    lights = []
    for query in (
        f"department={other.pk}&q=115-01",
        f"department={own.department_id}&q=115-01",
        "q=115-01",
    ):
        filters = on_screen(query)
        assert filters.qs.get() == action
        lights.append(action_table(filters, TODAY).rows[0][-2])
    assert lights == ["逾期", "尚無填報", "逾期"]


@pytest.mark.one_engine
@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_long_line_above_the_table_has_the_height_of_its_lines(format):
    def first_heights(title, subtitle):
        table = small([])
        content = write(replace(table, title=title, subtitle=subtitle), format)[0]
        if format == "xlsx":
            sheet = sheet_of(content)
            return [sheet.row_dimensions[number].height for number in (1, 2)]
        styles = zipfile.ZipFile(io.BytesIO(content)).read("content.xml").decode()
        heights = dict(re.findall(r'style:name="(r\d+)".*?row-height="([\d.]+)pt"', styles))
        return [
            float(heights[name])
            for name in re.findall(r'<table:table-row table:style-name="(r\d+)"', styles)[:2]
        ]

    assert first_heights("標題", "說明") == [30, 20]
    title, subtitle = first_heights("很長的標題" * 4, "很長的說明" * 4)
    assert title >= 90
    assert subtitle >= 40


@pytest.mark.one_engine
@pytest.mark.django_db
def test_queries_of_the_exports_do_not_grow_with_the_items(
    plan, on_screen, django_assert_num_queries
):
    with django_assert_num_queries(10):
        official_table(plan)
    few, all_of_it = on_screen("q=115-01"), on_screen()
    # Actions with their path, and assignments with their departments; the year has no periods,
    # which the filter knows, so that nothing is asked for the lights. Before a search, which
    # departments and people bear the word. And which deadlines were extended, and whether any item
    # was merged or split.
    with django_assert_num_queries(6):
        export_actions(few, TODAY, "csv")
    with django_assert_num_queries(4):
        export_actions(all_of_it, TODAY, "csv")


def test_a_list_of_more_items_than_one_question_takes_is_the_same_list(on_screen, monkeypatch):
    whole = action_table(on_screen(), TODAY)
    monkeypatch.setattr(listed, "MOST_KEYS", 10)
    assert action_table(on_screen(), TODAY) == whole


@pytest.mark.django_db
def test_a_list_of_more_than_a_thousand_plans_goes_into_a_file(plan, on_screen):
    method = Method.objects.filter(strategy__programme=plan).first()
    plans = Plan.objects.bulk_create(
        Plan(method=method, position=100 + number, title=f"計畫{number}") for number in range(1_100)
    )
    Action.objects.bulk_create(
        Action(plan=made, position=1, code=f"115-{1_000 + number}", title="作法")
        for number, made in enumerate(plans)
    )
    _, content, _ = export_actions(on_screen(), TODAY, "csv")
    assert content.decode("utf-8-sig").count("115-1") > 1_000


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("115年度 計畫", "115年度_計畫.xlsx"),
        ("../../etc/passwd", "etcpasswd"),
        ("a:b/c\\d\r\nx", "a_b_cd_x.xlsx"),
    ],
)
def test_a_file_name_is_one_that_every_system_can_keep(title, name):
    made = file_name(title, "xlsx")
    assert not set(made) & set('/\\:\r\n"')
    assert made == name or name in made.replace("_", "").replace(".", "")
