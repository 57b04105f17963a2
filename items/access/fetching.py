"""What a page answers where a row or a right is missing: 404, or 403 with the reason."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=models.Model)


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
    row = rows.filter(**lookup).first()
    if row is None:
        raise Http404
    return row
