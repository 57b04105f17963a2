"""Cells of the flat tables: how a value is written, and how what somebody wrote is read or refused in words."""

import re

from import_export.fields import Field
from import_export.widgets import Widget

from items.exchange.departments import folded
from items.exchange.spreadsheets.workbook import CellKind
from items.models import MembershipRole
from items.roc import DeadlineError, parse_deadline

YES = {"是", "true", "1", "y", "yes", "v", "✓", "啟用", "使用中"}
NO = {"否", "false", "0", "n", "no", "停用", "不使用"}
LARGEST = 32_767
"""What a small number holds in PostgreSQL; SQLite would take more."""
SEPARATORS = re.compile(r"[、，,；;\n]+")
MEMBERSHIP = re.compile(r"(?P<name>[^（(]+)(?:[（(](?P<role>[^）)]*)[）)])?")


class Text(Widget):
    """A text as it is. Never None: an empty cell is written as an empty cell."""

    def clean(self, value, row=None, **kwargs):
        kind = getattr(value, "kind", CellKind.TEXT)
        if kind is CellKind.ERROR:
            raise ValueError(f"儲存格是錯誤值 {value}，請更正。")
        if kind is CellKind.NO_VALUE:
            raise ValueError("儲存格的公式沒有計算結果，請用 Excel 開啟存檔一次，或改成文字。")
        return str(value or "")

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class Number(Text):
    """A whole number from 0."""

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > LARGEST:
            raise ValueError(
                f"「{text}」不是 0 到 {LARGEST} 的整數。"
                if text
                else f"請填 0 到 {LARGEST} 的整數。"
            )
        return int(text)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value


class YesNo(Text):
    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if text.lower() in YES:
            return True
        if text.lower() in NO:
            return False
        raise ValueError(
            f"「{text}」看不出是或否，請填「是」或「否」。" if text else "請填「是」或「否」。"
        )

    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"


class Choice(Text):
    """One of the words that the model's choices show."""

    def __init__(self, choices, blank=None):
        super().__init__()
        self.words = dict(choices.choices)
        self.values = {word: value for value, word in choices.choices}
        self.blank = blank

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if text in self.values:
            return self.values[text]
        if not text and self.blank is not None:
            return self.blank
        known = "、".join(self.values)
        raise ValueError(
            f"沒有「{text}」這一種，可以填：{known}。" if text else f"是空白，可以填：{known}。"
        )

    def render(self, value, obj=None, **kwargs):
        return self.words.get(value, "")


class Named(Text):
    """A row of another table by its name, looked up once for the whole file and refused in our words."""

    def __init__(self, what, attribute, fold=str):
        super().__init__()
        self.what = what
        self.attribute = attribute
        self.fold = fold
        self.found = {}

    def remember(self, rows):
        self.found = {self.fold(getattr(row, self.attribute)): row for row in rows}

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if self.fold(text) not in self.found:
            raise ValueError(
                f"查無{self.what}「{text}」，請改成系統裡的名稱。"
                if text
                else f"{self.what}是空白。"
            )
        return self.found[self.fold(text)]

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else getattr(value, self.attribute)


class Memberships(Named):
    """所屬單位 of one person: 「行政處（單位主管）、業務處（承辦人）」; without brackets 承辦人."""

    ROLES = {word: value for value, word in MembershipRole.choices}

    def __init__(self):
        super().__init__("所屬單位", "name", folded)

    def clean(self, value, row=None, **kwargs):
        """{department: role}."""
        text = Text.clean(self, value, row, **kwargs)
        wanted = {}
        for part in filter(None, (part.strip() for part in SEPARATORS.split(text))):
            department, role = self._one(part)
            if department in wanted:
                raise ValueError(f"單位「{department}」寫了兩次。")
            wanted[department] = role
        return wanted

    def _one(self, part):
        match = MEMBERSHIP.fullmatch(part)
        if not match:
            raise ValueError(f"看不懂「{part}」，請寫成「行政處（單位主管）」。")
        word = (match["role"] or MembershipRole.REPORTER.label).strip()
        if word not in self.ROLES:
            raise ValueError(f"身分「{word}」不對，可以寫：{'、'.join(self.ROLES)}。")
        return super().clean(match["name"].strip()), self.ROLES[word]

    def render(self, value, obj=None, **kwargs):
        return memberships_in_words(value.all()) if value is not None else ""


def memberships_in_words(memberships):
    return "、".join(f"{one.department}（{one.get_role_display()}）" for one in memberships)


class MembershipsField(Field):
    """Kept aside until the account has a key; who belongs where is a table of its own."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        instance.wanted_memberships = self.clean(row, **kwargs)

    def get_value(self, instance):
        return instance.memberships


class Deadline(Text):
    """完成期限 as written; the day that it means is worked out from it."""

    programme = None

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        number = getattr(value, "value", None)
        try:
            written = text if number is None else number
            return parse_deadline(written, self.programme.year, self.programme.ends_on)
        except DeadlineError as error:
            raise ValueError(error.message) from error


class DeadlineField(Field):
    """Sets the words and the day; while the words stay, so does a day that the plan office set apart from them."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        if row[self.column_name] != instance.deadline_text:
            deadline = self.clean(row, **kwargs)
            instance.deadline, instance.deadline_text = deadline.date, deadline.text

    def get_value(self, instance):
        return instance.deadline_text
