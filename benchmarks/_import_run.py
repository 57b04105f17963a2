"""Saves of twenty people while a plan's file is imported, as JSON on standard output; one empty database.

    python -m benchmarks._import_run

DATABASE_URL and DATA_DIR say which database: empty, and filled here. The server is that of
`_crowd_run`, which also says on which settings.
"""

import json
from collections.abc import Callable
from typing import Any

from benchmarks._arrivals import p95
from benchmarks._crowd_run import ITEMS, get, make_visitors, server, session_of
from benchmarks._crowd_work import Visitor, form_of, request, saved_text
from benchmarks._saved_beside import save_meanwhile

SAVERS = 20
NEW_ITEMS = 500
"""Of the file; a yearly plan of a branch has 33."""


def measure() -> dict[str, Any]:
    from django.db.models import Sum

    from benchmarks._year import make_year
    from items.models import ProgressReport

    year = make_year(ITEMS)
    savers = make_visitors()[:SAVERS]
    office = Visitor(session_of(year.coordinator))
    preview = address_of_preview(year.coordinator)
    saved = ProgressReport.objects.filter(pk__in=[visitor.drafts[0].pk for visitor in savers])
    versions_before = saved.aggregate(all=Sum("version"))["all"]
    with server() as port:
        get(port, office, "/base/")
        seen = save_meanwhile(
            [saver(port, visitor) for visitor in savers],
            lambda: request(port, office, "POST", f"{preview}confirm/", {}),
        )
    refused = sum(status != 200 for status in seen.statuses)
    versions = saved.aggregate(all=Sum("version"))["all"] - versions_before
    return {
        "p95": p95(seen.seconds),
        "saves": len(seen.seconds),
        "refused": refused + missing_items(),
        "lost": abs(len(seen.statuses) - refused - versions),
    }


def address_of_preview(user: Any) -> str:
    """Of a file with the items that are there and as many new ones as `NEW_ITEMS` says."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from benchmarks._exchange_rows import rows, xlsx
    from benchmarks._page_asks import client_of

    content = xlsx(rows(ITEMS + NEW_ITEMS))
    answer = client_of(user).post(
        "/115/import/", {"file": SimpleUploadedFile("計畫.xlsx", content)}
    )
    return str(answer.headers["Location"])


def missing_items() -> int:
    from items.models import Action

    return ITEMS + NEW_ITEMS - Action.objects.count()


def saver(port: int, visitor: Visitor) -> Callable[[int], int]:
    """Autosave of somebody's first draft."""
    draft = visitor.drafts[0]
    values = draft.content() | {"intent": "autosave"}

    def save(turn: int) -> int:
        form = values | {"text": saved_text(turn), "version": draft.version + turn}
        return request(port, visitor, "POST", form_of(draft), form)

    return save


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False))
