"""Odd and plain office files made by hand, for what no library would write."""

import csv
import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape, quoteattr

HEADINGS = ("實施策略", "推動方法", "執行計畫", "具體推動作法", "完成期限", "主辦單位", "預期效益")
ROWS = (
    (
        "1. 完備基礎",
        "建立流程。",
        "檢討辦法。",
        "檢討申辦流程。",
        "115年12月",
        "業務處",
        "提升效率。",
    ),
    (
        "1. 完備基礎",
        "建立流程。",
        "檢討辦法。",
        "公布收費標準。",
        "115年6月",
        "港務處、資訊室",
        "簡化流程。",
    ),
    ("2. 傾聽意見", "辦理座談。", "蒐集意見。", "每季辦理座談。", "每季", "各單位", "暢通管道。"),
)
TABLE = (HEADINGS, *ROWS)

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = {
    TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_PART = "xl/worksheets/sheet1.xml"


def zip_of(members, compression=zipfile.ZIP_DEFLATED):
    """A zip file; `members` is a dictionary or, where a name is to stand twice, a list of pairs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        pairs = members.items() if isinstance(members, dict) else members
        for name, content in pairs:
            archive.writestr(name, content)
    return stream.getvalue()


def letter(column):
    """The name of a column: 1 is A, 27 is AA."""
    if column <= 26:
        return chr(ord("A") + column - 1)
    before, last = divmod(column - 1, 26)
    return letter(before) + letter(last + 1)


def inline(reference, text):
    return (
        f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def rows_xml(table, first=1):
    """The rows of a table of text, blanks left out."""
    rows = []
    for number, row in enumerate(table, first):
        cells = "".join(
            inline(f"{letter(column)}{number}", text) for column, text in enumerate(row, 1) if text
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return "".join(rows)


def worksheet(rows, after="", before="", namespace=TRANSITIONAL):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{namespace}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def merges(*references):
    cells = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return f'<mergeCells count="{len(references)}">{cells}</mergeCells>'


def shared(*items):
    return f'<sst xmlns="{TRANSITIONAL}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*codes):
    """Cell style 0 is General, 1 the first code and so on."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>'
        for i, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(codes)))
    return (
        f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>'
    )


def workbook(*sheets, properties="", namespace=TRANSITIONAL):
    """`sheets` are (name, state, relation id)."""
    elements = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" state="{state}" r:id="{relation_id}"/>'
        for number, (name, state, relation_id) in enumerate(sheets, start=1)
    )
    return (
        f'<workbook xmlns="{namespace}" xmlns:r="{_RELATIONS[namespace]}"><workbookPr {properties}/>'
        f"<sheets>{elements}</sheets></workbook>"
    )


def relations(*targets, namespace=TRANSITIONAL):
    """`targets` are (id, kind, target) or (id, kind, target, mode)."""
    elements = []
    for relation_id, kind, target, *modes in targets:
        attributes = f'Id="{relation_id}" Type="{_RELATIONS[namespace]}/{kind}"'
        attributes += f" Target={quoteattr(target)}"
        for mode in modes:
            attributes += f' TargetMode="{mode}"'
        elements.append(f"<Relationship {attributes}/>")
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(elements)}</Relationships>'


def xlsx_members(sheet=None, *, more=None, properties="", namespace=TRANSITIONAL, **parts):
    """The members of an Excel file with one sheet; `parts` may be `strings` and `styles`, `more` replaces any."""
    members = {
        "[Content_Types].xml": _TYPES.format(""),
        "_rels/.rels": relations(
            ("rId1", "officeDocument", "xl/workbook.xml"), namespace=namespace
        ),
        "xl/workbook.xml": workbook(
            ("計畫", "visible", "rId1"), properties=properties, namespace=namespace
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
            namespace=namespace,
        ),
        SHEET_PART: worksheet(rows_xml(TABLE)) if sheet is None else sheet,
    }
    if "strings" in parts:
        members["xl/sharedStrings.xml"] = parts["strings"]
    if "styles" in parts:
        members["xl/styles.xml"] = parts["styles"]
    return members | (more or {})


def xlsx(sheet=None, **options):
    return zip_of(xlsx_members(sheet, **options))


def xlsx_table(table, *references, **options):
    """An Excel file with a table of text and merges."""
    return xlsx(worksheet(rows_xml(table), merges(*references) if references else ""), **options)


_ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods_cell(text, attributes=""):
    if not text:
        return f"<table:table-cell {attributes}/>"
    lines = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string" {attributes}>{lines}</table:table-cell>'


def _ods_text(line):
    return escape(line).replace(" ", "<text:s/>").replace("\t", "<text:tab/>")


def ods_rows(table):
    return "".join(
        f"<table:table-row>{''.join(ods_cell(text) for text in row)}</table:table-row>"
        for row in table
    )


def ods_content(rows, automatic="", name="計畫", attributes="", after=""):
    spaces = " ".join(
        f'xmlns:{prefix}="{_ODF.format(space)}"'
        for prefix, space in (
            ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
        )
    )  # fmt: skip
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return (
        f'<office:document-content {spaces} {calc} office:version="1.3">'
        f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:spreadsheet>"
        f"<table:table table:name={quoteattr(name)} {attributes}>{rows}</table:table>{after}"
        f"</office:spreadsheet></office:body></office:document-content>"
    )


def ods(rows=None, more=None, **options):
    content = ods_content(ods_rows(TABLE) if rows is None else rows, **options)
    return zip_of({"mimetype": ODS_TYPE, "content.xml": content} | (more or {}))


def csv_bytes(table, encoding="utf-8", delimiter=","):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(table)
    return stream.getvalue().encode(encoding)


def dump_text(table):
    return "\n".join("\t".join(row) for row in table)


def ole(*streams):
    """The head of an OLE file with the names of its streams."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le") for name in streams)
    )


def with_lying_size(data, name, size):
    """The same zip with another uncompressed size in the headers of one member."""
    data = bytearray(data)
    for signature, length, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = data.find(signature)
        while start >= 0:
            if bytes(data[start + name_at : start + name_at + len(name)]) == name.encode():
                data[start + length : start + length + 4] = struct.pack("<I", size)
            start = data.find(signature, start + 4)
    return bytes(data)


def bomb(megabytes, unit=b"\0"):
    """So many megabytes of the same bytes, deflated piece by piece, as a raw deflate stream with its checksum."""
    packer, checksum = zlib.compressobj(9, zlib.DEFLATED, -15), 0
    block = unit * (1024 * 1024 // len(unit))
    packed = []
    for _ in range(megabytes):
        packed.append(packer.compress(block))
        checksum = zlib.crc32(block, checksum)
    packed.append(packer.flush())
    return b"".join(packed), checksum, megabytes * len(block)
