"""What several forms are made of: prose, choices and problems in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator

from items.characters import with_plain_newlines
from items.models import Programme, User
from items.search import fold
from plan_tracker.form_renderer import LongSelect


def error_sentences(form: forms.BaseForm) -> str:
    """All errors of a form in one line, for a place that has no room beside the fields."""
    sentences: list[str] = []
    for errors in form.errors.values():
        sentences.extend(str(error) for error in errors)
    return "".join(sentences)


def typed_values(form: forms.Form) -> dict[str, Any]:
    """What stands in the fields of a form, as somebody typed it: for a form that shows it again."""
    # Not `cleaned_data`: what could not be read has to come back as well.
    return {name: form[name].value() for name in form.fields}


def changed_values(form: forms.BaseForm) -> dict[str, Any]:
    """{field: value} of a valid form that differ from what it began with."""
    content = {}
    # Only these are written: another field may have been changed by somebody else meanwhile.
    for name, value in form.cleaned_data.items():
        if value != form.initial[name]:
            content[name] = value
    return content


def labels_in_words(form: forms.BaseForm, names: Iterable[str]) -> str:
    """「填報期限、即將到期的天數」: the labels of these fields."""
    return "、".join(str(form.fields[name].label) for name in names)


def whole_code(typed: str, programme: Programme) -> str:
    """The whole code of an item: 「04」 means 115-04 on a page of 115."""
    code = fold(typed)
    if code.isdecimal():
        return programme.code_of(int(code))
    return code


def require_days_in_order(cleaned: Mapping[str, Any]) -> None:
    """Raise where `start` comes after `end`; a day that could not be read is not `cleaned`."""
    start = cleaned.get("start")
    end = cleaned.get("end")
    if start and end and start > end:
        raise forms.ValidationError("「從」的日期要在「到」之前。")


@dataclass(frozen=True)
class FieldProblem:
    """An error in one field, with the id on the page that leads there."""

    anchor: str
    label: str
    sentence: str

    @property
    def words(self) -> str:
        """The sentence with its field's name in front, unless it names the field itself."""
        if self.label in self.sentence:
            return self.sentence
        return f"{self.label}：{self.sentence}"


class Prose(forms.CharField):
    """Text as people count it: browsers send a line break as two characters and count it as one.

    What is too long is refused in words. A `maxlength` would cut the end of a pasted text in
    silence; the page counts instead, by `data-limit`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._has_own_words = "max_length" in options.get("error_messages", {})

    def validate(self, value: str) -> None:
        """Refuse what is too long before Django's validator does, which cannot write 5,001."""
        super().validate(value)
        longest = self.max_length
        if longest is None or self._has_own_words:
            return
        length = len(value)
        if length > longest:
            words = f"有 {length:,} 個字，最多 {longest:,} 個字，請縮短；文字都還在。"
            raise forms.ValidationError(words, code="max_length")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        limit = attributes.pop("maxlength", None)
        if limit is not None:
            attributes["data-limit"] = limit
        return attributes

    def to_python(self, value: Any) -> str:
        # Before the length is checked: 100 lines of a browser would else be 99 characters longer.
        text = super().to_python(value) or ""
        # Text pasted from Word and PowerPoint has line breaks of other kinds.
        return with_plain_newlines(text)


class OneOf(forms.CharField):
    """One of a few words, or none; which ones is known only when the form is made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Nobody types into it: a length says nothing.
        self.widget.attrs.pop("maxlength", None)
        self.offered: Sequence[str] = ()

    def offer(self, words: Sequence[str]) -> None:
        self.offered = words
        # What an office lets people choose from is a setting: no model has it as choices.
        choices = [("", "（未選）")]
        for word in words:
            choices.append((word, word))
        select = cast(forms.Select, self.widget)
        select.choices = choices

    def clean(self, value: Any) -> str:
        word: str = super().clean(value)
        if word and word not in self.offered:
            raise forms.ValidationError("清單裡沒有這一個（可能剛被改過），請重新選擇。")
        return word


class PersonChoices(ModelChoiceIterator):
    """The people of a list as values: a thousand instances took ten times as long."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", str(self.field.empty_label))
        people = self.queryset.values_list("pk", "full_name", "username", "is_active")
        for key, full_name, username, is_active in people:
            # As `str` of the account has it: some have no name yet.
            name = full_name or username
            words = _person_words(name, username, is_active=is_active)
            yield (key, words)


class PersonChoiceField(forms.ModelChoiceField):
    """Anybody with an account; of two people of one name the account tells which is meant."""

    iterator = PersonChoices
    widget = LongSelect

    def label_from_instance(self, obj: User) -> str:
        return _person_words(str(obj), obj.username, is_active=obj.is_active)


def _person_words(name: str, username: str, *, is_active: bool) -> str:
    if is_active:
        return f"{name}（{username}）"
    return f"{name}（{username}，已停用）"


class PersonField(forms.ModelChoiceField):
    """People with their accounts, which tell namesakes apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.username}）"
