"""Steps of an instruction that several test files take."""

import pytest
from django.db import transaction

from items.workflow import WorkflowError, directive_answers
from tests.making import NOW


def row_of(directive, department):
    return directive.answers.select_related("directive__meeting").get(department=department)


def ask(answer, by, text="已完成。", seen_at=None):
    return directive_answers.write(answer, text, seen_at=seen_at, asks=True, by=by, at=NOW)


def reason_of(verb, *arguments, **named):
    """Why the verb refuses; what it had written is taken back."""
    with pytest.raises(WorkflowError) as error, transaction.atomic():
        verb(*arguments, **named)
    return error.value.reason
