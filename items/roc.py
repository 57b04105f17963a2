"""民國 dates: writing them, and reading deadlines as people write them. Never guesses."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

OFFSET = 1911
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_YEAR = r"(?:中華)?(?P<era>民國)?(?P<year>\d{1,4})"
_BEFORE = r"(?:[之以]?前|止|為止)?(?:完成|辦理完成|辦理完畢)?"
# 6月前 may mean before June or by its end: only 底 makes it clear.
_END = rf"(?:[底末]{_BEFORE}|完成|辦理完成)?"
_DAY = re.compile(_YEAR + r"年(?P<month>\d{1,2})月(?P<day>\d{1,2})日" + _BEFORE)
_SEPARATED_DAY = re.compile(
    _YEAR
    + r"(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?:T?00:00(?::00)?|"
    + _BEFORE
    + ")"
)
_COMPACT = re.compile(r"(?P<year>\d{3}|\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH = re.compile(_YEAR + r"年(?P<month>\d{1,2})月份?" + _END)
_SEPARATED_MONTH = re.compile(_YEAR + r"[-/](?P<month>\d{1,2})")
_QUARTER = re.compile(
    _YEAR + r"年?度?(?:第(?P<quarter>[1-4一二三四])季|Q(?P<q>[1-4]))" + _END, re.IGNORECASE
)
_HALF = re.compile(_YEAR + r"年度?(?P<half>[上下])半年度?" + _END)
_YEAR_END = re.compile(_YEAR + r"年(?:度?[底末終]|年[底末終]|度結束)" + _BEFORE)
_OPEN_WORD = (
    r"[每按](?:半?年|季|個?月|週|周|日|學期|\d{1,2}個?[年月週周日天]|[一二兩三四六]個月)|持續|全年|隨時|經常|常態|不定期|定期|例行|"
    r"長期|滾動|逐[年季月]|整年|年度(?:內|持續|例行)|即時|平時|配合|視|依實際|依需"
)
_OPEN = re.compile(rf"(?:{_YEAR}年度?)?(?P<rest>(?:{_OPEN_WORD}).*)")
# What a spreadsheet makes of 115年9月30日 that it takes for a day of the year 115.
_PADDED = re.compile(
    r"0(?P<year>1\d\d)(?P<mark>[-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?"
)
_LOOKS_LIKE_DATE = re.compile(r"\d{2,4}年|\d+[-/.]\d+|\d+月\d+日|\d{5,}")
_CHINESE_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_LONGEST = 100
_THIS_YEAR = "○○○"
_EXAMPLE = f"請寫成「{_THIS_YEAR}年12月」或「{_THIS_YEAR}年12月31日」"


class DeadlineError(ValueError):
    """A deadline that cannot be read without guessing; `message` says why, in Chinese."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Deadline:
    """完成期限: `text` as written, `date` the last day that it means, `warning` what a person should look at."""

    text: str
    date: date
    is_open_ended: bool = False
    warning: str = ""


def roc_year(day):
    """The 民國 year of a day: 115 for 2026."""
    return day.year - OFFSET


def last_day(year, month):
    """The last day of a month; `year` in our era counting from 1911 or Gregorian, told apart at 1911."""
    year = year if year > OFFSET else year + OFFSET
    return date(year, month, monthrange(year, month)[1])


def format_roc(day):
    """115年12月31日"""
    return f"{roc_year(day)}年{day.month}月{day.day}日"


def format_roc_month_day(day):
    """12月31日"""
    return f"{day.month}月{day.day}日"


def parse_deadline(value, programme_year, ends_on=None):
    """The deadline in a cell: text, a number as a spreadsheet holds it, or a day; DeadlineError if it is none.

    Open-ended words such as 持續辦理 mean `ends_on`, the programme's last day; without it that of its 民國 year.
    """
    try:
        return _parse(value, programme_year, ends_on)
    except DeadlineError as error:
        raise DeadlineError(error.message.replace(_THIS_YEAR, str(programme_year))) from None


def _parse(value, programme_year, ends_on):
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return _deadline(format_roc(day), day, programme_year)
    if isinstance(value, int | float):
        return _from_number(value, programme_year)
    written = value.strip()
    if len(written) > _LONGEST:
        raise DeadlineError(f"完成期限有 {len(written):,} 個字，太長，看不出是哪一天，{_EXAMPLE}。")
    return _from_text(written, programme_year, ends_on)


@lru_cache(maxsize=4096)
def _from_text(written, programme_year, ends_on):
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written))
    if not text:
        raise DeadlineError(f"完成期限是空白，{_EXAMPLE}。")
    if match := _PADDED.fullmatch(text):
        day = f"{int(match['day'])}日" if match["day"] else ""
        written = text = f"{match['year']}年{int(match['month'])}月{day}"
    day = _day(text)
    if day:
        return _deadline(_shown(written), day, programme_year)
    return _open_ended(
        written, text, programme_year, ends_on or date(programme_year + OFFSET, 12, 31)
    )


def _shown(written):
    """As written; but 2026-12-31, which is what a real date cell says, in our way of writing."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return format_roc(date.fromisoformat(written))
    if re.fullmatch(r"\d{4}-\d\d", written):
        return f"{int(written[:4]) - OFFSET}年{int(written[5:])}月"
    return written


def _deadline(text, day, programme_year):
    warning = ""
    if roc_year(day) != programme_year:
        warning = f"完成期限「{text}」不在{programme_year}年度內，請確認。"
    return Deadline(text, day, False, warning)


def _from_number(value, programme_year):
    shown = str(int(value)) if float(value).is_integer() and abs(value) < 1e12 else str(value)
    if "." in shown or "e" in shown:
        raise DeadlineError(
            f"完成期限 {shown} 是數字，月份不明（115.1 可能是 1 月，也可能是 10 月），{_EXAMPLE}。"
        )
    if len(shown) in (7, 8) and _COMPACT.fullmatch(shown):
        return _deadline(shown, _day(shown), programme_year)
    if 30_000 <= value <= 60_000:
        raise DeadlineError(
            f"完成期限 {shown} 是數字，可能是沒有設成日期格式的日期，請將儲存格設為日期格式，或改{_EXAMPLE.removeprefix('請')}。"
        )
    raise DeadlineError(f"完成期限 {shown} 是數字，看不出是哪一天，{_EXAMPLE}。")


def _day(text):
    """The last day that the text means, none if it is not a date at all; a date that is wrong or unclear is an error."""
    for pattern in (_DAY, _SEPARATED_DAY, _COMPACT):
        if match := pattern.fullmatch(text):
            return _real_day(text, _year(text, match), int(match["month"]), int(match["day"]))
    for pattern in (_MONTH, _SEPARATED_MONTH):
        if match := pattern.fullmatch(text):
            return _month_end(text, _year(text, match), int(match["month"]))
    if match := _QUARTER.fullmatch(text):
        quarter = match["quarter"] or match["q"]
        return _month_end(
            text, _year(text, match), 3 * (_CHINESE_QUARTERS.get(quarter) or int(quarter))
        )
    if match := _HALF.fullmatch(text):
        return _month_end(text, _year(text, match), 6 if match["half"] == "上" else 12)
    if match := _YEAR_END.fullmatch(text):
        return _month_end(text, _year(text, match), 12)
    return None


def _year(text, match):
    """The Gregorian year. Three figures are 民國, four are Gregorian; two could be either, so they are not guessed."""
    figures = match["year"]
    year = int(figures)
    is_marked = bool(match.groupdict().get("era"))
    if len(figures) <= 3 and year and (is_marked or 100 <= year < 200):
        return year + OFFSET
    if not is_marked and 1950 <= year <= 2110:
        return year
    raise DeadlineError(
        f"完成期限「{text}」的年份「{figures}」看不出是民國還是西元哪一年，{_EXAMPLE}。"
    )


def _real_day(text, year, month, day):
    if not 1 <= month <= 12:
        raise DeadlineError(f"完成期限「{text}」沒有 {month} 月，{_EXAMPLE}。")
    last = last_day(year, month).day
    if not 1 <= day <= last:
        raise DeadlineError(
            f"完成期限「{text}」不存在：{year - OFFSET}年{month}月只有 {last} 天，沒有 {day} 日，請更正。"
        )
    return date(year, month, day)


def _month_end(text, year, month):
    if not 1 <= month <= 12:
        raise DeadlineError(f"完成期限「{text}」沒有 {month} 月，{_EXAMPLE}。")
    return last_day(year, month)


def _open_ended(written, text, programme_year, ends_on):
    match = _OPEN.fullmatch(text)
    if not match or _LOOKS_LIKE_DATE.search(match["rest"]):
        raise DeadlineError(
            f"完成期限「{text}」看不出是哪一天，{_why(text)}{_EXAMPLE}，或「每季」、「持續辦理」。"
        )
    if match["year"] and _year(text, match) != programme_year + OFFSET:
        raise DeadlineError(f"完成期限「{text}」的年份不是{programme_year}年度，請更正。")
    warning = f"完成期限「{text}」沒有日期，以年度最後一天（{format_roc(ends_on)}）計算。"
    return Deadline(written, ends_on, True, warning)


def _why(text):
    """The commonest reasons, said by name."""
    if re.fullmatch(r"\d{2,4}\.\d{1,2}", text):
        return "月份不明（115.1 可能是 1 月，也可能是 10 月），"
    if re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1\d{4}", text):
        return "年份不在最前面，"
    if re.match(r"\d{1,2}(?:[-/.]|月)\d", text):
        return "沒有年份，"
    if re.search(r"月前", text):
        return "分不出是月初以前還是月底以前，"
    return ""
