"""The zip container: readable, few members, none twice, and small when really inflated (gate 3)."""

import io
import struct
import zipfile
import zlib
from collections.abc import KeysView, Sequence
from posixpath import normpath
from typing import IO

from items.characters import shown_name
from items.exchange.spreadsheets.limits import MAX_INFLATED_BYTES, MAX_MEMBERS, MEGABYTE
from items.exchange.spreadsheets.quick_reading import NotQuick, inflated_at_most, is_quick
from items.exchange.spreadsheets.refused import RefusalReason, Refused

_CHUNK = 256 * 1024
# How each entry of a zip file's directory begins.
_ENTRY = b"PK\x01\x02"
# The usual encryption, and the strong one.
_ENCRYPTION_FLAGS = 0x01 | 0x40
# What zipfile and zlib raise on damaged files, as fuzzing met it.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
    RuntimeError, struct.error, IndexError, OverflowError,
)  # fmt: skip
_DAMAGED = (
    "檔案已損壞或不完整，無法解開壓縮，請重新下載，或用 Excel、LibreOffice 開啟後另存新檔再上傳。"
)


class Container:
    """A checked zip file; members are found by name in any case and with any slashes.

    `elements` counts the XML elements that were read from it so far.
    """

    def __init__(self, data: bytes) -> None:
        self.elements = 0
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except _BROKEN as error:
            raise Refused(_DAMAGED, RefusalReason.DAMAGED) from error
        _check_count(len(members))
        self._members = _by_name(members)
        self._check_inflated(members)

    @property
    def names(self) -> KeysView[str]:
        """The members' names, in lower case and with plain slashes."""
        return self._members.keys()

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def open(self, name: str) -> IO[bytes]:
        """A stream of one member, which must be there; all were inflated once, and none is broken."""
        return self._archive.open(self._members[_plain(name)])

    def head(self, name: str, size: int = MEGABYTE) -> bytes:
        """The first bytes of a member; no bytes if it is not there."""
        if name not in self:
            return b""
        with self.open(name) as stream:
            return stream.read(size)

    def _check_inflated(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Inflate everything once and count it: headers lie about sizes.

        This checks every checksum as well.
        """
        inflated_bytes = 0
        most_bytes = inflated_at_most()
        for member in members:
            _check_member(member)
            try:
                with self._archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        inflated_bytes += len(chunk)
                        if inflated_bytes > most_bytes:
                            if is_quick():
                                raise NotQuick
                            raise _refused_size(member)
            except _BROKEN as error:
                raise Refused(_DAMAGED, RefusalReason.DAMAGED) from error


def _refused_size(member: zipfile.ZipInfo) -> Refused:
    return Refused(
        f"檔案解壓縮後超過 {MAX_INFLATED_BYTES // MEGABYTE} MB 的上限（讀到 {shown_name(member.filename)}），"
        "請刪除圖片與無關的工作表後再上傳。",
        RefusalReason.TOO_LARGE,
    )


def _check_directory(data: bytes) -> None:
    """Count what could be entries before zipfile makes an object of each.

    Ten megabytes can name 200,000 members. Zip files inside the file are counted too, so that only
    ten times the limit is refused; the exact count comes after.
    """
    entries = data.count(_ENTRY)
    if entries > 10 * MAX_MEMBERS:
        _check_count(entries)


def _check_count(count: int) -> None:
    if count > MAX_MEMBERS:
        raise Refused(
            f"壓縮檔內有 {count:,} 個檔案，超過 {MAX_MEMBERS:,} 個的上限，請刪除圖片與無關的工作表後另存新檔再上傳。",
            RefusalReason.TOO_LARGE,
        )


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTION_FLAGS:
        raise Refused("這個檔案有密碼保護，請移除密碼後再上傳。", RefusalReason.ENCRYPTED)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(
            "檔案使用少見的壓縮方式，無法讀取，請用 Excel 或 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.UNSUPPORTED,
        )


def _by_name(members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members by their plain names; refuse two of one name.

    With two of them, one program reads the first and another the last: what was checked here would
    not be what somebody opens elsewhere.
    """
    by_name: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = _plain(member.filename)
        if name in by_name:
            raise Refused(
                f"壓縮檔內有重複的檔案 {shown_name(member.filename)}，無法判斷應讀哪一個，"
                "請用 Excel 或 LibreOffice 另存新檔再上傳。",
                RefusalReason.DAMAGED,
            )
        by_name[name] = member
    return by_name


def _plain(name: str) -> str:
    return normpath(name.replace("\\", "/").lower()).lstrip("/")
