"""Days are typed and shown as 民國 dates, in every form."""

from datetime import date

from django import forms

from items.roc import DeadlineError, parse_deadline, roc_year


class RocDateInput(forms.TextInput):
    """115/12/01: short enough to type, and one of the ways in which people write it anyway."""

    def __init__(self, attrs=None):
        super().__init__(
            {
                "placeholder": "115/12/31",
                "inputmode": "numeric",
                "autocomplete": "off",
                "size": 11,
                **(attrs or {}),
            }
        )

    def format_value(self, value):
        return f"{roc_year(value)}/{value:%m/%d}" if isinstance(value, date) else value


class RocDateField(forms.DateField):
    """A day as 115/12/31, 115年12月31日 or 1151231, read by the same rules as the deadlines of a file."""

    widget = RocDateInput

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            deadline = parse_deadline(value.strip(), 115)
        except DeadlineError as error:
            # The rules are those of 完成期限, the words are not: here may stand any day.
            message = error.message.replace("完成期限", "", 1).split("，或「每季」")[0].rstrip("。")
            raise forms.ValidationError(f"{message}。", code="invalid") from None
        if deadline.is_open_ended:
            raise forms.ValidationError("請填一個日期，例如 115/12/31。", code="invalid")
        return deadline.date

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True
