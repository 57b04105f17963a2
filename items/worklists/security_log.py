"""資安日誌 as auditors read it: which events of which days, as a page and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import overload

from items import search
from items.day_words import moment_words
from items.exchange.spreadsheets.file_table import Column, FileTable, TableRow
from items.models import User
from items.roc import format_roc
from plan_tracker.security_log import (
    SecurityEvent,
    SecurityLine,
    days_kept,
    raw_lines,
    read_line,
)

USUAL_DAYS = 7
"""Without a first day, so many days are shown."""
MOST_LINES = 200_000
"""So many are looked through: half a second; a flood of refusals must not hold the page up."""
MOST_IN_FILE = 10_000
"""As many as a file of 歷程 has."""
AT_SERVER = "伺服器上的指令"


@dataclass(frozen=True)
class SecurityLimits:
    """Which lines are asked for; both days are included."""

    start: date
    end: date
    event: str = ""
    words: str = ""

    def conditions(self) -> str:
        """The limits in words, for page and file."""
        first_day = format_roc(self.start)
        last_day = format_roc(self.end)
        conditions = [f"{first_day}至{last_day}"]
        if self.event:
            event = SecurityEvent(self.event)
            conditions.append(str(event.label))
        if self.words:
            conditions.append(f"含「{self.words}」")
        return "、".join(conditions)


def limits_from(
    start: date | None, end: date | None, *, event: str, words: str, today: date
) -> SecurityLimits:
    """What the form says; the last days where it names none."""
    last_day = today
    if end is not None:
        last_day = end
    # Both days are included.
    first_day = last_day - timedelta(days=USUAL_DAYS - 1)
    if start is not None:
        first_day = start
    return SecurityLimits(start=first_day, end=last_day, event=event, words=words)


class FoundLines(Sequence[SecurityLine]):
    """The lines within the limits, the newest first; read anew from the files at each question."""

    def __init__(self, limits: SecurityLimits) -> None:
        self.limits = limits
        self.is_cut = False
        self._length: int | None = None

    def __len__(self) -> int:
        # Once: a page asks for the number several times, and each time all files would be read.
        if self._length is None:
            self._length = sum(1 for _ in self._raw())
        return self._length

    @overload
    def __getitem__(self, place: int) -> SecurityLine: ...

    @overload
    def __getitem__(self, place: slice) -> list[SecurityLine]: ...

    def __getitem__(self, place: int | slice) -> SecurityLine | list[SecurityLine]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        lines = []
        # Bytes until here: of 200,000 lines only those of the page are parsed.
        raw_lines_of_page = islice(self._raw(), place.start or 0, place.stop)
        for raw in raw_lines_of_page:
            line = read_line(raw)
            if line is not None:
                lines.append(line)
        return lines

    def _raw(self) -> Iterator[bytes]:
        """What fits, as it stands in the files."""
        number = 0
        for day in days_kept():
            if not self.limits.start <= day <= self.limits.end:
                continue
            for raw in raw_lines(day):
                number += 1
                if number > MOST_LINES:
                    self.is_cut = True
                    return
                if self._fits(raw):
                    yield raw

    def _fits(self, raw: bytes) -> bool:
        # Quotes within a value are escaped, so that no text of a person can look like the field.
        event = self.limits.event
        if event and f'"event":"{event}"'.encode() not in raw:
            return False
        if not self.limits.words:
            return True
        line = read_line(raw)
        if line is None:
            return False
        texts = [line.user, line.address, line.object, line.words, line.request]
        # As everywhere in the product: 臺 finds 台, and full width finds half width.
        return search.fold(self.limits.words) in search.fold("\n".join(texts))


@dataclass(frozen=True)
class ToldLine:
    """One event in words."""

    line: SecurityLine
    name: str
    """The name of the person, beside the account; empty where there is none."""

    @property
    def when(self) -> str:
        return f"{moment_words(self.line.moment)}:{self.line.moment:%S}"

    @property
    def event_words(self) -> str:
        if self.line.event in SecurityEvent:
            return str(SecurityEvent(self.line.event).label)
        return self.line.event

    @property
    def user_words(self) -> str:
        """The one who did it; the command line where nobody was signed in and no address asked."""
        if self.line.user:
            return self.line.user
        if not self.line.address:
            return AT_SERVER
        return "未登入"


def told_lines(lines: Sequence[SecurityLine]) -> list[ToldLine]:
    """The lines with the people's names, at one query."""
    usernames = {line.user for line in lines if line.user}
    accounts = User.objects.filter(username__in=usernames)
    names = dict(accounts.values_list("username", "full_name"))
    lines_with_names = []
    for line in lines:
        # What somebody typed at the login stands there too, and may be no account at all.
        name = names.get(line.user, "")
        lines_with_names.append(ToldLine(line, name))
    return lines_with_names


def too_many_words(number: int) -> str:
    """Why there is no file of so many lines; empty where there is."""
    if number <= MOST_IN_FILE:
        return ""
    return (
        f"這個範圍有 {number:,} 筆，一個檔案最多 {MOST_IN_FILE:,} 筆；"
        "請用日期、事件或文字縮小範圍，分成幾個檔案匯出。"
    )


def security_table(lines: FoundLines, today: date) -> FileTable:
    """The lines as a file, to be kept with the papers of an audit."""
    columns = (
        Column("時間", 24),
        Column("事件", 16),
        Column("帳號", 16),
        Column("姓名", 12),
        Column("位址", 18),
        Column("對象", 50),
        Column("說明", 36),
        Column("代碼", 12, is_centred=True),
    )
    rows: list[TableRow] = []
    for told_line in told_lines(lines[:MOST_IN_FILE]):
        line = told_line.line
        rows.append(
            [
                told_line.when,
                told_line.event_words,
                told_line.user_words,
                told_line.name,
                line.address,
                line.object,
                line.words,
                line.request,
            ]
        )
    return FileTable(
        name="資安日誌",
        title="資安日誌",
        subtitle=f"{format_roc(today)}匯出，共 {len(rows):,} 筆；{lines.limits.conditions()}",
        columns=columns,
        rows=rows,
        paper="A3",
    )
