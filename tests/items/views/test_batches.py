"""匯入批次: whoever only reads sees what was brought in and the file, and cannot take it back."""

import re

import pytest
from django.urls import reverse

from items.models import ImportBatch
from tests.items.exchange.official_rows import row, rows_of
from tests.items.views.importing import confirm, preview, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(plan, office):
    """An import that changes the 20th item, makes one under the first path, and changes the 2nd."""
    rows = rows_of(plan)
    rows[20][4] = "改寫第 20 項"
    rows[2][4] = "改寫第 2 項"
    rows.append(["", *row("新的一項")])
    url, _ = preview(office, rows)
    confirm(office, url)
    return ImportBatch.objects.get()


@pytest.mark.one_engine
def test_an_auditor_reads_who_imported_what_with_the_file(batch, sign_in, auditor):
    client = sign_in(auditor)
    listed = words(client.get(reverse("batches", args=[115])))
    assert "計畫.csv" in listed
    assert "顏研考" in listed
    assert "匯入計畫表" not in listed
    shown = words(client.get(reverse("batch", args=[115, batch.pk])))
    assert "改寫第 20 項" in shown
    assert "復原這次匯入" not in shown
    file = client.get(reverse("batch_file", args=[115, batch.pk]))
    assert file.content == bytes(batch.content)


@pytest.mark.one_engine
def test_an_auditor_takes_nothing_back(batch, sign_in, auditor):
    undo = reverse("batch_undo", args=[115, batch.pk])
    assert sign_in(auditor).get(undo).status_code == 403
    assert sign_in(auditor).post(undo).status_code == 403
    batch.refresh_from_db()
    assert batch.undone_at is None


@pytest.mark.one_engine
def test_a_year_without_imports_says_so_to_an_auditor(programme, sign_in, auditor):
    shown = words(sign_in(auditor).get(reverse("batches", args=[115])))
    assert "還沒有匯入過檔案。" in shown
    assert "匯入計畫表" not in shown


def test_the_entries_of_an_import_stand_in_the_plans_order(batch, office):
    shown = office.get(reverse("batch", args=[115, batch.pk])).content.decode()
    headlines = re.findall(r"<b>(新增|修改)具體推動作法</b>\s*<a[^>]*>(\S+)", shown)
    # The new item belongs to the first strategy, the 20th to a later one.
    assert headlines == [
        ("修改", "115-02"),
        ("新增", "115-34"),
        ("修改", "115-20"),
    ]


@pytest.mark.one_engine
def test_every_entry_of_an_import_is_open(batch, office):
    shown = office.get(reverse("batch", args=[115, batch.pk])).content.decode()
    assert "改寫第 20 項" in shown
    section = shown[shown.index("改了什麼") :]
    assert "<details" not in section[: section.index("</table>")]
