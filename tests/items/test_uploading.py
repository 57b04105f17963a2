"""The one door for files: what holds for the plan, the 填報表 and the flat tables alike."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from items.exchange.spreadsheets.limits import MAX_FILE_BYTES, MEGABYTE
from items.models import Department, Upload, User
from items.uploading import FORM_ROOM, UploadForm, limited, received_form, upload_status
from tests.making import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["plan", "offline", "flat table"])
def door(request, plan, quarter, coordinator, admin) -> tuple[User, str]:
    """Somebody who may upload, and where."""
    if request.param == "plan":
        return coordinator, reverse("import_upload", args=[115])
    if request.param == "offline":
        office = Department.objects.get(name="行政處")
        return make_user("mei", "王美玲", reporter=office), reverse("offline", args=[115, 4])
    return admin, reverse("admin:items_department_import")


def send(client, address, content, **headers):
    return client.post(address, {"file": SimpleUploadedFile("表.xlsx", content)}, **headers)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.one_engine
def test_a_file_is_refused_as_soon_as_it_is_too_large(door, client):
    user, address = door
    client.force_login(user)
    response = send(client, address, b"x" * (MAX_FILE_BYTES + 1))
    assert response.status_code == 413
    assert words(response).count("檔案超過 10 MB 的上限") == 1
    assert "請選擇" not in words(response)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_a_request_that_says_itself_that_it_is_too_large_is_not_read(door, client):
    user, address = door
    client.force_login(user)
    # The body is a few bytes only: if somebody read it, the answer would be about its content.
    response = send(client, address, b"x", CONTENT_LENGTH=str(MAX_FILE_BYTES + FORM_ROOM + 1))
    assert response.status_code == 413
    assert "檔案超過 10 MB 的上限" in words(response)


@pytest.mark.one_engine
def test_the_token_is_checked_once_the_limit_stands(door):
    user, address = door
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert send(client, address, b"x").status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_the_form_with_its_token_is_taken(door):
    user, address = door
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    form = client.get(address)
    token = form.context["csrf_token"]
    file = SimpleUploadedFile("表.xlsx", b"no table")
    response = client.post(address, {"csrfmiddlewaretoken": str(token), "file": file})
    assert response.status_code == 200
    assert "「表.xlsx」不能" in words(response)


@pytest.mark.one_engine
def test_an_empty_form_and_an_empty_file_are_said(door, client):
    user, address = door
    client.force_login(user)
    assert "請選擇要匯入的檔案。" in words(client.post(address, {}))
    assert "這個檔案是空的" in words(send(client, address, b""))


@pytest.mark.one_engine
def test_the_form_tells_the_browser_how_large_a_file_may_be(door, client):
    user, address = door
    client.force_login(user)
    shown = client.get(address).content.decode()
    assert f'data-largest="{MAX_FILE_BYTES}"' in shown
    assert "最大 10 MB。" in shown
    assert 'data-too-large="檔案超過 10 MB 的上限' in shown


class SmallUploadForm(UploadForm):
    most_bytes = 2 * MEGABYTE
    hint = "最大 {megabytes} MB。"


@limited(SmallUploadForm)
def small_door(request):
    form = received_form(request, SmallUploadForm)
    said = "".join(form.errors.get("file", []))
    return HttpResponse(said or form.sent_file().content, status=upload_status(request))


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("size", "status", "said"),
    [(2 * MEGABYTE, 200, "xxx"), (2 * MEGABYTE + 1, 413, "檔案超過 2 MB 的上限")],
)
def test_a_door_may_have_a_limit_of_its_own(rf, settings, size, status, said):
    token = "a" * 32
    rf.cookies[settings.CSRF_COOKIE_NAME] = token
    file = SimpleUploadedFile("表.csv", b"x" * size)
    request = rf.post("/", {"file": file}, headers={"x-csrftoken": token})
    response = small_door(request)
    assert response.status_code == status
    assert said in response.content.decode()
    assert SmallUploadForm().fields["file"].help_text == "最大 2 MB。"
