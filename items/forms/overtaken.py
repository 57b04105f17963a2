"""Two people on one record: whoever saves second is told, and sees what both have written.

Each field carries a hidden twin with the value that the page showed (Django's hidden initial). If
the database holds another value by now, somebody has saved in between.
"""

from typing import Any

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


class OfficeForm(forms.ModelForm):
    """The form of a row that two people may have open; it refuses to overwrite what nobody has seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = year_of(self.instance)
        if year is not None:
            say_year(self, year)
        # A new row has nothing that anybody could have changed.
        if self.instance.pk is None:
            return
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # Line breaks as files bring them in, else every text that is saved again has changed.
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean(value).text
        overtaken = self._overtaken_fields()
        if overtaken:
            for sentence in self._sentences(overtaken):
                self.add_error(None, sentence)
            self._show_what_is_stored(overtaken)
            for name in overtaken:
                # Marks the field: the sentences above the page may be out of sight there.
                self.add_error(name, MARK)
        return cleaned

    def _overtaken_fields(self) -> list[str]:
        """Fields whose value in the database is neither what the page showed nor what is sent."""
        names = []
        for name, field in self.fields.items():
            # Rows that a script sends without their twins are taken as they are.
            shown = self.data.get(self.add_initial_prefix(name))
            if shown is None or not field.show_hidden_initial or field.disabled:
                continue
            stored = self.get_initial_for_field(field, name)
            is_as_shown = _plain(shown) == _plain(_as_text(field, stored))
            if is_as_shown or not field.has_changed(stored, self[name].data):
                continue
            names.append(name)
        return names

    def _sentences(self, names: list[str]) -> list[str]:
        model = type(self.instance)
        # `self.instance` is about to get what was sent.
        stored = history.values_of(model._default_manager.get(pk=self.instance.pk))
        entries = Change.objects.filter(model=model._meta.model_name, object_id=self.instance.pk)
        newest = entries.select_related("by").first()
        who = "別人"
        if newest is not None:
            who = f"{newest.by}在{moment_words(newest.at)}"
        sentences = [f"沒有儲存：您開啟這一頁之後，{who}改過這一筆資料。"]
        for name in names:
            label = label_of(model, name)
            stored_words = value_in_words(model, name, stored.get(name))
            if name in self.changed_data:
                sent_words = self._sent_words(name)
                sentences.append(
                    f"{label}：現在是「{stored_words}」，您要改成「{sent_words}」；下面是您的內容。"
                )
            else:
                sentences.append(
                    f"{label}：已經改成「{stored_words}」；您沒有改這一欄，下面是新的內容。"
                )
        sentences.append("請確認下面的內容，再儲存一次。")
        return sentences

    def _sent_words(self, name: str) -> str:
        """What this person has sent, in words."""
        value = self.cleaned_data.get(name, self[name].data)
        # Another row is named by its words, a choice and a day by theirs.
        if hasattr(value, "pk"):
            value = str(value)
        return value_in_words(type(self.instance), name, value)

    def _show_what_is_stored(self, names: list[str]) -> None:
        """The page as it comes back: both people's changes are in it, and saving again saves them."""
        # What a page sends: only such data have twins.
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        for name in names:
            field = self.fields[name]
            stored = self.get_initial_for_field(field, name)
            # From now on this person has seen what is stored.
            data[self.add_initial_prefix(name)] = _as_text(field, stored)
            if name in self.changed_data:
                continue
            if isinstance(field, forms.BooleanField) and not stored:
                # A box that is not ticked sends nothing.
                data.pop(self.add_prefix(name), None)
            else:
                data[self.add_prefix(name)] = _as_typed(field, stored)
        self.data = data


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


def _as_text(field: forms.Field, value: Any) -> str:
    """A value as its hidden twin carries it."""
    hidden = field.hidden_widget()
    return hidden.format_value(field.prepare_value(value)) or ""


def _as_typed(field: forms.Field, value: Any) -> str:
    """A value as somebody would type or choose it."""
    prepared = field.prepare_value(value)
    formatted = field.widget.format_value(prepared)
    # A select formats its value as a list of those that are chosen.
    if isinstance(formatted, str):
        return formatted
    return _as_text(field, value)


def _plain(text: str) -> str:
    """Browsers send each line break as two characters."""
    return text.replace("\r\n", "\n")
