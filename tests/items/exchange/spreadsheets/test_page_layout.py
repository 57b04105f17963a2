"""On paper nothing is cut off: rows are tall enough, also merged ones, and pages end between texts."""

import io
import re
import zipfile
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items.exchange.plan_export.official import official_table
from items.exchange.spreadsheets.file_table import LONGEST_CELL, Column, FileTable, Merge
from items.exchange.spreadsheets.page_layout import TALLEST, lay_out
from items.exchange.spreadsheets.paper import LINE, heading_height, lines_in
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.write import write
from items.models import Action, Method, Plan, Strategy
from tests.items.exchange.official_rows import exported, look

NOT_FIRST, NOT_LAST = set("，。、；：！？）」』》％%,.;:!?)]"), set("（「『《([")
TEXT = st.text("港埠服務品質，。、（）「」TPNet abc123 /", max_size=300)


def as_wrapped(text, width, whole_words=True):
    """How many lines a program makes of a text: words whole, no comma first; or every character where it falls."""
    pieces = re.findall(r"[!-~]+ ?| |[^!-~ ]", text) if whole_words else list(text)
    glued = []
    for piece in pieces:
        if whole_words and glued and (piece[0] in NOT_FIRST or glued[-1][-1] in NOT_LAST):
            glued[-1] += piece
        else:
            glued.append(piece)
    lines, used = 1, 0
    for piece in glued:
        wide = sum(1 if character.isascii() else 2 for character in piece)
        shown = wide - piece.endswith(" ")
        if used + shown > width:
            lines += -(-shown // (width - 1)) if shown > width else 1
            used = shown % (width - 1) if shown > width else 0
            used = used if shown > width else wide
        else:
            used += wide
    return lines


@pytest.mark.django_db
@pytest.mark.parametrize("width", [14, 16, 18, 20, 22, 28, 34, 42])
def test_every_text_of_the_plan_has_room(plan, width):
    texts = set()
    for model, field in (
        (Strategy, "title"),
        (Method, "title"),
        (Plan, "title"),
        (Action, "expected_benefit"),
    ):
        texts.update(model.objects.values_list(field, flat=True))
    texts.update(Action.objects.values_list("title", flat=True))
    for text in texts:
        found = lines_in(text, width)
        assert found >= max(as_wrapped(text, width), as_wrapped(text, width, whole_words=False)), (
            text
        )
        assert found <= as_wrapped(text, width) + 2, text


@pytest.mark.slow
@settings(deadline=None)
@given(TEXT)
def test_text_that_breaks_anywhere_has_room(text):
    assert lines_in(text, 20) >= as_wrapped(text, 20, whole_words=False)


def test_english_words_that_are_not_divided_have_room():
    text = (
        "The branch completed the integration of two services including extensive documentation for users. "
        * 9
    )
    for width in (18, 20, 22, 34, 42):
        assert lines_in(text, width) >= as_wrapped(text, width)


@pytest.mark.django_db
def test_each_merged_text_of_the_official_table_fits_its_rows(plan):
    Method.objects.filter(plans__actions__code="115-02").update(title="港" * 300)
    Action.objects.filter(code__in=["115-04", "115-05"]).update(expected_benefit="埠" * 400)
    table = official_table(plan)
    layout = lay_out(table)
    assert len(layout.rows) == len(table.rows)
    for merge in layout.merges:
        text = layout.rows[merge.first][merge.column]
        needed = lines_in(text, table.columns[merge.column].width) * LINE
        assert sum(layout.heights[merge.first : merge.last + 1]) >= needed
    assert max(layout.heights) <= TALLEST


@pytest.mark.one_engine
@pytest.mark.django_db
def test_no_page_ends_within_a_text_or_holds_more_than_it_can(plan):
    layout = lay_out(official_table(plan))
    assert 3 <= len(layout.breaks) <= 6
    for row in layout.breaks:
        for merge in layout.merges:
            if merge.first < row <= merge.last:
                text = layout.rows[merge.first][merge.column]
                shown = sum(layout.heights[merge.first : row])
                assert (
                    shown >= lines_in(text, official_table(plan).columns[merge.column].width) * LINE
                )
    pages = [
        sum(layout.heights[first:last])
        for first, last in pairwise([0, *layout.breaks, len(layout.rows)])
    ]
    assert max(pages) < 600


@pytest.mark.one_engine
@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_a_text_longer_than_a_row_can_be_tall_has_several_and_comes_back_as_one(plan, format):
    Action.objects.filter(code="115-04").update(title="港" * 2_000)
    table = official_table(plan)
    layout = lay_out(table)
    (merge,) = [
        each for each in layout.merges if layout.rows[each.first][each.column] == "港" * 2_000
    ]
    assert sum(layout.heights[merge.first : merge.last + 1]) >= lines_in("港" * 2_000, 34) * LINE
    assert max(layout.heights) <= TALLEST
    assert look(exported(plan, format), plan).counts["unchanged"] == 33


def test_a_long_row_of_a_merged_table_keeps_each_cell_once():
    rows = [["甲", "一", "長" * 1_000], ["甲", "二", "短"], ["乙", "三", ""]]
    table = FileTable(
        "表", "", "", (Column("一", 8), Column("二", 8), Column("三", 20)), rows, [Merge(0, 0, 1)]
    )
    layout = lay_out(table)
    parts = len(layout.rows) - 2
    assert Merge(0, 0, parts) in layout.merges
    assert {Merge(1, 0, parts - 1), Merge(2, 0, parts - 1)} <= set(layout.merges)
    covered = layout.covered()
    shown = [
        value
        for number, row in enumerate(layout.rows)
        for place, value in enumerate(row)
        if place not in covered[number]
    ]
    assert sorted(shown) == sorted(["甲", "一", "長" * 1_000, "二", "短", "乙", "三", ""])


@pytest.mark.one_engine
@pytest.mark.django_db
def test_the_xlsx_holds_what_excel_insists_on(plan):
    Action.objects.filter(code="115-04").update(title="港" * 2_000)
    content = exported(plan, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert len(sheet.title) <= 31
    assert (book._fonts[0].name, book._fonts[0].size) == (
        "Arial",
        11,
    )  # widths are counted in its figures
    assert sheet["E4"].font.name == "標楷體"
    assert sheet.column_dimensions["B"].width == 15
    assert sheet.row_dimensions[3].height == heading_height(official_table(plan).columns)
    areas = sorted(
        (area.min_col, area.min_row, area.max_row)
        for area in sheet.merged_cells.ranges
        if area.min_row > 3
    )
    for (column, _, last), (next_column, first, _) in pairwise(areas):
        assert column != next_column or first > last
    assert all(0 < row.height <= 409 for row in sheet.row_dimensions.values())
    assert [each.id for each in sheet.row_breaks.brk] == [
        row + 3 for row in lay_out(official_table(plan)).breaks
    ]
    part = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    places = [
        part.index(f"<{name}")
        for name in ("mergeCells", "pageMargins", "pageSetup", "headerFooter", "rowBreaks")
    ]
    assert places == sorted(places)


def test_thousands_of_rows_have_no_more_breaks_than_excel_takes():
    table = FileTable("表", "標題", "", (Column("一", 8),), [["一"]] * 40_000)
    assert len(lay_out(table).breaks) <= 1_026


@pytest.mark.one_engine
@pytest.mark.django_db
def test_the_ods_is_as_wide_and_breaks_where_the_xlsx_does(plan):
    layout = lay_out(official_table(plan))
    content = zipfile.ZipFile(io.BytesIO(exported(plan, "ods"))).read("content.xml").decode()
    assert (
        'style:name="c1" style:family="table-column"><style:table-column-properties style:column-width="90pt"'
        in content
    )
    begins = re.findall(r'<table:table-row table:style-name="b\d+"', content)
    assert len(begins) == len(layout.breaks)
    assert content.count('fo:break-before="page"') <= len(layout.breaks)


def test_a_list_without_merges_has_pages_too():
    content = write(FileTable("表", "標題", "", (Column("一", 20),), [["港" * 50]] * 100), "ods")
    assert "break-before" in zipfile.ZipFile(io.BytesIO(content)).read("content.xml").decode()


def test_a_text_that_is_too_long_only_by_its_escapes_is_whole_in_xlsx():
    text = "_x0041_" + "長" * (LONGEST_CELL - len("_x0041_"))
    content = write(FileTable("表", "", "", (Column("一", 20),), [[text]]), "xlsx")
    assert read_workbook(content, "表.xlsx").sheets[0].rows[1].cells[1].text == text
