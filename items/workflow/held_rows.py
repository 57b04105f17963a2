"""Rows are held while a form about them is checked and saved.

A form compares what the page showed with what is stored. Were the row not held from then on,
somebody could save between the comparison and the writing, and would be overwritten in silence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet


def hold(rows: QuerySet[Any]) -> None:
    """Let nobody else write these rows before the transaction ends.

    Others may still write rows that refer to them, as entries of the history do.
    """
    # Their keys alone: a query that counts or joins cannot be held in PostgreSQL.
    plain = rows.select_related(None)
    list(plain.select_for_update(no_key=True).values_list("pk", flat=True))


@contextmanager
def held(*several: QuerySet[Any]) -> Iterator[None]:
    """One transaction in which these rows stay as they are; read them anew inside of it.

    Held in the order in which they are given, which is the order of the verbs that hold several.
    """
    with transaction.atomic():
        for rows in several:
            hold(rows)
        yield
