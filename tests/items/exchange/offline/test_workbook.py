"""填報表 to download: only what may be written is open."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from items.models import Assignment, Department, Period, ReportState
from items.workflow import reporting
from tests.items.exchange.offline.sheets import columns, row_of, sheet_for
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
def test_only_the_cells_to_be_written_are_open(client_of_mei, office):
    _, sheet = sheet_for(client_of_mei, office)
    assert sheet.protection.sheet
    headings = columns(sheet)
    number = row_of(sheet, "115-04")
    free = {
        heading
        for heading, column in headings.items()
        if not sheet.cell(number, column).protection.locked
    }
    assert free == {
        "辦理情形",
        "實際進度（%）",
        "辦理狀態",
        "落後因素",
        "落後原因",
        "因應對策",
        "待協調事項",
        "預計趕上月份",
    }
    letters = {
        heading: openpyxl.utils.get_column_letter(column) for heading, column in headings.items()
    }
    assert sheet.column_dimensions[letters["識別碼"]].hidden
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == [
        '"未開始,辦理中,已完成,持續辦理"',
        '"政策或情勢變更,單位任務變更或裁併,法規或制度變更,預算或資源增減,不可抗力,其他"',
    ]
    assert (rules["whole"].formula1, rules["whole"].formula2) == ("0", "100")


def test_it_holds_the_departments_own_items_alone(client_of_mei, office, plan):
    _, sheet = sheet_for(client_of_mei, office)
    codes = [sheet.cell(number, 1).value for number in range(4, sheet.max_row + 1)]
    assert codes == list(
        Assignment.objects.filter(department=office)
        .in_order()
        .values_list("action__code", flat=True)
    )


@pytest.mark.one_engine
def test_a_returned_report_comes_with_its_reason_and_the_last_one_beside_it(
    client_of_mei, office, quarter, make_report, mei, coordinator
):
    assignment = Assignment.objects.get(action__code="115-04")
    make_report(
        assignment,
        Period.objects.get(number=3),
        mei,
        state=ReportState.ACCEPTED,
        percent=60,
        text="上一季做的",
    )
    sent = make_report(assignment, quarter, mei, state=ReportState.WITH_COORDINATOR)
    reporting.send_back(sent, by=coordinator, at=NOW, words="請補件數。")
    _, sheet = sheet_for(client_of_mei, office)
    number, headings = row_of(sheet, "115-04"), columns(sheet)
    assert sheet.cell(number, headings["填報狀態"]).value == "退回：請補件數。"
    assert sheet.cell(number, headings["上期辦理情形"]).value == "第3季 60%：上一季做的"
    assert not sheet.cell(number, headings["辦理情形"]).protection.locked


def test_the_sheet_takes_text_as_text_and_its_rows_grow(client_of_mei, office):
    response = client_of_mei.get(reverse("offline_file", args=[115, 4, office.pk]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book["填報表"]
    headings = columns(sheet)
    assert sheet.cell(4, headings["辦理情形"]).number_format == "@"
    assert sheet.cell(4, headings["實際進度（%）"]).number_format not in ("General", "0%")
    assert "落後 10 個百分點" in sheet["A2"].value
    assert sheet.freeze_panes == "C4"
    part = zipfile.ZipFile(io.BytesIO(response.content)).read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<row r="4"[^>]* ht="', part)
    assert not re.search(r'<row r="4"[^>]*customHeight="1"', part)
    assert all(len(rule.formula1 or "") <= 255 for rule in sheet.data_validations.dataValidation)


@pytest.mark.one_engine
def test_another_departments_workbook_is_refused(client_of_mei):
    other = Department.objects.get(name="業務處")
    assert client_of_mei.get(reverse("offline_file", args=[115, 4, other.pk])).status_code == 403
