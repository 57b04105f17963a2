"""What a person is told where the database or the disk is the trouble."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.test import RequestFactory

from plan_tracker import errors

FULL = "磁碟滿了"


def sqlite_without_room():
    """The very error of an SQLite that finds no room."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("CREATE TABLE filled AS SELECT zeroblob(100000)")
    connection.close()
    return caught.value


def caused_by(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def answer_to(error):
    try:
        raise error
    except type(error):
        return errors.server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    "error",
    [
        caused_by(sqlite_without_room()),
        caused_by(psycopg.errors.DiskFull("could not extend file")),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=["SQLite", "PostgreSQL", "a file"],
)
def test_a_full_disk_is_named_with_the_remedy(error):
    response = answer_to(error)
    assert response.status_code == 503
    assert FULL in response.content.decode()
    assert "請聯絡資訊人員清出空間" in response.content.decode()


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("gone"),
        InterfaceError("gone"),
        caused_by(psycopg.errors.AdminShutdown("terminating")),
    ],
)
def test_a_database_that_is_gone_is_no_full_disk(error):
    response = answer_to(error)
    assert response.status_code == 503
    assert FULL not in response.content.decode()


@pytest.mark.parametrize("error", [RuntimeError("x"), DataError("x"), FileNotFoundError("x")])
def test_any_other_error_is_ours(error):
    assert answer_to(error).status_code == 500


@pytest.mark.parametrize(
    "error",
    [OperationalError("gone"), OSError(errno.ENOSPC, "No space left on device")],
    ids=["the database", "the disk"],
)
def test_what_could_not_be_saved_stands_on_the_page(error):
    written = {"writer": "7", "text": "完成地坪施工。", "remedy": " ", "csrfmiddlewaretoken": "abc"}
    request = RequestFactory().post("/", written, headers={"Origin": "http://testserver"})
    try:
        raise error
    except type(error):
        answer = errors.server_error(request).content.decode()
    assert "剛才寫的還沒有存檔" in answer
    assert "完成地坪施工。" in answer
    assert "abc" not in answer
    # Nobody knows who is signed in: nothing is sent from here.
    assert "<form" not in answer


def test_what_another_site_has_sent_is_not_repeated():
    written = {"writer": "7", "text": "別站的文字"}
    request = RequestFactory().post("/", written, headers={"Origin": "http://elsewhere.example"})
    try:
        raise OperationalError("gone")
    except OperationalError:
        answer = errors.server_error(request).content.decode()
    assert "別站的文字" not in answer


def test_of_any_form_the_texts_are_shown_and_nothing_secret():
    written = {"some-3-because": "更正件數", "agenda": "臨時動議", "password": "Hualien-115-demo"}
    request = RequestFactory().post("/", written, headers={"Origin": "http://testserver"})
    try:
        raise OperationalError("gone")
    except OperationalError:
        answer = errors.server_error(request).content.decode()
    assert "更正件數" in answer
    assert "臨時動議" in answer
    assert "Hualien" not in answer
