"""Two people on one report: both contents side by side, and the one that is chosen from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from items.day_words import moment_words
from items.diff import Piece, marked
from items.models import ProgressReport, User, WorkStatus
from items.models.labels import field_label

MINE, THEIRS, BOTH = "mine", "theirs", "both"
"""What is kept of a field, as the page sends it."""

CHOICE = "keep_"
"""Before the field's name, in the name of its choice."""

PROSE = ("text", "delay_reason", "remedy", "coordination")
"""Fields of which both can be kept, one below the other."""


@dataclass(frozen=True)
class FieldOfTwo:
    """One field that the two contents have differently, in words."""

    name: str
    label: str
    mine: str
    theirs: str

    @property
    def choice_name(self) -> str:
        return f"{CHOICE}{self.name}"

    @property
    def is_prose(self) -> bool:
        return self.name in PROSE

    @property
    def can_be_both(self) -> bool:
        return self.is_prose and bool(self.mine) and bool(self.theirs)

    @property
    def usual(self) -> str:
        """What is chosen at first: the reader's own words, unless there are none."""
        if self.mine:
            return MINE
        return THEIRS

    @property
    def pieces_of_mine(self) -> list[Piece]:
        """The own text, with what only it has as inserted."""
        return marked(self.theirs, self.mine)

    @property
    def pieces_of_theirs(self) -> list[Piece]:
        """The saved text, with what only it has as inserted: nothing of it was deleted."""
        return marked(self.mine, self.theirs)


@dataclass(frozen=True)
class TwoTexts:
    """What somebody wrote (`content`, not saved) beside what another person saved meanwhile."""

    saved: ProgressReport
    content: Mapping[str, Any]
    reader: User

    @property
    def fields(self) -> list[FieldOfTwo]:
        """Those that differ, in the order of the form."""
        fields = []
        for name in ProgressReport.CONTENT:
            written_words = _in_words(name, self.content[name])
            saved_words = _in_words(name, getattr(self.saved, name))
            # In words: to a reader, an empty text and none at all are the same.
            if written_words != saved_words:
                label = field_label(ProgressReport, name)
                fields.append(FieldOfTwo(name, label, written_words, saved_words))
        return fields

    @property
    def posted(self) -> dict[str, str]:
        """The own content, as a form would send it again."""
        values = {}
        for name in ProgressReport.CONTENT:
            values[name] = _as_posted(self.content[name])
        return values

    @property
    def heading(self) -> str:
        """「李蘭剛才更新了這份辦理情形」"""
        if self.saved.written_by_id == self.reader.pk:
            return "您在別的分頁或裝置更新過這份辦理情形"
        return f"{self.saved.writer_words}剛才更新了這份辦理情形"

    @property
    def theirs_words(self) -> str:
        """「已存的（李蘭，115年11月22日 10:00）」"""
        return f"已存的（{self.saved.writer_words}，{moment_words(self.saved.updated_at)}）"


def chosen(posted: Mapping[str, str], saved: ProgressReport) -> dict[str, str]:
    """The fields of a form as posted, with what was chosen for each of them."""
    content = dict(posted)
    for name in ProgressReport.CONTENT:
        choice = posted.get(f"{CHOICE}{name}")
        theirs = _as_posted(getattr(saved, name))
        # Without a choice the posted value stays: fields that are equal have none on the page.
        if choice == THEIRS:
            content[name] = theirs
        elif choice == BOTH and name in PROSE:
            # The saved one first, as it was there before.
            content[name] = f"{theirs}\n{posted.get(name, '')}"
    return content


def _as_posted(value: Any) -> str:
    """What a form sends of a value; without this, an empty percent would come back as 「None」."""
    if value is None:
        return ""
    return str(value)


def _in_words(name: str, value: str | int | None) -> str:
    if value is None or value == "":
        return ""
    if name == "percent":
        return f"{value}%"
    if name == "work_status":
        return str(WorkStatus(str(value)).label)
    return str(value)
