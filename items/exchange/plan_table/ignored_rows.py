"""Rows beside the table's own: totals, footnotes, page numbers. Each is ignored with a reason, never silently."""

import re

from items.exchange.columns import ACTION, DEADLINE, LEAD
from items.exchange.spreadsheets.text import key, shorten

_TOTAL = re.compile(r"(合計|總計|小計|總數|共計)[:\d項件筆列案]*\Z")
_FOOTNOTE = re.compile(
    r"備?註\d*[:、.)]|附註|備註|※|\*註|說明:|填表說明|資料來源:|製表[人日:]|填表人|承辦人員?:|覆核[:人]|核章|單位主管:"
)
NUMBERED = re.compile(
    r"\s*(?:[(（]?\d{1,3}[)）.．、:：]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．])"
)
_PAGE = re.compile(
    r"[-－—–]*\(?(?:第\d{1,4}頁(?:[,/]?共\d{1,4}頁)?|\d{1,4}/\d{1,4}|頁次.*|page\d{1,4}(?:of\d{1,4})?)\)?[-－—–]*\Z",
    re.IGNORECASE,
)


def title_of(row):
    """The only text of a row, folded; none where there are several."""
    texts = {key(cell.text[:60]) for cell in row.cells.values() if cell.text}
    return texts.pop() if len(texts) == 1 else None


def reason_to_ignore(own, is_prose, is_after_heading, first_column, titles=frozenset()):
    """Why a row is no action, none if it is one; `own` maps our headings to what is written in the row.

    Directly after a repeated heading stands the rest of a cut cell, whatever it begins with. Footnotes begin in the
    table's `first_column`; a line that is numbered as strategies are is never passed over. `titles` are the lines above
    the table (see `title_of`): a table copied from a document has them again on each page.
    """
    if not own:
        return "計畫表的欄位都是空白，或都在上面的合併儲存格內"
    first = min(own.values(), key=lambda written: written.column)
    text = key(first.text[:60])
    if _TOTAL.match(text) and (
        own.get(ACTION, first) is first or not {DEADLINE, LEAD} & own.keys()
    ):
        return f"合計列「{shorten(first.text)}」"
    if DEADLINE in own or LEAD in own or is_after_heading or first.column != first_column:
        return None
    is_alone = len({written.text for written in own.values()}) == 1
    is_line = (is_prose or (is_alone and text in titles)) and not NUMBERED.match(first.text)
    if is_line or (is_alone and (_FOOTNOTE.match(text) or _PAGE.match(text))):
        return f"表格外的文字「{shorten(first.text)}」"
    return None
