"""What single programs write in every file of theirs, as seen in files that they made."""

import csv
import io

import pytest

from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.workbook import Cell, CellKind
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.files import ROWS, xlsx
from tests.items.exchange.spreadsheets.reading import cell, table_of, texts, workbook_of


def content_types(*declared):
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{"".join(declared)}</Types>'


def test_sheetjs_declares_a_type_for_binary_parts_that_is_no_macro():
    declared = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    assert texts(table_of(xlsx(more={"[Content_Types].xml": content_types(declared)}))) == [*ROWS]


@pytest.mark.parametrize("kind", ["sheet", "template", "addin"])
def test_a_workbook_part_with_macros_is_refused_whatever_the_file_is_called(kind):
    declared = f'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.{kind}.macroEnabled.main+xml"/>'
    with pytest.raises(Refused, match="含有巨集"):
        workbook_of(xlsx(more={"[Content_Types].xml": content_types(declared)}), "a.xlsx")


@pytest.mark.parametrize(
    ("code", "text"),
    [("yyyy/m/d", "2026-06-01"), ('[$-404]e"年"m"月"', "2026-06"), ("mmm-yy", "2026-06")],
)
def test_a_written_out_date_without_its_day_is_the_month_that_one_sees(code, text):
    """Excel writes dates so in its strict format, and SheetJS where asked; a month ends on its last day."""
    sheet = files.worksheet(
        '<row r="1"><c r="A1" s="1" t="d"><v>2026-06-01T00:00:00.000Z</v></c></row>'
    )
    assert cell(xlsx(sheet, styles=files.styles(code)), 1, 1) == Cell(CellKind.DATE, text)


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("0.949999999999999999989", "95%", "95%"),
        ("0.955", "96%", "95.5%"),
        ("95", "95%", "95"),
        ("5", "5", "5"),
    ],
)
def test_gnumeric_and_sheetjs_write_a_percentage_as_any_number(value, shown, text):
    xml = (
        f'<table:table-row><table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{shown}</text:p></table:table-cell></table:table-row>"
    )
    found = cell(files.ods(xml), 1, 1, "計畫.ods")
    assert (found.kind, found.text) == (CellKind.NUMBER, text)


@pytest.mark.parametrize("error", ["Err:502", "錯誤：522", "錯誤:508", "#ERROR!", "#DIV/0!"])
def test_an_error_that_became_text_in_csv_is_an_error(error):
    """LibreOffice numbers its errors, in words of the language it speaks; #ERROR! is of Google."""
    first = (*ROWS[0][:6], error)
    found = table_of(files.csv_bytes((files.HEADINGS, first, ROWS[1])), "計畫.csv")
    (problem,) = found.problems
    assert (problem.row, problem.column) == (2, "預期效益")
    assert f"是錯誤值 {error}" in problem.message


def test_a_sentence_about_an_error_is_text():
    first = (*ROWS[0][:6], "錯誤：502 筆資料已更正。")
    assert texts(table_of(files.csv_bytes((files.HEADINGS, first)), "計畫.csv"))[0][6] == first[6]


def test_a_tab_in_a_cell_is_its_own_where_libreoffice_quotes_all_text():
    stream = io.StringIO(newline="")
    table = (
        files.HEADINGS,
        ("1. 完備", "流程\t一", "檢討\n第二行", "公布", "115年12月", "業務處", "提升"),
    )
    csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(table)
    found = table_of(stream.getvalue().encode(), "計畫.csv")
    assert texts(found) == [table[1]]
    assert not any(
        "不成對" in note for note in workbook_of(stream.getvalue().encode(), "計畫.csv").notes
    )


@pytest.mark.parametrize(
    ("day", "shown", "kind", "text"),
    [
        ("2026-06-01", "Jun-26", CellKind.DATE, "2026-06"),
        ("2026-06-01", "June 2026", CellKind.DATE, "2026-06"),
        ("2026-06-01", "6/2026", CellKind.DATE, "2026-06"),
        ("2026-06-01", "六月-26", CellKind.DATE, "2026-06"),
        ("2026-06-01", "6月-26", CellKind.DATE, "2026-06"),
        ("2026-06-01", "115年6月底", CellKind.DATE, "2026-06"),
        ("2026-01-01", "民國115年1月", CellKind.DATE, "2026-01"),
        ("2026-06-01", "26/6", CellKind.DATE, "2026-06"),
        ("2026-06-06", "6/6/2026", CellKind.DATE, "2026-06-06"),
        ("2026-06-06", "6-Jun-26", CellKind.DATE, "2026-06-06"),
        ("2026-12-01", "12/1", CellKind.DATE, "2026-12-01"),
        ("2026-12-11", "12/11", CellKind.DATE, "2026-12-11"),
        ("2026-06-30T13:30:00", "2026/6/30 13:30", CellKind.DATE, "2026-06-30"),
        ("2026-06-01", "六月一日", CellKind.DATE, "2026-06-01"),
        ("0115-09-29", "0115/9/30", CellKind.DATE, "0115-09-30"),
        ("0115-09-29", "115/9", CellKind.DATE, "0115-09"),
        ("0115-08-08", "115/8/9", CellKind.DATE, "0115-08-09"),
        ("0115-12-31", "0115-12-31", CellKind.DATE, "0115-12-31"),
        ("2026-06-01", "Monday", CellKind.DATE, "2026-06-01"),
        ("2026-06-01", "###", CellKind.DATE, "2026-06-01"),
        ("2026-06-01", "", CellKind.DATE, "2026-06-01"),
        ("2026-06-01", "2026", CellKind.TEXT, "2026"),
    ],
)
def test_a_date_of_an_ods_is_what_one_sees_of_it_in_whichever_format(day, shown, kind, text):
    """The day is taken where one sees it, or nothing at all; a month is due on its last day."""
    xml = (
        f'<table:table-row><table:table-cell office:value-type="date" office:date-value="{day}">'
        f"<text:p>{shown}</text:p></table:table-cell></table:table-row>"
    )
    assert cell(files.ods(xml), 1, 1, "計畫.ods") == Cell(kind, text)
