"""The official table: a plain one, and the sheet that it stands in."""

import pytest

from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.plan_table.small_tables import (
    strategy_of,
    table,
)
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.files import (
    ROWS,
    TABLE,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of, texts


def test_a_plain_table_is_read_as_it_stands():
    found = table(*ROWS)
    assert texts(found) == [*ROWS]
    assert [row.number for row in found.rows] == [2, 3, 4]
    assert (found.problems, found.ignored, found.rows_read) == ((), (), 3)
    assert strategy_of(found.rows[0]) == (1, "完備基礎")
    assert found.rows[0].cells["完成期限"] == "E2"


def test_several_sheets_with_our_headings_are_for_the_caller_to_choose_from():
    book = files.workbook(("甲", "visible", "rId1"), ("乙", "visible", "rId9"))
    targets = files.relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "worksheet", "/xl/other.xml")
    )
    sheet = files.worksheet(files.rows_xml(TABLE))
    more = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": targets, "xl/other.xml": sheet}
    found = candidate_sheets(read_workbook(files.xlsx(more=more), "計畫.xlsx"))
    assert [sheet.name for sheet in found] == ["甲", "乙"]
    assert len(read_table(found[1], 115).rows) == 3


def test_no_sheet_with_our_headings_is_refused_naming_what_was_looked_for():
    with pytest.raises(Refused, match="「實施策略」、「推動方法」"):
        table_of(xlsx_table([["別的", "表格"]]))
