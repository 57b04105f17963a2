"""What lies in a zip file: nothing that runs, nothing hidden, and no bomb."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from items.characters import shown_name
from items.evidence.names import suffix_of
from items.evidence.refused import FileRefused

MOST_ENTRIES = 2_000
MOST_INFLATED_BYTES = 200 * 1024 * 1024
DEEPEST = 3
"""A Word file in a zip file may hold an Excel file; what is packed more often is refused."""
_CHUNK = 256 * 1024
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x01 | 0x40

BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
    RuntimeError, struct.error, IndexError, OverflowError,
)  # fmt: skip
"""What zipfile and zlib raise on damaged files."""

_RUNNING = """
app apk appx bat chm cmd com command cpl deb dll dmg docm dotm elf exe gadget hta inf ins iso jar js
jse lnk msc msi msix msp mst ocx pif pkg potm ppam ppsm pptm ps1 ps1xml ps2 psc1 psm1 py reg rpm scf
scr sct sh shb sys url vb vbe vbs vhd vhdx wsc wsf wsh xlam xll xlsm xltm
"""
RUNNING = frozenset(_RUNNING.split())
"""Endings of what a press would run."""
_PACKED = "7z ace arj bz2 cab gz lha lzh rar tar tgz txz xz zst"
PACKED = frozenset(_PACKED.split())
"""Endings of other packed files, into which nobody looks."""
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
"""The first bytes of programs, under any name."""

DAMAGED = "壓縮檔已損壞或不完整，解不開；請重新壓縮後再附上。"


@dataclass
class Room:
    """How much may still be inflated, over all zip files within one."""

    bytes_left: int = MOST_INFLATED_BYTES
    entries_left: int = MOST_ENTRIES


def is_harmless_zip(content: bytes) -> bool:
    """False for what is no zip file; `FileRefused` for what may not be kept."""
    # The second is how an empty one begins.
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    _look_into(content, Room(), depth=1)
    return True


def _look_into(content: bytes, room: Room, *, depth: int) -> None:
    with opened(content, room) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            _check_name(member)
            inner = _inflated(archive, member, room)
            name = shown_name(member.filename)
            if inner.startswith(_RUNS):
                raise FileRefused(f"壓縮檔裡的「{name}」是程式，不能附；請移除後重新壓縮。")
            if not inner.startswith(b"PK\x03\x04"):
                continue
            # Office files are zip files, too: macros are found in them in the same way.
            if depth >= DEEPEST:
                raise FileRefused(
                    f"壓縮檔裡的「{name}」還是壓縮檔，太多層；請解開後重新壓縮成一層。"
                )
            _look_into(inner, room, depth=depth + 1)


def opened(content: bytes, room: Room) -> zipfile.ZipFile:
    """The zip file, if it has no more entries than there is room for, and none twice."""
    # Counted before zipfile makes an object of each: some megabytes can name 200,000.
    if content.count(_ENTRY) > 10 * MOST_ENTRIES:
        raise _too_many()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except BROKEN as error:
        raise FileRefused(DAMAGED) from error
    names = set()
    for member in archive.infolist():
        room.entries_left -= 1
        if room.entries_left < 0:
            raise _too_many()
        if member.flag_bits & _ENCRYPTED:
            raise FileRefused("這個檔案有密碼保護，審核的人打不開，請移除密碼後再附上。")
        plain = member.filename.replace("\\", "/").lower()
        if plain in names:
            raise FileRefused(
                f"壓縮檔裡有兩個「{shown_name(member.filename)}」，看不出是哪一個；請重新壓縮。"
            )
        names.add(plain)
    return archive


def _too_many() -> FileRefused:
    return FileRefused(
        f"壓縮檔裡的檔案超過 {MOST_ENTRIES:,} 個；請只留需要的檔案，或分成幾個壓縮檔。"
    )


def _check_name(member: zipfile.ZipInfo) -> None:
    path = member.filename.replace("\\", "/")
    name = shown_name(member.filename)
    if path.startswith("/") or ":" in path or ".." in path.split("/"):
        raise FileRefused(f"壓縮檔裡的「{name}」會解壓縮到別的資料夾，不能附；請重新壓縮。")
    ending = suffix_of(path)
    # Windows takes 「x.exe 」 and 「x.exe.」 for a program as well.
    ending = ending.strip(" .") or suffix_of(path.rstrip(" ."))
    if ending in RUNNING:
        raise FileRefused(f"壓縮檔裡的「{name}」是會執行的檔案，不能附；請移除後重新壓縮。")
    if ending in PACKED:
        raise FileRefused(f"壓縮檔裡的「{name}」還是壓縮檔，不能附；請解開後重新壓縮成一層。")
    if path.lower().endswith("vbaproject.bin"):
        raise FileRefused("檔案裡有巨集，不能附；請另存成沒有巨集的格式後再附上。")


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: Room) -> bytes:
    """The content of an entry, counted while it is inflated: headers lie about sizes.

    An entry that is not a zip file itself is kept only with its beginning.
    """
    kept = b""
    is_zip = False
    for chunk in inflated_chunks(archive, member, room):
        if not kept:
            is_zip = chunk.startswith(b"PK\x03\x04")
        if is_zip or not kept:
            kept += chunk
    return kept


def inflated_chunks(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: Room
) -> Iterator[bytes]:
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                room.bytes_left -= len(chunk)
                if room.bytes_left < 0:
                    raise FileRefused(
                        f"解壓縮後超過 {MOST_INFLATED_BYTES // 1024 // 1024} MB"
                        f"（解到「{shown_name(member.filename)}」）；請分成幾個壓縮檔。"
                    )
                yield chunk
    except BROKEN as error:
        raise FileRefused(DAMAGED) from error
