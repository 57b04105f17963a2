"""The signing key.

Made for a demonstration; refused in production when it is missing or anybody could know it.
"""

import os
import secrets
from pathlib import Path

SAMPLES = (
    "insecure",
    "change",
    "sample",
    "example",
    "secret",
    "demonstration",
    "replace",
    "password",
    "random",
    "generate",
)
"""Words in keys of manuals: copying a line out of one must not start a service.

None of them comes up in a random key once in a million.
"""
MOST_NEIGHBOURS = 1 / 4
"""The share of characters that may follow the one before in the alphabet; by chance 1 in 30."""


COMMAND = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
"""What makes a good key; without inner quotes, so that it works in every shell."""


class UnsafeKey(Exception):
    """Why the service refuses to start, in words for the person who starts it."""


def checked_key(key: str) -> str:
    """The key itself; UnsafeKey where it is missing or anybody could know it."""
    if not key:
        raise UnsafeKey(
            f"SECRET_KEY 尚未設定：請把這個命令印出的亂數設為環境變數 SECRET_KEY：{COMMAND}"
            "；只是試用，請執行 python3 dev.py run。"
        )
    is_short = len(key) < 50 or len(set(key)) < 10
    if is_short or _is_sample(key) or _is_typed(key):
        raise UnsafeKey(
            "SECRET_KEY 是範例或太短，服務不啟動：請改用這個命令印出的亂數"
            f"（50 個字元以上）：{COMMAND}"
        )
    return key


def _is_sample(key: str) -> bool:
    lower = key.lower()
    return any(word in lower for word in SAMPLES)


def _is_typed(key: str) -> bool:
    """Whether it repeats itself, or runs up or down the alphabet: 「0123456789」 five times."""
    triples = set()
    neighbours = 0
    for place in range(len(key) - 2):
        triples.add(key[place : place + 3])
        distance = ord(key[place + 1]) - ord(key[place])
        if abs(distance) <= 1:
            neighbours += 1
    # A random key of this alphabet has hardly one triple twice.
    is_repeated = len(triples) < len(key) * 3 / 4
    runs_on = neighbours > len(key) * MOST_NEIGHBOURS
    return is_repeated or runs_on


def local_key(path: Path) -> str:
    """A random key of this folder's own, made once; readable by its owner only."""
    try:
        # O_EXCL: of two processes that start at once, one makes the key and both use it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return checked_key(path.read_text("ascii").strip())
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
