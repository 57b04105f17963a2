"""Crossed-out words: a reader keeps them apart, so that the preview can say them."""

import pytest

from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.reading import cell

FONTS = (
    "<fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts>"
    "<cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/></cellXfs>"
    # The font of a conditional format is no font of a cell.
    "<dxfs><dxf><font><strike/></font></dxf></dxfs>"
)
STYLES = f'<styleSheet xmlns="{files.TRANSITIONAL}">{FONTS}</styleSheet>'
RUNS = (
    "<r><rPr><strike/></rPr><t>業務處</t></r><r><rPr><strike val='0'/></rPr><t>、</t></r>"
    "<r><t>港務處</t></r>"
)


def excel(cells, **parts):
    return files.xlsx(files.worksheet(f'<row r="1">{cells}</row>'), styles=STYLES, **parts)


@pytest.mark.parametrize(
    ("cells", "text", "struck"),
    [
        ('<c r="A1" t="inlineStr" s="1"><is><t>甲</t></is></c>', "甲", "甲"),
        ('<c r="A1" t="inlineStr" s="2"><is><t>甲</t></is></c>', "甲", ""),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', "甲", ""),
        ('<c r="A1" s="1"><v>12</v></c>', "12", "12"),
        ('<c r="A1" t="s" s="1"><v>0</v></c>', "甲", "甲"),
        ('<c r="A1" t="s"><v>1</v></c>', "業務處、港務處", "業務處"),
        (f'<c r="A1" t="inlineStr"><is>{RUNS}</is></c>', "業務處、港務處", "業務處"),
    ],
)
def test_excel_says_which_words_are_crossed_out(cells, text, struck):
    strings = files.shared("<t>甲</t>", RUNS, "<t>乙</t>")
    found = cell(excel(cells, strings=strings), 1, 1)
    assert (found.text, found.struck) == (text, struck)


def test_a_crossed_out_text_leaves_nothing_to_the_next():
    strings = files.shared(RUNS, "<t>乙</t>")
    data = excel('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>', strings=strings)
    assert cell(data, 1, 2).struck == ""
    inline = (
        f'<c r="A1" t="inlineStr"><is>{RUNS}</is></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c>'
    )
    assert cell(excel(inline), 1, 2).struck == ""


ODS_STYLES = (
    '<style:style style:name="ce1" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="ce2" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="ce3" style:family="table-cell" style:parent-style-name="ce1"/>'
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties style:text-line-through-type="single"/></style:style>'
)
SPANS = '<text:span text:style-name="T1">業務<text:span>處</text:span></text:span>、港務處'
STRUCK_COLUMN = '<table:table-column table:default-cell-style-name="ce1"/>'


@pytest.mark.parametrize(
    ("before", "attributes", "text", "struck"),
    [
        ("", 'table:style-name="ce1"', "甲", "甲"),
        ("", 'table:style-name="ce2"', "甲", ""),
        ("", 'table:style-name="ce3"', "甲", "甲"),
        ("", "", "甲", ""),
        ("", "", SPANS, "業務處"),
        (STRUCK_COLUMN, "", "甲", "甲"),
        (STRUCK_COLUMN, 'table:style-name="ce2"', "甲", ""),
    ],
)
def test_opendocument_says_which_words_are_crossed_out(before, attributes, text, struck):
    first = f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'
    second = files.ods_cell("乙", 'table:style-name="ce2"')
    row = f"<table:table-row>{first}{second}</table:table-row>"
    data = files.ods(before + row, automatic=ODS_STYLES)
    assert cell(data, 1, 1, "計畫.ods").struck == struck
    assert cell(data, 1, 2, "計畫.ods").struck == ""
