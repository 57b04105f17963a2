"""One department of an item: a row of the form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms

from items.deadline_problems import DeadlineError
from items.fields import RocDateField, RocDateInput
from items.models import Assignment, AssignmentKind, Department, Programme
from items.models.labels import field_label
from items.plan_content import ShareContent
from items.roc import format_roc
from items.roc_deadline import Deadline, parse_deadline, with_year_of_page
from items.written_deadline import WrittenDeadline, read_deadline

NO_CHOICE = ("", "請選單位")


@dataclass(frozen=True)
class DeadlineReading:
    """What written words mean; `day` is None where nobody can tell, and `words` say why."""

    words: str
    day: date | None
    is_problem: bool = False


def reading_of(text: str, programme: Programme) -> DeadlineReading | None:
    """The day that a deadline means, in words; None where nothing is written."""
    written = with_year_of_page(text.strip(), programme.year)
    if not written:
        return None
    try:
        deadline = parse_deadline(written, programme.year, programme.ends_on)
    except DeadlineError as error:
        return DeadlineReading(error.message, day=None, is_problem=True)
    words = f"是 {format_roc(deadline.date)}"
    # The warning of open-ended words says which day they mean, and that stands here anyway.
    if deadline.warning and not deadline.is_open_ended:
        words += f"，不在 {programme.year} 年度內，請確認"
    return DeadlineReading(words, day=deadline.date)


def department_choices(
    departments: Iterable[Department], already: Iterable[int]
) -> list[tuple[str, str]]:
    """Those that may get something new, and those that have the item `already`."""
    has_it = set(already)
    choices = [NO_CHOICE]
    for department in departments:
        if department.is_active:
            choices.append((str(department.pk), department.name))
        elif department.pk in has_it:
            choices.append((str(department.pk), f"{department.name}（已停用）"))
    return choices


class ShareForm(forms.Form):
    """單位, 主協辦 and 完成期限; a row that stays blank is none."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    department = forms.TypedChoiceField(
        label=field_label(Assignment, "department"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "這個單位不存在或已經停用，請另選一個。"},
    )
    kind = forms.ChoiceField(
        label=field_label(Assignment, "kind"),
        choices=AssignmentKind.choices,
        initial=AssignmentKind.LEAD,
        error_messages={"invalid_choice": "請選主辦或協辦。", "required": "請選主辦或協辦。"},
    )
    deadline_text = forms.CharField(
        label=field_label(Assignment, "deadline"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "完成期限太長，最多 100 個字。"},
    )
    deadline = RocDateField(label="日期", required=False, widget=RocDateInput)
    remove = forms.BooleanField(label="移除", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        programme: Programme,
        choices: list[tuple[str, str]],
        before: ShareContent | None,
        is_locked: bool,
        **kwargs: Any,
    ) -> None:
        """`before` is what the page began with; a locked row keeps its department."""
        super().__init__(data, **kwargs)
        self.programme = programme
        self.before = before
        self.is_locked = is_locked
        cast(forms.ChoiceField, self.fields["department"]).choices = choices
        cast(RocDateField, self.fields["deadline"]).of_year(programme.year)
        if is_locked:
            # A disabled field keeps its value, also when a request sends another.
            self.fields["department"].disabled = True
            self.fields["remove"].disabled = True

    @property
    def is_blank(self) -> bool:
        """A new row into which nobody has written anything."""
        if self.before is not None:
            return False
        values = [self[name].value() for name in ("department", "deadline_text", "deadline")]
        return not any(values)

    @property
    def is_removed(self) -> bool:
        return self.before is not None and bool(self["remove"].value()) and not self.is_locked

    @property
    def reading(self) -> DeadlineReading | None:
        """What the words mean; of words that say no day the one beside them counts."""
        words = self["deadline_text"].value() or ""
        reading = reading_of(words, self.programme)
        if reading is None or not reading.is_problem:
            return reading
        # 「驗收後」 with a day beside it is no problem.
        if self["deadline"].value():
            return DeadlineReading("以下面的日期為準", day=None, is_problem=False)
        return reading

    @property
    def shows_day(self) -> bool:
        """A field for the day only where the words do not say it: most rows need none."""
        if self["deadline"].value():
            return True
        reading = self.reading
        return reading is not None and reading.is_problem

    def content(self, common: Deadline | None) -> ShareContent | None:
        """The row as values; None where something is wrong, which the row says then.

        `common` is the deadline for all rows, where one was written.
        """
        cleaned = self.cleaned_data
        department_id = cleaned.get("department")
        if department_id is None and "department" not in self.errors:
            self.add_error("department", "請選單位。")
        if common is None:
            written = self._written(cleaned.get("deadline_text", ""), cleaned.get("deadline"))
        else:
            written = WrittenDeadline(common.text, common.date)
        if self.errors or written.day is None:
            return None
        key = None
        if self.before is not None:
            key = self.before.key
        return ShareContent(
            key=key,
            department_id=cast(int, department_id),
            kind=cleaned["kind"],
            deadline_text=written.words,
            deadline=written.day,
        )

    def _written(self, words: str, day: date | None) -> WrittenDeadline:
        """The deadline of the row; without a day where something is wrong, which the row says."""
        if {"deadline_text", "deadline"} & set(self.errors):
            return WrittenDeadline(words, None)
        if not words:
            sentence = f"請寫完成期限，例如 {self.programme.year}年12月、每季、持續辦理。"
            self.add_error("deadline_text", sentence)
            return WrittenDeadline(words, None)
        before = self.before
        if before is not None and self._is_as_shown(before, words, day):
            # A row from before a rule may be saved for another reason.
            return WrittenDeadline(words, before.deadline)
        written = read_deadline(
            words, day, programme_year=self.programme.year, ends_on=self.programme.ends_on
        )
        if written.words_problem:
            self.add_error("deadline_text", f"{written.words_problem}也可以在旁邊填日期。")
        elif written.day_problem:
            self.add_error("deadline", written.day_problem)
        return written

    def _is_as_shown(self, before: ShareContent, words: str, day: date | None) -> bool:
        return words == before.deadline_text and day == day_apart(before, self.programme)


def day_apart(share: ShareContent, programme: Programme) -> date | None:
    """The day of a deadline, where it does not follow from the words; else None."""
    reading = reading_of(share.deadline_text, programme)
    if reading is not None and reading.day == share.deadline:
        return None
    return share.deadline
