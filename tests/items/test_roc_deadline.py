"""民國 dates: what is read, what is left open, and what is never guessed."""

from datetime import date, datetime

import pytest

from items.deadline_problems import DeadlineError
from items.roc import format_roc, format_roc_month_day, last_day, roc_year
from items.roc_deadline import parse_deadline, with_year_of_page

READ = {
    "115年12月": date(2026, 12, 31),
    "115年2月": date(2026, 2, 28),
    "117年2月": date(2028, 2, 29),
    "115年12月31日": date(2026, 12, 31),
    "115年1月5日": date(2026, 1, 5),
    "115/12/31": date(2026, 12, 31),
    "115.12.31": date(2026, 12, 31),
    "115-12-31": date(2026, 12, 31),
    "115/12": date(2026, 12, 31),
    "1151231": date(2026, 12, 31),
    "20261231": date(2026, 12, 31),
    "民國115年12月31日": date(2026, 12, 31),
    "中華民國115年12月": date(2026, 12, 31),
    "2026-12-31": date(2026, 12, 31),
    "2026/12/31": date(2026, 12, 31),
    "2026年12月31日": date(2026, 12, 31),
    "0115/12/31": date(2026, 12, 31),
    "0115-12-31": date(2026, 12, 31),
    "2026-12-31 00:00:00": date(2026, 12, 31),
    "115年6月底前": date(2026, 6, 30),
    "115/6/30前": date(2026, 6, 30),
    "115年6月完成": date(2026, 6, 30),
    "115年6月份": date(2026, 6, 30),
    "115年6月底": date(2026, 6, 30),
    "115年6月30日前": date(2026, 6, 30),
    "115年6月30日以前完成": date(2026, 6, 30),
    "115年第3季": date(2026, 9, 30),
    "115年第三季": date(2026, 9, 30),
    "115年第1季底前": date(2026, 3, 31),
    "115年底": date(2026, 12, 31),
    "115年年底前": date(2026, 12, 31),
    "115年度底": date(2026, 12, 31),
    "115年上半年": date(2026, 6, 30),
    "115年下半年": date(2026, 12, 31),
    "１１５年１２月": date(2026, 12, 31),
    " 115 年 12 月 ": date(2026, 12, 31),
    "115年\n12月": date(2026, 12, 31),
    "115\u3000年12\u200b月": date(2026, 12, 31),
}
OPEN = [
    "每季", "每月", "每年", "每半年", "持續辦理", "持續推動", "全年度", "全年", "隨時", "隨時辦理", "經常性", "經常辦理",
    "不定期", "按月辦理", "視需要辦理", "整年度", "115年度持續辦理", "115年每季", "每3個月", "每季辦理1次", "常態性辦理",
]  # fmt: skip
WRONG = {
    "115.1": "月份不明",
    "115.12": "月份不明",
    "15/3/31": "民國還是西元",
    "0015/3/31": "民國還是西元",
    "0215/3/31": "民國還是西元",
    "0115/02/30": "只有 28 天",
    "99年12月": "民國還是西元",
    "115年13月": "沒有 13 月",
    "115年0月": "沒有 0 月",
    "115年2月30日": "只有 28 天",
    "115/2/29": "只有 28 天",
    "115年4月31日": "只有 30 天",
    "1151301": "沒有 13 月",
    "3/31": "沒有年份",
    "12/31/2026": "年份不在最前面",
    "3月31日": "沒有年份",
    "115年6月前": "月初以前還是月底以前",
    "115年第2季前": "看不出是哪一天",
    "115年6月中": "看不出是哪一天",
    "115年": "看不出是哪一天",
    "11512": "看不出是哪一天",
    "待定": "看不出是哪一天",
    "持續辦理至115年12月": "看不出是哪一天",
    "116年持續辦理": "不是115年度",
    "": "空白",
    " \u200b": "空白",
    "字" * 200: "太長",
}
WRONG_NUMBERS = {
    115.1: "月份不明", 115.12: "月份不明", 46387: "日期格式", 46387.5: "月份不明", 115: "看不出", 11512: "看不出",
    0: "看不出", -1151231: "看不出", 1151331: "沒有 13 月", 1e300: "是數字", float("nan"): "是數字", float("inf"): "是數字",
}  # fmt: skip


@pytest.mark.parametrize("written", ["116年13月", 116.1, "儘速"])
def test_the_remedy_is_an_example_of_the_programmes_own_year(written):
    with pytest.raises(DeadlineError) as refusal:
        parse_deadline(written, 116)
    assert "請寫成「116年12月」或「116年12月31日」" in refusal.value.message


def test_a_message_quotes_what_was_written_and_no_example():
    with pytest.raises(DeadlineError) as refusal:
        parse_deadline("○○○年12月", 116)
    assert "「○○○年12月」" in refusal.value.message


@pytest.mark.parametrize(("written", "day"), READ.items())
def test_a_deadline_means_its_last_day(written, day):
    found = parse_deadline(written, 115)
    assert found.date == day
    assert not found.is_open_ended


@pytest.mark.parametrize(
    "value", [1151231, 1151231.0, 20261231, date(2026, 12, 31), datetime(2026, 12, 31, 8)]
)
def test_a_number_or_a_day_that_can_only_mean_one_day_is_read(value):
    assert parse_deadline(value, 115).date == date(2026, 12, 31)


@pytest.mark.parametrize("written", OPEN)
def test_open_ended_words_stay_as_written_with_the_years_last_day_and_a_warning(written):
    found = parse_deadline(written, 115)
    assert (found.text, found.date, found.is_open_ended) == (written, date(2026, 12, 31), True)
    assert "115年12月31日" in found.warning


@pytest.mark.parametrize(("value", "why"), [*WRONG.items(), *WRONG_NUMBERS.items()])
def test_what_would_have_to_be_guessed_is_an_error_that_says_why_and_what_to_write(value, why):
    with pytest.raises(DeadlineError) as caught:
        parse_deadline(value, 115)
    assert why in caught.value.message
    assert caught.value.message.endswith("。")
    assert "請" in caught.value.message


def test_a_deadline_outside_of_the_year_is_read_with_a_warning():
    assert "不在115年度內" in parse_deadline("116年6月", 115).warning
    assert parse_deadline("115年6月", 115).warning == ""


def test_a_real_date_is_shown_in_our_years_and_text_stays_as_written():
    assert parse_deadline("2026-12-31", 115).text == "115年12月31日"
    assert parse_deadline("2026-12", 115).text == "115年12月"
    assert parse_deadline("２０２６-12-3１", 115).text == "115年12月31日"
    assert parse_deadline("１１５年１２月", 115).text == "１１５年１２月"


def test_a_year_that_a_spreadsheet_padded_to_four_figures_is_shown_as_it_was_typed():
    assert parse_deadline("0115/09/30", 115).text == "115年9月30日"
    assert parse_deadline("0115-09", 115).text == "115年9月"


def test_days_are_written_in_our_years():
    day = date(2026, 3, 5)
    assert (format_roc(day), format_roc_month_day(day), roc_year(day)) == (
        "115年3月5日",
        "3月5日",
        115,
    )


@pytest.mark.parametrize("year", [117, 2028])
def test_the_last_day_of_a_month_is_the_same_in_both_ways_of_counting(year):
    assert last_day(year, 2) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("115年1月至12月", date(2026, 12, 31)),
        ("115年1月1日至6月30日", date(2026, 6, 30)),
        ("115年1月～115年9月", date(2026, 9, 30)),
        ("115年12月31日（四）", date(2026, 12, 31)),
        ("115/12/31(星期四)", date(2026, 12, 31)),
        ("持續辦理（115.12.31）", date(2026, 12, 31)),
        ("每季辦理（115年9月30日）", date(2026, 9, 30)),
    ],
)
def test_a_span_means_its_end_and_a_day_may_have_words_beside_it(written, day):
    deadline = parse_deadline(written, 115)
    assert (deadline.date, deadline.is_open_ended, deadline.text) == (day, False, written)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("12/31", "「12/31」沒有年份"),
        ("12/10", "「12/10」沒有年份"),
        ("115年12月31日（五）", "115年12月31日是星期四"),
        ("115年12月至6月", "結束在開始之前"),
        ("115年1月至13月", "沒有 13 月"),
        ("持續辦理（115.13.31）", "沒有 13 月"),
        ("持續辦理（待定）", None),
    ],
)
def test_what_stands_beside_a_day_is_not_passed_over(written, why):
    if why is None:
        assert parse_deadline(written, 115).is_open_ended
        return
    with pytest.raises(DeadlineError, match=why):
        parse_deadline(written, 115)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12/10", "115年12月10日"),
        ("９／３０", "115年9月30日"),
        ("9月30日", "115年9月30日"),
        (" 9 月 30 日 ", "115年9月30日"),
        ("12.10", "115年12月10日"),
        ("12-10", "115年12月10日"),
        ("12月", "115年12月"),
        ("6月底前", "115年6月底前"),
        ("12/10(四)", "115年12月10日(四)"),
        ("116/1/7", "116/1/7"),
        ("116年1月7日", "116年1月7日"),
        ("115.12", "115.12"),
        ("1151210", "1151210"),
        ("每季", "每季"),
        ("3個月內", "3個月內"),
        ("", ""),
    ],
)
def test_a_day_without_a_year_is_of_the_year_of_its_page(written, meant):
    assert with_year_of_page(written, 115) == meant


def test_a_file_still_needs_the_year():
    with pytest.raises(DeadlineError, match="沒有年份"):
        parse_deadline("12/10", 115)
