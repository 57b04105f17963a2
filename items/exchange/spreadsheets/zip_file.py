"""The zip container (gate 3): readable, few members, none twice, and small when really inflated."""

import io
import struct
import zipfile
import zlib
from posixpath import normpath

from items.exchange.spreadsheets.limits import MAX_INFLATED_BYTES, MAX_MEMBERS, MEGABYTE
from items.exchange.spreadsheets.refused import RefusalReason, Refused

_CHUNK = 256 * 1024
_ENTRY = b"PK\x01\x02"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
           struct.error, IndexError, OverflowError)  # fmt: skip
_DAMAGED = (
    "檔案已損壞或不完整，無法解開壓縮，請重新下載，或用 Excel、LibreOffice 開啟後另存新檔再上傳。"
)


class Container:
    """A checked zip file; members are found by name whatever their case and slashes.

    `elements` counts the XML elements read from it so far.
    """

    def __init__(self, data):
        self.elements = 0
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except _BROKEN as error:
            raise Refused(_DAMAGED, RefusalReason.DAMAGED) from error
        _check_count(len(members))
        self._members = _by_name(members)
        self._inflate_all(members)

    @property
    def names(self):
        """The members' names, in lower case and with plain slashes."""
        return self._members.keys()

    def __contains__(self, name):
        return _plain(name) in self._members

    def open(self, name):
        """A stream of one member, which must be there; a broken member was refused when the container was made."""
        return self._archive.open(self._members[_plain(name)])

    def head(self, name, size=MEGABYTE):
        """The first bytes of a member, or none if it is not there."""
        if name not in self:
            return b""
        with self.open(name) as stream:
            return stream.read(size)

    def _inflate_all(self, members):
        """Headers lie, so everything is inflated once and counted; this checks every checksum as well."""
        left = MAX_INFLATED_BYTES
        for member in members:
            _check_member(member)
            try:
                with self._archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise Refused(
                                f"檔案解壓縮後超過 {MAX_INFLATED_BYTES // MEGABYTE} MB 的上限（讀到 {_shown(member)}），"
                                "請刪除圖片與無關的工作表後再上傳。",
                                RefusalReason.TOO_LARGE,
                            )
            except _BROKEN as error:
                raise Refused(_DAMAGED, RefusalReason.DAMAGED) from error


def _check_directory(data):
    """Count what could be entries before zipfile makes an object for each: ten megabytes can name 200,000 of them.

    Zip files inside the file are counted too, so only ten times the bound is refused here; the exact count comes after.
    """
    entries = data.count(_ENTRY)
    if entries > 10 * MAX_MEMBERS:
        _check_count(entries)


def _check_count(count):
    if count > MAX_MEMBERS:
        raise Refused(
            f"壓縮檔內有 {count:,} 個檔案，超過 {MAX_MEMBERS:,} 個的上限，請刪除圖片與無關的工作表後另存新檔再上傳。",
            RefusalReason.TOO_LARGE,
        )


def _check_member(member):
    if member.flag_bits & 0x41:
        raise Refused("這個檔案有密碼保護，請移除密碼後再上傳。", RefusalReason.ENCRYPTED)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(
            "檔案使用少見的壓縮方式，無法讀取，請用 Excel 或 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.UNSUPPORTED,
        )


def _by_name(members):
    found = {}
    for member in members:
        name = _plain(member.filename)
        if name in found:
            raise Refused(
                f"壓縮檔內有重複的檔案 {_shown(member)}，無法判斷應讀哪一個，請用 Excel 或 LibreOffice 另存新檔再上傳。",
                RefusalReason.DAMAGED,
            )
        found[name] = member
    return found


def _plain(name):
    return normpath(name.replace("\\", "/").lower()).lstrip("/")


def _shown(member):
    name = "".join(character for character in member.filename if character.isprintable())
    return name if len(name) <= 60 else name[:60] + "…"
