"""Why a backup is not made, or not taken."""

from enum import Enum, auto


class BackupFault(Enum):
    """What is wrong, for code; the words are for people."""

    NO_FOLDER = auto()
    NO_DATABASE = auto()
    BROKEN_DATABASE = auto()
    DISK_FULL = auto()
    NO_STORE = auto()
    CHANGED_MEANWHILE = auto()
    UNREADABLE = auto()
    DAMAGED = auto()
    NEWER_FORMAT = auto()
    NEWER_DATABASE = auto()
    OTHER_ENGINE = auto()
    INVENTED_PEOPLE = auto()
    NOT_EMPTY = auto()


class BackupRefused(Exception):
    """A sentence with the remedy, and the reason that code can ask for."""

    def __init__(self, words: str, reason: BackupFault) -> None:
        super().__init__(words)
        self.reason = reason
