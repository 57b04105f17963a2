"""Pictures are written anew, without the place where they were taken, in a process of its own."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from items.evidence import picture_process
from items.evidence.refused import FileRefused

MOST_SECONDS = 60
"""By the clock: the costliest picture takes some seconds of a processor, which others need too."""

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
    command = [sys.executable, "-m", "items.evidence.picture_process"]
    try:
        process = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(_TOO_LARGE) from None
    # A negative status is a signal: the system has stopped it.
    if process.returncode < 0:
        log.warning("a picture was stopped with status %s", process.returncode)
        raise FileRefused(_TOO_LARGE)
    if process.returncode != 0:
        log.error("a picture failed: %s", process.stderr.decode("utf-8", "replace"))
        raise FileRefused(_BROKEN)
    head, _, pictures = process.stdout.partition(b"\n")
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
