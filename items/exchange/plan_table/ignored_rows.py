"""Rows beside the table's own: totals, signatures, footnotes, page numbers.

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
# 備註 in a cell of its own, with the words beside it.
_NOTE_ALONE = re.compile(r"(備?註\d*|附註|備考|說明|填表說明|備註說明):?\Z")
_ROLE = (
    r"(?:承辦|經辦|主辦|協辦|製表|填表|填報|覆核|複核|審核|初核|核定|核章|簽章|會辦|會核|業務|單位|部門|機關"
    r"|研考|主計|會計|人事|政風|科|課|股|組|室|處|局|副|總|主任)*"
    r"(?:承辦|人員?|主管|首長|長官|科長|課長|股長|組長|處長|局長|主任|主秘|秘書|經理|專員|單位|日期|核章|簽章"
    r"|覆核|審核|核定|會辦|會核|批示|製表|填表|填報|經辦)"
)
# A role alone, 單位主管(簽章), and before it a short name or the end of one.
_SIGNATURE_WORD = re.compile(rf"{_ROLE}(?:\([^()]{{1,6}}\))?\Z")
_NAME_AND_ROLE = re.compile(rf"[^。,;]{{0,10}}?{_ROLE}(?:\([^()]{{1,6}}\))?\Z")
_COLON = re.compile("[:：﹕︰]")
_LONGEST_NAME = 10
_LONGEST_NAME_AND_ROLE = 24
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
    is_under_notes: bool = False,
) -> str | None:
    """Why a row is no action, None if it is one; `written` maps our headings to its own cells.

    Directly after a repeated heading stands the rest of a cut cell, with any beginning.
    Footnotes begin in the table's `first_column`; a line that is numbered as strategies are is
    never passed over. `titles` are the lines above the table (see `title_of`): a table copied from
    a document has them again on each page. `is_under_notes` says that the row stands below 備註 and
    no row of the table follows: there 2. goes on with the notes.
    """
    if not written:
        return "計畫表的欄位都是空白，或都在上面的合併儲存格內"
    first = min(written.values(), key=lambda cell: cell.place.column)
    beginning = key(first.text[:_BEGINNING])
    if _TOTAL.match(beginning) and _has_no_action(written, first):
        return f"合計列「{shorten(first.text)}」"
    is_in_first_column = first.place.column == first_column
    if not is_after_heading:
        # One role alone under another column may be what somebody began to write of an action.
        has_several_roles = len(written) > 1 or beginning.count(":") > 1
        may_be_signatures = is_in_first_column or has_several_roles
        if may_be_signatures and _is_signature_line(written.values()):
            return f"簽章列「{shorten(first.text)}」"
    if DEADLINE in written or LEAD in written:
        return None
    if is_after_heading:
        return None
    if _NOTE_ALONE.match(beginning) and ACTION not in written:
        return f"表格外的文字「{shorten(first.text)}」"
    if not is_in_first_column:
        return None
    if is_under_notes and ACTION not in written:
        return f"表格外的文字「{shorten(first.text)}」"
    if _is_outside_of_table(written, first, beginning, is_prose=is_prose, titles=titles):
        return f"表格外的文字「{shorten(first.text)}」"
    return None


def _is_outside_of_table(
    written: Mapping[str, SourceCell],
    first: SourceCell,
    beginning: str,
    *,
    is_prose: bool,
    titles: Collection[str | None],
) -> bool:
    """Whether a row in the first column alone is a footnote, a page number, prose or the title."""
    # One text, in one cell or in several.
    is_alone = len({cell.text for cell in written.values()}) == 1
    if is_alone and (_FOOTNOTE.match(beginning) or _PAGE.match(beginning)):
        return True
    # What is numbered as strategies are may be one.
    if NUMBERED.match(first.text):
        return False
    return is_prose or (is_alone and beginning in titles)


def _is_signature_line(cells: Collection[SourceCell]) -> bool:
    """Whether every cell of a row names a person who signs.

    A colon must stand somewhere: without one 人事主任 may be a department in a merged action.
    """
    # Asked for every row, and hardly any has a colon near the beginning of a cell.
    if not any(_COLON.search(cell.text, 0, _BEGINNING) for cell in cells):
        return False
    for cell in cells:
        # A text that is longer than what is looked at is no signature.
        text = key(cell.text[: _BEGINNING + 1])
        if len(text) > _BEGINNING or not _names_signers(text):
            return False
    return True


def _names_signers(text: str) -> bool:
    """Whether a text is 承辦人: or 承辦人: 業務主管: 機關首長:, a short name behind each or none."""
    # Cut at the colons: one pattern for the whole would try a hostile text for minutes.
    first, *others = text.split(":")
    if not _SIGNATURE_WORD.match(first):
        return False
    if not others:
        return True
    *between, last = others
    for part in between:
        if len(part) > _LONGEST_NAME_AND_ROLE or not _NAME_AND_ROLE.match(part):
            return False
    return len(last) <= _LONGEST_NAME


def begins_notes(written: Mapping[str, SourceCell]) -> bool:
    """Whether a row is the first of the notes under a table: 備註:, 填表說明: and such."""
    first = min(written.values(), key=lambda cell: cell.place.column)
    beginning = key(first.text[:_BEGINNING])
    return bool(_FOOTNOTE.match(beginning) or _NOTE_ALONE.match(beginning))


def _has_no_action(written: Mapping[str, SourceCell], first: SourceCell) -> bool:
    """Whether a row that begins with a word for a total says nothing that only an action says."""
    if DEADLINE not in written and LEAD not in written:
        return True
    return ACTION not in written or written[ACTION] is first
