"""Say on the next page what a step of the workflow has done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages

from items.forms.base import changed_values, labels_in_words
from items.requests import OfficeRequest
from items.workflow import WorkflowError


@contextmanager
def saying(request: OfficeRequest, done: str) -> Iterator[None]:
    """Take a step of the workflow and say that it is done, or why it is not."""
    try:
        yield
    except WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def save_changed(
    request: OfficeRequest,
    form: forms.BaseForm,
    write: Callable[[dict[str, Any]], object],
    *,
    of_what: str = "",
) -> None:
    """Hand to `write` the fields that are to be others than they were, and say which these are."""
    content = changed_values(form)
    if not content:
        messages.info(request, "沒有變動。")
        return
    write(content)
    messages.success(request, f"已儲存{of_what}：{labels_in_words(form, content)}。")
