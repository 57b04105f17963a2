"""What a new password must be like: several kinds of characters, and not what everybody guesses.

Length, similarity to the account and the list of common passwords are Django's; that a password was
used before only the accounts can tell (`items.password_history`).
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

MOST_LETTERS_OF_A_KEYBOARD = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
)
"""Neighbours on the keyboard, along the rows and down the first columns."""
LONGEST_RUN_LEFT_ALONE = 3
"""abc and 123 stand in words as well; abcd and 1234 are no accident."""
FEWEST_LEFT = 6
"""Characters that must be left when all that is guessed first has been taken away."""
FEWEST_DIFFERENT = 5
SHORTEST_NAME = 3
"""A shorter name stands in too many words by chance."""

OF_EVERY_OFFICE = (
    "password", "passwd", "admin", "administrator", "welcome", "qwerty", "letmein", "login",
    "user", "demo", "test", "changeme", "secret", "default", "iloveyou", "taiwan", "taipei",
    "hualien", "keelung", "taichung", "kaohsiung", "port", "harbor", "harbour", "twport", "tipc",
    "plan", "tracker", "office", "spring", "summer", "autumn", "winter",
    "密碼", "帳號", "管理", "系統", "計畫", "管考", "臺灣", "台灣", "花蓮", "港務", "分公司", "公司",
    # 「我的密碼」, 「密碼」 and 「我愛你」 as their keys lie on a keyboard of Taiwan.
    "ji32k7au4a83", "au4a83", "ji394su3",
)  # fmt: skip
"""Words that are tried first: of the subject, the places, and what people write when asked."""

LOOKALIKES = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
"""Figures and signs that people write for letters."""

YEAR = re.compile(r"(19|20)\d\d|(?<!\d)1[0-2]\d(?!\d)")
"""Years of the West, and 民國 years from 100 to 129."""


class KindsOfCharacters:
    """Capital and small letters, figures, and everything else: at least so many of the four.

    資通系統防護基準 asks for 最低密碼複雜度 and gives no number.
    """

    def validate(self, password: str, user: object = None) -> None:
        if kinds_of(password) < settings.PASSWORD_KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_few_kinds")

    def get_help_text(self) -> str:
        return f"大寫字母、小寫字母、數字、其他字元（符號、空格、中文）四種裡至少要有 {settings.PASSWORD_KINDS} 種。"


def kinds_of(password: str) -> int:
    """How many of the four kinds there are."""
    kinds = set()
    for one in password:
        if one.isupper():
            kinds.add("capital")
        elif one.islower():
            kinds.add("small")
        elif one.isdecimal():
            kinds.add("figure")
        else:
            kinds.add("other")
    return len(kinds)


class NotGuessedFirst:
    """Names, the port, the year, 1234 and repetitions are taken away; enough must be left."""

    def validate(self, password: str, user: object = None) -> None:
        if len(set(folded(password))) < FEWEST_DIFFERENT or is_repetition(password):
            raise ValidationError(
                "密碼只是重複幾個字，太容易猜；請用幾個不相干的詞，中間加上數字或符號。",
                code="password_repeats",
            )
        if len(what_is_left(password, words_about(user))) < FEWEST_LEFT:
            raise ValidationError(
                "密碼大半是容易猜的字（機關、地名、年份、姓名、帳號、常用密碼或 1234 之類）；"
                f"去掉這些以後至少還要有 {FEWEST_LEFT} 個字元，請改用幾個不相干的詞。",
                code="password_guessed_first",
            )

    def get_help_text(self) -> str:
        return (
            "不能大半是機關、地名、年份、自己的姓名或帳號、常用密碼，也不能只是重複或 1234 之類。"
        )


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def is_repetition(password: str) -> bool:
    """One piece of up to six characters, again and again."""
    return re.fullmatch(r"(.{1,6}?)\1+.{0,5}", folded(password), re.DOTALL) is not None


def words_about(user: object) -> list[str]:
    """What a guesser knows of the office and of this person."""
    words = [*OF_EVERY_OFFICE, folded(settings.ORGANISATION)]
    for name in ("username", "full_name", "email"):
        value = folded(str(getattr(user, name, "") or ""))
        parts = [value, *re.split(r"[@.\s_-]+", value)]
        for part in parts:
            # Two Chinese characters are a name; two letters are in half of all words.
            shortest = SHORTEST_NAME
            if not part.isascii():
                shortest = 2
            if len(part) >= shortest:
                words.append(part)
    return words


def what_is_left(password: str, words: list[str]) -> str:
    """The letters and figures of a password without all that is guessed first."""
    text = YEAR.sub("", folded(password))
    text = without_runs(text)
    # Longest first: else 「管理」 would be taken out of the middle of a longer word.
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
        text = _without_disguised(text, word)
    letters = "".join(one for one in text if one.isalnum())
    # 「password2026」 is no better than the word that it is made of.
    core = letters.strip("0123456789")
    if core in common_passwords() or core.translate(LOOKALIKES) in common_passwords():
        return letters.replace(core, "")
    return letters


def _without_disguised(text: str, word: str) -> str:
    """Without the word where it is written with figures and signs, as in p@ssw0rd."""
    while True:
        plain = text.translate(LOOKALIKES)
        position = plain.find(word)
        if position < 0:
            return text
        text = text[:position] + text[position + len(word) :]


def without_runs(text: str) -> str:
    """Without pieces such as 12345, dcba, qwerty and aaaa."""
    left = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _goes_on(text, start, end):
            end += 1
        if end - start <= LONGEST_RUN_LEFT_ALONE:
            left.append(text[start])
            start += 1
        else:
            start = end
    return "".join(left)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether text[start:end + 1] is one run: a step up, a step down, the same, or a keyboard's."""
    piece = text[start : end + 1]
    steps = set()
    for before, after in pairwise(piece):
        steps.add(ord(after) - ord(before))
    # abcd, dcba and aaaa: the same step from each to the next.
    if steps in ({1}, {-1}, {0}):
        return True
    backwards = piece[::-1]
    return any(piece in row or backwards in row for row in MOST_LETTERS_OF_A_KEYBOARD)


@cache
def common_passwords() -> frozenset[str]:
    """Django's list of 20,000."""
    return frozenset(CommonPasswordValidator().passwords)
