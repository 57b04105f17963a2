"""資安日誌: who signed in, was refused, took what out or brought what in; one line each, in files.

Each event is a line of JSON in the file of its day (in Taipei) in `SECURITY_LOG_DIR`. In files and
not in the database: an event stays where its transaction is rolled back, nobody who reads waits for
a writer, and no page of ours can change what stands there. Each line is one write at the end of a
file, so that several processes share it. Where a service runs on several machines, each has its own
files: `SECURITY_SYSLOG` brings the lines together.
"""

import errno
import json
import logging
import os
import unicodedata
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import TextChoices
from django.http import HttpRequest

from plan_tracker import clock
from plan_tracker.client_address import client_address
from plan_tracker.secret_paths import without_secrets

log = logging.getLogger("security")

ENDING = ".jsonl"
LONGEST = 500
"""Characters of one value: an address may have thousands."""
BLOCK = 64 * 1024
"""Bytes that are read at a time, from the end: the file of a bad day may be larger than memory."""

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
"""The request that is being answered, for the lines that are written meanwhile."""


class SecurityEvent(TextChoices):
    """事件: what kind of thing happened."""

    SIGN_IN = "sign-in", "登入"
    SIGN_IN_FAILED = "sign-in-failed", "登入失敗"
    LOCK = "lock", "登入鎖定"
    LIFT = "lift", "解除登入鎖定"
    SIGN_OUT = "sign-out", "登出"
    REFUSAL = "refusal", "拒絕存取"
    PASSWORD = "password", "密碼設定或變更"
    ACCOUNT = "account", "帳號、角色與所屬單位異動"
    IMPORT = "import", "匯入"
    EXPORT = "export", "匯出"
    DOWNLOAD = "download", "下載檔案"
    SWEEP = "sweep", "刪除過期的日誌"


@dataclass(frozen=True)
class SecurityLine:
    """One event as it stands in the file."""

    at: str
    """The moment in UTC, as ISO 8601 with milliseconds."""
    event: str
    user: str
    address: str
    object: str
    words: str
    request: str
    """The number that stands on the error page and in every other line of the log; or empty."""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def written(self) -> str:
        """The line without its end; what ends lines or turns text around is escaped."""
        return escaped(json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")))


def escaped(text: str) -> str:
    """The same without anything that a viewer could obey."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    """As JSON writes it where a viewer could obey it: controls, formats (bidi) and separators."""
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    # JSON writes a character beyond the first 65,536 as the two units that UTF-16 has for it.
    units = character.encode("utf-16-be", "surrogatepass")
    escaped = ""
    for place in range(0, len(units), 2):
        unit = units[place : place + 2]
        escaped += f"\\u{unit.hex()}"
    return escaped


def note(
    event: SecurityEvent,
    object: str = "",
    *,
    user: str = "",
    words: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Write a line about what has just happened.

    Without a `request`, the one that is being answered; without a `user`, the one who is signed
    in in it. A command has neither: its lines have no address.
    """
    if request is None:
        request = current_request.get()
    address = reference = ""
    if request is not None:
        address = client_address(request)
        reference = str(getattr(request, "reference", ""))
        user = user or name_of_user(request)
    line = SecurityLine(
        at=clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
        event=event.value,
        user=user[:LONGEST],
        address=address,
        object=without_secrets(object)[:LONGEST],
        words=without_secrets(words)[:LONGEST],
        request=reference,
    )
    message = escaped(" ".join(_parts(line)))
    log.info("%s", message, extra={"security_line": line})


def _parts(line: SecurityLine) -> Iterator[str]:
    """The line as the console has it, whose formatter escapes and numbers it."""
    yield line.event
    yield f"user={line.user or '-'}"
    yield f"address={line.address or '-'}"
    if line.object:
        yield f"object={line.object}"
    if line.words:
        yield line.words


def note_once_written(event: SecurityEvent, object: str = "", **about: Any) -> None:
    """The same about something that is being written: only if it stays written."""
    transaction.on_commit(partial(note, event, object, **about))


def name_of_user(request: HttpRequest) -> str:
    """Who is signed in, without asking the database, which may be what has just failed."""
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return ""
    return str(user.get_username())


class DailyFiles(logging.Handler):
    """Adds each event to the file of its day."""

    def emit(self, record: logging.LogRecord) -> None:
        line: SecurityLine | None = getattr(record, "security_line", None)
        if line is None:
            return
        try:
            append(line)
        except OSError:
            # A full disk: the console has the line, and the answer must not fail for it.
            self.handleError(record)


class LineFormatter(logging.Formatter):
    """The line as it stands in the file, for syslog."""

    def format(self, record: logging.LogRecord) -> str:
        line: SecurityLine | None = getattr(record, "security_line", None)
        if line is None:
            return record.getMessage()
        return f"plan_tracker: {line.written()}"


def append(line: SecurityLine) -> None:
    """Add a line to its day's file, in one write, so that lines of several processes stay whole."""
    folder = folder_of_log()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    day = line.moment.astimezone(clock.TAIPEI).date()
    content = f"{line.written()}\n".encode()
    file = os.open(folder / file_name(day), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if not _ends_with_a_line(file):
            # Behind the half that a full disk has left, this one could not be read either.
            content = b"\n" + content
        written = os.write(file, content)
        if written < len(content):
            raise OSError(errno.ENOSPC, f"{written} of {len(content)} bytes of a line were written")
    finally:
        os.close(file)


def _ends_with_a_line(file: int) -> bool:
    """Whether the last line is whole; so is that of an empty file."""
    if os.fstat(file).st_size == 0:
        return True
    # Where the file is read from does not move where lines are added.
    os.lseek(file, -1, os.SEEK_END)
    return os.read(file, 1) == b"\n"


def folder_of_log() -> Path:
    return Path(settings.SECURITY_LOG_DIR)


def file_name(day: date) -> str:
    return f"{day.isoformat()}{ENDING}"


def days_kept() -> list[date]:
    """The days that have a file, the newest first."""
    days = []
    for path in folder_of_log().glob(f"*{ENDING}"):
        try:
            days.append(date.fromisoformat(path.stem))
        except ValueError:
            # Somebody has put a file of another name there: it is not ours.
            continue
    return sorted(days, reverse=True)


def raw_lines(day: date) -> Iterator[bytes]:
    """The lines of a day as they stand in the file, the newest first; one block is held at a time."""
    try:
        file = (folder_of_log() / file_name(day)).open("rb")
    except FileNotFoundError:
        return
    with file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        while position > 0:
            start = max(position - BLOCK, 0)
            file.seek(start)
            block = file.read(position - start) + rest
            position = start
            first, *whole = block.split(b"\n")
            # The first may have begun in the block before.
            rest = first
            for raw in reversed(whole):
                if raw:
                    yield raw
        if rest:
            yield rest


def read_line(raw: bytes) -> SecurityLine | None:
    """A line of a file; None where it is not whole, as after a full disk."""
    try:
        return SecurityLine(**json.loads(raw))
    except (ValueError, TypeError):
        return None


def sweep(before: date) -> int:
    """Delete the files of the days before one; how many there were."""
    number = 0
    for day in days_kept():
        if day < before:
            (folder_of_log() / file_name(day)).unlink(missing_ok=True)
            number += 1
    return number
