"""What a file may be called: as its sender calls it, on every system that people have."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 120
"""Characters of a name: with a folder or two before it, Windows allows no more than 255."""

_FORBIDDEN = re.compile('[<>:"/\\\\|?*]')
_SPACES = re.compile(r"\s+")
_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
NAMELESS = "未命名"


def cleaned_name(name: str) -> str:
    """The name without its folders, and without what Windows or a terminal takes amiss."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    cleaned = ""
    # Control characters, and those that turn the direction of what follows: with one of them
    # 「fdp.exe」 is shown as 「exe.pdf」.
    for character in unicodedata.normalize("NFC", last):
        if not unicodedata.category(character).startswith("C"):
            cleaned += character
    cleaned = _FORBIDDEN.sub("_", cleaned)
    # Windows loses spaces and dots at the end of a name.
    cleaned = _SPACES.sub(" ", cleaned).strip(" .")
    if _DEVICE.match(cleaned):
        cleaned = f"_{cleaned}"
    if not cleaned or not PurePosixPath(cleaned).stem.strip("_ "):
        cleaned = f"{NAMELESS}{PurePosixPath(cleaned).suffix}"
    return shortened(cleaned)


def shortened(name: str) -> str:
    """The name with as much of its beginning as fits before its ending."""
    if len(name) <= LONGEST_NAME:
        return name
    suffix = PurePosixPath(name).suffix[:10]
    return name[: LONGEST_NAME - len(suffix)].rstrip(" .") + suffix


def suffix_of(name: str) -> str:
    """「pdf」 of 「紀錄.PDF」; empty where the name has no ending."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


class UniqueNames:
    """Names within one folder: the second 「紀錄.pdf」 becomes 「紀錄 (2).pdf」."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        path = PurePosixPath(name)
        candidate = name
        number = 1
        # Windows takes names that differ in case for the same one.
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{path.stem} ({number}){path.suffix}"
        self._taken.add(candidate.casefold())
        return candidate
