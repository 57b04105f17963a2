"""Related rows that were fetched by a query of our own, kept where a prefetch would keep them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model


def keep_prefetched(row: Model, name: str, related: Sequence[Model]) -> None:
    """Let `row.name.all()` give these rows without a query.

    Django has no word for it: `prefetch_related` writes its query anew for each page, which cost
    the page of one item as much as all that it shows.
    """
    rows: Any = getattr(row, name).get_queryset()
    vars(rows)["_result_cache"] = list(related)
    vars(rows)["_prefetch_done"] = True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = rows
