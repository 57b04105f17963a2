"""匯入: confirming what was previewed, the page of the batch, and taking it back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from items.exchange import uploads
from items.models import Action, Change, ImportBatch, Programme, Upload
from tests.items.exchange.official_rows import HEADINGS, as_csv, row, rows_of
from tests.items.views.importing import confirm, preview, words
from tests.making import NOW, PASSWORD

pytestmark = pytest.mark.django_db


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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_the_history_of_an_item_that_was_taken_back_is_found_by_its_code(
    plan, office, sign_in, auditor
):
    url, _ = preview(office, [HEADINGS, row("新的作法")])
    confirm(office, url)
    office.post(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk]))
    shown = sign_in(auditor).get(reverse("record", args=[115]), {"what": "plan", "code": "115-34"})
    assert "新增具體推動作法 115-34 新的作法" in words(shown)
    assert "刪除具體推動作法 115-34 新的作法" in words(shown)


@pytest.mark.one_engine
def test_what_stands_in_the_way_of_undoing_is_said(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    Action.objects.filter(code="115-34").update(title="後來改過")
    response = office.post(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk]))
    assert "不能復原" in words(response)
    assert "115-34" in words(response)


@pytest.mark.one_engine
def test_a_get_changes_nothing(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    assert office.get(f"{url}confirm/").status_code == 405
    assert Action.objects.count() == 33
    confirm(office, url)
    asked = words(office.get(reverse("batch_undo", args=[115, ImportBatch.objects.get().pk])))
    assert "刪除這次新增的 1 項，計畫從 34 項變成 33 項" in asked
    assert Action.objects.count() == 34


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_who_goes_back_after_confirming_sees_what_was_imported_not_an_empty_form(
    plan, office, coordinator
):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    back = office.get(url, follow=True)
    assert back.redirect_chain[-1][0] == reverse("batches", args=[115])
    assert "計畫.csv" in words(back)
    assert "新增 1 項" in words(back)


def test_a_second_press_on_undo_says_that_it_is_done(plan, office):
    url, _ = preview(office, [HEADINGS, row()])
    confirm(office, url)
    undo = reverse("batch_undo", args=[115, ImportBatch.objects.get().pk])
    office.post(undo)
    again = words(office.post(undo, follow=True))
    assert "已經復原過" in again
    assert "不能復原" not in again
    assert Action.objects.count() == 33


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_an_import_that_was_undone_is_told_as_such_to_the_information_office(
    plan, office, sign_in, admin
):
    url, _ = preview(office, [HEADINGS, row("新的一項")])
    confirm(office, url)
    screen = reverse("manage", args=[115])
    assert "（已復原）" not in words(sign_in(admin).get(screen))
    batch = ImportBatch.objects.get()
    undo = sign_in(admin).post(reverse("batch_undo", args=[115, batch.pk]), follow=True)
    assert undo.status_code == 200
    assert "「計畫.csv」（已復原）" in words(sign_in(admin).get(screen))
