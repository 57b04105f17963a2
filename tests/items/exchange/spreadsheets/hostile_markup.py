"""Hostile XML: entities, depth, and markup that no program writes."""

from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.hostile_parts import made, sheet

_ENTITY = '<!DOCTYPE worksheet [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
_OUTSIDE = '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _with_doctype(xml, doctype=_ENTITY):
    head, _, rest = xml.partition("?>")
    return f"{head}?>{doctype}{rest}" if rest else doctype + xml


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
def broken_markup():
    return sheet("<row><c></row>")


@made
def unknown_encoding():
    return files.xlsx(files.worksheet("").replace("UTF-8", "zip_codec"))
