"""The forms in which people write a deadline, as patterns; `roc_deadline` says which day each means."""

import re

# The parts that several forms of writing share.
YEAR = r"(?:中華)?(?P<era>民國)?(?P<year>\d{1,4})"
BEFORE = r"(?:[之以]?前|止|為止)?(?:完成|辦理完成|辦理完畢)?"
# 6月前 may mean before June or by its end: only 底 makes it clear.
END = rf"(?:[底末]{BEFORE}|完成|辦理完成)?"
# 115年12月31日前完成.
DAY = re.compile(YEAR + r"年(?P<month>\d{1,2})月(?P<day>\d{1,2})日" + BEFORE)
# 115/12/31, 115.12.31 and, of a cell that holds a moment, 2026-12-31T00:00:00.
SEPARATED_DAY = re.compile(
    YEAR
    + r"(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?:T?00:00(?::00)?|"
    + BEFORE
    + ")"
)
# 1151231 or 20261231.
COMPACT = re.compile(r"(?P<year>\d{3}|\d{4})(?P<month>\d{2})(?P<day>\d{2})")
# 115年12月底; 115/12.
MONTH = re.compile(YEAR + r"年(?P<month>\d{1,2})月份?" + END)
SEPARATED_MONTH = re.compile(YEAR + r"[-/](?P<month>\d{1,2})")
# 115年第3季, 115Q3; 115年上半年; 115年底, 115年度結束.
QUARTER = re.compile(
    YEAR + r"年?度?(?:第(?P<quarter>[1-4一二三四])季|Q(?P<q>[1-4]))" + END, re.IGNORECASE
)
HALF = re.compile(YEAR + r"年度?(?P<half>[上下])半年度?" + END)
YEAR_END = re.compile(YEAR + r"年(?:度?[底末終]|年[底末終]|度結束)" + BEFORE)
# Words without an end: 每季, 持續辦理, 視需要.
OPEN_WORD = (
    r"[每按](?:半?年|季|個?月|週|周|日|學期|\d{1,2}個?[年月週周日天]|[一二兩三四六]個月)"
    r"|持續|全年|隨時|經常|常態|不定期|定期|例行|長期|滾動|逐[年季月]|整年"
    r"|年度(?:內|持續|例行)|即時|平時|配合|視|依實際|依需"
)
OPEN = re.compile(rf"(?:{YEAR}年度?)?(?P<rest>(?:{OPEN_WORD}).*)")
# What a spreadsheet makes of 115年9月30日 that it takes for a day of the year 115.
PADDED = re.compile(
    r"0(?P<year>1\d\d)(?P<mark>[-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?"
)
# Behind such words: 「每季，最後115年10月31日」 is not read as 每季, which would lose the day.
LOOKS_LIKE_DATE = re.compile(r"\d{2,4}年|\d+[-/.]\d+|\d+月\d+日|\d{5,}")
# 115年12月31日(四).
WEEKDAY = re.compile(r"(?P<day>.+)\((?:星期|禮拜|週|周)?(?P<weekday>[一二三四五六日天])\)")
# 持續辦理(115.12.31): the words are open-ended, but the day is given.
WORDS_AND_DAY = re.compile(rf"(?:{OPEN_WORD})[^\d()]*\((?:至|到)?(?P<day>\d[^()]*)\)")
# 115年1月至12月.
SPAN = re.compile(r"(?P<begin>[^至到~]+)[至到~](?P<end>\d[^至到~]*)")
# 12/10, 12月10日 or 12月底, on a page that is about one year.
WITHOUT_YEAR = re.compile(
    r"(?P<month>\d{1,2})(?:(?P<mark>[-/.])(?P<day>\d{1,2})(?P<weekday>\(.+\))?|月(?P<rest>.*))"
)
YEAR_IN_FRONT = re.compile(r"(?:中華)?(?:民國)?\d{3,4}年")
