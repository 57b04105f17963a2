"""Deadlines as people write them: 115年12月, 115/12/31, 第3季, 每季. Never guesses."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from items.characters import without_unseen_in_dates
from items.deadline_problems import DeadlineError, Remedy, UnreadableDeadline
from items.roc import OFFSET, format_roc, last_day, roc_year
from items.roc_deadline_patterns import (
    COMPACT,
    DAY,
    HALF,
    LOOKS_LIKE_DATE,
    MONTH,
    OPEN,
    PADDED,
    QUARTER,
    SEPARATED_DAY,
    SEPARATED_MONTH,
    SPAN,
    WEEKDAY,
    WITHOUT_YEAR,
    WORDS_AND_DAY,
    YEAR_END,
    YEAR_IN_FRONT,
)

_CHINESE_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_LONGEST = 100
_WEEKDAYS = "一二三四五六日"
# Days as Excel counts them: 30,000 is in the year 1982, 60,000 in 2064.
_FIRST_SERIAL, _LAST_SERIAL = 30_000, 60_000


@dataclass(frozen=True, slots=True)
class Deadline:
    """完成期限 as written in `text`; `date` is the last day that it means.

    `warning` is a sentence about what a person should look at, empty if there is nothing.
    """

    text: str
    date: date
    is_open_ended: bool = False
    warning: str = ""


def parse_deadline(
    value: str | float | date, programme_year: int, ends_on: date | None = None
) -> Deadline:
    """The deadline in a cell: text, a number as a spreadsheet holds it, or a day.

    Raises `DeadlineError` if it is none. Open-ended words such as 持續辦理 mean `ends_on`, the
    programme's last day; without it that of its 民國 year.
    """
    try:
        return _parse(value, programme_year, ends_on)
    except UnreadableDeadline as error:
        raise DeadlineError(error.problem, error.remedy, programme_year) from None


def with_year_of_page(written: str, year: int) -> str:
    """「115年12月10日」 for 「12/10」, typed on a page that is about 115; all else as it is.

    On such a page nobody means another year. In a file, which may be of any year, nothing is added.
    """
    text = without_unseen_in_dates(unicodedata.normalize("NFKC", written.strip()))
    match = WITHOUT_YEAR.fullmatch(text)
    if match is None:
        return written
    month = f"{year}年{int(match['month'])}月"
    if match["mark"] is None:
        return f"{month}{match['rest']}"
    weekday = match["weekday"] or ""
    return f"{month}{int(match['day'])}日{weekday}"


def _parse(value: str | float | date, programme_year: int, ends_on: date | None) -> Deadline:
    if isinstance(value, date):
        day = value
        # A datetime is a date for Python, but not one that can be compared with others.
        if isinstance(value, datetime):
            day = value.date()
        return _deadline(format_roc(day), day, programme_year)
    if isinstance(value, int | float):
        return _from_number(value, programme_year)
    written = value.strip()
    if len(written) > _LONGEST:
        raise UnreadableDeadline(f"有 {len(written):,} 個字，太長，看不出是哪一天")
    if ends_on is None:
        ends_on = date(programme_year + OFFSET, 12, 31)
    return _from_text(written, programme_year, ends_on)


# A plan has the same few deadlines again and again, and an import reads each row's three times.
@lru_cache(maxsize=4096)
def _from_text(written: str, programme_year: int, ends_on: date) -> Deadline:
    text = without_unseen_in_dates(unicodedata.normalize("NFKC", written))
    if not text:
        raise UnreadableDeadline("是空白")
    padded = PADDED.fullmatch(text)
    if padded:
        text = _without_padding(padded)
        written = text
    # The plainest first: what the later ones read is what these leave.
    day = _day(text) or _day_with_weekday(text) or _day_behind_words(text)
    if day:
        return _deadline(_shown(written), day, programme_year)
    last_day_of_span = _end_of_span(text)
    if last_day_of_span:
        return _deadline(written, last_day_of_span, programme_year)
    return _open_ended(written, text, programme_year, ends_on=ends_on)


def _without_padding(padded: re.Match[str]) -> str:
    """115年9月30日 for 0115/09/30."""
    month = int(padded["month"])
    words = f"{padded['year']}年{month}月"
    if padded["day"]:
        day = int(padded["day"])
        words = f"{words}{day}日"
    return words


def _shown(written: str) -> str:
    """As written; but 2026-12-31, which is what a real date cell says, in our way of writing."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", written) is None:
        return written
    # Not date.fromisoformat, which takes no full-width figures.
    figures = [int(part) for part in written.split("-")]
    year, month, *days = figures
    words = f"{year - OFFSET}年{month}月"
    for day in days:
        words = f"{words}{day}日"
    return words


def _deadline(text: str, day: date, programme_year: int) -> Deadline:
    warning = ""
    if roc_year(day) != programme_year:
        warning = f"完成期限「{text}」不在{programme_year}年度內，請確認。"
    return Deadline(text, day, warning=warning)


def _from_number(value: float, programme_year: int) -> Deadline:
    """A number that can only mean one day, such as 1151231."""
    shown = str(value)
    if float(value).is_integer() and abs(value) < 1e12:
        shown = str(int(value))
    if "." in shown or "e" in shown:
        # A cell of numbers shows 115.1 for both 115.1 and 115.10.
        raise UnreadableDeadline(f" {shown} 是數字，月份不明（115.1 可能是 1 月，也可能是 10 月）")
    compact = COMPACT.fullmatch(shown)
    if compact:
        return _deadline(shown, _day_of(shown, compact), programme_year)
    if _FIRST_SERIAL <= value <= _LAST_SERIAL:
        raise UnreadableDeadline(
            f" {shown} 是數字，可能是沒有設成日期格式的日期", Remedy.FORMAT_AS_DATE
        )
    raise UnreadableDeadline(f" {shown} 是數字，看不出是哪一天")


def _day(text: str) -> date | None:
    """The last day that the text means, None if it is not a date at all.

    A date that is wrong or unclear is an error.
    """
    for pattern in (DAY, SEPARATED_DAY, COMPACT):
        match = pattern.fullmatch(text)
        if match:
            return _day_of(text, match)
    for pattern in (MONTH, SEPARATED_MONTH):
        match = pattern.fullmatch(text)
        if match:
            return _month_end(text, _year(text, match), int(match["month"]))
    match = QUARTER.fullmatch(text)
    if match:
        figure = match["quarter"] or match["q"]
        quarter = _CHINESE_QUARTERS.get(figure) or int(figure)
        return _month_end(text, _year(text, match), 3 * quarter)
    match = HALF.fullmatch(text)
    if match:
        last_month = 12
        if match["half"] == "上":
            last_month = 6
        return _month_end(text, _year(text, match), last_month)
    match = YEAR_END.fullmatch(text)
    if match:
        return _month_end(text, _year(text, match), 12)
    return None


def _day_with_weekday(text: str) -> date | None:
    """115年12月31日(四); a weekday that is not that of the day makes both doubtful."""
    match = WEEKDAY.fullmatch(text)
    if match is None:
        return None
    day = _day(match["day"])
    if day is None:
        return None
    weekday = _WEEKDAYS[day.weekday()]
    if match["weekday"].replace("天", "日") != weekday:
        raise UnreadableDeadline(
            f"「{text}」的星期不對：{format_roc(day)}是星期{weekday}", Remedy.CORRECT
        )
    return day


def _day_behind_words(text: str) -> date | None:
    match = WORDS_AND_DAY.fullmatch(text)
    if match is None:
        return None
    return _day(match["day"])


def _end_of_span(text: str) -> date | None:
    """The last day of 115年1月至12月; the end has the year of the beginning unless it has one."""
    match = SPAN.fullmatch(text)
    if match is None:
        return None
    begin = _day(match["begin"])
    end_text = match["end"]
    beginning_year = YEAR_IN_FRONT.match(match["begin"])
    if beginning_year and not YEAR_IN_FRONT.match(end_text):
        end_text = beginning_year[0] + end_text
    end = _day(end_text)
    if begin is None or end is None:
        return None
    if end < begin:
        raise UnreadableDeadline(f"「{text}」的結束在開始之前", Remedy.CORRECT)
    return end


def _year(text: str, match: re.Match[str]) -> int:
    """The Gregorian year of a match.

    Three figures are 民國, four are Gregorian; two could be either, so they are not guessed.
    """
    figures = match["year"]
    year = int(figures)
    # 民國 in front makes any year one of ours: 民國95年 is 2006.
    is_marked = bool(match.groupdict().get("era"))
    is_roc = is_marked or 100 <= year < 200
    if len(figures) <= 3 and year and is_roc:
        return year + OFFSET
    if not is_marked and 1950 <= year <= 2110:
        return year
    if match.re is SEPARATED_MONTH and len(figures) <= 2:
        # 12/31 is a day, whose year people leave out; nobody writes 民國 12 so.
        raise UnreadableDeadline(f"「{text}」沒有年份")
    raise UnreadableDeadline(f"「{text}」的年份「{figures}」看不出是民國還是西元哪一年")


def _day_of(text: str, match: re.Match[str]) -> date:
    """The day of a match that has year, month and day."""
    year = _year(text, match)
    month = int(match["month"])
    day = int(match["day"])
    days_in_month = _month_end(text, year, month).day
    exists = 1 <= day <= days_in_month
    if not exists:
        written_month = f"{year - OFFSET}年{month}月"
        problem = f"「{text}」不存在：{written_month}只有 {days_in_month} 天，沒有 {day} 日"
        raise UnreadableDeadline(problem, Remedy.CORRECT)
    return date(year, month, day)


def _month_end(text: str, year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise UnreadableDeadline(f"「{text}」沒有 {month} 月")
    return last_day(year, month)


def _open_ended(written: str, text: str, programme_year: int, *, ends_on: date) -> Deadline:
    """A deadline such as 每季, which means the programme's last day."""
    match = OPEN.fullmatch(text)
    if match is None or LOOKS_LIKE_DATE.search(match["rest"]):
        problem = f"「{text}」看不出是哪一天{_why(text)}"
        raise UnreadableDeadline(problem, Remedy.WRITE_A_DATE_OR_OPEN_WORDS)
    year_of_programme = programme_year + OFFSET
    # Such as 「114年度持續辦理」 in the table of 115.
    if match["year"] and _year(text, match) != year_of_programme:
        problem = f"「{text}」的年份不是{programme_year}年度"
        raise UnreadableDeadline(problem, Remedy.CORRECT)
    # It is taken, but with a warning: the person who imports sees which day was chosen for it.
    warning = f"完成期限「{text}」沒有日期，以年度最後一天（{format_roc(ends_on)}）計算。"
    return Deadline(written, ends_on, is_open_ended=True, warning=warning)


def _why(text: str) -> str:
    """The commonest reasons, said by name."""
    if re.fullmatch(r"\d{2,4}\.\d{1,2}", text):
        return "，月份不明（115.1 可能是 1 月，也可能是 10 月）"
    if re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1\d{4}", text):
        return "，年份不在最前面"
    if re.match(r"\d{1,2}(?:[-/.]|月)\d", text):
        return "，沒有年份"
    if re.search(r"月前", text):
        return "，分不出是月初以前還是月底以前"
    return ""
