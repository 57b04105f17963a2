"""The words that go with a step."""

from django import forms

from items.forms.base import Prose


class ReasonForm(forms.Form):
    """The words that go with one step of several reports."""

    words = Prose(
        label="說明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "說明太長，最多 1,000 個字。"},
    )


class WordsForm(ReasonForm):
    """The words that go with a step, and the version that the reader saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
