"""Memory of one server process through pages, exports, imports and hostile files, as JSON.

    python -m benchmarks._memory_run COUNT ROUNDS

DATABASE_URL and DATA_DIR say which database: an empty one. Linux only: the figures are
those of /proc.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks._visitor import PageVisitor, ServerAnswer

os.environ["DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "plan_tracker.settings"

PAGES = (
    "/115/",
    "/115/plan/",
    "/115/plan/?q=作業流程",
    "/115/plan/?light=overdue",
    "/115/plan/outline/",
    "/115/actions/115-01/",
    "/115/contacts/",
    "/115/review/",
    "/115/periods/",
    "/115/manage/",
    "/115/departments/",
    "/115/people/",
    "/115/record/",
    "/115/imports/",
    "/115/settings/",
    "/years/",
)
EXPORTS = (
    "/115/plan/export.xlsx",
    "/115/plan/export.ods",
    "/115/plan/export.csv",
    "/115/export.xlsx",
    "/115/export.ods",
    "/115/record/export.xlsx",
)
COSTLIEST = (
    "nineteen_thousand_rows_as_ods",
    "every_row_wrong_in_every_way",
    "nineteen_thousand_rows_as_csv",
    "two_thousand_sheets",
    "too_many_relations",
    "many_names_in_every_row",
    "ods_blank_cells",
    "one_cell_cut_by_every_page",
    "a_long_cell_merged_over_all_rows",
    "many_deadlines_in_every_row",
    "twenty_thousand_overlapping_merges",
    "strings_of_one_character",
    "too_many_formats",
    "ten_thousand_rows_with_merges",
    "many_cells_within_the_bound",
    "page_after_page",
    "csv_with_a_million_columns",
    "a_list_of_emoji",
    "many_long_shared_strings",
    "five_million_lines_of_tabs",
)
"""The readable and hostile files of the tests that took most time or memory when they were made."""


def resident(process: int) -> float:
    return _megabytes(process, "VmRSS")


def peak(process: int) -> float:
    """The most since `forget_peak`."""
    return _megabytes(process, "VmHWM")


def forget_peak(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")


def _megabytes(process: int, name: str) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    match = re.search(rf"{name}:\s*(\d+)", status)
    assert match is not None
    return int(match[1]) / 1024


def read_all(visitor: "PageVisitor", addresses: tuple[str, ...]) -> None:
    from urllib.parse import quote

    for address in addresses:
        answer = visitor.get(quote(address, safe="/?=&."))
        assert answer.status in (200, 404), (address, answer.status)


def bring_in(visitor: "PageVisitor", content: bytes) -> "ServerAnswer":
    """Upload, preview, confirm: the page of the batch."""
    from benchmarks._visitor import token_in

    preview = visitor.send_file("/115/import/", "計畫.xlsx", content)
    assert "匯入預覽" in preview.text, preview.text[:500]
    batch = visitor.press(f"{preview.address}confirm/", token_in(preview))
    assert "匯入完成" in batch.text, (batch.status, words_of(batch))
    return batch


def words_of(answer: "ServerAnswer") -> str:
    """What the page says in its middle, to find out what was refused."""
    _, _, main = answer.text.partition("<main")
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:500]


def take_back(visitor: "PageVisitor", batch: "ServerAnswer") -> None:
    from benchmarks._visitor import token_in

    undone = visitor.press(f"{batch.address}undo/", token_in(batch))
    assert "復原" in undone.text, undone.address


def main(count: int, rounds: int) -> dict[str, object]:
    from django.conf import settings
    from django.db import connections
    from django.test import Client

    from benchmarks._exchange_rows import rows, xlsx
    from benchmarks._exchange_run import office
    from benchmarks._visitor import PageVisitor, server
    from tests.items.exchange.spreadsheets.costly import SLOW
    from tests.items.exchange.spreadsheets.hostile import MADE

    _, user = office()
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    connections.close_all()
    content = xlsx(rows(count))
    files = {**MADE, **SLOW}
    highest: dict[str, float] = {}
    after_round = []
    with server() as (port, process):
        visitor = PageVisitor(port, {settings.SESSION_COOKIE_NAME: session})
        visitor.send_file("/115/import/", "計畫.xlsx", xlsx(rows(33)))

        def note(phase: str) -> None:
            highest[phase] = max(highest.get(phase, 0), peak(process))
            forget_peak(process)

        for number in range(rounds):
            note("start")
            batch = bring_in(visitor, content)
            note("import")
            read_all(visitor, PAGES)
            note("pages")
            read_all(visitor, EXPORTS)
            note("exports")
            take_back(visitor, batch)
            note("undo")
            names = COSTLIEST[number::rounds]
            for name in names:
                visitor.send_file("/115/import/", f"{name}.xlsx", files[name]())
                note(name)
            after_round.append(resident(process))
    return {"highest": highest, "after_round": after_round}


if __name__ == "__main__":
    from benchmarks._migrated import set_up

    set_up()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
