"""Days are typed and shown as 民國 dates, in every form."""

from datetime import date
from typing import Any

from django import forms

from items.deadline_problems import DeadlineError
from items.roc import roc_year
from items.roc_deadline import parse_deadline, with_year_of_page

# Only for the examples in a message, since any day may be typed: the year of the first plan.
_YEAR_OF_EXAMPLES = 115


def typed_day(day: date) -> str:
    """115/12/01: short enough to type, and one of the ways in which people write it anyway."""
    return f"{roc_year(day)}/{day:%m/%d}"


class RocDateInput(forms.TextInput):
    """A day as 115/12/01, without a picker: no browser's knows the years of the Republic."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        ours = {
            "placeholder": "115/12/31",
            "inputmode": "numeric",
            "autocomplete": "off",
            "size": 11,
        }
        super().__init__(ours | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, date):
            return typed_day(value)
        # What was typed and could not be read is shown again as it was typed.
        return value


class RocDateField(forms.DateField):
    """A day as 115/12/31, 115年12月31日 or 1151231, read by the rules for the deadlines of a file.

    `year` is the 民國 year that the page is about: 12/31 means a day of it. Without one, a day has
    to be typed with its year.
    """

    widget = RocDateInput
    year: int | None = None

    def of_year(self, year: int) -> None:
        """Say which year the page is about."""
        self.year = year
        self.widget.attrs["placeholder"] = f"{year}/12/31"

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        written = value.strip()
        if self.year is not None:
            written = with_year_of_page(written, self.year)
        year_of_examples = self.year or _YEAR_OF_EXAMPLES
        try:
            deadline = parse_deadline(written, year_of_examples)
        except DeadlineError as error:
            raise forms.ValidationError(error.message_about_a_day, code="invalid") from None
        if deadline.is_open_ended:
            message = f"請填一個日期，例如 {year_of_examples}/12/31。"
            raise forms.ValidationError(message, code="invalid")
        return deadline.date

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            # Text that is no day is a change: the form refuses it.
            return True


def say_year(form: forms.BaseForm, year: int) -> None:
    """Let every day in the form mean one of this 民國 year, where it is typed without a year."""
    for field in form.fields.values():
        if isinstance(field, RocDateField):
            field.of_year(year)
