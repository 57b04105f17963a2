"""Hostile files by name. Each must be refused; none may take more than 5 s or 300 MB (see measure.py)."""

import io
import struct
import zipfile

from tests.items.exchange.spreadsheets import files

_ENTITY = '<!DOCTYPE worksheet [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
_OUTSIDE = '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REPEATED = 'table:number-columns-repeated="1000000"'
MADE = {}


def made(function):
    MADE[function.__name__] = function
    return function


def sheet(rows, **options):
    return files.xlsx(files.worksheet(rows, **options))


def _with_doctype(xml, doctype=_ENTITY):
    head, _, rest = xml.partition("?>")
    return f"{head}?>{doctype}{rest}" if rest else doctype + xml


def raw_zip(entries):
    """A zip from (name, compressed bytes, checksum, size) written without inflating them here."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name, packed, checksum, size in entries:
        name = name.encode()
        fields = (20, 0, 8, 0, 33, checksum, len(packed), size, len(name), 0)
        start = body.tell()
        body.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name + packed)
        directory.write(
            struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, start) + name
        )
    end = struct.pack(
        "<4s4H2IH",
        b"PK\x05\x06",
        0,
        0,
        len(entries),
        len(entries),
        directory.tell(),
        body.tell(),
        0,
    )
    return body.getvalue() + directory.getvalue() + end


@made
def zip_bomb_in_the_sheet():
    return raw_zip([(files.SHEET_PART, *files.bomb(1500, b"<row/>  "))])


@made
def zip_bomb_in_a_picture():
    members = [(name, *packed(content)) for name, content in files.xlsx_members().items()]
    return raw_zip([*members, ("xl/media/image1.png", *files.bomb(300))])


@made
def many_small_bombs():
    packed = files.bomb(10)
    return raw_zip([(f"xl/media/image{number}.png", *packed) for number in range(200)])


@made
def bomb_whose_header_says_small():
    packed, checksum, _ = files.bomb(1000)
    return raw_zip([(files.SHEET_PART, packed, checksum, 100)])


def packed(content):
    import zlib

    data = content.encode() if isinstance(content, str) else content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(), zlib.crc32(data), len(data)


@made
def zip_in_zip():
    return files.zip_of({"a.xlsx": files.xlsx()})


@made
def too_many_members():
    return files.zip_of(
        files.xlsx_members() | {f"xl/media/{number}.png": b"" for number in range(2001)}
    )


@made
def two_hundred_thousand_members():
    directory = (
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    count = 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, count * len(directory), 4, 0)
    return b"PK\x03\x04" + directory * count + end


@made
def duplicate_member():
    members = list(files.xlsx_members().items())
    return files.zip_of([*members, (files.SHEET_PART.upper(), files.worksheet(""))])


@made
def encrypted_member():
    data = bytearray(files.xlsx())
    start = data.find(b"PK\x01\x02")
    data[start + 8] |= 1
    return bytes(data)


@made
def rare_compression():
    return files.zip_of(files.xlsx_members(), zipfile.ZIP_LZMA)


@made
def wrong_checksum():
    data = bytearray(files.zip_of(files.xlsx_members(), zipfile.ZIP_STORED))
    data[data.find(b"<sheetData>") + 60] ^= 1
    return bytes(data)


@made
def truncated_zip():
    return files.xlsx()[:-200]


@made
def empty_zip():
    return files.zip_of({})


@made
def entities_in_the_sheet():
    return files.xlsx(_with_doctype(files.worksheet(files.rows_xml(files.TABLE))))


@made
def entities_in_the_strings():
    return files.xlsx(strings=_with_doctype(files.shared("<t>&c;</t>")))


@made
def entities_in_the_styles():
    return files.xlsx(styles=_with_doctype(files.styles()))


@made
def entities_in_the_workbook():
    members = files.xlsx_members()
    return files.zip_of(members | {"xl/workbook.xml": _with_doctype(members["xl/workbook.xml"])})


@made
def entities_in_the_relations():
    members = files.xlsx_members()
    return files.zip_of(members | {"_rels/.rels": _with_doctype(members["_rels/.rels"])})


@made
def outside_entity_in_the_sheet():
    return files.xlsx(_with_doctype(files.worksheet(files.rows_xml(files.TABLE)), _OUTSIDE))


@made
def entities_in_ods():
    content = _with_doctype(files.ods_content(files.ods_rows(files.TABLE)))
    return files.zip_of({"mimetype": files.ODS_TYPE, "content.xml": content})


@made
def sheet_outside_of_the_file():
    targets = files.relations(("rId1", "worksheet", "http://example.org/sheet1.xml", "External"))
    return files.xlsx(more={"xl/_rels/workbook.xml.rels": targets})


@made
def deep_markup():
    return sheet("<a>" * 5000 + "</a>" * 5000)


@made
def deep_markup_just_beyond():
    return sheet("<a>" * 199 + "</a>" * 199)


@made
def deep_ods():
    return files.ods("<table:table-row-group>" * 300 + "</table:table-row-group>" * 300)


@made
def huge_attribute():
    return sheet(f'<row r="1" x="{"a" * 30_000_000}"/>')


@made
def huge_comment():
    return sheet(f"<!--{'a' * 30_000_000}-->")


@made
def many_attributes():
    return sheet("<row " + " ".join(f'a{number}=""' for number in range(1_000_000)) + "/>")


@made
def huge_cell():
    return sheet(files.inline("A1", "字" * 32_768))


@made
def endless_cell():
    return sheet(files.inline("A1", "a" * 100_000_000))


@made
def huge_shared_string():
    return files.xlsx(strings=files.shared(f"<t>{'a' * 30_000_000}</t>"))


@made
def many_long_shared_strings():
    return files.xlsx(strings=files.shared(*["<t>" + "字" * 30_000 + "</t>"] * 1000))


@made
def long_shared_string_used_often():
    cells = "".join(f'<row r="{number}"><c t="s"><v>0</v></c></row>' for number in range(1, 1001))
    return files.xlsx(files.worksheet(cells), strings=files.shared("<t>" + "字" * 30_000 + "</t>"))


@made
def too_many_rows():
    return sheet(
        "".join(
            f'<row r="{number}">{files.inline(f"A{number}", "字")}</row>'
            for number in range(1, 20_002)
        )
    )


@made
def too_many_columns():
    return sheet(files.rows_xml(files.TABLE) + f'<row r="9">{files.inline("GS9", "字")}</row>')


@made
def text_in_the_last_column():
    return sheet(files.rows_xml(files.TABLE) + files.inline("XFD1048576", "字"))


@made
def too_many_cells():
    row = "".join('<c t="b"><v>1</v></c>' for _ in range(200))
    return sheet(f"<row>{row}</row>" * 19_000)


@made
def too_many_blank_elements():
    return sheet("<row/>" * 19_000_000)


@made
def too_many_merges():
    return files.xlsx_table(files.TABLE, *[f"I{number}:J{number}" for number in range(1, 20_002)])


@made
def cell_twice():
    return sheet(files.rows_xml(files.TABLE) + files.inline("A2", "另一個"))


@made
def row_beyond_the_last():
    return sheet(files.rows_xml(files.TABLE) + '<row r="99999999"/>')


@made
def string_that_is_not_there():
    return sheet('<row><c t="s"><v>5</v></c></row>')


@made
def sheet_that_is_not_there():
    members = files.xlsx_members()
    del members[files.SHEET_PART]
    return files.zip_of(members)


@made
def the_same_part_as_a_thousand_sheets():
    book = files.workbook(*[(f"計畫{number}", "visible", "rId1") for number in range(1000)])
    return files.xlsx(more={"xl/workbook.xml": book})


@made
def a_list_of_sheets_that_are_hidden_and_nowhere():
    sheets = [
        ("計畫", "visible", "rId1"),
        *[(f"頁{number}", "hidden", "rId9") for number in range(2000)],
    ]
    return files.xlsx(more={"xl/workbook.xml": files.workbook(*sheets)})


@made
def ods_with_more_sheets_than_anybody_has():
    return files.ods(after='<table:table table:name="頁"/>' * 2000)


@made
def too_many_relations():
    sheet = ("rId1", "worksheet", "worksheets/sheet1.xml")
    more = [(f"z{number}", "image", f"{number}.png") for number in range(500_000)]
    return files.xlsx(more={"xl/_rels/workbook.xml.rels": files.relations(sheet, *more)})


@made
def too_many_formats():
    return files.xlsx(styles=files.styles(*["0"] * 250_000))


@made
def too_many_ods_styles():
    return files.ods(automatic='<style:style style:name="a" style:family="table"/>' * 100_001)


@made
def too_many_column_widths():
    widths = '<col min="1" max="199" hidden="1"/>' * 16_385
    return sheet(files.rows_xml(files.TABLE), before=f"<cols>{widths}</cols>")


@made
def broken_markup():
    return sheet("<row><c></row>")


@made
def unknown_encoding():
    return files.xlsx(files.worksheet("").replace("UTF-8", "zip_codec"))


@made
def ods_row_repeated_a_million_times():
    row = f'<table:table-row table:number-rows-repeated="1000000">{files.ods_cell("字")}</table:table-row>'
    return files.ods(files.ods_rows(files.TABLE) + row)


@made
def ods_cell_repeated_a_million_times():
    return files.ods(f"<table:table-row>{files.ods_cell('字', REPEATED)}</table:table-row>")


@made
def ods_block_repeated():
    cells = files.ods_cell("字" * 30, 'table:number-columns-repeated="200"')
    return files.ods(
        f'<table:table-row table:number-rows-repeated="19000">{cells}</table:table-row>'
    )


@made
def ods_endless_spaces():
    return files.ods(
        '<table:table-row><table:table-cell><text:p><text:s text:c="999999999"/></text:p></table:table-cell>'
        "</table:table-row>"
    )


@made
def ods_without_content():
    return files.zip_of({"mimetype": files.ODS_TYPE})


@made
def csv_with_a_quote_that_never_closes():
    return files.csv_bytes(files.TABLE) + b'"' + "列,".encode() * 100


@made
def csv_with_a_million_columns():
    return files.csv_bytes(files.TABLE) + b"," * 9_000_000 + "字".encode()


@made
def csv_with_a_huge_cell():
    return files.csv_bytes([*files.TABLE, ["a" * 9_000_000]])


@made
def csv_with_too_many_rows():
    return files.csv_bytes([*files.TABLE, *[["a"]] * 20_000])


@made
def binary_rubbish():
    return bytes(range(256)) * 1000


@made
def eleven_megabytes():
    return b"a" * (11 * 1024 * 1024)
