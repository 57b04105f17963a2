"""What single programs write in every file of theirs, as seen in files that they made."""

import pytest

from items.exchange.sheet.cells import Kind
from items.exchange.sheet.detect import read_workbook
from items.exchange.sheet.limits import Refused
from tests.exchange import files
from tests.exchange.files import ROWS, xlsx
from tests.exchange.reading import cell, table_of, texts


def content_types(*declared):
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{"".join(declared)}</Types>'


def test_sheetjs_declares_a_type_for_binary_parts_that_is_no_macro():
    declared = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    assert texts(table_of(xlsx(more={"[Content_Types].xml": content_types(declared)}))) == [*ROWS]


@pytest.mark.parametrize("kind", ["sheet", "template", "addin"])
def test_a_workbook_part_with_macros_is_refused_whatever_the_file_is_called(kind):
    declared = (
        f'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.{kind}.macroEnabled.main+xml"/>'
    )
    with pytest.raises(Refused, match="含有巨集"):
        read_workbook(xlsx(more={"[Content_Types].xml": content_types(declared)}), "a.xlsx")


@pytest.mark.parametrize(
    ("code", "text"), [("yyyy/m/d", "2026-06-01"), ('[$-404]e"年"m"月"', "2026-06"), ("mmm-yy", "2026-06")]
)
def test_a_written_out_date_without_its_day_is_the_month_that_one_sees(code, text):
    """Excel writes dates so in its strict format, and SheetJS where asked; a month ends on its last day."""
    sheet = files.worksheet('<row r="1"><c r="A1" s="1" t="d"><v>2026-06-01T00:00:00.000Z</v></c></row>')
    assert cell(xlsx(sheet, styles=files.styles(code)), 1, 1) == (Kind.DATE, text, None)
