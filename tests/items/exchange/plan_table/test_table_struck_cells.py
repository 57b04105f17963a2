"""Crossed-out cells of the plan are read, and said once each with their place (請留意)."""

from tests.items.exchange.plan_table.small_tables import FIRST, SECOND
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.reading import table_of

STYLES = (
    f'<styleSheet xmlns="{files.TRANSITIONAL}"><fonts><font/><font><strike/></font></fonts>'
    '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs></styleSheet>'
)


def struck_table(rows, *struck, merges=()):
    """A table whose cells at these places have a crossed-out font."""
    xml = files.rows_xml((files.HEADINGS, *rows))
    for reference in struck:
        assert f'r="{reference}"' in xml
        xml = xml.replace(f'r="{reference}"', f'r="{reference}" s="1"')
    after = files.merges(*merges) if merges else ""
    return table_of(files.xlsx(files.worksheet(xml, after), styles=STYLES))


def test_a_crossed_out_cell_is_read_and_said():
    table = struck_table((FIRST, SECOND), "D2", "F3")
    assert [(warning.row, warning.column) for warning in table.warnings] == [
        (2, "具體推動作法"),
        (3, "主辦單位"),
    ]
    assert "儲存格 D2）整格畫了刪除線" in table.warnings[0].message
    assert table.rows[0].action == FIRST[3]


def test_a_crossed_out_cell_that_is_merged_over_rows_is_said_once():
    rows = (FIRST, ("", *SECOND[1:]))
    table = struck_table(rows, "A2", merges=["A2:A3"])
    assert [(warning.row, warning.column) for warning in table.warnings] == [(2, "實施策略")]


def test_crossed_out_words_within_a_cell_are_quoted():
    xml = files.rows_xml((files.HEADINGS, (*FIRST[:5], "港務處", FIRST[6])))
    runs = "<is><r><rPr><strike/></rPr><t>業務處&#10;</t></r><r><t>港務處</t></r></is>"
    position = xml.index("<is>", xml.index('r="F2"'))
    end = xml.index("</is>", position) + len("</is>")
    table = table_of(files.xlsx(files.worksheet(xml[:position] + runs + xml[end:])))
    (warning,) = table.warnings
    assert "「主辦單位」（儲存格 F2）裡的「業務處」畫了刪除線" in warning.message
