"""Which files may be attached: a table of kinds, recognised by the ending of the name and by the content."""

from collections.abc import Callable
from dataclasses import dataclass

from items.evidence import office_files, zip_content
from items.evidence.heic import is_heic
from items.evidence.names import suffix_of
from items.evidence.refused import FileRefused

Check = Callable[[bytes], bool]
"""Whether the content is what the name says; raises `FileRefused` where it may not be kept."""


@dataclass(frozen=True)
class FileKind:
    """One kind: its name in words, the type that a browser is told, and how it is recognised."""

    name: str
    words: str
    content_type: str
    is_it: Check
    is_picture: bool = False
    kept_as: str = ""
    """The kind that it becomes on the way in, where that is another one."""


def _begins(*beginnings: bytes) -> Check:
    def is_it(content: bytes) -> bool:
        return content.startswith(beginnings)

    return is_it


def _is_pdf(content: bytes) -> bool:
    # Some writers put a line before it; readers look for it in the first kilobyte.
    return b"%PDF-" in content[:1024]


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    """UTF-8, UTF-16 with its mark, or Big5: what the programs of an office write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        return False
    else:
        encodings = ["utf-8", "cp950"]
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

KINDS = (
    FileKind("pdf", "PDF", "application/pdf", _is_pdf),
    FileKind("docx", "Word", _WORD, office_files.is_ooxml("word/")),
    FileKind("xlsx", "Excel", _EXCEL, office_files.is_ooxml("xl/")),
    FileKind("pptx", "PowerPoint", _POWERPOINT, office_files.is_ooxml("ppt/")),
    FileKind("doc", "Word", "application/msword", office_files.is_ole("WordDocument")),
    FileKind("xls", "Excel", "application/vnd.ms-excel", office_files.is_ole("Workbook", "Book")),
    FileKind(
        "ppt",
        "PowerPoint",
        "application/vnd.ms-powerpoint",
        office_files.is_ole("PowerPoint Document"),
    ),
    FileKind("odt", "ODF 文字", office_files.ODT, office_files.is_odf(office_files.ODT)),
    FileKind("ods", "ODF 試算表", office_files.ODS, office_files.is_odf(office_files.ODS)),
    FileKind("odp", "ODF 簡報", office_files.ODP, office_files.is_odf(office_files.ODP)),
    FileKind("jpg", "圖片", "image/jpeg", _begins(b"\xff\xd8\xff"), is_picture=True),
    FileKind("png", "圖片", "image/png", _begins(b"\x89PNG\r\n\x1a\n"), is_picture=True),
    FileKind("webp", "圖片", "image/webp", _is_webp, is_picture=True),
    FileKind("gif", "圖片", "image/gif", _begins(b"GIF87a", b"GIF89a"), is_picture=True),
    # A photograph of an iPhone; what is kept of it is a JPEG.
    FileKind("heic", "圖片", "image/heic", is_heic, is_picture=True, kept_as="jpg"),
    FileKind("txt", "文字", "text/plain; charset=utf-8", _is_text),
    FileKind("csv", "CSV", "text/csv; charset=utf-8", _is_text),
    FileKind("zip", "壓縮檔", "application/zip", zip_content.is_harmless_zip),
)
"""In the order in which the page lists them."""

KIND_OF = {kind.name: kind for kind in KINDS}
SAME_KIND = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "heif": "heic"}
"""Other endings of a kind."""

ENDINGS = (*KIND_OF, *SAME_KIND)
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)
"""For the `accept` of a file field."""

ALLOWED_WORDS = (
    "PDF、Word、Excel、PowerPoint、ODF、圖片（jpg、png、webp、gif、heic）、純文字（txt、csv）與 zip"
)

REMEDIES = {
    "tif": "請轉存成 JPG、PNG 或 PDF 再附上。",
    "tiff": "請轉存成 JPG、PNG 或 PDF 再附上。",
    "bmp": "請轉存成 JPG 或 PNG 再附上。",
    "svg": "請轉存成 PNG 或 PDF 再附上。",
    "docm": "請另存成沒有巨集的 docx 再附上。",
    "xlsm": "請另存成沒有巨集的 xlsx 再附上。",
    "pptm": "請另存成沒有巨集的 pptx 再附上。",
    "htm": "請列印成 PDF 再附上，或改附網址。",
    "html": "請列印成 PDF 再附上，或改附網址。",
    "rar": "請改用 zip 壓縮再附上。",
    "7z": "請改用 zip 壓縮再附上。",
    "mp4": "影片請放在可以連結的地方，改附網址。",
    "mov": "影片請放在可以連結的地方，改附網址。",
}
"""What to do with a kind that people really have and that is not taken."""


def kind_of(name: str, content: bytes) -> FileKind:
    """The kind of a file; `FileRefused` where it may not be attached."""
    ending = suffix_of(name)
    kind = KIND_OF.get(SAME_KIND.get(ending, ending))
    if kind is None:
        raise FileRefused(_not_taken(ending))
    if not content:
        raise FileRefused("這個檔案是空的，請確認選對了檔案。")
    if kind.is_it(content):
        return kind
    other = None
    if kind.is_picture:
        other = _picture_kind(content)
    if other is None:
        raise FileRefused(_other_content(ending, content))
    return other


def _picture_kind(content: bytes) -> FileKind | None:
    """What a picture under the name of another kind is.

    Programs for messages save a PNG as 「照片.jpg」, and nobody can mend that without an editor. It is
    written anew anyway, and named by what it is.
    """
    for kind in KINDS:
        if kind.is_picture and kind.is_it(content):
            return kind
    return None


def _not_taken(ending: str) -> str:
    if not ending:
        return f"檔名沒有副檔名，看不出是什麼檔案；可以附的有 {ALLOWED_WORDS}。"
    remedy = REMEDIES.get(ending)
    if remedy:
        return f"不能附 .{ending} 檔；{remedy}"
    return f"不能附 .{ending[:12]} 檔；可以附的有 {ALLOWED_WORDS}。"


def _other_content(ending: str, content: bytes) -> str:
    """Why the content is not what the name says, with what it looks like where that is known."""
    if content.startswith(office_files.OLE) and office_files.has_stream(
        content, "EncryptedPackage"
    ):
        return "這個檔案有密碼保護，審核的人打不開，請移除密碼後再附上。"
    for kind in KINDS:
        # Not text: as Big5 many a file can be read that is none.
        if kind.is_it is not _is_text and _looks_like(kind, content):
            return (
                f"副檔名是 .{ending}，內容卻是{kind.words}（.{kind.name}）；"
                f"請用原來的程式開啟，另存新檔後再附上，不要只改檔名。"
            )
    return f"內容不是 .{ending} 檔，或檔案已經損壞；請用原來的程式開啟，確認看得到內容、另存新檔後再附上。"


def _looks_like(kind: FileKind, content: bytes) -> bool:
    try:
        return kind.is_it(content)
    except FileRefused:
        return False
