"""品質提示: what somebody looks at in a report before they endorse or accept it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models


class QualityFlag(models.TextChoices):
    """品質提示, in the order in which they are shown."""

    PHRASE = "phrase", "空泛用語"
    SHORT = "short", "內容過短"
    UNCHANGED = "unchanged", "與上期雷同"
    NO_FIGURE = "no_figure", "沒有數字或日期"
    NO_EVIDENCE = "no_evidence", "100% 沒有佐證"
    FELL = "fell", "進度倒退"
    JUMP = "jump", "一期跳到 100%"
    UNEXPLAINED = "unexplained", "落後沒有說明"
    BEHIND_AGAIN = "behind_again", "連續落後"
    OVERDUE = "overdue", "期限已過"


ADVICE = {
    QualityFlag.PHRASE: "請寫具體做了什麼、什麼時候",
    QualityFlag.SHORT: "請寫做了什麼、成果多少",
    QualityFlag.UNCHANGED: "請寫這一期新做的事",
    QualityFlag.NO_FIGURE: "請補件數、場次或日期",
    QualityFlag.NO_EVIDENCE: "請附驗收或完成的證明",
    QualityFlag.FELL: "請確認數字，或說明為什麼",
    QualityFlag.JUMP: "請確認已經完成，並附證明",
    QualityFlag.UNEXPLAINED: "請補落後原因與因應對策",
    QualityFlag.BEHIND_AGAIN: "請檢討對策是否有效",
    QualityFlag.OVERDUE: "請說明何時完成，或申請展延",
}
"""What the department should do about it."""

COUNTED = {
    QualityFlag.UNCHANGED: "與上期文字 {number}% 相同",
    QualityFlag.FELL: "進度倒退（上期 {number}%）",
    QualityFlag.JUMP: "由 {number}% 一期跳到 100%",
    QualityFlag.BEHIND_AGAIN: "連續 {number} 期落後",
}
"""The words of those that have a number."""

OF_THE_DAY = (QualityFlag.OVERDUE,)
"""Those that depend on the day on which one looks: they are never kept."""


@dataclass(frozen=True)
class RaisedFlag:
    """One flag of one report; `number` is what its words count, None where they count nothing."""

    flag: QualityFlag
    number: int | None = None

    @property
    def words(self) -> str:
        """「進度倒退（上期 80%）」"""
        if self.number is None or self.flag not in COUNTED:
            return str(self.flag.label)
        if self.flag == QualityFlag.UNCHANGED and self.number >= 100:
            return "與上期文字相同"
        return COUNTED[self.flag].format(number=self.number)

    @property
    def advice(self) -> str:
        return ADVICE[self.flag]


def written_flags(raised: Iterable[RaisedFlag]) -> str:
    """「,short,fell=80,」: each code behind a comma, so that the database finds it in the text."""
    parts = []
    for one in raised:
        part = one.flag.value
        if one.number is not None:
            part = f"{part}={one.number}"
        parts.append(part)
    if not parts:
        return ""
    return f",{','.join(parts)},"


def read_flags(text: str) -> list[RaisedFlag]:
    """The flags of what `written_flags` has written, in their order; unknown ones are left out."""
    return list(_flags_in(text))


# The same few texts stand in the reports of a whole year, and a page reads one for each row.
@lru_cache(maxsize=1_000)
def _flags_in(text: str) -> tuple[RaisedFlag, ...]:
    numbers: dict[str, int | None] = {}
    for part in text.split(","):
        code, _, number = part.partition("=")
        numbers[code] = None
        if number:
            numbers[code] = int(number)
    raised = []
    for flag in QualityFlag:
        if flag.value in numbers:
            raised.append(RaisedFlag(flag, numbers[flag.value]))
    return tuple(raised)


class FlagsField(models.TextField):
    """Some flags of the list in one text, of which the history says the words."""

    def words_of(self, value: str) -> str:
        return "、".join(str(one.flag.label) for one in read_flags(value))

    def deconstruct(self) -> Any:
        """As a plain text field: the database knows no other."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
