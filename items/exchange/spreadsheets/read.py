"""What a file is, by its content and not by its name (gate 2), and the one door into reading it."""

import re
from posixpath import splitext

from items.exchange.spreadsheets.csv_text import HeadingCounter, no_headings, read_delimited
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES, MEGABYTE
from items.exchange.spreadsheets.ods import read_ods
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.xlsx import read_xlsx
from items.exchange.spreadsheets.zip_file import Container

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_MARKUP = re.compile(rb"\s*(<(!|\?|/?[a-z][\w:.-]*[\s/>])|MIME-Version:)", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam")
_OTHERS = {b"%PDF": "PDF 檔", b"{\\rt": "RTF 文件", b"\x89PNG": "圖片", b"\xff\xd8\xff": "圖片", b"Rar!": "壓縮檔",
           b"7z\xbc\xaf": "壓縮檔", b"\x1f\x8b": "壓縮檔"}  # fmt: skip
_PASSWORD = "這個檔案有密碼保護，請移除密碼後再上傳。"
_MACRO = "這個檔案含有巨集，請在 Excel 或 LibreOffice 另存為不含巨集的 .xlsx 後再上傳。"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def read_workbook(stream_or_bytes, name, count_headings: HeadingCounter = no_headings):
    """Gates 2 to 5: a Workbook from bytes or an open binary file, or Refused. Never another exception.

    `name` is the file's name, used in notes and to know macro files; nothing else is taken from it.
    """
    data = _read(stream_or_bytes)
    if data.startswith(_ZIP):
        return _read_zip(data, name)
    if data.startswith(_OLE):
        raise _refused_ole(data)
    if _is_markup(data):
        raise Refused(
            "這是網頁檔，不是試算表，請用 Excel 或 LibreOffice 開啟後另存為 .xlsx 再上傳。",
            RefusalReason.NOT_A_TABLE,
        )
    for start, what in _OTHERS.items():
        if data.startswith(start):
            raise Refused(
                f"這是{what}，不是試算表，請上傳 .xlsx、.ods 或 .csv 檔。",
                RefusalReason.NOT_A_TABLE,
            )
    return read_delimited(data, name, count_headings)


def _read(stream_or_bytes):
    """All of the file, but never more than the limit."""
    if isinstance(stream_or_bytes, bytes | bytearray | memoryview):
        data = bytes(stream_or_bytes)
    else:
        data = stream_or_bytes.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise Refused(
            f"檔案超過 {MAX_FILE_BYTES // MEGABYTE} MB 的上限，請刪除圖片與無關的工作表後再上傳。",
            RefusalReason.TOO_LARGE,
        )
    if not data.strip():
        raise Refused("這個檔案是空的（0 筆資料），請確認選對了檔案。", RefusalReason.EMPTY)
    return data


def _read_zip(data, name):
    if splitext(name.lower())[1] in _MACRO_NAMES:
        raise Refused(_MACRO, RefusalReason.MACRO)
    container = Container(data)
    if (
        "xl/workbook.bin" in container
    ):  # its content type says macroEnabled whether or not it has any
        raise Refused(
            "這是 .xlsb 檔，請在 Excel 另存為 .xlsx 後再上傳。", RefusalReason.UNSUPPORTED
        )
    _refuse_macros(container)
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


def _is_ods(container):
    """The mimetype member says so; a file with content.xml and no Excel part is taken for one too."""
    if "encrypted-package" in container or b"encryption-data" in container.head(
        "META-INF/manifest.xml"
    ):
        raise Refused(_PASSWORD, RefusalReason.ENCRYPTED)
    mimetype = container.head("mimetype", 200).strip()
    if mimetype.startswith(_ODS):
        return True
    if mimetype.startswith(b"application/vnd."):
        raise Refused(
            "這是 LibreOffice 的其他文件，不是試算表，請另存為 .ods 或 .xlsx 後再上傳。",
            RefusalReason.NOT_A_TABLE,
        )
    return "content.xml" in container and "xl/workbook.xml" not in container


def _refuse_macros(container):
    # Of a workbook's own part: SheetJS declares a type for .bin in every file, which says macroEnabled too.
    types = container.head("[Content_Types].xml")
    is_macro = b"macroenabled.main+xml" in types.lower() or any(
        _is_macro_member(member) for member in container.names
    )
    if is_macro:
        raise Refused(_MACRO, RefusalReason.MACRO)


def _is_macro_member(member):
    if member.endswith("vbaproject.bin") or member.startswith("xl/macrosheets/"):
        return True
    is_basic = member.startswith("basic/") and not member.endswith(
        ("script-lc.xml", "script-lb.xml")
    )
    return (is_basic and member.endswith(".xml")) or (
        member.startswith("scripts/") and "." in member
    )


def _refuse_other_office(container):
    for part, what in (("word/document.xml", "Word 文件"), ("ppt/presentation.xml", "簡報")):
        if part in container and "xl/workbook.xml" not in container:
            raise Refused(
                f"這是{what}，不是試算表，請將表格貼到 Excel 另存為 .xlsx 後再上傳。",
                RefusalReason.NOT_A_TABLE,
            )


def _refused_ole(data):
    """An encrypted .xlsx is an OLE file with two streams of these names; an encrypted .xls has a FILEPASS record."""
    if any(stream.encode("utf-16-le") in data for stream in ("EncryptedPackage", "EncryptionInfo")):
        return Refused(_PASSWORD, RefusalReason.ENCRYPTED)
    start = data.find(_BOF)
    if start >= 0 and data[start + 20 : start + 22] == b"\x2f\x00":
        return Refused(_PASSWORD, RefusalReason.ENCRYPTED)
    return Refused("這是舊版 .xls，請另存為 .xlsx 後再上傳。", RefusalReason.UNSUPPORTED)


def _is_markup(data):
    head = data[:4096]
    if head.startswith(_MARKS[1:]):
        encoding = "utf-16"
        head = head[: len(head) & ~1].decode(encoding, "replace").encode()
    return bool(_MARKUP.match(head.removeprefix(_MARKS[0])))
