"""Rows beside the table's own: totals, footnotes, page numbers. Each is ignored with a reason, never silently."""

import re

from .headings import ACTION, DEADLINE, DEPARTMENT
from .text import key, shorten

_TOTAL = re.compile(r"(合計|總計|小計|總數|共計)[:\d項件筆列案]*\Z")
_FOOTNOTE = re.compile(
    r"備?註\d*[:：、.)]|附註|備註|※|＊|\*註|說明[:：]|填表說明|資料來源|製表|填表人|承辦人|覆核|核章|單位主管[:：]"
)
_PAGE = re.compile(
    r"[-－—–]*\(?(?:第\d{1,4}頁(?:[,/]?共\d{1,4}頁)?|\d{1,4}/\d{1,4}|頁次.*|page\d{1,4}(?:of\d{1,4})?)\)?[-－—–]*\Z",
    re.IGNORECASE,
)


def reason_to_ignore(own, is_prose):
    """Why a row is no action, none if it is one; `own` maps our headings to what is written in the row."""
    if not own:
        return "計畫表的欄位都是空白，或都在上面的合併儲存格內"
    first = min(own.values(), key=lambda written: written.column)
    text = key(first.text[:60])
    if _TOTAL.match(text) and own.get(ACTION, first) is first:
        return f"合計列「{shorten(first.text)}」"
    if DEADLINE in own or DEPARTMENT in own:
        return None
    is_alone = len({written.text for written in own.values()}) == 1
    if is_prose or (is_alone and (_FOOTNOTE.match(text) or _PAGE.match(text))):
        return f"表格外的文字「{shorten(first.text)}」"
    return None
