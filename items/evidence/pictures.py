"""Pictures are written anew, without the place where they were taken, in a process of its own."""

import json
import logging
from dataclasses import dataclass
from datetime import date, datetime

from items.evidence import picture_process
from items.evidence.refused import FileRefused
from plan_tracker.bounded_process import ProcessFailed, ProcessStopped, outcome_of

MOST_SECONDS = 60
"""By the clock: the costliest picture takes some seconds of a processor, which others need too."""

_MODULE = "items.evidence.picture_process"

log = logging.getLogger("django.request")

_BROKEN = "圖片已損壞或不完整，打不開；請用看圖程式確認後另存新檔，再附上。"
_TOO_LARGE = (
    f"圖片太大（超過 {picture_process.MOST_PIXELS // 10_000:,} 萬像素，或處理時超過了記憶體、時間的上限）；"
    "請縮小後再附上。"
)


@dataclass(frozen=True)
class SafePicture:
    """A picture as it may be kept; `taken_on` is the day that its camera wrote into it."""

    content: bytes
    thumbnail: bytes
    taken_on: date | None


def written_anew(content: bytes) -> SafePicture:
    """The picture without its hidden data, and a thumbnail; `FileRefused` where it cannot be."""
    try:
        outcome = outcome_of(_MODULE, content, most_seconds=MOST_SECONDS)
    except ProcessStopped as stopped:
        log.warning("a picture was stopped with status %s", stopped)
        raise FileRefused(_TOO_LARGE) from None
    except ProcessFailed as failed:
        log.error("a picture failed: %s", failed.words)
        raise FileRefused(_BROKEN) from None
    head, _, pictures = outcome.partition(b"\n")
    answer = json.loads(head)
    refused = answer.get("refused")
    if refused == picture_process.TOO_LARGE:
        raise FileRefused(_TOO_LARGE)
    if refused:
        raise FileRefused(_BROKEN)
    size = answer["size"]
    return SafePicture(
        content=pictures[:size],
        thumbnail=pictures[size:],
        taken_on=_day(answer["taken"]),
    )


def _day(taken: str) -> date | None:
    try:
        return datetime.strptime(taken[:10], "%Y:%m:%d").date()
    except ValueError:
        return None
