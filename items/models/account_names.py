"""Which names an account may get: those that nobody takes for another one.

Names that an office gave before there was this rule stay: only new ones are held against it.
"""

import re
from collections.abc import Iterable, Mapping

from items.characters import fold_width_and_case, without_unwanted

# Letters of other scripts look like Latin ones: а, е and о are Cyrillic here.
_USERNAME = re.compile(r"[A-Za-z0-9@.+_\-\u3400-\u9fff\U00020000-\U0003ffff]+")


def by_spelling(usernames: Iterable[str]) -> dict[str, str]:
    """{spelling that all alike share: username}."""
    return {fold_width_and_case(username): username for username in usernames}


def username_problem(username: str, others: Mapping[str, str]) -> str | None:
    """Why a new account cannot be called so, as a sentence; `others` is `by_spelling`."""
    if not _USERNAME.fullmatch(username):
        return (
            "帳號只能用半形英文字母、數字、中文和 @ . + - _，不能有空白、看不見的字元或其他文字的字母"
            "（有些看起來和英文一樣）；請刪掉後自己打一次。"
        )
    other = others.get(fold_width_and_case(username))
    if other is not None and other != username:
        return f"已經有「{other}」；「{username}」只有大小寫不同，會認錯人，請換一個帳號。"
    return None


def full_name_problem(full_name: str) -> str | None:
    """Why a person's name cannot be kept, as a sentence: it would show as another one."""
    is_plain = without_unwanted(full_name) == full_name
    if is_plain and len(full_name.splitlines()) <= 1:
        return None
    return "姓名裡有換行或看不見的字元（可能是從別處貼來的）；請刪掉後自己打一次。"
