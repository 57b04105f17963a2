"""What waitress answers by itself, without a proxy in front: our page, with every header."""

import pytest
from django.conf import settings

from tests.running_server import answer_to, running_server

HOST = "Host: 127.0.0.1\r\nConnection: close\r\n"
OWN = {
    "no request at all": (400, "nonsense\r\n\r\n", "這個要求的內容有誤"),
    "a length that is none": (
        400,
        f"POST /login/ HTTP/1.1\r\n{HOST}Content-Length: x\r\n\r\n",
        "這個要求的內容有誤",
    ),
    "an address too long": (
        431,
        f"GET /{'a' * 300_000} HTTP/1.1\r\n{HOST}\r\n",
        "瀏覽器送出的資料太長",
    ),
    "headers too long": (
        431,
        f"GET / HTTP/1.1\r\n{HOST}Cookie: {'a' * 300_000}\r\n\r\n",
        "瀏覽器送出的資料太長",
    ),
    "a body too large": (
        413,
        f"POST /login/ HTTP/1.1\r\n{HOST}Content-Length: 99999999\r\n\r\n",
        "上傳的內容太大",
    ),
    "an unknown encoding": (
        501,
        f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: x\r\n\r\n",
        "系統不支援這種傳送方式",
    ),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    # DEBUG serves static files that were not collected, which a page refers to.
    with running_server(tmp_path_factory.mktemp("server"), DEBUG="1") as number:
        yield number


@pytest.mark.slow
def test_what_waitress_answers_by_itself_is_our_page_with_our_headers(port):
    for name, (status, text, words) in OWN.items():
        answer, body = answer_to(port, text)
        assert answer.status == status, name
        for header, value in settings.ALWAYS_HEADERS.items():
            assert answer.headers.get_all(header) == [value], (name, header)
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["Cache-Control"] == "no-store", name
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"], name
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8", name
        assert words in body, name
        assert "參考編號" in body, name
        assert "waitress" not in body.lower(), name
        assert answer.headers["Server"] is None, name
