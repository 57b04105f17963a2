import logging
import sys

from plan_tracker.logs import OneLine


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
