"""Rows and files that came back: those that belong elsewhere are said, never passed over."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.exchange.offline import kept_lines
from items.exchange.spreadsheets.workbook import Cell, CellKind
from items.models import Assignment, Department, Period, ProgressReport, ReportState, Upload
from items.workflow import periods
from tests.items.exchange.official_rows import exported
from tests.items.exchange.offline.sheets import (
    columns,
    confirm,
    fill,
    row_of,
    send,
    sheet_for,
    words,
)
from tests.making import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
def test_a_row_of_another_period_is_not_written_into_this_one(client_of_mei, office, plan):
    book, sheet = sheet_for(client_of_mei, office)
    own = Assignment.objects.get(action__code="115-04")
    earlier = plan.periods.get(number=3)
    fill(sheet, "115-04", 辦理情形="第3季的文字", 識別碼=f"{earlier.pk}-{own.pk}")
    fill(sheet, "115-05", 辦理情形="第4季的文字")
    assert "不是這一期、貴單位可以填報的項目" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_the_key_of_another_departments_item_opens_nothing(client_of_mei, office, quarter):
    book, sheet = sheet_for(client_of_mei, office)
    foreign = Assignment.objects.get(action__code="115-01")
    fill(sheet, "115-04", 識別碼=f"{quarter.pk}-{foreign.pk}", 辦理情形="外人寫的")
    shown = send(client_of_mei, book)
    assert "項目，請清空或刪除這一列" in words(shown)
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_workbook_without_keys_or_rows_is_refused_as_a_whole(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    sheet.delete_rows(4, sheet.max_row)
    assert "沒有一列認得出是哪個項目" in words(send(client_of_mei, book))


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_another_file_is_refused_in_words(client_of_mei):
    response = client_of_mei.post(
        reverse("offline", args=[115, 4]),
        {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode())},
    )
    assert "這不是填報表" in words(response)


def test_a_page_of_very_many_problems_lists_the_first_ones_and_says_how_many_follow(
    client_of_mei, office
):
    book, sheet = sheet_for(client_of_mei, office)
    copied = [cell.value for cell in sheet[row_of(sheet, "115-04")]]
    for _ in range(203):
        sheet.append(copied)
        sheet.cell(sheet.max_row, columns(sheet)["辦理情形"]).value = "貼上的"
    shown = words(send(client_of_mei, book))
    assert "請先改好 203 處" in shown
    assert shown.count("是同一個項目，請只留一列") == 200
    assert "先列出前 200 處；改好後再上傳，會接著列出其餘的 3 處。" in shown


def test_rows_that_are_passed_over_are_counted_where_there_are_very_many(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    for _ in range(204):
        sheet.append(["", "承辦人簽章"])
    shown = words(send(client_of_mei, book))
    assert "略過的 204 列" in shown
    assert "只列出前 200 列，其餘 4 列也沒有填寫內容。" in shown


def test_a_file_is_read_once_and_compared_each_time(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案裡寫的")
    assert "檔案裡寫的" in words(send(client_of_mei, book))
    upload = Upload.objects.get()
    lines = kept_lines.lines_of_upload(upload, by=upload.by)
    [written] = [line for line in lines if "辦理情形" in line.cells]
    # Nobody but the service can write this: it shows that the file itself is not opened again.
    written.cells["辦理情形"] = Cell(CellKind.TEXT, "讀到時記下的")
    upload.read_table = kept_lines.sealed_lines(lines, bytes(upload.content), upload.file_name)
    upload.save()
    assert "讀到時記下的" in words(client_of_mei.get(preview_of(upload)))


@pytest.mark.parametrize("kept", [b"", b"x" * 200], ids=["too large to keep", "changed"])
def test_a_file_is_read_again_where_what_was_read_is_not_there(client_of_mei, office, kept):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案裡寫的")
    send(client_of_mei, book)
    upload = Upload.objects.get()
    upload.read_table = kept
    upload.save()
    assert "檔案裡寫的" in words(client_of_mei.get(preview_of(upload)))


def preview_of(upload):
    return reverse("offline_preview", args=[115, 4, upload.reference])
