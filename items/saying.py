"""Say on the next page what a step of the workflow has done."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages

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
