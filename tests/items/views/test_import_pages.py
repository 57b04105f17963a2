"""匯入 in the browser: upload, preview, confirm, the batch and taking it back."""

import random
import re
import time
from datetime import timedelta

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.exchange import uploads
from items.exchange.plan_import.source import table_of
from items.models import Action, Change, Department, ImportBatch, Programme, Upload
from tests.items.exchange.official_rows import (
    HEADINGS,
    as_csv,
    exported,
    look,
    row,
    rows_of,
    two_sheets,
)
from tests.making import NOW, PASSWORD, make_user

pytestmark = pytest.mark.django_db
HAN = [chr(code) for code in range(0x4E00, 0x5A00)]


@pytest.fixture
def office(sign_in, coordinator):
    return sign_in(coordinator)


def upload(client, content, name="計畫.csv", **headers):
    content = content if isinstance(content, bytes) else as_csv(content)
    return client.post(
        reverse("import_upload", args=[115]), {"file": SimpleUploadedFile(name, content)}, **headers
    )


def preview(client, content, name="計畫.csv"):
    response = upload(client, content, name)
    assert response.status_code == 302, response.content.decode()
    return response.url, client.get(response.url)


def confirm(client, url):
    return client.post(f"{url}confirm/", follow=True)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def heading(response):
    return re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL).group(1)


def test_upload_preview_confirm_and_undo(plan, office):
    rows = rows_of(plan)
    rows[1][4] = "改寫的作法"
    rows.append(["", *row("新的作法")])
    url, shown = preview(office, rows)
    assert "新增 1 項" in words(shown)
    assert "改寫的作法" in words(shown)
    assert Action.objects.count() == 33
    done = confirm(office, url)
    assert "匯入完成。" in words(done)
    assert "34計畫現有項目" in words(done)
    batch = ImportBatch.objects.get()
    file = office.get(reverse("batch_file", args=[115, batch.pk]))
    assert file.content == as_csv(rows)
    assert "filename*=utf-8''" in file["Content-Disposition"]
    assert "計畫.csv" in words(office.get(reverse("batches", args=[115])))
    undone = office.post(reverse("batch_undo", args=[115, batch.pk]), follow=True)
    assert "已復原這次匯入" in words(undone)
    assert Action.objects.count() == 33


def test_the_changed_characters_are_marked_on_both_sides(plan, office):
    rows = rows_of(plan)
    rows[4][4] = rows[4][4].replace("植栽", "<b>花木</b>")
    _, shown = preview(office, rows)
    body = shown.content.decode()
    assert "<del>植栽</del>" in body
    assert "<ins>&lt;b&gt;花木&lt;/b&gt;</ins>" in body


def test_errors_are_all_listed_and_there_is_nothing_to_confirm(plan, office):
    url, shown = preview(
        office, [HEADINGS, row(主辦單位="業務處室"), row("二", 完成期限="115年13月")]
    )
    assert "請先改好 2 個錯誤" in words(shown)
    assert "是不是「業務處」？" in words(shown)
    assert "確認匯入" not in words(shown)
    confirm(office, url)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("what", ["errors", "rows"])
def test_errors_and_rows_can_be_downloaded(plan, office, what, format):
    url, _ = preview(office, [HEADINGS, row(主辦單位="業務處室"), row("=1+1")])
    response = office.get(f"{url}{what}.{format}")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    if format == "csv":
        assert ("業務處室" if what == "errors" else "'=1+1") in response.content.decode("utf-8-sig")


def test_a_file_that_cannot_be_read_says_so_in_the_form_with_its_name(plan, office):
    response = upload(office, b"<html><table></table></html>", "網頁.xls")
    assert response.status_code == 200
    assert "「網頁.xls」不能匯入。" in words(response)
    assert "網頁檔" in words(response)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 11 * 1024 * 1024])
def test_more_than_ten_megabytes_are_refused_while_they_arrive(plan, office, size):
    response = upload(office, b"x" * size)
    assert response.status_code == 413
    assert "檔案超過 10 MB 的上限" in words(response)


def test_an_empty_form_asks_for_a_file(plan, office):
    response = office.post(reverse("import_upload", args=[115]), {})
    assert "請選擇要匯入的檔案。" in words(response)


def test_a_form_without_its_token_is_refused(plan, coordinator, settings):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    assert upload(client, [HEADINGS, row()]).status_code == 403
    assert not Upload.objects.exists()


def test_the_same_table_has_nothing_to_confirm(plan, office):
    _, shown = preview(office, exported(plan, "xlsx"), "計畫.xlsx")
    assert "檔案與計畫完全相同，不需要匯入。" in words(shown)
    assert "確認匯入" not in words(shown)


def test_a_part_of_the_table_is_not_said_to_be_all_of_it(plan, office):
    _, shown = preview(office, rows_of(plan)[:5])
    assert "檔案裡的每一列都與計畫相同，不需要匯入；計畫裡其他的 29 項不受影響。" in words(shown)


def test_of_several_sheets_the_person_says_which(plan, office):
    url, asked = preview(office, two_sheets(), "兩張.xlsx")
    assert "請選擇要匯入的一張" in words(asked)
    shown = office.post(url, {"sheet": "乙"}, follow=True)
    assert "乙的作法" in words(shown)
    assert "甲的作法" not in words(shown)
    confirm(office, url)
    assert Action.objects.filter(title="乙的作法").count() == 1
    assert ImportBatch.objects.get().sheet == "乙"


def test_who_chose_the_wrong_sheet_chooses_again_without_uploading_again(plan, office):
    url, _ = preview(office, two_sheets(), "兩張.xlsx")
    shown = office.post(url, {"sheet": "甲"}, follow=True)
    assert 'href="?sheets=all"' in shown.content.decode()
    again = office.get(f"{url}?sheets=all")
    assert "請選擇要匯入的一張" in words(again)
    assert re.search(r'value="甲"[^>]* checked', again.content.decode())
    assert "乙的作法" in words(office.post(url, {"sheet": "乙"}, follow=True))
    assert "?sheets=all" not in preview(office, [HEADINGS, row()])[1].content.decode()


@pytest.mark.parametrize("names", [("甲", "甲\u200b"), ("\u200b", "乙")])
def test_sheets_that_nobody_can_tell_apart_are_not_asked_about_for_ever(plan, office, names):
    url = reverse("import_upload", args=[115])
    refused = office.post(
        url, {"file": SimpleUploadedFile("兩張.xlsx", two_sheets(names))}, follow=True
    )
    assert "請改成不同的名稱後再上傳" in words(refused)
    assert not Upload.objects.exists()


def test_nothing_is_confirmed_before_the_sheet_is_chosen(plan, office):
    url, _ = preview(office, two_sheets(), "兩張.xlsx")
    assert "請選擇要匯入的一張" in words(confirm(office, url))
    assert not ImportBatch.objects.exists()


def test_a_long_file_name_is_kept_as_long_as_it_is(plan, office):
    name = "計" * 250 + ".csv"
    url, _ = preview(office, [HEADINGS, row()], name)
    confirm(office, url)
    assert ImportBatch.objects.get().file_name == name


def test_a_preview_is_good_for_one_confirmation(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    again = confirm(office, url)
    assert "已經匯入過" in words(again)
    assert ImportBatch.objects.count() == 1


def test_a_preview_is_good_for_an_hour(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    Upload.objects.update(at=NOW - timedelta(days=1))
    assert "超過一小時" in words(confirm(office, url))
    assert not ImportBatch.objects.exists()


def test_a_preview_is_its_owners_alone_and_of_its_own_year(plan, office, sign_in, admin):
    url, _ = preview(office, [HEADINGS, row()])
    Programme.objects.create(
        year=116,
        title="116年度計畫",
        starts_on=plan.starts_on.replace(year=2027),
        ends_on=plan.ends_on.replace(year=2027),
    )
    confirm(office, url.replace("/115/", "/116/"))
    other = sign_in(admin)
    assert "上傳檔案" in words(other.get(url, follow=True))
    confirm(other, url)
    assert not ImportBatch.objects.exists()


def test_a_plan_that_changed_since_is_shown_again_instead_of_written(plan, office):
    rows = rows_of(plan)
    rows[1][4] = "檔案的文字"
    url, _ = preview(office, rows)
    Action.objects.filter(code="115-01").update(title="別人剛改的文字")
    asked = confirm(office, url)
    assert "計畫在預覽之後有異動" in words(asked)
    assert "別人剛" in words(asked)
    assert Action.objects.get(code="115-01").title == "別人剛改的文字"
    assert "匯入完成。" in words(confirm(office, url))
    assert Action.objects.get(code="115-01").title == "檔案的文字"


def test_confirm_reads_the_file_on_the_server_and_nothing_that_is_posted(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    office.post(
        f"{url}confirm/",
        {"file": "/etc/passwd", "import_file_name": "x", "rows": "y", "sheet": "別張"},
    )
    assert Action.objects.filter(title="設置民眾休憩區").count() == 1


def test_the_history_of_an_item_that_was_taken_back_is_found_by_its_code(
    plan, office, sign_in, auditor
):
    url, _ = preview(office, [HEADINGS, row("新的作法")])
    confirm(office, url)
    office.post(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk]))
    shown = sign_in(auditor).get(reverse("record", args=[115]), {"what": "plan", "code": "115-34"})
    assert "新增 115-34 新的作法" in words(shown)
    assert "刪除 115-34 新的作法" in words(shown)


def test_what_stands_in_the_way_of_undoing_is_said(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    Action.objects.filter(code="115-34").update(title="後來改過")
    response = office.post(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk]))
    assert "不能復原" in words(response)
    assert "115-34" in words(response)


@pytest.mark.parametrize("name", ["import_upload", "batches"])
@pytest.mark.parametrize("person", ["manager", "auditor", "reporter"])
def test_those_who_may_not_import_are_refused(plan, sign_in, request, name, person):
    if person == "reporter":
        user = make_user("mei", "王美玲", reporter=Department.objects.first())
    else:
        user = request.getfixturevalue(person)
    client = sign_in(user)
    assert client.get(reverse(name, args=[115])).status_code == 403
    assert upload(client, [HEADINGS, row()]).status_code == 403


def test_a_get_changes_nothing(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    assert office.get(f"{url}confirm/").status_code == 405
    assert Action.objects.count() == 33
    confirm(office, url)
    asked = words(office.get(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk])))
    assert "刪除這次新增的 1 項，計畫從 34 項變成 33 項" in asked
    assert Action.objects.count() == 34


def test_a_session_that_ends_before_the_confirmation_leads_back_to_the_preview(
    plan, client, coordinator
):
    client.force_login(coordinator)
    url, _ = preview(client, [HEADINGS, row()])
    client.logout()
    asked = client.post(
        f"{url}confirm/", headers={"referer": f"http://testserver{url}"}, follow=True
    )
    assert "登入已經逾時，剛才沒有寫入任何資料" in words(asked)
    signing_in = {
        "username": coordinator.username,
        "password": PASSWORD,
        "next": asked.context["next"],
    }
    back = client.post(asked.redirect_chain[-1][0], signing_in, follow=True)
    assert back.redirect_chain == [(url, 302)]
    assert "還沒有寫入任何資料" in words(back)
    assert "匯入完成。" in words(confirm(client, url))


def test_a_second_press_of_the_button_shows_what_the_first_has_done(
    plan, office, coordinator, monkeypatch
):
    """Both requests have read the upload before either has used it up."""
    url, _ = preview(office, [HEADINGS, row()])
    waiting = Upload.objects.get()
    confirm(office, url)
    monkeypatch.setattr(uploads, "waiting", lambda *arguments, **options: waiting)
    again = confirm(office, url)
    assert again.redirect_chain[-1][0] == reverse("batch", args=[115, ImportBatch.objects.get().pk])
    assert "已經匯入過，沒有再匯入一次" in words(again)
    assert "失效" not in words(again)


def test_who_goes_back_after_confirming_sees_what_was_imported_not_an_empty_form(
    plan, office, coordinator
):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    back = office.get(url, follow=True)
    assert back.redirect_chain[-1][0] == reverse("batches", args=[115])
    assert "計畫.csv" in words(back)
    assert "新增 1 項" in words(back)


def test_the_preview_opens_with_what_it_means(plan, office):
    rows = rows_of(plan)
    assert "不需要匯入，沒有要改的" in heading(preview(office, rows)[1])
    rows[1][4] = "改寫的作法"
    assert "要修改 1 項" in heading(preview(office, rows)[1])
    rows.append(["", *row("新的作法")])
    assert "要新增 1 項、修改 1 項" in heading(preview(office, rows)[1])
    rows[3][5] = "115年13月"
    _, shown = preview(office, rows)
    assert "有 1 個錯誤，還不能匯入" in heading(shown)
    assert "上傳改好的檔案" in words(shown)


def test_the_list_of_rows_does_not_take_a_cell_that_cannot_be_read_for_a_blank_one(plan, office):
    rows = rows_of(plan)
    rows[1][5] = "115年13月"
    url, _ = preview(office, rows)
    lines = office.get(f"{url}rows.csv").content.decode("utf-8-sig").splitlines()
    (wrong,) = [line for line in lines if ",錯誤," in line]
    assert wrong.endswith(",,,")


def test_a_second_press_on_undo_says_that_it_is_done(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    undo = reverse("batch_undo", args=[115, ImportBatch.objects.get().pk])
    office.post(undo)
    again = words(office.post(undo, follow=True))
    assert "已經復原過" in again
    assert "不能復原" not in again
    assert Action.objects.count() == 33


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


def test_an_upload_never_lies_in_a_temporary_file(plan, office, tmp_path, settings, monkeypatch):
    """It would stay behind where the server is killed."""
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", None)
    content = as_csv([HEADINGS, row()]) + b"\n" * 3_000_000
    assert upload(office, content).status_code in (200, 302)


def test_the_preview_stays_light_however_long_the_texts_are(plan, office):
    rows = rows_of(plan)
    for number, cells in enumerate(rows[1:]):
        cells[7] = f"{number}" + "長" * 30_000
    rows += [["", *row("新" * 30_000, 執行計畫=f"計畫 {number}")] for number in range(30)]
    _, shown = preview(office, rows)
    assert len(shown.content) < 1_500_000
    assert "全部請看" in words(shown)


def test_queries_of_the_preview_do_not_grow(plan, office, django_assert_max_num_queries):
    def count(number):
        rows = [
            HEADINGS,
            *(row(f"第 {each} 項", 執行計畫=f"計畫 {each}") for each in range(number)),
        ]
        url, _ = preview(office, rows)
        with django_assert_max_num_queries(40) as captured:
            office.get(url)
        return len(captured)

    assert count(1) == count(31)


def test_queries_of_the_batch_page_do_not_grow(plan, office, django_assert_max_num_queries):
    def count(number, name):
        rows = [
            HEADINGS,
            *(row(f"{name}{each}", 執行計畫=f"{name}計畫 {each}") for each in range(number)),
        ]
        url, _ = preview(office, rows)
        done = confirm(office, url).request["PATH_INFO"]
        with django_assert_max_num_queries(40) as captured:
            office.get(done)
        return len(captured)

    assert count(1, "甲") == count(31, "乙")


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_everyone_may_take_the_official_table_as_a_file(plan, sign_in, manager, format):
    response = sign_in(manager).get(reverse("programme_export", args=[115, format]))
    table, _ = table_of(response.content, f"計畫.{format}", plan)
    assert len(table.rows) == 33
    assert look(response.content, plan).counts["unchanged"] == 33


def test_an_unknown_format_is_not_found(plan, office):
    assert office.get(reverse("programme_export", args=[115, "exe"])).status_code == 404


def test_the_preview_leaves_no_history(plan, office):
    preview(office, [HEADINGS, row()])
    assert not Change.objects.exists()


def test_new_items_stand_once_under_their_strategy_with_their_number(plan, office):
    strategies = ["7. 甲策略", "8. 乙策略"]
    rows = [
        row(f"第 {each} 項", 實施策略=strategies[each % 2], 執行計畫=f"計畫 {each}")
        for each in range(300)
    ]
    _, shown = preview(office, [HEADINGS, *rows])
    assert words(shown).count("甲策略 150 項，列出前 50 項") == 1
    assert words(shown).count("乙策略") == 1
    assert "全部請看比對清單" in words(shown)


def test_many_errors_are_summed_up_by_column(plan, office):
    rows = [
        row(f"第 {each} 項", 完成期限="115年13月", 執行計畫=f"計畫 {each}") for each in range(300)
    ]
    rows[0] = row("第 0 項", 完成期限="115年13月", 主辦單位="查無此單位")
    _, shown = preview(office, [HEADINGS, *rows])
    assert "請先改好 301 個錯誤" in words(shown)
    assert "完成期限 300 個、主辦單位 1 個。" in words(shown)
    assert "300有錯誤的列" in words(shown)


def test_the_batch_page_marks_what_was_changed_by_the_character(plan, office):
    rows = rows_of(plan)
    rows[3][4] = rows[3][4].replace("，", "、", 1)
    url, _ = preview(office, rows)
    shown = confirm(office, url).content.decode()
    assert "<del>，</del><ins>、</ins>" in shown


def test_the_batch_page_shows_nothing_that_another_door_wrote_in_the_same_moment(plan, office):
    url, _ = preview(office, [HEADINGS, row("新的作法")])
    done = confirm(office, url).request["PATH_INFO"]
    entry = ImportBatch.objects.get().entries.filter(model="action").get()
    # As when the same person brings in a flat table beside it.
    Change.objects.create(
        at=entry.at,
        by=entry.by,
        door=entry.door,
        kind=entry.kind,
        programme=plan,
        model="action",
        object_id=entry.object_id,
        label="別的匯入",
    )
    shown = words(office.get(done))
    assert "1新增項目" in shown
    assert "別的匯入" not in shown


def test_the_batch_page_shows_days_whole(plan, office):
    rows = rows_of(plan)
    rows[1][5] = "115年10月"
    url, _ = preview(office, rows)
    shown = confirm(office, url).content.decode()
    assert "<del>115年12月</del> <ins>115年10月</ins>" in shown
    assert (
        "<del>主辦，115年12月（115年12月31日）</del> <ins>主辦，115年10月（115年10月31日）</ins>"
        in shown
    )


def test_the_preview_shows_days_whole_and_of_departments_only_those_that_come_or_go(plan, office):
    rows = rows_of(plan)
    rows[2][5:7] = ["115年11月30日", "港務處\n業務處\n資訊室\n行政處"]
    url, shown = preview(office, rows)
    shown = shown.content.decode()
    assert "<del>115年12月</del>" in shown
    assert "<ins>115年11月30日</ins>" in shown
    assert "<ins>行政處</ins>" in shown
    assert "<del>港務處" not in shown
    assert "<del>港務處" not in confirm(office, url).content.decode()


def test_the_form_tells_the_browser_how_large_a_file_may_be(plan, office):
    shown = office.get(reverse("import_upload", args=[115])).content.decode()
    assert f'data-largest="{10 * 1024 * 1024}"' in shown
    assert "檔案超過 10 MB 的上限" in shown


@pytest.mark.slow
def test_a_page_of_rewritten_texts_is_there_in_seconds(plan, office):
    """Two long texts with little in common take a second to hold side by side; a page may have a hundred of them."""
    chance = random.Random(115)

    def rows():
        texts = ["".join(chance.choices(HAN, k=900)) for _ in range(100)]
        return [
            HEADINGS,
            *(
                row(f"第 {n} 項", 執行計畫=f"計畫 {n}", 預期效益=text)
                for n, text in enumerate(texts)
            ),
        ]

    confirm(office, preview(office, rows())[0])
    started = time.monotonic()
    url, shown = preview(office, rows())
    assert "修改 100 項" in words(shown)
    confirm(office, url)
    assert time.monotonic() - started < 20


def test_a_new_item_shows_all_its_cells_and_where_it_falls(plan, office):
    new = row("新的一項", 執行計畫="新的計畫", 主辦單位="行政處、資訊室", 預期效益="")
    below = row("又一項", 實施策略="", 推動方法="", 執行計畫="", 完成期限="持續辦理")
    _, shown = preview(office, [HEADINGS, new, below])
    said = words(shown)
    for heading_and_text in (
        "推動方法建立標準作業流程",
        "執行計畫新的計畫",
        "完成期限115年12月",
        "主辦單位行政處資訊室",
        "預期效益（空白）",
        "完成期限持續辦理",
    ):
        assert heading_and_text in said
    assert said.count("執行計畫新的計畫") == 2


def test_equal_errors_and_warnings_are_said_once_with_their_rows(plan, office):
    wrong = [row(f"第 {n} 項", 主辦單位="航管組", 執行計畫=f"計畫 {n}") for n in range(12)]
    _, shown = preview(office, [HEADINGS, *wrong])
    said = words(shown)
    assert "請先改好 12 個錯誤" in said
    assert said.count("查無主辦單位「航管組」") == 1
    assert "第 2、3、4、5、6、7、8、9、10、11…等 12 列" in said

    late = [row(f"第 {n} 項", 完成期限="117年1月", 執行計畫=f"計畫 {n}") for n in range(3)]
    _, shown = preview(office, [HEADINGS, *late])
    said = words(shown)
    assert said.count("完成期限「117年1月」不在115年度內") == 1
    assert "第 2、3、4 列：" in said
    # The list to download keeps each row.
    assert len(look([HEADINGS, *late], plan).warnings) == 3


@pytest.mark.parametrize(
    ("deadlines", "name", "said"),
    [
        (["116年6月", "116年12月", "115年12月"], "計畫.csv", "2 列的期限都在 116 年"),
        (["115年6月", "115年12月", "115年12月"], "114年版.csv", "名稱是「114年版.csv」"),
        (["116年1月", "115年12月", "115年12月"], "計畫.csv", ""),
        (["持續辦理", "116年1月", "115年12月"], "115年度.csv", ""),
    ],
)
def test_a_file_of_another_year_is_said_above_everything(plan, office, deadlines, name, said):
    rows = [
        row(f"第 {n} 項", 完成期限=deadline, 執行計畫=f"計畫 {n}")
        for n, deadline in enumerate(deadlines)
    ]
    _, shown = preview(office, [HEADINGS, *rows], name)
    page = words(shown)
    assert ("是不是選錯年度？" in page) == bool(said)
    assert said in page
    if said:
        assert page.index("是不是選錯年度？") < page.index("有錯誤的列")


def test_codes_of_another_year_become_new_items_on_one_click(plan, office):
    rows = rows_of(plan)
    for cells in rows[1:]:
        cells[0] = cells[0].replace("115-", "114-")
    rows[1][4] = "這一項的文字是新的。"
    url, shown = preview(office, rows)
    assert "把 33 個編號當作新項目" in words(shown)
    again = office.post(f"{url}codes/", {"codes": "new"}, follow=True)
    assert "計畫在上傳之後有異動" not in words(again)
    assert "改回，編號要對應現有項目" in words(again)
    assert "32相同" in words(again)
    assert "1新增" in words(again)
    confirm(office, url)
    assert Action.objects.for_programme(plan).filter(title="這一項的文字是新的。").exists()
    assert Action.objects.for_programme(plan).count() == 34


def test_codes_of_another_year_can_be_taken_as_codes_again(plan, office):
    url, _ = preview(office, [["項次編號", *HEADINGS], ["114-01", *row()]])
    office.post(f"{url}codes/", {"codes": "new"})
    again = office.post(f"{url}codes/", {"codes": "keep"}, follow=True)
    assert "114 年度的編號" in words(again)
    assert "把 1 個編號當作新項目" in words(again)


def test_an_administrator_makes_the_departments_that_the_file_names(plan, sign_in, admin):
    client = sign_in(admin)
    table = [HEADINGS, row(主辦單位="稽核小組、行政虙")]
    url, shown = preview(client, table)
    page = shown.content.decode()
    assert 'value="稽核小組" checked>' in page
    assert 'value="行政虙">' in page
    assert "是不是「行政處」？" in page
    again = client.post(f"{url}departments/", {"department": ["稽核小組", "別的單位"]}, follow=True)
    assert "已建立 1 個單位：稽核小組。" in words(again)
    assert "查無主辦單位「稽核小組」" not in words(again)
    assert not Department.objects.filter(name="別的單位").exists()
    made = Department.objects.get(name="稽核小組")
    assert made.position > 0
    assert Change.objects.filter(by=admin, model="department", object_id=made.pk).exists()


def test_nothing_is_made_of_no_tick_and_by_nobody_else(plan, sign_in, admin, coordinator):
    table = [HEADINGS, row(主辦單位="稽核小組")]
    client = sign_in(admin)
    url, _ = preview(client, table)
    assert "沒有勾選" in words(client.post(f"{url}departments/", follow=True))
    office = sign_in(coordinator)
    url, shown = preview(office, table)
    assert "單位由系統管理建立" in words(shown)
    assert office.post(f"{url}departments/", {"department": ["稽核小組"]}).status_code == 403
    assert not Department.objects.filter(name="稽核小組").exists()


def test_an_import_that_was_undone_is_told_as_such_to_the_information_office(
    plan, office, sign_in, admin
):
    url, _ = preview(office, [HEADINGS, row("新的一項")])
    confirm(office, url)
    screen = reverse("office", args=[115])
    assert "（已復原）" not in words(sign_in(admin).get(screen))
    batch = ImportBatch.objects.get()
    undo = sign_in(admin).post(reverse("batch_undo", args=[115, batch.pk]), follow=True)
    assert undo.status_code == 200
    assert "「計畫.csv」（已復原）" in words(sign_in(admin).get(screen))
