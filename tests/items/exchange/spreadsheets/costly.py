"""Files within the bounds that cost the most that we could think of: read or refused, but soon."""

from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.hostile_parts import packed, raw_zip, sheet

SLOW = {}


def slow(function):
    SLOW[function.__name__] = function
    return function


def _plain_rows(count, start=0):
    return [
        (*files.ROWS[0][:3], f"作法{number}。", *files.ROWS[0][4:])
        for number in range(start, count)
    ]


@slow
def ten_thousand_rows_with_merges():
    merges = [
        f"{letter}{row}:{letter}{row + 4}" for row in range(2, 10_000, 5) for letter in "ABCG"
    ]
    return files.xlsx_table([files.HEADINGS, *_plain_rows(10_000)], *merges)


@slow
def nineteen_thousand_rows_as_ods():
    return files.ods(files.ods_rows([files.HEADINGS, *_plain_rows(19_000)]))


@slow
def nineteen_thousand_rows_as_csv():
    return files.csv_bytes([files.HEADINGS, *_plain_rows(19_000)])


@slow
def page_after_page():
    rest = ("", "", "", "續", "", "", "")
    rows = [
        row
        for number in range(6_000)
        for row in (files.HEADINGS, rest if number % 2 else files.ROWS[0])
    ]
    return files.dump_text(rows).encode()


@slow
def one_cell_cut_by_every_page():
    rows = [files.HEADINGS, files.ROWS[0]] + [
        files.HEADINGS,
        ("", "", "", "續" * 400, "", "", ""),
    ] * 9_000
    return files.xlsx_table(rows)


@slow
def one_action_over_all_rows():
    return files.xlsx_table([files.HEADINGS, *_plain_rows(5_000)], "D2:D5001", "G2:G5001")


@slow
def a_long_cell_merged_over_all_rows():
    rows = [
        (row[0], row[1], row[2], row[3], row[4], "處、" * 16_000, row[6])
        for row in _plain_rows(15_000)
    ]
    rows[1:] = [(*row[:5], "", row[6]) for row in rows[1:]]
    return files.xlsx_table([files.HEADINGS, *rows], "F2:F15001")


@slow
def many_deadlines_in_every_row():
    return files.csv_bytes(
        [files.HEADINGS, *[(*row[:4], "115年1月 " * 70, *row[5:]) for row in _plain_rows(9_000)]]
    )


@slow
def many_names_in_every_row():
    return files.xlsx_table(
        [files.HEADINGS, *[(*row[:5], "甲 " * 100, row[6]) for row in _plain_rows(15_000)]]
    )


@slow
def every_row_wrong_in_every_way():
    return files.xlsx_table([files.HEADINGS, *[("", "", "x", "", "115.1", "", "#REF!")] * 19_000])


@slow
def twenty_thousand_overlapping_merges():
    merges = [f"A{row}:J{20_000 - row // 2}" for row in range(2, 19_000)]
    return files.xlsx_table([files.HEADINGS, *_plain_rows(15_000)], *merges)


@slow
def ten_million_newlines():
    return files.csv_bytes(files.TABLE) + b"\n" * 10_000_000


@slow
def five_million_lines_of_tabs():
    return files.dump_text(files.TABLE).encode() + b"\n\t" * 5_000_000


@slow
def ten_million_carriage_returns():
    return files.csv_bytes(files.TABLE) + b"\r" * 10_000_000


@slow
def ten_million_quotes():
    return files.csv_bytes(files.TABLE) + b'"' * 10_000_000


@slow
def a_list_of_emoji():
    return files.csv_bytes(files.TABLE) + "😀,".encode() * 2_000_000


@slow
def many_sheets_of_blank_rows():
    keys = [f"rId{number}" for number in range(1, 12)]
    book = files.workbook(*[(f"頁{key}", "visible", key) for key in keys])
    targets = files.relations(*[(key, "worksheet", f"{key}.xml") for key in keys])
    sheets = {f"xl/{key}.xml": files.worksheet("<row/>" * 1_500_000) for key in keys}
    return files.xlsx(
        more={"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": targets} | sheets
    )


@slow
def two_thousand_sheets():
    keys = [f"rId{number}" for number in range(1, 1490)]
    book = files.workbook(*[(f"頁{key}", "visible", key) for key in keys])
    targets = files.relations(*[(key, "worksheet", f"{key}.xml") for key in keys])
    sheets = {f"xl/{key}.xml": files.worksheet(files.rows_xml([("字",) * 100] * 2)) for key in keys}
    return files.xlsx(
        more={"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": targets} | sheets
    )


@slow
def character_references():
    return sheet("&#65;" * 20_000_000)


@slow
def text_broken_by_comments():
    return sheet(f"<c t='inlineStr'><is><t>{'a<!---->' * 32_000}</t></is></c>" * 400)


@slow
def namespaces_declared_again_and_again():
    return sheet("".join(f'<a xmlns:p{number}="u{number}"/>' for number in range(1_500_000)))


@slow
def attributes_just_within_the_bound():
    attributes = " ".join(f'a{number}=""' for number in range(90_000))
    return sheet(f"<row {attributes}/>" * 100)


@slow
def comments_just_within_the_bound():
    return sheet(f"<!--{'a' * 900_000}-->" * 120)


@slow
def names_all_different():
    return sheet("".join(f"<name{number}/>" for number in range(1_500_000)))


@slow
def a_hundred_and_nineteen_megabytes_of_picture():
    members = [(name, *packed(content)) for name, content in files.xlsx_members().items()]
    return raw_zip([*members, ("xl/media/image1.png", *files.bomb(119))])


@slow
def many_cells_within_the_bound():
    row = "".join('<c t="b"><v>1</v></c>' for _ in range(199))
    return sheet(f"<row>{row}</row>" * 2_000 + "<row/>" * 1_000_000)


@slow
def strings_of_one_character():
    strings = files.shared(*["<t>字</t>"] * 600_000)
    return files.xlsx(strings=strings)


@slow
def ods_blank_cells():
    return files.ods(
        files.ods_rows(files.TABLE)
        + f"<table:table-row>{'<table:table-cell/>' * 1_500_000}</table:table-row>"
    )
