"""A written table: every cell is a value and none a formula, lines have their height, names are kept."""

import io
import re
import zipfile
from dataclasses import replace

import pytest

from items.exchange.spreadsheets.file_table import Column, FileTable
from items.exchange.spreadsheets.write import file_name, write
from tests.hostile import CELLS
from tests.items.exchange.spreadsheets.reading import sheet_of


def small(texts):
    return FileTable(
        "表", "標題", "", (Column("甲", 10), Column("乙", 10)), [[text, 1] for text in texts]
    )


def test_every_text_cell_of_xlsx_is_text():
    sheet = sheet_of(write(small(CELLS), "xlsx"))
    cells = [sheet.cell(row=number, column=1) for number in range(3, 3 + len(CELLS))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if "_x" not in cell.value] == [
        t for t in CELLS if "_x" not in t
    ]


def test_no_cell_of_csv_can_be_taken_for_a_formula():
    lines = (
        write(small([text for text in CELLS if "\n" not in text]), "csv")
        .decode("utf-8-sig")
        .splitlines()
    )
    assert not [
        line for line in lines if line.strip('"').startswith(("=", "+", "-", "@", "\t", "＝"))
    ]


def test_ods_has_no_formula():
    content = zipfile.ZipFile(io.BytesIO(write(small(CELLS), "ods"))).read("content.xml").decode()
    assert "table:formula" not in content
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in content


def test_control_characters_cannot_occur():
    for format in ("xlsx", "ods", "csv"):
        content = write(small(["一\x00二\x0b三\x1b四\ud800"]), format)
        assert content
        if format == "xlsx":
            assert sheet_of(content)["A3"].value == "一二三四"


@pytest.mark.one_engine
@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_long_line_above_the_table_has_the_height_of_its_lines(format):
    def first_heights(title, subtitle):
        table = small([])
        content = write(replace(table, title=title, subtitle=subtitle), format)
        if format == "xlsx":
            sheet = sheet_of(content)
            return [sheet.row_dimensions[number].height for number in (1, 2)]
        styles = zipfile.ZipFile(io.BytesIO(content)).read("content.xml").decode()
        heights = dict(re.findall(r'style:name="(r\d+)".*?row-height="([\d.]+)pt"', styles))
        return [
            float(heights[name])
            for name in re.findall(r'<table:table-row table:style-name="(r\d+)"', styles)[:2]
        ]

    assert first_heights("標題", "說明") == [30, 20]
    title, subtitle = first_heights("很長的標題" * 4, "很長的說明" * 4)
    assert title >= 90
    assert subtitle >= 40


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("115年度 計畫", "115年度_計畫.xlsx"),
        ("../../etc/passwd", "etcpasswd"),
        ("a:b/c\\d\r\nx", "a_b_cd_x.xlsx"),
    ],
)
def test_a_file_name_is_one_that_every_system_can_keep(title, name):
    made = file_name(title, "xlsx")
    assert not set(made) & set('/\\:\r\n"')
    assert made == name or name in made.replace("_", "").replace(".", "")
