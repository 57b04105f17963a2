"""Hostile tables: more text, rows, columns, sheets or repetitions than anybody has."""

from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.hostile_parts import made, sheet

REPEATED = 'table:number-columns-repeated="1000000"'


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
