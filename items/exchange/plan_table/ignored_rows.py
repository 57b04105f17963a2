"""Rows beside the table's own: totals, footnotes, page numbers.

Each is ignored with a reason, never silently.
"""

import re
from collections.abc import Collection, Mapping

from items.exchange.columns import ACTION, DEADLINE, LEAD
from items.exchange.plan_table.merged_cells import SourceCell
from items.exchange.spreadsheets.text import key, shorten
from items.exchange.spreadsheets.workbook import SheetRow

_TOTAL = re.compile(r"(合計|總計|小計|總數|共計)[:\d項件筆列案]*\Z")
_FOOTNOTE = re.compile(
    r"備?註\d*[:、.)]|附註|備註|※|\*註|說明:|填表說明|資料來源:|製表[人日:]|填表人|承辦人員?:"
    r"|覆核[:人]|核章|單位主管:"
)
NUMBERED = re.compile(
    r"\s*(?:[(（]?\d{1,3}[)）.．、:：]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．])"
)
# 第 2 頁，共 3 頁; 2/3; page 2 of 3: what a footer becomes when a document is copied as text.
_PAGE = re.compile(
    r"[-－—–]*\(?(?:第\d{1,4}頁(?:[,/]?共\d{1,4}頁)?|\d{1,4}/\d{1,4}|頁次.*"
    r"|page\d{1,4}(?:of\d{1,4})?)\)?[-－—–]*\Z",
    re.IGNORECASE,
)
# All that is looked for stands at a text's beginning; cells may be as long as a book.
_BEGINNING = 60


def title_of(row: SheetRow) -> str | None:
    """The only text of a row, folded; None where there are several."""
    texts = {key(cell.text[:_BEGINNING]) for cell in row.cells.values() if cell.text}
    if len(texts) != 1:
        return None
    return texts.pop()


def reason_to_ignore(
    written: Mapping[str, SourceCell],
    *,
    is_prose: bool,
    is_after_heading: bool,
    first_column: int,
    titles: Collection[str | None],
) -> str | None:
    """Why a row is no action, None if it is one; `written` maps our headings to its own cells.

    Directly after a repeated heading stands the rest of a cut cell, whatever it begins with.
    Footnotes begin in the table's `first_column`; a line that is numbered as strategies are is
    never passed over. `titles` are the lines above the table (see `title_of`): a table copied from
    a document has them again on each page.
    """
    if not written:
        return "計畫表的欄位都是空白，或都在上面的合併儲存格內"
    first = min(written.values(), key=lambda cell: cell.place.column)
    beginning = key(first.text[:_BEGINNING])
    if _TOTAL.match(beginning) and _has_no_action(written, first):
        return f"合計列「{shorten(first.text)}」"
    if DEADLINE in written or LEAD in written:
        return None
    if is_after_heading or first.place.column != first_column:
        return None
    is_alone = len({cell.text for cell in written.values()}) == 1
    is_prose_or_title = is_prose or (is_alone and beginning in titles)
    is_note = is_alone and bool(_FOOTNOTE.match(beginning) or _PAGE.match(beginning))
    if is_note or (is_prose_or_title and not NUMBERED.match(first.text)):
        return f"表格外的文字「{shorten(first.text)}」"
    return None


def _has_no_action(written: Mapping[str, SourceCell], first: SourceCell) -> bool:
    """Whether a row that begins with a word for a total says nothing that only an action says."""
    if DEADLINE not in written and LEAD not in written:
        return True
    return ACTION not in written or written[ACTION] is first
