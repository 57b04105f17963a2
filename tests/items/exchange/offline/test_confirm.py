"""填報表 down, up and confirmed: what somebody else wrote meanwhile is never overwritten."""

import pytest

from items.models import Assignment, ProgressReport, ReportState
from items.workflow import periods, report_writing
from tests.items.exchange.offline.sheets import (
    columns,
    confirm,
    fill,
    row_of,
    save_on_the_page,
    send,
    sheet_for,
    words,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_rows_that_lack_something_can_only_be_saved(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="剛開始。", 實際進度=5, 辦理狀態="辦理中")
    shown = send(client_of_mei, book)
    assert "請寫落後原因" in words(shown)
    assert "送出 " not in words(shown)
    confirm(client_of_mei, "submit")
    assert not ProgressReport.objects.exists()


@pytest.mark.one_engine
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
    report_writing.write(assignment, quarter, content, version=0, by=mei, at=NOW)
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
    report_writing.write(assignment, quarter, content, version=0, by=mei, at=NOW)
    assert "沒有寫入任何資料" in words(confirm(client_of_mei, "draft"))
    assert ProgressReport.objects.get().text == "網頁的文字"


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_version_that_is_still_to_come_overwrites_nothing(client_of_mei, office, mei, quarter):
    save_on_the_page(quarter, mei, "網頁的文字")
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="檔案的文字", 版次=99)
    assert "下載之後有變動的 1 件，不會寫入" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
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
    assert "已經送出（待研考），檔案裡的修改不會寫入" in words(shown)
    # It was sent before the download: nothing has changed since.
    assert "有 1 件已送出，不會寫入" in words(shown)
    assert "下載之後有變動" not in words(shown)
    assert ProgressReport.objects.get().text == "完成地坪施工。"


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


@pytest.mark.one_engine
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
