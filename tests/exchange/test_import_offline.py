"""填報表: only what may be written is open, and what somebody else wrote meanwhile is never overwritten."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.models import Assignment, Department, ProgressReport, ReportState, Upload
from items.workflow import reports
from tests.conftest import NOW, make_user
from tests.exchange.plan import plan, quarter

__all__ = ["plan", "quarter"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(plan):
    return Department.objects.get(name="行政處")


@pytest.fixture
def mei(office):
    return make_user("mei", "王美玲", reporter=office)


@pytest.fixture
def client_of_mei(quarter, sign_in, mei):
    return sign_in(mei)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def sheet_for(client, office):
    response = client.get(reverse("offline_file", args=[115, 4, office.pk]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return book, book["填報表"]


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[3]}


def row_of(sheet, code):
    return next(number for number in range(4, sheet.max_row + 1) if sheet.cell(number, 1).value == code)


def fill(sheet, code, **cells):
    for heading, value in cells.items():
        heading = {"實際進度": "實際進度（%）"}.get(heading, heading)
        sheet.cell(row_of(sheet, code), columns(sheet)[heading]).value = value


def send(client, book):
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("填報表.xlsx", stream.getvalue())
    return client.post(reverse("offline", args=[115, 4]), {"file": file}, follow=True)


def confirm(client, intent):
    url = reverse("offline_confirm", args=[115, 4, Upload.objects.get().reference])
    return client.post(url, {"intent": intent}, follow=True)


def test_only_the_cells_to_be_written_are_open(client_of_mei, office):
    _, sheet = sheet_for(client_of_mei, office)
    assert sheet.protection.sheet
    headings = columns(sheet)
    number = row_of(sheet, "115-04")
    free = {heading for heading, column in headings.items() if not sheet.cell(number, column).protection.locked}
    assert free == {"辦理情形", "實際進度（%）", "辦理狀態", "落後原因", "因應對策"}
    letters = {heading: openpyxl.utils.get_column_letter(column) for heading, column in headings.items()}
    assert sheet.column_dimensions[letters["識別碼"]].hidden
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"未開始,辦理中,已完成,持續辦理"'
    assert (rules["whole"].formula1, rules["whole"].formula2) == ("0", "100")


def test_it_holds_the_departments_own_items_alone(client_of_mei, office, plan):
    _, sheet = sheet_for(client_of_mei, office)
    codes = [sheet.cell(number, 1).value for number in range(4, sheet.max_row + 1)]
    assert codes == list(Assignment.objects.filter(department=office).in_order().values_list("action__code", flat=True))


def test_what_was_filled_in_becomes_drafts_after_a_preview(client_of_mei, office, mei):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成地坪。\n=1+1", 實際進度=75, 辦理狀態="辦理中")
    shown = send(client_of_mei, book)
    assert "要寫入 1 件" in words(shown)
    assert not ProgressReport.objects.exists()
    assert "已存成草稿 1 件。" in words(confirm(client_of_mei, "draft"))
    report = ProgressReport.objects.get()
    assert (report.text, report.percent, report.work_status) == ("完成地坪。\n=1+1", 75, "in_progress")
    assert (report.state, report.written_by) == (ReportState.DRAFT, mei)


def test_complete_rows_can_be_sent_on_at_once(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成地坪。", 實際進度=95, 辦理狀態="辦理中")
    send(client_of_mei, book)
    assert "已送出 1 件。" in words(confirm(client_of_mei, "submit"))
    report = ProgressReport.objects.get()
    assert report.is_submitted
    assert report.steps.get().door == "import"


def test_rows_that_lack_something_can_only_be_saved(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="剛開始。", 實際進度=5, 辦理狀態="辦理中")
    shown = send(client_of_mei, book)
    assert "請寫落後原因" in words(shown)
    assert "全部送出" not in words(shown)
    confirm(client_of_mei, "submit")
    assert not ProgressReport.objects.exists()


def test_finished_short_of_100_can_be_saved_but_not_sent(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=95, 辦理狀態="已完成")
    shown = send(client_of_mei, book)
    assert "實際進度要是 100%" in words(shown)
    assert "全部送出" not in words(shown)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().percent == 95


def test_what_was_changed_in_the_browser_meanwhile_is_shown_and_kept(client_of_mei, office, mei, quarter):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 實際進度=75, 辦理狀態="辦理中")
    fill(sheet, "115-05", 辦理情形="另一件", 實際進度=95, 辦理狀態="辦理中")
    content = {
        "text": "網頁的文字", "percent": 60, "work_status": "in_progress", "delay_reason": "", "remedy": ""
    }  # fmt: skip
    assignment = Assignment.objects.get(action__code="115-04")
    reports.write(assignment, quarter, content, version=0, by=mei, at=NOW)
    shown = send(client_of_mei, book)
    assert "下載之後有人在網頁上改過" in words(shown)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get(assignment=assignment).text == "網頁的文字"
    assert ProgressReport.objects.get(assignment__action__code="115-05", assignment__department=office).text == "另一件"


def test_a_change_between_preview_and_confirm_writes_nothing_of_that_row(client_of_mei, office, mei, quarter):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 實際進度=75, 辦理狀態="辦理中")
    send(client_of_mei, book)
    assignment = Assignment.objects.get(action__code="115-04")
    content = {"text": "網頁的文字", "percent": 60, "work_status": "in_progress", "delay_reason": "", "remedy": ""}
    reports.write(assignment, quarter, content, version=0, by=mei, at=NOW)
    assert "沒有寫入任何資料" in words(confirm(client_of_mei, "draft"))
    assert ProgressReport.objects.get().text == "網頁的文字"


def test_a_submitted_report_is_locked_in_the_sheet_and_never_overwritten(
    client_of_mei, office, quarter, make_report, mei
):
    assignment = Assignment.objects.get(action__code="115-04")
    make_report(assignment, quarter, mei, state=ReportState.WITH_COORDINATOR)
    book, sheet = sheet_for(client_of_mei, office)
    cell = sheet.cell(row_of(sheet, "115-04"), columns(sheet)["辦理情形"])
    assert cell.protection.locked
    cell.value = "偷改"
    shown = send(client_of_mei, book)
    assert "不會寫入" in words(shown)
    assert ProgressReport.objects.get().text == "完成地坪施工。"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"實際進度": 101}, "要是 0 到 100 的整數"),
        ({"實際進度": "七成"}, "要是 0 到 100 的整數"),
        ({"辦理狀態": "快好了"}, "要是：未開始"),
        ({"辦理情形": "長" * 5001}, "最多 5,000 個字"),
        ({"版次": "甲", "辦理情形": "一"}, "版次被改過"),
    ],
)
def test_what_the_sheet_would_have_refused_is_refused_here_too(client_of_mei, office, cells, sentence):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", **cells)
    shown = send(client_of_mei, book)
    assert sentence in words(shown)
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


def test_the_key_of_another_departments_item_opens_nothing(client_of_mei, office, quarter):
    book, sheet = sheet_for(client_of_mei, office)
    foreign = Assignment.objects.get(action__code="115-01")
    fill(sheet, "115-04", 識別碼=f"{quarter.pk}-{foreign.pk}", 辦理情形="外人寫的")
    shown = send(client_of_mei, book)
    assert "不是這一期、貴單位可以填報的項目" in words(shown)
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


def test_another_file_is_refused_in_words(client_of_mei):
    response = client_of_mei.post(
        reverse("offline", args=[115, 4]), {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode())}
    )
    assert "這不是填報表" in words(response)


def test_another_departments_workbook_is_refused(client_of_mei):
    other = Department.objects.get(name="業務處")
    assert client_of_mei.get(reverse("offline_file", args=[115, 4, other.pk])).status_code == 403


def test_queries_do_not_grow_with_the_rows(client_of_mei, office, django_assert_max_num_queries):
    def count(codes):
        book, sheet = sheet_for(client_of_mei, office)
        for code in codes:
            fill(sheet, code, 辦理情形="完成。", 實際進度=95, 辦理狀態="辦理中")
        url = send(client_of_mei, book).request["PATH_INFO"]
        with django_assert_max_num_queries(40) as captured:
            client_of_mei.get(url)
        return len(captured)

    assert count(["115-04"]) == count(["115-04", "115-05", "115-11", "115-13", "115-14", "115-21"])
