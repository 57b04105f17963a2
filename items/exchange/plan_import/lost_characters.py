"""Characters that a file in Big5 could not hold: Excel writes ? for them, and says nothing.

An import would put the question marks into the plan.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from items.exchange.columns import ACTION
from items.exchange.plan_import.cell_changes import Changes
from items.exchange.plan_import.findings import Finding, warning
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_table.rows import PlanRow, PlanTable

_CODEC = "cp950"
_MOST_NAMED = 5


def lost_characters(
    table: PlanTable,
    changes: Mapping[int, Changes],
    new_rows: Sequence[PlanRow],
    missing: Iterable[StoredAction],
) -> list[Finding]:
    """A warning for each cell in which the file has ? where the plan has such a character."""
    if not table.is_big5:
        return []
    findings = []
    for row in table.rows:
        for change in changes.get(row.number, ()):
            lost = _lost(change.old, change.new)
            if lost:
                findings.append(warning(row, change.heading, _words(change.heading, lost)))
    # A row without a code is not even known for its item, whose text is another.
    titles = [action.title for action in missing if _beyond_big5(action.title)]
    for row in new_rows:
        for title in titles:
            lost = _lost(title, row.action)
            if lost:
                findings.append(warning(row, ACTION, _words(ACTION, lost)))
    return findings


def lost_words(findings: Sequence[Finding]) -> str:
    """One sentence to say above the button; "" where nothing was lost."""
    if not findings:
        return ""
    # A dictionary keeps the order of the file.
    rows = {finding.row.number: None for finding in findings}
    named = "、".join(str(number) for number in list(rows)[:_MOST_NAMED])
    if len(rows) > _MOST_NAMED:
        named += f"…等 {len(rows):,}"
    return (
        f"這個檔案存成了 Big5，有些字 Big5 存不下，已經變成「?」（第 {named} 列）；"
        "匯入會把計畫裡的字改成問號。"
        "請從原來的檔案另存為「CSV UTF-8」或 .xlsx，再上傳那個檔案。"
    )


def _words(heading: str, lost: Sequence[str]) -> str:
    characters = "".join(f"「{character}」" for character in dict.fromkeys(lost))
    return (
        f"「{heading}」在計畫裡有{characters}，Big5 存不下，檔案裡已變成「?」；"
        "請另存為「CSV UTF-8」或 .xlsx 再上傳。"
    )


def _lost(stored: str, written: str) -> list[str]:
    """The characters of a stored text that were replaced, and nothing else; empty if not so."""
    if "?" not in written:
        return []
    lost = _beyond_big5(stored)
    if not lost:
        return []
    pattern = []
    for character in stored:
        if character in lost:
            # Excel writes two for a character of two halves, such as 𠮷 and most emoji.
            pattern.append(r"\?{1,2}")
        else:
            pattern.append(re.escape(character))
    if re.fullmatch("".join(pattern), written) is None:
        return []
    return lost


def _beyond_big5(text: str) -> list[str]:
    """The characters that Big5 has no place for, in their order."""
    beyond = []
    for character in text:
        try:
            character.encode(_CODEC)
        except UnicodeEncodeError:
            beyond.append(character)
    return beyond
