"""Quality flags of a report: raised when it is sent, and kept with it.

People who decide on hundreds of reports can count and filter them without reading a text. What
depends on the day (期限已過) is read off the row instead.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import DateField

from items.diff import SAME, marked
from items.models import Evidence, ProgressReport
from items.models.prepared import Prepared, Slot
from items.models.quality_flags import QualityFlag, RaisedFlag, written_flags

SHORT_TEXT = 8
"""A report of so few characters tells nobody what was done."""
SAME_SHARE = 90
"""In percent: a text that is the same as the last one by more than this says nothing new."""
JUMP_POINTS = 40
"""From so many points below, 100 % in one period is looked at twice."""
PERIODS_BACK = 12
"""How many earlier reports are looked at: a year of months."""

EMPTY_CLAUSE = re.compile(
    r"(本案|本項|本處|本室|業務|目前|現正|仍|已|尚|均|將|刻正|依計畫|依規定|按計畫|配合|持續|賡續|陸續|積極)*"
    r"(辦理|推動|執行|研議|規劃|研擬|檢討|進行|處理|追蹤|評估|於未來辦理|視情況辦理|適時辦理)(中|之)?"
)
"""A clause that says of no single thing that it was done: 持續辦理中, 研議中, 將於未來辦理."""
CLAUSE_ENDS = re.compile(r"[，,。.；;、：:！!\s]+")
FIGURE = re.compile(
    r"\d|[一二三四五六七八九十兩百千]+(件|次|場|人|月|日|年|季|個|項|台|臺|處|班|站|戶|家|份|座|間|週|梯|輛|組)"
)
NOTHING_SAID = {
    "",
    "無",
    "略",
    "-",
    "—",
    "如上",
    "同上",
    "如前",
    "同前",
    "如題",
    "同前期",
    "如上期",
}
"""What people write into 落後原因 or 因應對策 where something has to stand."""


@dataclass(frozen=True)
class ReportedValues:
    """What flags look at in one report; both percents are None where none was kept."""

    text: str
    percent: int | None
    planned: int | None
    delay_reason: str = ""
    remedy: str = ""

    @property
    def points_behind(self) -> int:
        if self.percent is None or self.planned is None:
            return 0
        return self.planned - self.percent


_EARLIER = Prepared(
    lambda: (
        ProgressReport.objects.submitted()
        .filter(assignment=Slot("assignment"))
        .ended_before(Slot("ends_on", DateField()))
        .only("text", "percent", "planned_percent")[:PERIODS_BACK]
    )
)

_ATTACHED = Prepared(
    lambda: Evidence.objects.attached().filter(report=Slot("report")).order_by().only("pk")[:1]
)


def flags_to_keep(report: ProgressReport, planned: int) -> str:
    """The flags of a report that is sent now, as its row keeps them; two queries."""
    now = ReportedValues(
        text=report.text,
        percent=report.percent,
        planned=planned,
        delay_reason=report.delay_reason,
        remedy=report.remedy,
    )
    earlier = []
    for row in _EARLIER(assignment=report.assignment_id, ends_on=report.period.ends_on):
        earlier.append(ReportedValues(row.text, row.percent, row.planned_percent))
    has_evidence = True
    # Only there it matters, and only there it is asked.
    if report.percent == 100:
        has_evidence = bool(_ATTACHED(report=report.pk))
    raised = raised_flags(
        now,
        earlier,
        threshold=report.period.programme.behind_threshold,
        has_evidence=has_evidence,
    )
    return written_flags(raised)


def raised_flags(
    now: ReportedValues,
    earlier: Sequence[ReportedValues],
    *,
    threshold: int,
    has_evidence: bool,
) -> list[RaisedFlag]:
    """`earlier` are the reports of the periods before, the newest first."""
    last = None
    if earlier:
        last = earlier[0]
    return [
        *_flags_of_text(now.text, last),
        *_flags_of_percent(now, last, has_evidence=has_evidence),
        *_flags_of_delay(now, earlier, threshold),
    ]


def _flags_of_text(text: str, last: ReportedValues | None) -> list[RaisedFlag]:
    raised = []
    # Full-width figures and marks count as the plain ones do.
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_empty_phrase(plain):
        raised.append(RaisedFlag(QualityFlag.PHRASE))
    if len(plain.rstrip("。.")) <= SHORT_TEXT:
        raised.append(RaisedFlag(QualityFlag.SHORT))
    if last is not None:
        share = same_share(last.text, text)
        if share > SAME_SHARE:
            raised.append(RaisedFlag(QualityFlag.UNCHANGED, share))
    if not FIGURE.search(plain):
        raised.append(RaisedFlag(QualityFlag.NO_FIGURE))
    return raised


def is_empty_phrase(text: str) -> bool:
    """Whether every clause of the text is one such as 持續辦理中."""
    clauses = [clause for clause in CLAUSE_ENDS.split(text) if clause]
    return all(EMPTY_CLAUSE.fullmatch(clause) for clause in clauses)


def same_share(old: str, new: str) -> int:
    """How much of the longer of two texts stands in the other as well, in whole percent."""
    old = old.strip()
    new = new.strip()
    if old == new:
        return 100
    longer = max(len(old), len(new))
    same = sum(len(piece.text) for piece in marked(old, new) if piece.kind == SAME)
    # Never 100: they are not the same.
    return min(same * 100 // longer, 99)


def _flags_of_percent(
    now: ReportedValues, last: ReportedValues | None, *, has_evidence: bool
) -> list[RaisedFlag]:
    raised = []
    before = 0
    if last is not None and last.percent is not None:
        before = last.percent
    if now.percent == 100 and not has_evidence:
        raised.append(RaisedFlag(QualityFlag.NO_EVIDENCE))
    if now.percent is not None and now.percent < before:
        raised.append(RaisedFlag(QualityFlag.FELL, before))
    if now.percent == 100 and now.percent - before >= JUMP_POINTS:
        raised.append(RaisedFlag(QualityFlag.JUMP, before))
    return raised


def _flags_of_delay(
    now: ReportedValues, earlier: Sequence[ReportedValues], threshold: int
) -> list[RaisedFlag]:
    raised = []
    # At the end of its time an item is late by a single point.
    is_late = now.planned == 100 and now.points_behind > 0
    is_behind = now.points_behind >= threshold
    if (is_behind or is_late) and not (_says(now.delay_reason) and _says(now.remedy)):
        raised.append(RaisedFlag(QualityFlag.UNEXPLAINED))
    if is_behind:
        number = 1
        for report in earlier:
            if report.points_behind < threshold:
                break
            number += 1
        if number > 1:
            raised.append(RaisedFlag(QualityFlag.BEHIND_AGAIN, number))
    return raised


def _says(words: str) -> bool:
    return words.strip().rstrip("。.") not in NOTHING_SAID
