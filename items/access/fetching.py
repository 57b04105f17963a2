"""What a page answers where a row or a right is missing: 404, or 403 with the reason."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import Http404

Row = TypeVar("Row", bound=models.Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])


class NotAllowed(PermissionDenied):
    """403 with the reason in a sentence, which the error page shows."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def require(allowed: bool) -> None:
    """403 for a page that is not for this person."""
    if not allowed:
        raise PermissionDenied


def get_or_404(rows: QuerySet[Row], **lookup: Any) -> Row:
    # It is one row: the order of a list, joined over five tables, would be compiled for nothing.
    row = rows.filter(**lookup).order_by().first()
    if row is None:
        raise Http404
    return row


def with_rights(rows: Rows, **rights: Q) -> Rows:
    """Annotate each right under its name, so that a table shows its buttons at no query per row."""
    answers = {}
    for name, right in rights.items():
        answers[name] = Case(
            When(right, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    return rows.annotate(**answers)
