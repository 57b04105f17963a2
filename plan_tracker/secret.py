"""The signing key: made for a demonstration, refused in production when it is missing or anybody could know it."""

import os
import secrets
from pathlib import Path

SAMPLES = ("django-insecure", "change", "sample", "example", "secret", "demonstration")
"""How keys begin that stand in manuals, so that copying a line out of one does not start a service."""


class UnsafeKey(Exception):
    """The words to refuse to start with."""


def checked_key(key):
    if not key:
        raise UnsafeKey(
            "SECRET_KEY 尚未設定：請設定一組 50 個字元以上的亂數；試用請執行 python3 dev.py run。"
        )
    if len(key) < 50 or len(set(key)) < 10 or key.lower().startswith(SAMPLES):
        raise UnsafeKey("SECRET_KEY 是範例或太短，服務不啟動：請設定一組 50 個字元以上的亂數。")
    return key


def local_key(path):
    """A random key of this folder's own, made once; readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return checked_key(Path(path).read_text("ascii").strip())
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
