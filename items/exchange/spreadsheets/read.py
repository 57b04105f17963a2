"""What a file is, by its content and not by its name (gate 2), and the one door into reading it."""

import re
from posixpath import splitext
from typing import Protocol

from items.exchange.spreadsheets.csv_text import HeadingCounter, no_headings, read_delimited
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES, MEGABYTE
from items.exchange.spreadsheets.ods import read_ods
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.workbook import Workbook
from items.exchange.spreadsheets.xlsx import read_xlsx
from items.exchange.spreadsheets.zip_file import Container

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MACRO_EXTENSIONS = (".xlsm", ".xltm", ".xlam")
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

# The container of .xls and .doc, and of office files with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The record with which the book of an .xls begins, and the one that follows it in an encrypted one.
_XLS_BOOK = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_XLS_BOOK_SIZE = 20
_XLS_PASSWORD = b"\x2f\x00"

# Many programs write an html table and call it .xls.
_MARKUP = re.compile(rb"\s*(<(!|\?|/?[a-z][\w:.-]*[\s/>])|MIME-Version:)", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_OTHER_FILES = {
    b"%PDF": "PDF 檔",
    b"{\\rt": "RTF 文件",
    b"\x89PNG": "圖片",
    b"\xff\xd8\xff": "圖片",
    b"Rar!": "壓縮檔",
    b"7z\xbc\xaf": "壓縮檔",
    b"\x1f\x8b": "壓縮檔",
}
_OTHER_OFFICE_PARTS = {"word/document.xml": "Word 文件", "ppt/presentation.xml": "簡報"}
_PASSWORD = "這個檔案有密碼保護，請移除密碼後再上傳。"
_MACRO = "這個檔案含有巨集，請在 Excel 或 LibreOffice 另存為不含巨集的 .xlsx 後再上傳。"


class BinaryStream(Protocol):
    """An open file, or what Django makes of an upload."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


def read_workbook(
    stream_or_bytes: BinaryStream | bytes | bytearray | memoryview,
    name: str,
    count_headings: HeadingCounter = no_headings,
    *,
    most_bytes: int = MAX_FILE_BYTES,
) -> Workbook:
    """A Workbook from bytes or an open binary file, or Refused; never another exception.

    `name` is the file's name, used in notes and to know macro files; nothing else is taken from it.
    `count_headings` helps to choose the delimiter of a text file (gates 2 to 5). `most_bytes` is how
    large the file may be.
    """
    data = _read(stream_or_bytes, most_bytes)
    if data.startswith(_ZIP):
        return _read_zip(data, name)
    if data.startswith(_OLE):
        raise _refused_ole(data)
    if _is_markup(data):
        raise Refused(
            "這是網頁檔，不是試算表，請用 Excel 或 LibreOffice 開啟後另存為 .xlsx 再上傳。",
            RefusalReason.NOT_A_TABLE,
        )
    for first_bytes, what in _OTHER_FILES.items():
        if data.startswith(first_bytes):
            raise Refused(
                f"這是{what}，不是試算表，請上傳 .xlsx、.ods 或 .csv 檔。",
                RefusalReason.NOT_A_TABLE,
            )
    return read_delimited(data, name, count_headings)


def _read(stream_or_bytes: BinaryStream | bytes | bytearray | memoryview, most_bytes: int) -> bytes:
    """All of the file, but never more than one byte beyond the limit."""
    if isinstance(stream_or_bytes, bytes | bytearray | memoryview):
        data = bytes(stream_or_bytes)
    else:
        data = stream_or_bytes.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise Refused(
            f"檔案超過 {most_bytes // MEGABYTE} MB 的上限，請刪除圖片與無關的工作表後再上傳。",
            RefusalReason.TOO_LARGE,
        )
    if not data.strip():
        raise Refused("這個檔案是空的（0 筆資料），請確認選對了檔案。", RefusalReason.EMPTY)
    return data


def _read_zip(data: bytes, name: str) -> Workbook:
    _, extension = splitext(name.lower())
    if extension in _MACRO_EXTENSIONS:
        raise Refused(_MACRO, RefusalReason.MACRO)
    container = Container(data)
    # Before macros are looked for: the content type of .xlsb says macroEnabled in any case.
    if "xl/workbook.bin" in container:
        raise Refused(
            "這是 .xlsb 檔，請在 Excel 另存為 .xlsx 後再上傳。", RefusalReason.UNSUPPORTED
        )
    _refuse_macros(container)
    _refuse_encrypted_ods(container)
    if _is_ods(container):
        return read_ods(container, name)
    if "[content_types].xml" in container or "xl/workbook.xml" in container:
        _refuse_other_office(container)
        return read_xlsx(container, name)
    if any(member.endswith(".iwa") for member in container.names):
        raise Refused(
            "這是 Apple iWork（Numbers、Pages）的檔案，請在 Numbers 輸出為 .xlsx 後再上傳。",
            RefusalReason.UNSUPPORTED,
        )
    raise Refused(
        "這是壓縮檔，不是試算表，請解開後上傳裡面的 .xlsx、.ods 或 .csv 檔。",
        RefusalReason.NOT_A_TABLE,
    )


def _refuse_encrypted_ods(container: Container) -> None:
    manifest = container.head("META-INF/manifest.xml")
    if "encrypted-package" in container or b"encryption-data" in manifest:
        raise Refused(_PASSWORD, RefusalReason.ENCRYPTED)


def _is_ods(container: Container) -> bool:
    """The member `mimetype` says so; a file with content.xml and no Excel part is one too."""
    mimetype = container.head("mimetype", 200).strip()
    if mimetype.startswith(_ODS_TYPE):
        return True
    if mimetype.startswith(b"application/vnd."):
        raise Refused(
            "這是 LibreOffice 的其他文件，不是試算表，請另存為 .ods 或 .xlsx 後再上傳。",
            RefusalReason.NOT_A_TABLE,
        )
    return "content.xml" in container and "xl/workbook.xml" not in container


def _refuse_macros(container: Container) -> None:
    # Only the type of the workbook itself counts: SheetJS declares a type for .bin in every file,
    # which says macroEnabled too.
    types = container.head("[Content_Types].xml").lower()
    has_macro_type = b"macroenabled.main+xml" in types
    if has_macro_type or any(_is_macro_member(member) for member in container.names):
        raise Refused(_MACRO, RefusalReason.MACRO)


def _is_macro_member(member: str) -> bool:
    """Whether a part holds a macro: of Excel, or of LibreOffice in Basic or another language."""
    if member.endswith("vbaproject.bin") or member.startswith("xl/macrosheets/"):
        return True
    if member.startswith("basic/"):
        # LibreOffice writes these two, which only list the modules, also where there are none.
        is_list_of_modules = member.endswith(("script-lc.xml", "script-lb.xml"))
        return member.endswith(".xml") and not is_list_of_modules
    return member.startswith("scripts/") and "." in member


def _refuse_other_office(container: Container) -> None:
    if "xl/workbook.xml" in container:
        return
    for part, what in _OTHER_OFFICE_PARTS.items():
        if part in container:
            raise Refused(
                f"這是{what}，不是試算表，請將表格貼到 Excel 另存為 .xlsx 後再上傳。",
                RefusalReason.NOT_A_TABLE,
            )


def _refused_ole(data: bytes) -> Refused:
    if _is_encrypted_ole(data):
        return Refused(_PASSWORD, RefusalReason.ENCRYPTED)
    return Refused("這是舊版 .xls，請另存為 .xlsx 後再上傳。", RefusalReason.UNSUPPORTED)


def _is_encrypted_ole(data: bytes) -> bool:
    """Whether it is a file with a password: .xlsx by the names of its streams, .xls by a record."""
    for stream in ("EncryptedPackage", "EncryptionInfo"):
        if stream.encode("utf-16-le") in data:
            return True
    book = data.find(_XLS_BOOK)
    return book >= 0 and data.startswith(_XLS_PASSWORD, book + _XLS_BOOK_SIZE)


def _is_markup(data: bytes) -> bool:
    head = data[:4096]
    if head.startswith(_UTF16_MARKS):
        # Half a character at the end could not be decoded.
        even_length = len(head) - len(head) % 2
        head = head[:even_length].decode("utf-16", "replace").encode()
    return bool(_MARKUP.match(head.removeprefix(_UTF8_MARK)))
