"""Two people on one record: the second who saves is told, and sees what both have written.

Each field carries a hidden twin with the value that the page showed (Django's hidden initial). If
the database holds another value by now, somebody has saved in between.
"""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db import models
from django.http import QueryDict

from items.day_words import moment_words
from items.exchange.spreadsheets.text import clean
from items.fields import say_year
from items.models import Assignment, Change, ControlSettings, Period, Programme
from items.models.history_words import label_of, value_in_words
from items.workflow import history

MARK = "別人改過這一欄；兩邊的內容寫在最上面。"


class OvertakenCheck(forms.BaseForm):
    """A form of a row that two people may have open; it refuses to overwrite what nobody has seen.

    It compares what is stored when it is checked: the caller holds the row meanwhile
    (`workflow.held_rows`), so that nobody comes in between.
    """

    overtaken: tuple[str, ...] = ()
    """Fields that somebody else has changed since the page was opened."""

    def row(self) -> models.Model:
        """The row that the form is about."""
        raise NotImplementedError

    def compare(self, *names: str) -> None:
        """Let these fields carry the value that the page shows."""
        for name in names:
            self.fields[name].show_hidden_initial = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # Line breaks as files bring them in, else every text that is saved again has changed.
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean(value).text
        self.overtaken = tuple(self._overtaken_fields())
        if self.overtaken:
            for sentence in self._sentences():
                self.add_error(None, sentence)
            self._show_what_is_stored()
            for name in self.overtaken:
                # Marks the field: the sentences above the page may be out of sight there.
                self.add_error(name, MARK)
        return cleaned

    def _overtaken_fields(self) -> list[str]:
        """Fields whose value in the database is neither what the page showed nor what is sent."""
        names = []
        for name, field in self.fields.items():
            twin = self.add_initial_prefix(name)
            # Rows that a script sends without their twins are taken as they are.
            is_compared = field.show_hidden_initial and not field.disabled
            if not is_compared or twin not in self.data:
                continue
            stored = self.get_initial_for_field(field, name)
            shown = field.hidden_widget().value_from_datadict(self.data, self.files, twin)
            # What was sent may also be what is stored by now: two people who correct one mistake.
            is_as_shown = _plain(shown) == _plain(_as_hidden(field, stored))
            if is_as_shown or not field.has_changed(stored, self[name].data):
                continue
            names.append(name)
        return names

    def _sentences(self) -> list[str]:
        who = "別人"
        newest = self.newest_change()
        if newest is not None:
            who = f"{newest.by}在{moment_words(newest.at)}"
        sentences = [f"沒有儲存：您開啟這一頁之後，{who}改過這一筆資料。"]
        stored_words = self.stored_words(self.overtaken)
        for name in self.overtaken:
            label = self.label_words(name)
            stored = stored_words[name]
            if name in self.changed_data:
                sent = self.sent_words(name)
                sentences.append(
                    f"{label}：現在是「{stored}」，您要改成「{sent}」；下面是您的內容。"
                )
            else:
                sentences.append(f"{label}：已經改成「{stored}」；您沒有改這一欄，下面是新的內容。")
        sentences.append("請確認下面的內容，再儲存一次。")
        return sentences

    def newest_change(self) -> Change | None:
        """By which somebody else has changed the row; None where no entry says who it was."""
        row = self.row()
        entries = Change.objects.filter(model=row._meta.model_name, object_id=row.pk)
        return entries.select_related("by").first()

    def label_words(self, name: str) -> str:
        """The field as the sentences name it."""
        return str(self.fields[name].label)

    def stored_words(self, names: Sequence[str]) -> dict[str, str]:
        """{field: what the database holds, in words}"""
        words = {}
        for name in names:
            stored = self.get_initial_for_field(self.fields[name], name)
            words[name] = self.words_of(name, stored)
        return words

    def sent_words(self, name: str) -> str:
        """What this person has sent, in words."""
        return self.words_of(name, self.cleaned_data.get(name, self[name].data))

    def words_of(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        # Another row is named by its words, a choice and a day by theirs.
        if hasattr(value, "pk"):
            value = str(value)
        return value_in_words(type(self.row()), name, value)

    def _show_what_is_stored(self) -> None:
        """The page as it comes back: both people's changes are in it, and saving again saves them."""
        # What a page sends: only such data have twins.
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        for name in self.overtaken:
            field = self.fields[name]
            stored = self.get_initial_for_field(field, name)
            # From now on this person has seen what is stored.
            _put(data, self.add_initial_prefix(name), _as_hidden(field, stored))
            if name in self.changed_data:
                continue
            if isinstance(field, forms.BooleanField) and not stored:
                # A box that is not ticked sends nothing.
                data.pop(self.add_prefix(name), None)
            else:
                _put(data, self.add_prefix(name), _as_typed(field, stored))
        self.data = data


class OfficeForm(OvertakenCheck, forms.ModelForm):
    """The form of a row in which every field is compared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = year_of(self.instance)
        if year is not None:
            say_year(self, year)
        # A new row has nothing that anybody could have changed.
        if self.instance.pk is not None:
            self.compare(*self.fields)

    def row(self) -> models.Model:
        return cast(models.Model, self.instance)

    def label_words(self, name: str) -> str:
        return label_of(type(self.instance), name)

    def stored_words(self, names: Sequence[str]) -> dict[str, str]:
        model = type(self.instance)
        # `self.instance` is about to get what was sent.
        row = model._default_manager.filter(pk=self.instance.pk).first()
        if row is None:
            # Rules that nobody has set yet: what counts then is what the form has of them.
            return super().stored_words(names)
        stored = history.values_of(row)
        words = {}
        for name in names:
            words[name] = value_in_words(model, name, stored.get(name))
        return words


def year_of(instance: models.Model) -> int | None:
    """The 民國 year that a row's page is about, where that is known before somebody types."""
    if isinstance(instance, Programme):
        return instance.year
    if isinstance(instance, ControlSettings):
        return instance.programme.year
    if isinstance(instance, Period) and instance.programme_id is not None:
        return instance.programme.year
    if isinstance(instance, Assignment) and instance.action_id is not None:
        return instance.action.programme.year
    return None


def _as_hidden(field: forms.Field, value: Any) -> str | list[str]:
    """A value as its hidden twin carries it; several of them where several can be chosen."""
    hidden = field.hidden_widget()
    formatted = hidden.format_value(field.prepare_value(value))
    if not isinstance(hidden, forms.MultipleHiddenInput):
        return formatted or ""
    if formatted is None:
        return []
    return [str(one) for one in formatted]


def _as_typed(field: forms.Field, value: Any) -> str | list[str]:
    """A value as somebody would type or choose it."""
    prepared = field.prepare_value(value)
    formatted = field.widget.format_value(prepared)
    # A select formats its value as a list of those that are chosen.
    if isinstance(formatted, str):
        return formatted
    return _as_hidden(field, value)


def _put(data: QueryDict, name: str, value: str | list[str]) -> None:
    """Write what a page would send under a name."""
    if isinstance(value, str):
        data[name] = value
    else:
        data.setlist(name, value)


def _plain(value: Any) -> Any:
    """For comparing: browsers send each line break as two characters, and choices in any order."""
    if isinstance(value, list):
        return sorted(value)
    return value.replace("\r\n", "\n")
