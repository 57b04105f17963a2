"""A file as it came in, made into one that may be kept."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from items.evidence import kinds, pictures
from items.evidence.names import cleaned_name, suffix_of


@dataclass(frozen=True)
class PreparedFile:
    """A file that was looked into, and is safe to keep; the hashes are SHA-256 in hexadecimal."""

    name: str
    kind: str
    content: bytes
    sha256: str
    received_sha256: str
    thumbnail: bytes = b""
    taken_on: date | None = None


def prepared(name: str, content: bytes) -> PreparedFile:
    """The file with a clean name, a picture without its hidden data; `FileRefused` otherwise."""
    clean = cleaned_name(name)
    kind = kinds.kind_of(clean, content)
    received_sha256 = hashlib.sha256(content).hexdigest()
    if not kind.is_picture:
        return PreparedFile(
            name=clean,
            kind=kind.name,
            content=content,
            sha256=received_sha256,
            received_sha256=received_sha256,
        )
    picture = pictures.written_anew(content)
    kept_kind = kind.kept_as or kind.name
    kept_name = clean
    ending = suffix_of(clean)
    if kinds.SAME_KIND.get(ending, ending) != kept_kind:
        # 「IMG_0001.HEIC」 is 「IMG_0001.jpg」 from now on: the name says what the content is.
        kept_name = str(PurePosixPath(clean).with_suffix(f".{kept_kind}"))
    return PreparedFile(
        name=kept_name,
        kind=kept_kind,
        content=picture.content,
        sha256=hashlib.sha256(picture.content).hexdigest(),
        received_sha256=received_sha256,
        thumbnail=picture.thumbnail,
        taken_on=picture.taken_on,
    )
