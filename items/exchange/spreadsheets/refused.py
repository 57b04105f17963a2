"""How the reader says no to a whole file."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a file is refused, for code that has to decide; people read the sentence."""

    TOO_LARGE = "too large"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    MACRO = "macro"
    DAMAGED = "damaged"
    UNSAFE = "unsafe"
    NOT_A_TABLE = "not a table"
    UNSUPPORTED = "unsupported"
    """A table, but in a form that is not read: .xls, .xlsb, Numbers, UTF-16."""
    BUSY = "busy"
    """Nothing is wrong with the file: others are being read."""
    CONTENT = "content"
    """The file could be read, but what stands in it is not what was asked for."""


class Refused(Exception):
    """The whole file cannot be used.

    `message` is a Chinese sentence with the figure, the place and the remedy; `reason` is for code.
    """

    def __init__(self, message: str, reason: RefusalReason = RefusalReason.CONTENT) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
