"""The official table as xlsx, ods and csv: it comes back as it was, and prints as on paper."""

import io
import zipfile

import pytest

from items.exchange.plan_export.official import official_table
from items.exchange.spreadsheets.file_table import Merge
from items.models import Action, Assignment, Department
from tests.hostile import CELLS
from tests.items.exchange.official_rows import exported, look, rows_of
from tests.items.exchange.spreadsheets.reading import sheet_of
from tests.making import TODAY


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("text", [t for t in CELLS if t == t.strip()])
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
