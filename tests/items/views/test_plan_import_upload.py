"""匯入: a file comes in, or is refused in words; and the official table goes out."""

import re
from datetime import timedelta

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.exchange import uploads
from items.exchange.plan_import.source import table_of
from items.models import Action, Department, ImportBatch, Upload
from tests.items.exchange.official_rows import HEADINGS, as_csv, look, row, two_sheets
from tests.items.views.importing import confirm, preview, upload, words
from tests.making import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
def test_a_file_that_cannot_be_read_says_so_in_the_form_with_its_name(plan, office):
    response = upload(office, b"<html><table></table></html>", "網頁.xls")
    assert response.status_code == 200
    assert "「網頁.xls」不能匯入。" in words(response)
    assert "網頁檔" in words(response)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 11 * 1024 * 1024])
def test_more_than_ten_megabytes_are_refused_while_they_arrive(plan, office, size):
    response = upload(office, b"x" * size)
    assert response.status_code == 413
    assert "檔案超過 10 MB 的上限" in words(response)


@pytest.mark.one_engine
def test_an_empty_form_asks_for_a_file(plan, office):
    response = office.post(reverse("import_upload", args=[115]), {})
    assert "請選擇要匯入的檔案。" in words(response)


@pytest.mark.one_engine
def test_a_form_without_its_token_is_refused(plan, coordinator, settings):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    assert upload(client, [HEADINGS, row()]).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_of_several_sheets_the_person_says_which(plan, office):
    url, asked = preview(office, two_sheets(), "兩張.xlsx")
    assert "請選擇要匯入的一張" in words(asked)
    shown = office.post(url, {"sheet": "乙"}, follow=True)
    assert "乙的作法" in words(shown)
    assert "甲的作法" not in words(shown)
    confirm(office, url)
    assert Action.objects.filter(title="乙的作法").count() == 1
    assert ImportBatch.objects.get().sheet == "乙"


@pytest.mark.one_engine
def test_who_chose_the_wrong_sheet_chooses_again_without_uploading_again(plan, office):
    url, _ = preview(office, two_sheets(), "兩張.xlsx")
    shown = office.post(url, {"sheet": "甲"}, follow=True)
    assert 'href="?sheets=all"' in shown.content.decode()
    again = office.get(f"{url}?sheets=all")
    assert "請選擇要匯入的一張" in words(again)
    assert re.search(r'value="甲"[^>]* checked', again.content.decode())
    assert "乙的作法" in words(office.post(url, {"sheet": "乙"}, follow=True))
    assert "?sheets=all" not in preview(office, [HEADINGS, row()])[1].content.decode()


@pytest.mark.one_engine
@pytest.mark.parametrize("names", [("甲", "甲\u200b"), ("\u200b", "乙")])
def test_sheets_that_nobody_can_tell_apart_are_not_asked_about_for_ever(plan, office, names):
    url = reverse("import_upload", args=[115])
    refused = office.post(
        url, {"file": SimpleUploadedFile("兩張.xlsx", two_sheets(names))}, follow=True
    )
    assert "請改成不同的名稱後再上傳" in words(refused)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_nothing_is_confirmed_before_the_sheet_is_chosen(plan, office):
    url, _ = preview(office, two_sheets(), "兩張.xlsx")
    assert "請選擇要匯入的一張" in words(confirm(office, url))
    assert not ImportBatch.objects.exists()


@pytest.mark.one_engine
def test_a_long_file_name_is_kept_as_long_as_it_is(plan, office):
    name = "計" * 250 + ".csv"
    url, _ = preview(office, [HEADINGS, row()], name)
    confirm(office, url)
    assert ImportBatch.objects.get().file_name == name


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("person", "reads_imports"), [("manager", True), ("auditor", True), ("reporter", False)]
)
def test_those_who_may_not_import_are_refused(plan, sign_in, request, person, reads_imports):
    if person == "reporter":
        user = make_user("mei", "王美玲", reporter=Department.objects.first())
    else:
        user = request.getfixturevalue(person)
    client = sign_in(user)
    assert client.get(reverse("import_upload", args=[115])).status_code == 403
    assert client.get(reverse("batches", args=[115])).status_code == (200 if reads_imports else 403)
    assert upload(client, [HEADINGS, row()]).status_code == 403


@pytest.mark.slow
def test_two_tabs_do_not_take_each_others_file_and_old_files_do_not_pile_up(plan, office, admin):
    Upload.objects.create(
        programme=plan, by=admin, at=NOW - timedelta(days=2), table="115-1", reference="old"
    )
    first, _ = preview(office, [HEADINGS, row("第一頁")])
    second, _ = preview(office, [HEADINGS, row("第二頁", 執行計畫="另一個計畫")])
    assert "匯入完成。" in words(confirm(office, second))
    assert "計畫在預覽之後有異動" in words(confirm(office, first))
    assert "匯入完成。" in words(confirm(office, first))
    assert set(
        Action.objects.filter(code__in=["115-34", "115-35"]).values_list("title", flat=True)
    ) == {
        "第一頁",
        "第二頁",
    }
    for number in range(10):
        preview(office, [HEADINGS, row(f"第 {number} 次")])
    assert Upload.objects.count() == uploads.KEPT


@pytest.mark.slow
@pytest.mark.one_engine
def test_an_upload_never_lies_in_a_temporary_file(plan, office, tmp_path, settings, monkeypatch):
    """It would stay behind where the server is killed."""
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", None)
    content = as_csv([HEADINGS, row()]) + b"\n" * 3_000_000
    assert upload(office, content).status_code in (200, 302)


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_everyone_may_take_the_official_table_as_a_file(plan, sign_in, manager, format):
    response = sign_in(manager).get(reverse("programme_export", args=[115, format]))
    table, _ = table_of(response.content, f"計畫.{format}", plan)
    assert len(table.rows) == 33
    assert look(response.content, plan).counts["unchanged"] == 33


@pytest.mark.one_engine
def test_an_unknown_format_is_not_found(plan, office):
    assert office.get(reverse("programme_export", args=[115, "exe"])).status_code == 404


@pytest.mark.one_engine
def test_the_form_tells_the_browser_how_large_a_file_may_be(plan, office):
    shown = office.get(reverse("import_upload", args=[115])).content.decode()
    assert f'data-largest="{10 * 1024 * 1024}"' in shown
    assert "檔案超過 10 MB 的上限" in shown
