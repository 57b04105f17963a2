"""Pages travel compressed; what is compressed already does not."""

import gzip
import zipfile
from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from plan_tracker.middleware import Compression

TAKES_GZIP = {"accept-encoding": "gzip, deflate, br"}
LONG_TEXT = "辦理情形：" * 200


def sent(response: HttpResponse) -> HttpResponse:
    """The response as it leaves for a browser that takes gzip."""
    request = RequestFactory().get("/", headers=TAKES_GZIP)
    return Compression(lambda request: response)(request)


def test_a_page_is_sent_compressed(client, db):
    plain = client.get("/login/")
    compressed = client.get("/login/", headers=TAKES_GZIP)

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) == len(compressed.content)
    assert len(compressed.content) < len(plain.content)
    assert "登入" in gzip.decompress(compressed.content).decode()
    # It stays what no cache may keep.
    assert compressed.headers["Cache-Control"] == "no-store"


def test_a_browser_that_takes_no_gzip_gets_the_page_as_it_is(client, db):
    page = client.get("/login/")

    assert "Content-Encoding" not in page.headers
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "登入" in page.content.decode()


def test_the_length_of_a_page_says_nothing_about_its_secrets():
    lengths = {len(sent(HttpResponse(LONG_TEXT)).content) for _ in range(30)}

    assert len(lengths) > 1
    assert GZipMiddleware.max_random_bytes == 100


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_file_that_is_a_zip_file_is_not_compressed_twice(sign_in, coordinator, programme, format):
    client = sign_in(coordinator)
    file = client.get(f"/115/plan/export.{format}", headers=TAKES_GZIP)

    assert "Content-Encoding" not in file.headers
    assert zipfile.is_zipfile(BytesIO(file.content))


def test_a_list_as_csv_is_compressed_on_its_way(sign_in, coordinator, make_action):
    for _ in range(20):
        make_action()
    client = sign_in(coordinator)
    plain = client.get("/115/plan/export.csv")
    compressed = client.get("/115/plan/export.csv", headers=TAKES_GZIP)

    assert gzip.decompress(compressed.content) == plain.content


def test_a_stream_is_compressed_piece_by_piece():
    pieces = [LONG_TEXT, "結束"]
    response = sent(StreamingHttpResponse(pieces, content_type="text/plain; charset=utf-8"))

    assert "Content-Length" not in response.headers
    assert gzip.decompress(b"".join(response)).decode() == LONG_TEXT + "結束"


def test_a_file_from_the_disk_goes_out_as_it_lies_there():
    content = BytesIO(b"%PDF-1.7 " + b"0" * 1000)
    response = sent(FileResponse(content, content_type="application/pdf"))

    assert "Content-Encoding" not in response.headers
    assert b"".join(response).startswith(b"%PDF-1.7 0")


def test_a_part_of_a_file_stays_that_part():
    part = HttpResponse(LONG_TEXT, status=206, headers={"Content-Range": "bytes 0-2999/9000"})

    assert sent(part).content.decode() == LONG_TEXT


def test_the_mark_of_a_version_becomes_a_weak_one():
    response = sent(HttpResponse(LONG_TEXT, headers={"ETag": '"115"'}))

    assert response.headers["ETag"] == 'W/"115"'


def test_static_files_are_not_compressed_on_their_way(settings):
    order = settings.MIDDLEWARE
    whitenoise = order.index("whitenoise.middleware.WhiteNoiseMiddleware")
    compression = order.index("plan_tracker.middleware.Compression")

    assert whitenoise < compression
