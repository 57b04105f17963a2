"""Which names a department may get: those that every file can carry out and bring back."""

import re
from collections.abc import Iterable

from items.characters import fold_name, fold_width_and_case

EVERY_DEPARTMENT = "各單位"
"""What the official table prints for an action that is handed out to every active department."""
NOT_HANDED_OUT = "（未分辦）"
"""What it prints for an action that no department has yet: a blank cell would be a forgotten one."""

# For a name whose width is folded: ／ and ， are half as wide by then.
_SEPARATOR = re.compile(r"[、,;/\s]")
_BRACKET = re.compile(r"[()\[\]{}〔〕【】〈〉《》「」『』]")


def name_problem(name: str, other_names: Iterable[str]) -> str | None:
    """Why a new department cannot be called so, as a sentence; None where it can.

    Names that an office gave before there was this rule stay: nothing asks about them.
    """
    folded = fold_name(name)
    if folded == fold_name(EVERY_DEPARTMENT):
        return f"「{EVERY_DEPARTMENT}」是全部單位的意思，不能當作單位名稱。"
    if is_not_handed_out(name):
        return f"「{name}」是還沒有主辦單位的意思，不能當作單位名稱。"
    plain = fold_width_and_case(name.strip())
    # A cell lists several departments with such characters between them.
    if _SEPARATOR.search(plain):
        return (
            f"單位名稱「{name}」裡有頓號、逗號、分號、斜線或空白，檔案裡會被拆成兩個單位；"
            "請改用不含這些符號的名稱。"
        )
    # The file of accounts has the role of a person in brackets behind the department.
    if _BRACKET.search(plain):
        return f"單位名稱「{name}」裡有括號，帳號檔案裡會被看成身分；請改用不含括號的名稱。"
    # Spreadsheets turn such a cell into a number, and 007 into 7.
    if folded.isdecimal():
        return f"單位名稱「{name}」只有數字，試算表會當成數目；請加上文字，例如「第{name}課」。"
    for other in other_names:
        if other == name:
            return f"已經有「{other}」這個單位。"
        if fold_name(other) == folded:
            return (
                f"已經有「{other}」；「{name}」只有臺與台、全形與半形、大小寫或空白不同，"
                "會分不出來，請換一個名稱。"
            )
    return None


def is_not_handed_out(text: str) -> bool:
    """Whether a cell says that no department has the item yet, with or without the brackets."""
    return fold_name(text).strip("()") == fold_name(NOT_HANDED_OUT).strip("()")
