"""填報表: only what may be written is open, and what somebody else wrote meanwhile is never overwritten."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.models import Assignment, Department, Period, ProgressReport, ReportState, Upload
from items.workflow import periods, reporting
from tests.items.exchange.official_rows import exported
from tests.making import NOW, make_user

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
    return next(
        number for number in range(4, sheet.max_row + 1) if sheet.cell(number, 1).value == code
    )


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
    free = {
        heading
        for heading, column in headings.items()
        if not sheet.cell(number, column).protection.locked
    }
    assert free == {"辦理情形", "實際進度（%）", "辦理狀態", "落後原因", "因應對策"}
    letters = {
        heading: openpyxl.utils.get_column_letter(column) for heading, column in headings.items()
    }
    assert sheet.column_dimensions[letters["識別碼"]].hidden
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"未開始,辦理中,已完成,持續辦理"'
    assert (rules["whole"].formula1, rules["whole"].formula2) == ("0", "100")


def test_it_holds_the_departments_own_items_alone(client_of_mei, office, plan):
    _, sheet = sheet_for(client_of_mei, office)
    codes = [sheet.cell(number, 1).value for number in range(4, sheet.max_row + 1)]
    assert codes == list(
        Assignment.objects.filter(department=office)
        .in_order()
        .values_list("action__code", flat=True)
    )


def test_what_was_filled_in_becomes_drafts_after_a_preview(client_of_mei, office, mei):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成地坪。\n=1+1", 實際進度=75, 辦理狀態="辦理中")
    shown = send(client_of_mei, book)
    assert "要寫入 1 件" in words(shown)
    assert not ProgressReport.objects.exists()
    assert "已存成草稿 1 件。" in words(confirm(client_of_mei, "draft"))
    report = ProgressReport.objects.get()
    assert (report.text, report.percent, report.work_status) == (
        "完成地坪。\n=1+1",
        75,
        "in_progress",
    )
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
    assert "送出 " not in words(shown)
    confirm(client_of_mei, "submit")
    assert not ProgressReport.objects.exists()


def test_finished_short_of_100_can_be_saved_but_not_sent(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=95, 辦理狀態="已完成")
    shown = send(client_of_mei, book)
    assert "實際進度要是 100%" in words(shown)
    assert "送出 " not in words(shown)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().percent == 95


def test_what_was_changed_in_the_browser_meanwhile_is_shown_and_kept(
    client_of_mei, office, mei, quarter
):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 實際進度=75, 辦理狀態="辦理中")
    fill(sheet, "115-05", 辦理情形="另一件", 實際進度=95, 辦理狀態="辦理中")
    content = {
        "text": "網頁的文字", "percent": 60, "work_status": "in_progress", "delay_reason": "", "remedy": ""
    }  # fmt: skip
    assignment = Assignment.objects.get(action__code="115-04")
    reporting.write(assignment, quarter, content, version=0, by=mei, at=NOW)
    shown = send(client_of_mei, book)
    assert "下載之後有變動的 1 件，不會寫入" in words(shown)
    assert "最後是王美玲存的" in words(shown)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get(assignment=assignment).text == "網頁的文字"
    assert (
        ProgressReport.objects.get(
            assignment__action__code="115-05", assignment__department=office
        ).text
        == "另一件"
    )


def test_a_row_left_blank_contradicts_nothing_that_was_written_in_the_browser_meanwhile(
    client_of_mei, office, mei, quarter
):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-05", 辦理情形="另一件", 實際進度=95, 辦理狀態="辦理中")
    save_on_the_page(quarter, mei, "網頁的文字")
    shown = words(send(client_of_mei, book))
    assert "不會寫入" not in shown
    assert "要寫入 1 件" in shown
    confirm(client_of_mei, "draft")
    assert set(ProgressReport.objects.values_list("text", flat=True)) == {"網頁的文字", "另一件"}


def test_a_change_between_preview_and_confirm_writes_nothing_of_that_row(
    client_of_mei, office, mei, quarter
):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 實際進度=75, 辦理狀態="辦理中")
    send(client_of_mei, book)
    assignment = Assignment.objects.get(action__code="115-04")
    content = {
        "text": "網頁的文字",
        "percent": 60,
        "work_status": "in_progress",
        "delay_reason": "",
        "remedy": "",
    }
    reporting.write(assignment, quarter, content, version=0, by=mei, at=NOW)
    assert "沒有寫入任何資料" in words(confirm(client_of_mei, "draft"))
    assert ProgressReport.objects.get().text == "網頁的文字"


def test_what_was_agreed_to_is_written_whole_or_shown_again(client_of_mei, office, mei, quarter):
    """Of two rows one is changed in the browser between preview and confirm: the other is not written alone, unsaid."""
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 實際進度=75, 辦理狀態="辦理中")
    fill(sheet, "115-05", 辦理情形="另一件", 實際進度=95, 辦理狀態="辦理中")
    send(client_of_mei, book)
    save_on_the_page(quarter, mei, "網頁的文字")
    shown = words(confirm(client_of_mei, "draft"))
    assert "沒有寫入任何資料。預覽之後內容有異動" in shown
    assert "下載之後有變動的 1 件，不會寫入" in shown
    assert ProgressReport.objects.get().text == "網頁的文字"
    assert "已存成草稿 1 件。" in words(confirm(client_of_mei, "draft"))
    assert ProgressReport.objects.count() == 2


def test_a_row_of_another_period_is_not_written_into_this_one(client_of_mei, office, plan):
    book, sheet = sheet_for(client_of_mei, office)
    own = Assignment.objects.get(action__code="115-04")
    earlier = plan.periods.get(number=3)
    fill(sheet, "115-04", 辦理情形="第3季的文字", 識別碼=f"{earlier.pk}-{own.pk}")
    fill(sheet, "115-05", 辦理情形="第4季的文字")
    assert "不是這一期、貴單位可以填報的項目" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


def test_a_version_that_is_still_to_come_overwrites_nothing(client_of_mei, office, mei, quarter):
    save_on_the_page(quarter, mei, "網頁的文字")
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 版次=99)
    assert "下載之後有變動的 1 件，不會寫入" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().text == "網頁的文字"


def test_a_row_that_only_says_what_was_sent_on_is_not_missed(
    client_of_mei, office, quarter, make_report, mei
):
    make_report(
        Assignment.objects.get(action__code="115-04"),
        quarter,
        mei,
        state=ReportState.WITH_COORDINATOR,
    )
    book, sheet = sheet_for(client_of_mei, office)
    sheet.delete_rows(row_of(sheet, "115-04"))
    fill(sheet, "115-05", 辦理情形="另一件")
    shown = words(send(client_of_mei, book))
    assert "要寫入 1 件" in shown
    assert "檔案裡沒有的" not in shown


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
    assert "已經送出（待研考），檔案裡的修改不會寫入" in words(shown)
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
def test_what_the_sheet_would_have_refused_is_refused_here_too(
    client_of_mei, office, cells, sentence
):
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
    assert "項目，請清空或刪除這一列" in words(shown)
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (50, 50),
        ("50", 50),
        ("50%", 50),
        ("５０", 50),
        ("５０％", 50),
        (" 50 ", 50),
        ("50.0", 50),
        (0, 0),
        (100.0, 100),
    ],
)
def test_a_percent_is_read_however_people_write_it(client_of_mei, office, value, percent):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=value, 辦理狀態="辦理中")
    assert "要寫入 1 件" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().percent == percent


def test_a_cell_that_shows_percents_is_read_as_it_shows(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=0.5, 辦理狀態="辦理中")
    sheet.cell(row_of(sheet, "115-04"), columns(sheet)["實際進度（%）"]).number_format = "0%"
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().percent == 50


def test_a_half_may_be_fifty_percent_and_is_asked(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 實際進度=0.5)
    assert "如果是 50%，請填 50。" in words(send(client_of_mei, book))


def test_a_formula_that_came_to_nothing_is_no_text(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="=完成地坪", 實際進度=75)
    fill(sheet, "115-05", 辦理情形="#NAME?", 實際進度=75)
    assert words(send(client_of_mei, book)).count("算不出結果的公式") == 2


def test_what_was_written_into_a_row_that_cannot_be_told_is_never_passed_over(
    client_of_mei, office
):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-05", 辦理情形="另一件")
    fill(sheet, "115-04", 識別碼="被改過", 辦理情形="寫了很久")
    sheet.cell(sheet.max_row + 1, 2).value = "承辦人簽章"
    shown = words(send(client_of_mei, book))
    assert "識別碼不見了或被改過" in shown
    assert "請先改好 1 處" in shown
    assert "略過的 1 列" in shown
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "1.5", "第一版", None])
def test_a_version_that_was_changed_by_hand_is_an_error_of_its_row(client_of_mei, office, version):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成地坪。", 版次=version)
    assert "版次被改過" in words(send(client_of_mei, book))


def save_on_the_page(quarter, mei, text):
    content = {
        "text": text,
        "percent": 60,
        "work_status": "in_progress",
        "delay_reason": "天候",
        "remedy": "趕工",
    }
    reporting.write(
        Assignment.objects.get(action__code="115-04"), quarter, content, version=0, by=mei, at=NOW
    )


@pytest.mark.parametrize("text", ["完成\u200b地坪", "完成地坪 ", "完成\r\n地坪"])
def test_what_no_sheet_can_hold_is_not_taken_for_a_change(
    client_of_mei, office, mei, quarter, text
):
    """Invisible characters come along when people paste; a sheet comes back without them."""
    save_on_the_page(quarter, mei, text)
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-05", 辦理情形="另一件")
    assert "要寫入 1 件" in words(send(client_of_mei, book))
    fill(sheet, "115-04", 實際進度=70)
    Upload.objects.all().delete()
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get(assignment__action__code="115-04")
    assert (report.text, report.percent) == (text, 70)


def test_a_cell_that_was_emptied_is_a_change(client_of_mei, office, mei, quarter):
    save_on_the_page(quarter, mei, "完成地坪")
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 落後原因=None, 實際進度=None)
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get()
    assert (report.text, report.delay_reason, report.remedy, report.percent) == (
        "完成地坪",
        "",
        "趕工",
        None,
    )


def test_a_row_that_was_copied_is_asked_about(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    sheet.append([cell.value for cell in sheet[row_of(sheet, "115-04")]])
    sheet.cell(sheet.max_row, columns(sheet)["辦理情形"]).value = "貼上的"
    assert "是同一個項目，請只留一列" in words(send(client_of_mei, book))


def test_rows_sorted_without_their_hidden_keys_are_noticed(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    one, other = row_of(sheet, "115-04"), row_of(sheet, "115-05")
    sheet.cell(one, 1).value, sheet.cell(other, 1).value = "115-05", "115-04"
    sheet.cell(one, columns(sheet)["辦理情形"]).value = "給 115-05 的"
    assert "識別碼卻是 115-04 的" in words(send(client_of_mei, book))


def test_rows_in_another_order_and_rows_deleted_do_no_harm(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    sheet.delete_rows(4, len(rows))
    for row in reversed(rows[:-2]):
        sheet.append(row)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=95, 辦理狀態="辦理中")
    shown = words(send(client_of_mei, book))
    assert "要寫入 1 件" in shown
    assert "檔案裡沒有的 2 件，維持原樣" in shown


def test_the_same_file_again_after_it_was_confirmed_changes_nothing(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=95, 辦理狀態="辦理中")
    send(client_of_mei, book)
    assert "請重新下載填報表" in words(confirm(client_of_mei, "draft"))
    assert "檔案和現在的內容相同" in words(send(client_of_mei, book))
    assert ProgressReport.objects.get().version == 1


def test_a_period_that_closed_meanwhile_takes_nothing_and_says_so(
    client_of_mei, office, quarter, coordinator
):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=95, 辦理狀態="辦理中")
    send(client_of_mei, book)
    periods.close_period(quarter, by=coordinator, at=NOW)
    assert "115年第4季已經關閉，不能上傳" in words(confirm(client_of_mei, "draft"))
    assert not ProgressReport.objects.exists()
    assert "也不能再上傳" in words(send(client_of_mei, book))
    _, sheet = sheet_for(client_of_mei, office)
    assert "只能看，不能填寫" in sheet["A2"].value


def test_the_file_of_another_department_or_period_is_told_which_it_is(
    client_of_mei, office, sign_in, coordinator
):
    book, _ = sheet_for(client_of_mei, office)
    third = Period.objects.get(number=3)
    periods.open_period(third, by=coordinator, at=NOW)
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("填報表.xlsx", stream.getvalue())
    shown = client_of_mei.post(reverse("offline", args=[115, 3]), {"file": file})
    assert "這是115年第4季的填報表，這一頁收的是115年第3季的" in words(shown)
    hao = sign_in(make_user("hao", "豪", reporter=Department.objects.get(name="資訊室")))
    assert "這是行政處的填報表，裡面沒有您可以填報的項目" in words(send(hao, book))


def test_a_workbook_without_keys_or_rows_is_refused_as_a_whole(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    sheet.delete_rows(4, sheet.max_row)
    assert "沒有一列認得出是哪個項目" in words(send(client_of_mei, book))


def test_each_wrong_door_names_the_right_one(client_of_mei, office, plan, sign_in, coordinator):
    file = SimpleUploadedFile("計畫.xlsx", exported(plan, "xlsx"))
    shown = client_of_mei.post(reverse("offline", args=[115, 4]), {"file": file})
    assert "這是計畫表，不是填報表" in words(shown)
    book, _ = sheet_for(client_of_mei, office)
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("填報表.xlsx", stream.getvalue())
    shown = sign_in(coordinator).post(reverse("import_upload", args=[115]), {"file": file})
    assert "這是單位的填報表，不是計畫表" in words(shown)


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


def test_another_file_is_refused_in_words(client_of_mei):
    response = client_of_mei.post(
        reverse("offline", args=[115, 4]),
        {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode())},
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
