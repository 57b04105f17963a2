"""The rows of a 填報表, read once when it is uploaded and kept until it is confirmed.

What stands in them beside the database is worked out anew each time: somebody may have written
since. To read a long file takes seconds in a process of its own, and nothing in it changes.
"""

import hashlib

from items.exchange.offline.sheet_lines import SheetLine, read_lines
from items.exchange.reading import read_apart
from items.exchange.sealed import seal, unseal
from items.exchange.uploads import digest_of
from items.models import Upload, User


def lines_of_new_file(content: bytes, name: str, *, by: User) -> list[SheetLine]:
    """Raises `Refused` for a file that is no 填報表."""
    return read_apart(read_lines, content, name, by=by)


def sealed_lines(lines: list[SheetLine], content: bytes, name: str) -> bytes:
    """As they are kept with the upload (`uploads.keep`, `read_table`)."""
    return seal(lines, _purpose(digest_of(content), name))


def lines_of_upload(upload: Upload, *, by: User) -> list[SheetLine]:
    """Of a file that waits; read anew where what was kept is too large, or of another version.

    Raises `Refused` where it has to be read anew and cannot be.
    """
    kept: list[SheetLine] | None = unseal(
        upload.read_table, _purpose(upload.sha256, upload.file_name)
    )
    if kept is not None:
        return kept
    return lines_of_new_file(bytes(upload.content), upload.file_name, by=by)


def _purpose(sha256: str, name: str) -> str:
    # A file name may hold half a character, which `utf-8` alone refuses.
    digest = hashlib.sha256(repr((sha256, name)).encode("utf-8", "surrogatepass"))
    return f"lines {digest.hexdigest()}"
