"""Cells of the flat tables: how a value is written, and how what somebody wrote is read.

A widget refuses what it cannot read with a ValueError, whose sentence the preview shows.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from import_export.fields import Field
from import_export.widgets import Widget

from items.deadline_problems import DeadlineError
from items.exchange.spreadsheets.workbook import CellKind
from items.models import Assignment, Programme, User
from items.roc_deadline import Deadline, parse_deadline

YES = {"是", "true", "1", "y", "yes", "v", "✓", "啟用", "使用中"}
NO = {"否", "false", "0", "n", "no", "停用", "不使用"}
LARGEST = 32_767
"""What a small number holds in PostgreSQL; SQLite would take more."""
LONGEST_NUMBER = len(str(LARGEST))

SheetRow = dict[str, Any]
"""{heading: cell} of one row, as import-export hands it on."""


def text_of(cell: Any) -> str:
    """The text of a cell; an empty cell is an empty text."""
    # A cell that was read from a file bears its kind; what else comes is a plain text.
    kind = getattr(cell, "kind", CellKind.TEXT)
    if kind is CellKind.ERROR:
        raise ValueError(f"儲存格是錯誤值 {cell}，請更正。")
    if kind is CellKind.NO_VALUE:
        # Programs that write files without Excel leave formulas without a result.
        raise ValueError("儲存格的公式沒有計算結果，請用 Excel 開啟存檔一次，或改成文字。")
    return str(cell or "")


def is_blank(cell: Any) -> bool:
    """Whether nothing stands in a cell; a formula without a result is something."""
    return not cell and getattr(cell, "kind", CellKind.TEXT) is CellKind.TEXT


class TextWidget(Widget):
    """A text as it is. Never None: an empty cell is written as an empty cell."""

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> str:
        return text_of(value)


class NumberWidget(Widget):
    """A whole number from 0."""

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> int:
        text = text_of(value)
        if not text:
            raise ValueError(f"請填 0 到 {LARGEST} 的整數。")
        # `isdigit` alone would take ² and ３; `int` refuses thousands of digits in English.
        is_short_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        if not is_short_number or int(text) > LARGEST:
            raise ValueError(f"「{text}」不是 0 到 {LARGEST} 的整數。")
        return int(text)

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | str:
        if value is None:
            return ""
        # Stays a number, so that a spreadsheet can add it up.
        return value


class YesNoWidget(Widget):
    """是 or 否, and what else people write for them."""

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> bool:
        text = text_of(value)
        if not text:
            raise ValueError("請填「是」或「否」。")
        if text.lower() in YES:
            return True
        if text.lower() in NO:
            return False
        raise ValueError(f"「{text}」看不出是或否，請填「是」或「否」。")

    def render(self, value: bool, obj: Any = None, **kwargs: Any) -> str:
        if value:
            return "是"
        return "否"


class ChoiceWidget(Widget):
    """One of the words that the model's choices show; `blank` is the value of an empty cell."""

    def __init__(self, choices: type[models.TextChoices], blank: str | None = None) -> None:
        super().__init__()
        self.words = dict(choices.choices)
        self.values = {word: value for value, word in choices.choices}
        self.blank = blank

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> str:
        text = text_of(value)
        if text in self.values:
            return self.values[text]
        known_words = "、".join(self.values)
        if text:
            raise ValueError(f"沒有「{text}」這一種，可以填：{known_words}。")
        if self.blank is None:
            raise ValueError(f"是空白，可以填：{known_words}。")
        return self.blank

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return self.words.get(value, "")


class NamedRowWidget(Widget):
    """A row of another table by its name.

    The rows are looked up once for the whole file; import-export's own widget asks for each cell.
    `fold` makes one of several ways of writing a name.
    """

    def __init__(self, what: str, attribute: str, fold: Callable[[str], str] = str) -> None:
        super().__init__()
        self.what = what
        self.attribute = attribute
        self.fold = fold
        self.rows_by_name: dict[str, Any] = {}
        self.rows_by_folded_name: dict[str, Any] = {}

    def remember(self, rows: Iterable[models.Model]) -> None:
        """The rows that cells may name; to be called before the first row of the file is read."""
        self.rows_by_name = {}
        self.rows_by_folded_name = {}
        for row in rows:
            name = getattr(row, self.attribute)
            self.rows_by_name[name] = row
            self.rows_by_folded_name[self.fold(name)] = row

    def find(self, name: str) -> Any:
        """The row of a name, None if there is none.

        The name as it is comes first: an office may have both 臺北辦事處 and 台北辦事處.
        """
        return self.rows_by_name.get(name) or self.rows_by_folded_name.get(self.fold(name))

    def key_of(self, name: str) -> str:
        """The name that the row bears; the folded one where there is no such row."""
        row = self.find(name)
        if row is None:
            return self.fold(name)
        return getattr(row, self.attribute)

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> Any:
        text = text_of(value)
        if not text:
            raise ValueError(f"{self.what}是空白。")
        named_row = self.find(text)
        if named_row is None:
            raise ValueError(f"查無{self.what}「{text}」，請改成系統裡的名稱。")
        return named_row

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        return getattr(value, self.attribute)


class PersonWidget(Widget):
    """A person by the name; by the account where several have the same name. Blank is nobody."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.by_account: dict[str, User] = {}
        self.by_name: dict[str, list[User]] = {}

    def remember(self, people: Iterable[User]) -> None:
        """The people whom cells may name; to be called before the first row is read."""
        self.by_account = {}
        self.by_name = {}
        for person in people:
            self.by_account[person.username] = person
            self.by_name.setdefault(person.full_name, []).append(person)

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> User | None:
        text = text_of(value)
        if not text:
            return None
        named = self.by_name.get(text, [])
        if len(named) == 1:
            return named[0]
        person = self.by_account.get(User.normalize_username(text))
        if person is not None:
            return person
        if named:
            raise ValueError(f"有 {len(named)} 個人叫「{text}」，{self.what}請改寫帳號。")
        raise ValueError(f"查無{self.what}「{text}」，請改成系統裡的姓名或帳號。")

    def render(self, value: User | None, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        # Without `remember` nobody knows who has a namesake: the account is always right.
        if len(self.by_name.get(value.full_name, [])) == 1:
            return value.full_name
        return value.username


class DeadlineWidget(Widget):
    """完成期限 as written; the day that it means is worked out from it."""

    programme: Programme | None = None

    def clean(self, value: Any, row: SheetRow | None = None, **kwargs: Any) -> Deadline:
        if self.programme is None:
            raise RuntimeError("the year of the deadlines has to be set first")
        written: str | float = text_of(value)
        # A cell that a spreadsheet took for a day is a number, which the text hides.
        number = getattr(value, "value", None)
        if number is not None:
            written = number
        try:
            return parse_deadline(written, self.programme.year, self.programme.ends_on)
        except DeadlineError as error:
            raise ValueError(error.message) from error


class DeadlineField(Field):
    """Sets both the words of a deadline and its day."""

    def save(
        self, instance: Assignment, row: SheetRow, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        # While the words stay, so does a day that the plan office set apart from them.
        if row[self.column_name] == instance.deadline_text:
            return
        deadline = self.clean(row, **kwargs)
        instance.deadline = deadline.date
        instance.deadline_text = deadline.text

    def get_value(self, instance: Assignment) -> str:
        return instance.deadline_text
