"""Plain text: csv and tsv in the encodings of the office, and the official dump."""

import pytest
from django.conf import settings

from items.exchange.spreadsheets import write_csv
from items.exchange.spreadsheets.read import read_workbook
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import guard, unguard
from tests.items.exchange.spreadsheets.files import (
    HEADINGS,
    ROWS,
    TABLE,
    csv_bytes,
    dump_text,
    xlsx_table,
)
from tests.items.exchange.spreadsheets.reading import table_of, texts, workbook_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_table_is_read_in_any_usual_encoding_and_with_any_usual_delimiter(encoding, delimiter):
    data = csv_bytes(TABLE, encoding, delimiter)
    assert texts(table_of(data, "計畫.csv")) == [*ROWS]


@pytest.mark.parametrize(("encoding", "label"), [("utf-8", "UTF-8"), ("cp950", "Big5（cp950）")])
def test_the_encoding_is_said(encoding, label):
    assert label in workbook_of(csv_bytes(TABLE, encoding), "計畫.csv").notes[0]


def test_question_marks_of_a_text_in_big5_are_said_with_what_they_may_have_been():
    rows = [(*ROWS[0][:3], "設置?安休憩區", *ROWS[0][4:])]
    assert len(workbook_of(csv_bytes([HEADINGS, *rows], "utf-8"), "計畫.csv").notes) == 1
    _, note = workbook_of(csv_bytes([HEADINGS, *rows], "cp950"), "計畫.csv").notes
    assert note.startswith("第 2 列有「?」：如果原來是罕用字或表情符號，是 Big5 存不下")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_what_excel_calls_unicode_text_is_refused_with_the_remedy(encoding):
    with pytest.raises(Refused, match=r"UTF-16.*請用 Excel 另存為「CSV UTF-8」"):
        workbook_of(csv_bytes(TABLE, encoding, "\t"), "計畫.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "cp950"])
def test_the_quotes_of_a_text_saved_by_excel_are_none_of_its_cells(encoding):
    rows = [(*ROWS[0][:3], '整合「A,B」兩"系統"\n及官網', *ROWS[0][4:])]
    found = table_of(csv_bytes([HEADINGS, *rows], encoding, "\t"), "計畫.txt")
    assert texts(found) == rows


def test_the_quotes_of_a_copied_text_are_its_own_even_where_they_close_in_a_later_cell():
    rows = [(*ROWS[0][:3], '"甲', *ROWS[0][4:]), (*ROWS[0][:3], '乙"', *ROWS[0][4:])]
    found = table_of(dump_text([HEADINGS, *rows]).encode(), "計畫.txt")
    assert texts(found) == rows


def test_bytes_of_no_known_encoding_are_refused_with_the_line():
    with pytest.raises(Refused, match="第 5 行起無法解讀"):
        workbook_of(csv_bytes(TABLE) + b"\xff\xff", "計畫.csv")


def test_commas_in_prose_above_the_table_do_not_decide_the_delimiter():
    data = csv_bytes([["一,二,三,四,五,六"], *TABLE], delimiter=";")
    assert texts(table_of(data, "計畫.csv")) == [*ROWS]


def test_a_line_that_names_the_separator_is_believed_and_no_row():
    data = b"sep=;\r\n" + csv_bytes(TABLE, delimiter=";")
    found = table_of(data, "計畫.csv")
    assert (texts(found), found.rows[0].number) == ([*ROWS], 3)


def test_newlines_and_delimiters_in_quotes_belong_to_the_cell():
    row = (*ROWS[0][:3], '一\n二,「三」"四"', *ROWS[0][4:])
    found = table_of(csv_bytes([HEADINGS, row, ROWS[1]]), "計畫.csv")
    assert texts(found) == [row, ROWS[1]]
    assert [row.number for row in found.rows] == [2, 3]


def test_blank_lines_count_as_rows():
    found = table_of(csv_bytes([[], HEADINGS, [], *ROWS]), "計畫.csv")
    assert [row.number for row in found.rows] == [4, 5, 6]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_lines_may_end_in_any_way(newline):
    data = newline.join(",".join(row) for row in TABLE).encode()
    assert texts(table_of(data, "計畫.csv")) == [*ROWS]


def test_quotes_that_do_not_pair_are_refused_in_csv_and_plain_text_in_tsv():
    broken = [HEADINGS, (*ROWS[0][:3], '"甲"乙', *ROWS[0][4:])]
    text = "\n".join("\t".join(row) for row in broken)
    assert table_of(text.encode(), "計畫.tsv").rows[0].action == '"甲"乙'
    with pytest.raises(Refused, match="雙引號沒有成對"):
        workbook_of(text.replace("\t", ",").encode(), "計畫.csv")


@pytest.mark.parametrize(
    "text", ["=1+1", "+a", "-a", "@a", "'=a", "''+a", "＝a", "a", "'a", "", "\t=a", "-"]
)
def test_the_guard_of_csv_cells_is_taken_off_again(text):
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in tuple("=+-@\t＝")


def test_a_guarded_cell_is_read_without_its_guard():
    row = (*ROWS[0][:3], guard("=SUM(A1)"), *ROWS[0][4:])
    assert table_of(csv_bytes([HEADINGS, row]), "計畫.csv").rows[0].action == "=SUM(A1)"


def test_errors_that_a_program_wrote_into_csv_are_errors():
    assert table_of(csv_bytes([HEADINGS, ("#REF!", *ROWS[0][1:])]), "計畫.csv").problems


@pytest.mark.parametrize(("name", "kind"), [("計畫.txt", "dump"), ("計畫.tsv", "tsv")])
def test_tabs_make_a_dump_or_a_tsv_by_name(name, kind):
    assert workbook_of(dump_text(TABLE).encode(), name).kind == kind


@pytest.mark.parametrize(
    "text", ["# 標題\n" + dump_text(TABLE), dump_text([*TABLE, HEADINGS, *ROWS])]
)
def test_a_dump_is_known_by_its_title_or_its_repeated_headings(text):
    assert workbook_of(text.encode(), "計畫").kind == "dump"


def test_lines_of_prose_between_the_tables_are_ignored_with_a_reason():
    found = table_of(
        f"{dump_text(TABLE)}\n\n# 115年度計畫\n第2頁\n{dump_text(TABLE)}".encode(), "計畫.txt"
    )
    assert texts(found) == [*ROWS, *ROWS]
    assert [row for row, _ in found.ignored] == [6, 7, 8]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b" \n ", "空的"),
        (b"<html><body><table></table></body></html>", "這是網頁檔，不是試算表"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "這是網頁檔，不是試算表"),
        (b"<?xml version='1.0'?><Workbook/>", "這是網頁檔，不是試算表"),
        ("<table><tr>".encode("utf-16"), "這是網頁檔，不是試算表"),
        (b"MIME-Version: 1.0\r\n", "這是網頁檔，不是試算表"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "圖片"),
        (bytes(1000) + b"a", "不是文字檔"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(data, words):
    with pytest.raises(Refused, match=words):
        workbook_of(data, "計畫.xls")


# The official text of the 115 plan.

SEED = settings.BASE_DIR / "fixtures" / "115_plan.txt"


@pytest.fixture(scope="module")
def plan():
    return table_of(SEED.read_bytes(), SEED.name)


def test_the_official_text_holds_what_the_plan_says(plan):
    rows = plan.rows
    assert len(rows) == 33
    assert [len(set(found)) for found in zip(*((row.strategy_text, row.method, row.plan) for row in rows), strict=True)] == [
        6, 22, 22,
    ]  # fmt: skip
    assert sum(len(row.departments) for row in rows) == 49
    assert [row.action for row in rows if "各單位" in row.departments] == [
        "持續優化港區智慧型電信電力網路、關注並導入新科技及服務手法，強化本分公司港埠作業服務品質。"
    ]
    assert not plan.problems
    assert all(row.benefit and row.deadlines for row in rows)
    assert (plan.title, plan.year) == ("115年度花蓮港務分公司提升服務品質執行計畫", 115)


def test_one_row_of_the_official_text_has_a_deadline_for_each_department(plan):
    (row,) = [row for row in plan.rows if len(row.deadlines) > 1]
    assert row.departments == ("港務處", "業務處", "資訊室")
    assert len(row.deadlines) == 3


@pytest.mark.parametrize(
    ("number", "column", "text"),
    [
        (10, "action", "整合本公司各系統連結至官網首頁/相關連結，優化民眾資訊檢索效率，"
         "並透過定期檢視連結有效性，確保數位服務的即時與可用性。"),
        (10, "benefit", "整合系統入口，減少民眾搜尋成本，提升數位服務效率與專業形象，強化民眾與公司之間的連結。"),
        (38, "method", "推動跨單位、跨機關服務流程整合及政府資訊資源共用共享，提供全程整合服務。"),
        (38, "benefit", "達成資料交換即時性，改善民眾跨平台查閱資訊之不便。"),
        (44, "method", "搭配複合策略，延伸服務據點，提高偏遠或交通不便地區民眾的服務可近性。"),
        (47, "method", "搭配複合策略，延伸服務據點，提高偏遠或交通不便地區民眾的服務可近性。"),
        (47, "plan", "推行通行證電子化，提供通行證及港棧服務網各項業務線上申辦及繳費作業，減少紙本作業。"),
        (47, "action", "繳費得以網路銀行帳戶轉帳，提高服務對象繳費便利性。"),
        (47, "benefit", "延伸服務場域範圍、增加民眾申辦便利性。"),
        (60, "action", "港灣及棧埠作業申辦可在本分公司臺灣港棧服務網(TPNet)中申辦便利民眾網上申辦、查詢各項港區作業。"),
        (15, "benefit", "建立親切、專業的服務窗口形象提供民眾便捷之服務，增進民眾洽公之便利性。"),
    ],
)  # fmt: skip
def test_cells_of_the_official_text_that_the_page_cut_are_whole_again(plan, number, column, text):
    (row,) = [row for row in plan.rows if row.number == number]
    assert getattr(row, column) == text


def test_the_same_text_as_csv_and_xlsx_reads_the_same(plan):
    grid = [line.split("\t") for line in SEED.read_text(encoding="utf-8").splitlines()]
    for data, name in (
        (csv_bytes(grid), "a.csv"),
        (xlsx_table(grid), "a.xlsx"),
        (csv_bytes(grid, "cp950"), "b.csv"),
    ):
        assert texts(table_of(data, name)) == texts(plan)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_without_headings_to_look_for_the_most_frequent_delimiter_is_taken(delimiter):
    text = "甲、乙,丙\n" + "\n".join(delimiter.join(("1", "2", "3", "4")) for _ in range(3))
    (sheet,) = read_workbook(text.encode(), "數字.csv").sheets
    assert [cell.text for cell in sheet.rows[1].cells.values()] == ["1", "2", "3", "4"]


def test_no_program_separates_a_written_text_at_a_semicolon_or_a_tab():
    """LibreOffice takes both for separators beside the comma, and would run what comes behind."""
    texts_written = ['a;=HYPERLINK("http://x")', "b\t=1+1", "c,d", "第一行\n=1+1"]
    data = write_csv.write_list(
        ["名稱;=1", "甲", "乙", "丙"], [[*texts_written], [1, None, 2.5, ""]]
    )
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == '"名稱;=1","甲","乙","丙"'
    assert lines[1] == '"a;=HYPERLINK(""http://x"")","b\t=1+1","c,d","第一行\n=1+1"'
    (sheet,) = read_workbook(data, "匯出.csv").sheets
    row = sheet.rows[1]
    assert [cell.text for cell in row.cells.values()] == texts_written
