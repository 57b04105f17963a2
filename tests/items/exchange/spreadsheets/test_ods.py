"""OpenDocument files: repeated and covered cells, text within text, values and what is hidden."""

import pytest

from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.workbook import CellKind
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.files import (
    ROWS,
    TABLE,
    ods,
    ods_cell,
    ods_content,
    ods_rows,
)
from tests.items.exchange.spreadsheets.reading import cell, hidden_rows, table_of, texts


def one(xml):
    return ods(f"<table:table-row>{xml}</table:table-row>")


def typed(kind, attributes="", shown=""):
    return f'<table:table-cell office:value-type="{kind}" {attributes}><text:p>{shown}</text:p></table:table-cell>'


def test_a_plain_table_is_read_as_it_stands():
    assert texts(table_of(ods(), "計畫.ods")) == [*ROWS]


def test_a_file_is_known_by_its_content_whatever_its_name():
    assert read_workbook(ods(), "計畫.xlsx").kind == "ods"
    assert read_workbook(files.xlsx(), "計畫.ods").kind == "xlsx"


def test_endless_blank_rows_and_cells_cost_nothing():
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    assert texts(table_of(ods(ods_rows(TABLE) + blank))) == [*ROWS]


def test_repeated_cells_and_rows_are_repeated():
    cells = ods_cell("", 'table:number-columns-repeated="2"') + ods_cell(
        "字", 'table:number-columns-repeated="3"'
    )
    data = ods(f'<table:table-row table:number-rows-repeated="2">{cells}</table:table-row>')
    (sheet,) = read_workbook(data, "a.ods").sheets
    assert [(row.number, sorted(row.cells)) for row in sheet.rows] == [
        (1, [3, 4, 5]),
        (2, [3, 4, 5]),
    ]


def test_text_as_far_as_the_two_hundredth_column_is_read():
    data = one(ods_cell("字", 'table:number-columns-repeated="200"'))
    (row,) = read_workbook(data, "a").sheets[0].rows
    assert len(row.cells) == 200
    with pytest.raises(Refused, match="第 201 欄"):
        read_workbook(one(ods_cell("字", 'table:number-columns-repeated="201"')), "a")


def test_spans_are_merges_and_covered_cells_keep_their_place():
    first, second, third = ROWS
    spanned = ods_cell(first[0], 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    rows = ods_rows([TABLE[0]])
    rows += f"<table:table-row>{spanned}{''.join(map(ods_cell, first[1:]))}</table:table-row>"
    rows += f"<table:table-row><table:covered-table-cell/>{''.join(map(ods_cell, second[1:]))}</table:table-row>"
    assert texts(table_of(ods(rows + ods_rows([third])))) == [first, second, third]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<text:p>一</text:p><text:p>二</text:p>", "一\n二"),
        ("<text:p>一<text:s/>二<text:s text:c='3'/>三</text:p>", "一 二   三"),
        ("<text:p>一<text:tab/>二<text:line-break/>三</text:p>", "一\t二\n三"),
        (
            "<text:p>一<text:span>二<text:span>三</text:span></text:span><text:a>四</text:a></text:p>",
            "一二三四",
        ),
        ("<office:annotation><text:p>註解</text:p></office:annotation><text:p>一</text:p>", "一"),
        (
            "<text:p>一</text:p><draw:frame><draw:text-box><text:p>圖</text:p></draw:text-box></draw:frame>",
            "一",
        ),
        (
            "<text:p><text:ruby-base>港</text:ruby-base><text:ruby-text>ㄍ</text:ruby-text></text:p>",
            "港",
        ),
        ("<text:p/><text:p>二</text:p>", "\n二"),
    ],
)
def test_text_within_a_cell_is_put_together(xml, text):
    assert (
        cell(
            one(f'<table:table-cell office:value-type="string">{xml}</table:table-cell>'), 1, 1
        ).text
        == text
    )


@pytest.mark.parametrize(
    ("xml", "kind", "text"),
    [
        (typed("float", 'office:value="1151231"', "1,151,231"), CellKind.NUMBER, "1151231"),
        (typed("float", 'office:value="115.1"'), CellKind.NUMBER, "115.1"),
        (typed("percentage", 'office:value="0.5"', "50%"), CellKind.NUMBER, "50%"),
        (typed("currency", 'office:value="5"'), CellKind.NUMBER, "5"),
        (typed("date", 'office:date-value="2026-12-31"', "115/12/31"), CellKind.DATE, "2026-12-31"),
        (typed("date", 'office:date-value="0115-09-29"', "0115/9/30"), CellKind.DATE, "0115-09-30"),
        (
            typed("date", 'office:date-value="0115-99-29"', "0115/99/30"),
            CellKind.TEXT,
            "0115/99/30",
        ),
        (typed("date", 'office:date-value="2026-12-31T08:00:00"'), CellKind.DATE, "2026-12-31"),
        (typed("date", 'office:date-value="2026-12-01"', "115年12月"), CellKind.DATE, "2026-12"),
        (typed("boolean", 'office:boolean-value="true"', "TRUE"), CellKind.BOOL, "TRUE"),
        (typed("string", 'calcext:value-type="error"', "#REF!"), CellKind.ERROR, "#REF!"),
        (typed("string", "", "#N/A"), CellKind.ERROR, "#N/A"),
        (typed("string", 'table:formula="of:=1"', "Err:508"), CellKind.ERROR, "Err:508"),
        (typed("string", 'office:string-value="字"'), CellKind.TEXT, "字"),
        (typed("string", 'table:formula="of:=A1"', "字"), CellKind.TEXT, "字"),
        ('<table:table-cell table:formula="of:=A1"/>', CellKind.NO_VALUE, ""),
        (typed("string", 'table:formula="of:=A1" office:string-value=""'), None, ""),
        (typed("float", 'table:formula="of:=A1"'), CellKind.NO_VALUE, ""),
        ("<table:table-cell/>", None, ""),
    ],
)
def test_a_cell_is_what_its_type_and_value_say(xml, kind, text):
    found = cell(one(xml), 1, 1)
    assert (found.kind, found.text) == (kind, text) if kind else found is None


def test_hidden_sheets_are_not_read_but_named():
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    data = ods(
        automatic=hidden,
        attributes='table:style-name="ta2"',
        name="藏",
        after='<table:table table:name="空"/>',
    )
    found = read_workbook(data, "a.ods")
    assert (found.hidden_sheets, [sheet.name for sheet in found.sheets]) == (("藏",), ["空"])


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_rows_are_read_with_a_warning(visibility):
    rows = ods_rows(TABLE[:2]) + ods_rows(TABLE[2:]).replace(
        "<table:table-row>", f'<table:table-row table:visibility="{visibility}">', 1
    )
    found = table_of(ods(rows))
    assert texts(found) == [*ROWS]
    assert hidden_rows(found) == [3]


def test_rows_in_groups_and_header_rows_are_rows():
    rows = f"<table:table-header-rows>{ods_rows(TABLE[:1])}</table:table-header-rows>"
    rows += f'<table:table-row-group table:display="false">{ods_rows(TABLE[1:3])}</table:table-row-group>'
    found = table_of(ods(rows + ods_rows(TABLE[3:])))
    assert texts(found) == [*ROWS]
    assert hidden_rows(found) == [2, 3]


def test_tracked_changes_and_tables_in_cells_are_passed_over():
    old = "<table:table-cell><text:p>舊</text:p></table:table-cell>"
    old = f"<table:tracked-changes><table:cell-content-change>{old}</table:cell-content-change></table:tracked-changes>"
    content = ods_content(ods_rows(TABLE)).replace(
        "<office:spreadsheet>", f"<office:spreadsheet>{old}"
    )
    assert texts(table_of(files.zip_of({"mimetype": files.ODS_TYPE, "content.xml": content}))) == [
        *ROWS
    ]


@pytest.mark.parametrize(
    "more",
    [{"META-INF/manifest.xml": "<a><manifest:encryption-data/></a>"}, {"encrypted-package": b"x"}],
)
def test_a_password_is_said(more):
    with pytest.raises(Refused, match="這個檔案有密碼保護，請移除密碼後再上傳"):
        read_workbook(ods(more=more), "a.ods")


@pytest.mark.parametrize("member", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_macros_are_refused_with_the_remedy(member):
    with pytest.raises(Refused, match="含有巨集"):
        read_workbook(ods(more={member: "x"}), "a.ods")


def test_lists_of_macros_without_any_are_no_macros():
    assert texts(
        table_of(ods(more={"Basic/script-lc.xml": "x", "Basic/Standard/script-lb.xml": "x"}))
    ) == [*ROWS]


def test_a_text_document_is_named():
    with pytest.raises(Refused, match="不是試算表"):
        read_workbook(
            files.zip_of(
                {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
            ),
            "a.odt",
        )


@pytest.mark.parametrize(
    "xml", ["<table:table-cell><text:p>字</text:p></table:table-cell>", "<text:p>字</text:p>", "字"]
)
def test_cells_outside_of_any_table_are_passed_over(xml):
    content = ods_content(ods_rows(TABLE)).replace("<office:body>", f"<office:body>{xml}")
    assert texts(table_of(files.zip_of({"mimetype": files.ODS_TYPE, "content.xml": content}))) == [
        *ROWS
    ]
