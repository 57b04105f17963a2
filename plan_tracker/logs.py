"""Log lines: one event, one line, whatever text somebody managed to put into it."""

import logging
from datetime import UTC, datetime

ESCAPED = {code: f"\\x{code:02x}" for code in [*range(32), *range(0x7F, 0xA0)]} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
ESCAPED[ord("\n")], ESCAPED[ord("\r")], ESCAPED[ord("\t")] = "\\n", "\\r", "\\t"


class OneLine(logging.Formatter):
    """Time (UTC), level, logger, the request's reference number, words; control characters are written out.

    A traceback follows on indented lines, so that a line which starts with a time is always an event of its own.
    """

    def format(self, record):
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        reference = getattr(getattr(record, "request", None), "reference", "-")
        lines = [
            f"{at} {record.levelname} {record.name} {reference} {record.getMessage()}".translate(
                ESCAPED
            )
        ]
        if record.exc_info:
            lines += [
                f"    {line.translate(ESCAPED)}"
                for line in self.formatException(record.exc_info).splitlines()
            ]
        return "\n".join(lines)
