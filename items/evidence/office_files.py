"""Office files, old and new: recognised by what stands in them, and kept only without macros."""

import zipfile
from collections.abc import Callable

from items.evidence.refused import FileRefused
from items.evidence.zip_content import BROKEN, DAMAGED, Room, inflated_chunks, opened

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Word, Excel and PowerPoint began their files until 2003; protected new ones still do."""

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"

_MACRO = "檔案裡有巨集，不能附；請另存成沒有巨集的檔案後再附上。"
_PROTECTED = "這個檔案有密碼保護，審核的人打不開，請移除密碼後再附上。"
_CONTENT_TYPES = "[content_types].xml"
_LONGEST_LIST = 1024 * 1024


def has_stream(content: bytes, name: str) -> bool:
    """Whether an OLE file names a stream; its directory is written in UTF-16."""
    return name.encode("utf-16-le") in content


def is_ole(*streams: str) -> Callable[[bytes], bool]:
    """A check for files of the old kind that hold one of these streams."""

    def is_it(content: bytes) -> bool:
        if not content.startswith(OLE):
            return False
        if not any(has_stream(content, stream) for stream in streams):
            return False
        if has_stream(content, "_VBA_PROJECT"):
            raise FileRefused(_MACRO)
        return True

    return is_it


def is_ooxml(folder: str) -> Callable[[bytes], bool]:
    """A check for files of the new kind whose content lies in this folder."""

    def is_it(content: bytes) -> bool:
        members = _members(content)
        if _CONTENT_TYPES not in members:
            return False
        if not any(name.startswith(folder) for name in members):
            return False
        for name in members:
            if name.endswith("vbaproject.bin"):
                raise FileRefused(_MACRO)
        types = _head(content, members[_CONTENT_TYPES])
        if b"macroenabled" in types.lower():
            raise FileRefused(_MACRO)
        return True

    return is_it


def is_odf(mimetype: str) -> Callable[[bytes], bool]:
    """A check for files of ODF whose first entry says this type."""

    def is_it(content: bytes) -> bool:
        members = _members(content)
        # The entry tells a text from a table: no folder does, as in Office's own files.
        if "mimetype" not in members:
            return False
        if _head(content, members["mimetype"]).strip() != mimetype.encode():
            return False
        if any(_is_macro_of_odf(name) for name in members):
            raise FileRefused(_MACRO)
        manifest = members.get("meta-inf/manifest.xml")
        if manifest is not None and b"encryption-data" in _head(content, manifest):
            raise FileRefused(_PROTECTED)
        return True

    return is_it


def _is_macro_of_odf(name: str) -> bool:
    if not name.startswith(("basic/", "scripts/")):
        return False
    # Every document of LibreOffice may have the folders and their lists; only with a module it runs.
    return not name.endswith(
        ("/", "script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
    )


def _members(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """The entries by their names in lower case; empty where the content is no zip file."""
    if not content.startswith(b"PK\x03\x04"):
        return {}
    with opened(content, Room()) as archive:
        members = {}
        for member in archive.infolist():
            members[member.filename.replace("\\", "/").lower()] = member
        return members


def _head(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The beginning of an entry."""
    head = b""
    with opened(content, Room()) as archive:
        try:
            for chunk in inflated_chunks(archive, member, Room()):
                head += chunk
                # Such lists are some kilobytes; what is longer was made to fill the memory.
                if len(head) >= _LONGEST_LIST:
                    break
        except BROKEN as error:
            raise FileRefused(DAMAGED) from error
    return head
