"""Log lines: one event, one line, also where somebody managed to put line breaks into it."""

import logging
from datetime import UTC, datetime

from django.http import HttpRequest

from plan_tracker.client_address import client_address
from plan_tracker.secret_paths import without_secrets
from plan_tracker.security_log import current_request, name_of_user


def _escapes() -> dict[int, str]:
    """How characters are written that end a line, move the cursor or colour a terminal."""
    escapes = {}
    for code in (*range(32), *range(0x7F, 0xA0)):
        escapes[code] = f"\\x{code:02x}"
    for code in (0x2028, 0x2029):  # line and paragraph separator, which some viewers obey
        escapes[code] = f"\\u{code:04x}"
    escapes[ord("\n")] = "\\n"
    escapes[ord("\r")] = "\\r"
    escapes[ord("\t")] = "\\t"
    return escapes


ESCAPES = _escapes()


class OneLine(logging.Formatter):
    """Time (UTC), level, logger, the request's reference number, words; control characters escaped.

    What was refused (4xx) says who asked and from where, and needs no traceback. A fault's
    traceback follows on indented lines, so that a line which starts with a time is always an
    event of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        # Django's own log lines carry the request, those of other packages do not.
        request = getattr(record, "request", None)
        answered_request = request or current_request.get()
        # Without one: a command, or a thread of its own.
        reference = getattr(answered_request, "reference", "-")
        event = f"{at} {record.levelname} {record.name} {reference} {record.getMessage()}"
        if isinstance(request, HttpRequest):
            event += f" {_sender(request)}"
        event = without_secrets(event)
        lines = [event.translate(ESCAPES)]
        if record.exc_info and not _is_refusal(record):
            # Not Formatter's own way: it would put the traceback's lines at the margin.
            traceback = self.formatException(record.exc_info)
            for line in without_secrets(traceback).splitlines():
                lines.append(f"    {line.translate(ESCAPES)}")
        return "\n".join(lines)


def _sender(request: HttpRequest) -> str:
    """Who asked, and from where."""
    name = name_of_user(request) or "-"
    return f"user={name} address={client_address(request)}"


def _is_refusal(record: logging.LogRecord) -> bool:
    """Whether the line is about an answer that is no fault of ours: 400 to 499."""
    status: object = getattr(record, "status_code", None)
    return isinstance(status, int) and 400 <= status < 500
