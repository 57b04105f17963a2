import logging
import sys

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import include, path

from plan_tracker.logs import OneLine


@login_not_required
def fails(request):
    raise RuntimeError("the inside")


urlpatterns = [path("fails/", fails), path("", include("plan_tracker.urls"))]


def formatted(message, exc_info=None):
    return OneLine().format(
        logging.LogRecord("security", logging.INFO, __file__, 1, message, (), exc_info)
    )


def test_text_that_carries_a_line_break_stays_in_its_line():
    line = formatted(
        "login failed: mei\n2026-11-22T00:00:00 INFO security - forged\r\x1b[31m\u2028x\x85"
    )
    assert len(line.splitlines()) == 1
    assert "\\n2026" in line
    assert "\x1b" not in line


def test_a_traceback_never_looks_like_an_event_of_its_own():
    try:
        raise ValueError("a\n2026-11-22T00:00:00 INFO security - forged")
    except ValueError:
        lines = formatted("failed", sys.exc_info()).splitlines()
    assert len(lines) > 2
    assert all(line.startswith("    ") for line in lines[1:])


@pytest.fixture
def line_of(caplog):
    """`line_of(logger)`: the one thing that this logger has said, as the log prints it."""

    def line_of(logger_name):
        lines = []
        for record in caplog.records:
            if record.name == logger_name:
                lines.append(OneLine().format(record))
        assert len(lines) == 1
        return lines[0]

    # Django's own logger hands nothing on to the root, where caplog listens.
    logging.getLogger("django").addHandler(caplog.handler)
    yield line_of
    logging.getLogger("django").removeHandler(caplog.handler)


def test_a_refusal_is_one_line_with_who_asked_for_what_and_from_where(client, mei, line_of):
    client.force_login(mei)
    assert (
        client.get("/admin/items/user/%1B2026/change/", REMOTE_ADDR="203.0.113.7").status_code
        == 403
    )
    line = line_of("django.request")
    assert len(line.splitlines()) == 1
    assert " WARNING django.request " in line
    assert r"/admin/items/user/\x1b2026/change/" in line
    assert line.endswith(" user=mei address=203.0.113.7")


def test_what_a_stranger_is_refused_says_so_without_a_name(db, line_of):
    assert Client().get("/", headers={"host": "elsewhere.example"}).status_code == 400
    line = line_of("django.security.DisallowedHost")
    assert len(line.splitlines()) == 1
    assert line.endswith(" user=- address=127.0.0.1")


def test_a_fault_of_ours_keeps_its_traceback_and_says_who_met_it(settings, line_of):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    assert client.get("/fails/").status_code == 500
    first, *traceback = line_of("django.request").splitlines()
    assert first.endswith("/fails/ user=- address=127.0.0.1")
    assert "RuntimeError: the inside" in traceback[-1]
