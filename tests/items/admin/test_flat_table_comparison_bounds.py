"""A flat table of thousands of rows is bounded, and its preview stays a page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.admin.flat_table_comparison import FLAT_TABLE_ROWS
from items.models import Department
from items.models.labels import field_label
from tests.items.admin.flat_tables import confirm
from tests.items.exchange.official_rows import as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def information_office(sign_in, admin):
    return sign_in(admin)


def send_departments(client, count):
    rows = [[field_label(Department, "name")], *([f"新單位{number}"] for number in range(count))]
    file = SimpleUploadedFile("單位.csv", as_csv(rows))
    return client.post(reverse("admin:items_department_import"), {"file": file}, follow=True)


@pytest.mark.slow
@pytest.mark.one_engine
def test_more_rows_than_are_compared_in_seconds_are_refused_with_the_remedy(information_office):
    response = send_departments(information_office, FLAT_TABLE_ROWS + 1)
    body = response.content.decode()
    assert "檔案有 5,001 列資料，超過 5,000 列的上限，請分成幾個檔案後再上傳。" in body


@pytest.mark.one_engine
def test_the_preview_lists_the_first_rows_and_says_how_many_there_are(information_office):
    body = send_departments(information_office, 250).content.decode()
    assert "<b>250</b>新增" in body
    assert "新單位99<" in body
    assert "新單位100<" not in body
    assert "這裡列出前 100 筆，共 250 筆。" in body


@pytest.mark.slow
def test_all_rows_are_written_not_only_those_that_are_listed(information_office):
    response = send_departments(information_office, 250)
    confirm(information_office, "department", response)
    assert Department.objects.filter(name__startswith="新單位").count() == 250
