"""Files that do harm, and what it costs to bring in and take out flat tables."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.models import Upload
from tests.items.admin.flat_tables import (
    ACCOUNTS,
    ASSIGNMENTS,
    DEPARTMENTS,
    EXPIRED,
    as_csv,
    said,
    take,
    upload,
)
from tests.making import make_user


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(13):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * 10_000_000)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("表.xlsx", bomb, "120 MB"),
        ("表.xlsx", b"<html><table></table></html>", "網頁檔"),
        ("表.csv", as_csv(["名字", "序"], ["業務處", 5]), "找不到標題列"),
        ("表.csv", as_csv(DEPARTMENTS), "沒有任何資料"),
        ("表.csv", as_csv([*DEPARTMENTS, "排序"], ["業務處", 5, "是", 6]), "標題「排序」出現兩次"),
        ("表.csv", b"", "空"),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
    ],
)
def test_a_harmful_or_useless_file_is_refused_in_words(office, name, content, sentence):
    response = upload(office, "department", content() if callable(content) else content, name)
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_a_file_that_is_too_large_is_refused_while_it_arrives(office):
    response = upload(office, "department", b"x" * (MAX_FILE_BYTES + 1), "表.xlsx")
    assert response.status_code == 413
    assert "10 MB" in said(response)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_forgotten_uploads_are_swept(office, admin, administration):
    upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    Upload.objects.update(at=Upload.objects.get().at - EXPIRED)
    upload(office, "user", as_csv(ACCOUNTS, ["fang", "方小姐", "", "", "是", ""]))
    assert Upload.objects.get().table == "user"


def measured(client, model, rows, **data):
    with CaptureQueriesContext(connection) as preview_queries:
        preview = upload(client, model, as_csv(*rows), **data)
    assert preview.context["preview"].can_confirm, preview.context["preview"].errors[:3]
    with CaptureQueriesContext(connection) as confirm_queries:
        done = client.post(
            reverse(f"admin:items_{model}_process_import"),
            {
                "reference": preview.context["upload"].reference,
                "seen": preview.context["preview"].fingerprint(),
            },
        )
    assert done.status_code == 302
    return len(preview_queries), len(confirm_queries)


def account_rows(first, count):
    numbers = range(first, first + count)
    return [
        ACCOUNTS,
        *(
            [f"p{n}", f"同仁{n}", "", "", "是", "行政處（承辦人）、資訊室（單位主管）"]
            for n in numbers
        ),
    ]


def test_queries_of_an_import_do_not_grow_with_its_rows(
    office, programme, make_action, administration, information
):
    few = measured(office, "user", account_rows(0, 3))
    assert measured(office, "user", account_rows(100, 20)) == few
    preview, confirmation = measured(office, "user", account_rows(200, 200))
    assert preview == few[0]
    assert (
        confirmation - few[1] < 10
    )  # what SQLite takes at once is bounded: so many batches, not rows
    for _ in range(40):
        make_action([administration])
    rows = [[f"115-{number:02}", "資訊室", "協辦", "115年12月"] for number in range(1, 41)]
    year = {"programme": programme.pk}
    few = measured(office, "assignment", [ASSIGNMENTS, *rows[:2]], **year)
    assert measured(office, "assignment", [ASSIGNMENTS, *rows[2:]], **year) == few


@pytest.mark.one_engine
def test_queries_of_an_export_do_not_grow(office, mei, administration):
    def cost():
        with CaptureQueriesContext(connection) as found:
            take(office, "user")
        return len(found)

    cost()
    before = cost()
    for number in range(30):
        make_user(f"p{number}", "同仁", reporter=administration)
    assert cost() == before
