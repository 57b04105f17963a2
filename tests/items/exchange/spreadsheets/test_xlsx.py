"""Excel files as programs really write them: every odd way of saying the same table."""

import io
from datetime import date

import openpyxl
import pytest

from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.workbook import CellKind
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.files import (
    ROWS,
    TABLE,
    inline,
    rows_xml,
    shared,
    worksheet,
    xlsx,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import cell, hidden_rows, table_of, texts

HEADING = rows_xml(TABLE[:1])


def sheet_with(xml, **options):
    """A file whose row 5 holds the given cells."""
    return xlsx(worksheet(f'<row r="5">{xml}</row>'), **options)


@pytest.mark.parametrize("namespace", [files.TRANSITIONAL, files.STRICT])
def test_transitional_and_strict_files_read_alike(namespace):
    data = xlsx(worksheet(rows_xml(TABLE), namespace=namespace), namespace=namespace)
    assert texts(table_of(data)) == [*ROWS]


def test_elements_may_have_any_prefix():
    sheet = (
        worksheet(rows_xml(TABLE)).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    )
    assert texts(table_of(xlsx(sheet.replace("xmlns=", "xmlns:x=")))) == [*ROWS]


@pytest.mark.parametrize(
    "target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "./worksheets/../worksheets/sheet1.xml",
               "worksheets\\sheet1.xml", "worksheets/Sheet1.xml", "worksheets/sheet%31.xml"]
)  # fmt: skip
def test_a_sheet_is_found_however_its_target_is_written(target):
    more = {"xl/_rels/workbook.xml.rels": files.relations(("rId1", "worksheet", target))}
    assert texts(table_of(xlsx(more=more))) == [*ROWS]


def test_the_workbook_may_stand_elsewhere_in_the_package():
    members = files.xlsx_members()
    moved = {name.replace("xl/", "buch/", 1): content for name, content in members.items()}
    moved["_rels/.rels"] = files.relations(("rId1", "officeDocument", "/buch/workbook.xml"))
    assert texts(table_of(files.zip_of(moved))) == [*ROWS]


def test_backslashes_in_member_names_are_read():
    members = {name.replace("/", "\\"): content for name, content in files.xlsx_members().items()}
    assert texts(table_of(files.zip_of(members))) == [*ROWS]


@pytest.mark.parametrize("dimension", ["A1", "A1:A1", "B7:C9", "A1:XFD1048576", "rubbish"])
def test_a_wrong_dimension_loses_nothing(dimension):
    data = xlsx(worksheet(rows_xml(TABLE), before=f'<dimension ref="{dimension}"/>'))
    assert texts(table_of(data)) == [*ROWS]


def test_rows_and_cells_without_references_follow_one_another():
    reference = ' r="A1"'
    rows = "".join(
        f"<row>{''.join(inline('A1', text).replace(reference, '') for text in row)}</row>"
        for row in TABLE
    )
    assert texts(table_of(xlsx(worksheet(rows)))) == [*ROWS]


def test_rows_out_of_order_are_put_in_order():
    rows = [rows_xml([row], number) for number, row in enumerate(TABLE, 1)]
    assert texts(table_of(xlsx(worksheet("".join(reversed(rows)))))) == [*ROWS]


def test_a_cell_that_names_another_row_than_its_row_does_is_believed():
    assert cell(xlsx(worksheet(f'<row r="3">{inline("B7", "字")}</row>')), 7, 2).text == "字"


def test_shared_strings_put_runs_together_and_leave_readings_out():
    items = shared(
        "<t>一</t>",
        "<r><rPr><b/></rPr><t>港</t></r><r><t xml:space='preserve'> 務</t></r>",
        "<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/>",
        "",
    )
    cells = "".join(
        f'<c r="{letter}5" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABCD")
    )
    data = sheet_with(cells, strings=items)
    assert [getattr(cell(data, 5, column), "text", None) for column in (1, 2, 3, 4)] == [
        "一",
        "港 務",
        "東京",
        None,
    ]


@pytest.mark.parametrize(
    ("xml", "kind", "text"),
    [
        (
            '<c r="A5" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>',
            CellKind.TEXT,
            "甲乙",
        ),
        ('<c r="A5" t="str"><f>A1</f><v>甲</v></c>', CellKind.TEXT, "甲"),
        ('<c r="A5" t="str"><v>_x000D__x005F_x000D_</v></c>', CellKind.TEXT, "\r_x000D_"),
        ('<c r="A5" t="inlineStr"><is><t>_xD842__xDFB7_</t></is></c>', CellKind.TEXT, "𠮷"),
        ('<c r="A5" t="b"><v>1</v></c>', CellKind.BOOL, "TRUE"),
        ('<c r="A5" t="b"><v>0</v></c>', CellKind.BOOL, "FALSE"),
        ('<c r="A5" t="e"><v>#REF!</v></c>', CellKind.ERROR, "#REF!"),
        ('<c r="A5" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellKind.ERROR, "#DIV/0!"),
        ('<c r="A5" t="e"/>', None, ""),
        ('<c r="A5" t="inlineStr"><is><t>#N/A</t></is></c>', CellKind.ERROR, "#N/A"),
        ('<c r="A5"><v>5</v></c>', CellKind.NUMBER, "5"),
        ('<c r="A5"><v>5.0</v></c>', CellKind.NUMBER, "5"),
        ('<c r="A5" t="n"><v>1151231</v></c>', CellKind.NUMBER, "1151231"),
        ('<c r="A5"><v>1.151231E6</v></c>', CellKind.NUMBER, "1151231"),
        ('<c r="A5"><v>115.1</v></c>', CellKind.NUMBER, "115.1"),
        ('<c r="A5"><v>0.30000000000000004</v></c>', CellKind.NUMBER, "0.3"),
        ('<c r="A5"><v>NaN</v></c>', CellKind.TEXT, "NaN"),
        ('<c r="A5"><f>1+1</f></c>', CellKind.NO_VALUE, ""),
        ('<c r="A5"><f>1+1</f><v></v></c>', CellKind.NO_VALUE, ""),
        ('<c r="A5"><f>1+1</f><v/></c>', CellKind.NO_VALUE, ""),
        ('<c r="A5"><f t="shared" si="0"/></c>', CellKind.NO_VALUE, ""),
        ('<c r="A5" t="str"><f>A1</f></c>', CellKind.NO_VALUE, ""),
        ('<c r="A5" t="str"><f>""</f><v></v></c>', None, ""),
        ('<c r="A5" s="3"/>', None, ""),
        ('<c r="A5" t="inlineStr"><is><t> \u3000 </t></is></c>', None, ""),
        ('<c r="A5" t="d"><v>2026-12-31T00:00:00</v></c>', CellKind.DATE, "2026-12-31"),
    ],
)
def test_a_cell_is_what_its_type_and_value_say(xml, kind, text):
    found = cell(sheet_with(xml), 5, 1)
    assert (found.kind, found.text) == (kind, text) if kind else found is None


@pytest.mark.parametrize(
    ("code", "serial", "text"),
    [
        ("yyyy/m/d", 46387, "2026-12-31"),
        ('[$-404]e"年"m"月"d"日"', 46387, "2026-12-31"),
        ("yyyy-mm-dd hh:mm", 46387.75, "2026-12-31"),
        ('[$-404]e"年"m"月"', 46357, "2026-12"),
        ("mmm-yy", 46357, "2026-12"),
        ("[Red]yyyy/m/d;@", 46387, "2026-12-31"),
        ("General", 46387, "46387"),
        ("0.00", 46387, "46387"),
        ('"day"0', 46387, "46387"),
        ("[h]:mm", 46387, "46387"),
        ("h:mm:ss", 0.5, "0.5"),
        ("yyyy/m/d", -5, "-5"),
        ("yyyy/m/d", 9_999_999, "9999999"),
        ("yyyy/m/d", 59, "1900-02-28"),
        ("yyyy/m/d", 61, "1900-03-01"),
        ("#,##0_);[Red]\\(#,##0\\)", 46387, "46387"),
        ("0.00E+00", 46387, "46387"),
        ("0.0%", 0.57, "57%"),
    ],
)
def test_a_number_is_a_day_where_its_format_shows_one(code, serial, text):
    data = sheet_with(f'<c r="A5" s="1"><v>{serial}</v></c>', styles=files.styles(code))
    assert cell(data, 5, 1).text == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(14, "2026-12-31"), (22, "2026-12-31"), (57, "2026-12-31"), (3, "46387"), (9, "4638700%")],
)
def test_built_in_date_formats_are_known_by_number(number, text):
    sheet = files.styles("0").replace('<xf numFmtId="164"/>', f'<xf numFmtId="{number}"/>')
    assert cell(sheet_with('<c r="A5" s="1"><v>46387</v></c>', styles=sheet), 5, 1).text == text


def test_strings_and_styles_are_found_where_they_usually_stand_though_nobody_names_them():
    more = {
        "xl/_rels/workbook.xml.rels": files.relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml")
        )
    }
    data = sheet_with('<c r="a5" t="s"><v>0</v></c>', strings=shared("<t>字</t>"), more=more)
    assert cell(data, 5, 1).text == "字"


@pytest.mark.parametrize("properties", ['date1904="1"', 'date1904="true"'])
def test_days_may_count_from_1904(properties):
    data = sheet_with(
        '<c r="A5" s="1"><v>44925</v></c>', styles=files.styles("yyyy/m/d"), properties=properties
    )
    assert cell(data, 5, 1).text == "2026-12-31"


@pytest.mark.parametrize(
    "sheet",
    [
        files.styles().replace("<cellXfs>", '<fonts count="x"><font><sz val="lots"/><color rgb="no"/></font></fonts><cellXfs>'),
        files.styles().replace('numFmtId="0"', 'numFmtId="many"'),
        "<styleSheet>",
        "",
    ],
)  # fmt: skip
def test_broken_styles_stop_nothing(sheet):
    assert texts(table_of(xlsx(styles=sheet))) == [*ROWS]


def test_a_date_cell_is_a_deadline_and_a_bare_serial_is_an_error():
    rows = "".join(
        rows_xml([(*row[:4], "", *row[5:])], number) for number, row in enumerate(ROWS, 2)
    )
    cells = '<row r="2"><c r="E2" s="1"><v>46387</v></c></row><row r="3"><c r="E3"><v>46387</v></c></row>'
    cells += '<row r="4"><c r="E4"><v>1151231</v></c></row>'
    found = table_of(xlsx(worksheet(HEADING + rows + cells), styles=files.styles("yyyy/m/d")))
    assert found.rows[0].deadlines[0].date == date(2026, 12, 31)
    assert found.rows[2].deadlines[0].date == date(2026, 12, 31)
    (problem,) = found.problems
    assert problem.row == 3
    assert "日期格式" in problem.message


def test_a_day_that_libreoffice_takes_for_the_year_115_is_the_one_that_was_typed():
    """In Chinese it makes of 115年9月30日 the serial -651685."""
    row = ROWS[0]
    cells = (
        "".join(rows_xml([(*row[:4], "", *row[5:])], 2))
        + '<row r="2"><c r="E2" s="1"><v>-651685</v></c></row>'
    )
    found = table_of(xlsx(worksheet(HEADING + cells), styles=files.styles("yyyy/m/d")))
    assert (found.problems, found.rows[0].deadlines[0].text) == ((), "115年9月30日")


def test_a_stray_blank_cell_in_the_last_corner_costs_nothing():
    stray = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert texts(table_of(xlsx(worksheet(rows_xml(TABLE) + stray)))) == [*ROWS]


def test_a_million_blank_rows_cost_no_refusal():
    rows = rows_xml(TABLE) + '<row s="1" customFormat="1"/>' * 300_000
    assert texts(table_of(xlsx(worksheet(rows)))) == [*ROWS]


def test_text_in_the_two_hundredth_column_is_read_and_beyond_it_refused():
    at = xlsx(worksheet(rows_xml(TABLE) + f'<row r="9">{inline("GR9", "字")}</row>'))
    assert len(table_of(at).rows) == 3
    with pytest.raises(Refused, match="GS9 在第 201 欄，超過 200 欄"):
        read_workbook(xlsx(worksheet(f'<row r="9">{inline("GS9", "字")}</row>')), "a.xlsx")


def test_a_cell_may_hold_as_much_as_excel_allows():
    assert len(cell(sheet_with(inline("A5", "字" * 32_767)), 5, 1).text) == 32_767


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_not_read_but_named(state):
    book = files.workbook(("藏", state, "rId9"), ("計畫", "visible", "rId1"))
    found = read_workbook(xlsx(more={"xl/workbook.xml": book}), "a.xlsx")
    assert (found.hidden_sheets, [sheet.name for sheet in found.sheets]) == (("藏",), ["計畫"])


def test_a_file_with_its_table_on_a_hidden_sheet_says_so():
    book = files.workbook(("藏", "hidden", "rId1"))
    with pytest.raises(Refused, match="「藏」，如要匯入請先取消隱藏"):
        candidate_sheets(read_workbook(xlsx(more={"xl/workbook.xml": book}), "a.xlsx"))


def test_charts_are_no_sheets():
    book = files.workbook(("圖", "visible", "rId8"), ("計畫", "visible", "rId1"))
    targets = files.relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId8", "chartsheet", "charts/a.xml")
    )
    more = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": targets,
        "xl/charts/a.xml": "<a/>",
    }
    assert texts(table_of(xlsx(more=more))) == [*ROWS]


def test_hidden_rows_are_read_with_a_warning():
    sheet = worksheet(rows_xml(TABLE).replace('<row r="3">', '<row r="3" hidden="1">'))
    found = table_of(xlsx(sheet))
    assert texts(found) == [*ROWS]
    assert hidden_rows(found) == [3]


def test_hidden_columns_are_read_with_a_note():
    sheet = worksheet(rows_xml(TABLE), before='<cols><col min="5" max="6" hidden="1"/></cols>')
    assert "「完成期限」（E 欄）是隱藏的" in "".join(table_of(xlsx(sheet)).notes)


@pytest.mark.parametrize("first", ["", "E", "²", "５", "-5", "100000"])
def test_a_hidden_column_without_a_plain_number_is_passed_over(first):
    columns = f'<cols><col min="{first}" max="6" hidden="1"/></cols>'
    found = table_of(xlsx(worksheet(rows_xml(TABLE), before=columns)))
    assert texts(found) == [*ROWS]
    assert found.notes == ()


@pytest.mark.parametrize(
    "more",
    [
        {"xl/vbaProject.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": "<a/>"},
        {"[Content_Types].xml": "<a>application/vnd.ms-excel.sheet.macroEnabled.main+xml</a>"},
    ],
)
def test_macros_are_refused_with_the_remedy(more):
    with pytest.raises(Refused, match=r"含有巨集.*另存為不含巨集的 \.xlsx"):
        read_workbook(xlsx(more=more), "a.xlsx")


def test_a_macro_file_is_refused_by_its_name_too():
    with pytest.raises(Refused, match="含有巨集"):
        read_workbook(xlsx(), "計畫.XLSM")


def test_what_openpyxl_writes_is_read_with_its_merges():
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active["A3"] = None
    book.active.merge_cells("A2:A3")
    book.active["E2"] = date(2026, 12, 31)
    book.active["E3"] = "=A1"
    book.create_sheet("空白")
    stream = io.BytesIO()
    book.save(stream)
    found = table_of(stream.getvalue())
    assert [row.strategy_text for row in found.rows] == [ROWS[0][0], ROWS[0][0], ROWS[2][0]]
    assert found.rows[0].deadlines[0].text == "115年12月31日"
    assert "沒有計算結果的公式" in found.problems[0].message


def test_a_file_is_read_from_a_stream_as_well():
    assert len(read_workbook(io.BytesIO(xlsx_table(TABLE)), "a.xlsx").sheets) == 1


def test_a_small_header_lie_that_changes_nothing_is_no_reason_to_refuse():
    data = files.with_lying_size(xlsx(), files.SHEET_PART, 0x7FFFFFFF)
    assert texts(table_of(data)) == [*ROWS]


def test_alternative_content_and_extensions_are_passed_over():
    extension = '<extLst><ext uri="{x}"><x14:c xmlns:x14="urn:x"/></ext></extLst>'
    assert texts(table_of(xlsx(worksheet(rows_xml(TABLE), after=extension)))) == [*ROWS]
