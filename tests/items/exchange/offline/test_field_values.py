"""The cells of a 填報表 that came back: what people write, and what cannot be taken."""

import re

import pytest

from items.models import ProgressReport, Upload
from tests.items.exchange.offline.sheets import (
    columns,
    confirm,
    fill,
    row_of,
    save_on_the_page,
    send,
    sheet_for,
    words,
)

pytestmark = pytest.mark.django_db


REFUSED = [
    ("115-04", {"實際進度": 101}, "要是 0 到 100 的整數"),
    ("115-05", {"實際進度": "七成"}, "要是 0 到 100 的整數"),
    ("115-06", {"辦理狀態": "快好了"}, "要是：未開始"),
    ("115-11", {"辦理情形": "長" * 5001}, "最多 5,000 個字"),
    ("115-13", {"落後因素": "懶"}, "落後因素「懶」不在清單裡，請填其中一個：政策或情勢變更、"),
    (
        "115-14",
        {"預計趕上月份": "快了"},
        "預計趕上月份「快了」看不出是哪個月，請寫成「115年12月」。",
    ),
    ("115-21", {"版次": "甲", "辦理情形": "一"}, "版次被改過"),
    ("115-23", {"版次": "9" * 5000, "辦理情形": "完成地坪。"}, "版次被改過"),
    ("115-24", {"版次": "-1", "辦理情形": "完成地坪。"}, "版次被改過"),
    ("115-25", {"版次": "1.5", "辦理情形": "完成地坪。"}, "版次被改過"),
    ("115-26", {"版次": "第一版", "辦理情形": "完成地坪。"}, "版次被改過"),
    ("115-28", {"版次": None, "辦理情形": "完成地坪。"}, "版次被改過"),
]
"""An item's cells, and what is said of its row."""


def refused_rows(response):
    """{item: what the page says of its row, up to the next one}."""
    return dict(re.findall(r"(115-\d+) 第 \d+ 列：(.*?)(?=115-\d+ 第|$)", words(response)))


@pytest.mark.one_engine
def test_what_the_sheet_would_have_refused_is_refused_here_too(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    for code, cells, _ in REFUSED:
        fill(sheet, code, **cells)
    refused = refused_rows(send(client_of_mei, book))
    for code, _, sentence in REFUSED:
        assert sentence in refused[code], code
    confirm(client_of_mei, "draft")
    assert not ProgressReport.objects.exists()


SPELLINGS = {
    "115-04": (50, 50),
    "115-05": ("50", 50),
    "115-06": ("50%", 50),
    "115-11": ("５０", 50),
    "115-13": ("５０％", 50),
    "115-14": (" 50 ", 50),
    "115-21": ("50.0", 50),
    "115-23": (0, 0),
    "115-24": (100.0, 100),
}
"""{item: what its cell has, the percent that it means}."""


@pytest.mark.one_engine
def test_a_percent_is_read_however_people_write_it(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    for code, (value, _) in SPELLINGS.items():
        fill(sheet, code, 辦理情形="完成。", 實際進度=value, 辦理狀態="辦理中")
    assert "要寫入 9 件" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    read = dict(ProgressReport.objects.values_list("assignment__action__code", "percent"))
    assert read == {code: percent for code, (_, percent) in SPELLINGS.items()}


@pytest.mark.one_engine
def test_a_cell_that_shows_percents_is_read_as_it_shows(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="完成。", 實際進度=0.5, 辦理狀態="辦理中")
    sheet.cell(row_of(sheet, "115-04"), columns(sheet)["實際進度（%）"]).number_format = "0%"
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    assert ProgressReport.objects.get().percent == 50


@pytest.mark.one_engine
def test_a_half_may_be_fifty_percent_and_is_asked(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 實際進度=0.5)
    assert "如果是 50%，請填 50。" in words(send(client_of_mei, book))


@pytest.mark.one_engine
def test_a_formula_that_came_to_nothing_is_no_text(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 辦理情形="=完成地坪", 實際進度=75)
    fill(sheet, "115-05", 辦理情形="#NAME?", 實際進度=75)
    assert words(send(client_of_mei, book)).count("算不出結果的公式") == 2


@pytest.mark.parametrize("text", ["完成\u200b地坪", "完成地坪 ", "完成\r\n地坪"])
def test_what_no_sheet_can_hold_is_not_taken_for_a_change(
    client_of_mei, office, mei, quarter, text
):
    """Invisible characters come along when people paste; a sheet comes back without them."""
    save_on_the_page(quarter, mei, text)
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-05", 辦理情形="另一件")
    assert "要寫入 1 件" in words(send(client_of_mei, book))
    fill(sheet, "115-04", 實際進度=70)
    Upload.objects.all().delete()
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get(assignment__action__code="115-04")
    assert (report.text, report.percent) == (text, 70)


def test_a_cell_that_was_emptied_is_a_change(client_of_mei, office, mei, quarter):
    save_on_the_page(quarter, mei, "完成地坪")
    book, sheet = sheet_for(client_of_mei, office)
    fill(sheet, "115-04", 落後原因=None, 實際進度=None)
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get()
    assert (report.text, report.delay_reason, report.remedy, report.percent) == (
        "完成地坪",
        "",
        "趕工",
        None,
    )


def test_an_older_sheet_leaves_what_it_has_no_columns_for(client_of_mei, office, quarter, mei):
    save_on_the_page(quarter, mei, "網頁的文字")
    ProgressReport.objects.update(coordination="請港務處協助", delay_factor="不可抗力")
    book, sheet = sheet_for(client_of_mei, office)
    for heading in ("落後因素", "待協調事項", "預計趕上月份"):
        sheet.delete_cols(columns(sheet)[heading])
    fill(sheet, "115-04", 辦理情形="檔案的文字")
    assert "要寫入 1 件" in words(send(client_of_mei, book))
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get()
    assert (report.text, report.coordination) == ("檔案的文字", "請港務處協助")
    assert report.delay_factor == "不可抗力"


@pytest.mark.one_engine
def test_the_new_fields_come_back_as_they_were_written(client_of_mei, office):
    book, sheet = sheet_for(client_of_mei, office)
    fill(
        sheet,
        "115-04",
        辦理情形="完成。",
        落後因素="不可抗力",
        預計趕上月份="116/2",
        待協調事項="讓出碼頭",
    )
    send(client_of_mei, book)
    confirm(client_of_mei, "draft")
    report = ProgressReport.objects.get()
    assert report.delay_factor == "不可抗力"
    assert (report.coordination, report.catch_up_month) == ("讓出碼頭", "116年2月")
