"""Damaged copies of good files; by hand: `python -m tests.items.exchange.spreadsheets.fuzz 60` runs for a minute.

Anything but a workbook or a refusal, or more than five seconds, is kept as a file and printed.
"""

import io
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

import django

# ruff: noqa: E402
# Run by hand, nothing else has set Django up, and the headings of our table come from the models.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.refused import Refused
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.reading import workbook_of


def _rich_xlsx():
    cells = '<row r="9" hidden="1"><c r="A9" s="1"><v>46387</v></c><c r="B9" t="s"><v>0</v></c><c r="C9"><f>A1</f></c>'
    cells += '<c r="D9" t="e"><v>#REF!</v></c><c r="E9" t="b"><v>1</v></c></row>'
    sheet = files.worksheet(files.rows_xml(files.TABLE) + cells, files.merges("A2:A3", "G2:G3"))
    strings = files.shared("<r><t>甲</t></r><r><t>乙</t></r><rPh sb='0' eb='1'><t>x</t></rPh>")
    return files.xlsx(sheet, strings=strings, styles=files.styles("yyyy/m/d"))


def _rich_ods():
    rows = files.ods_rows(files.TABLE)
    rows += '<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="date" '
    rows += 'office:date-value="2026-12-31" table:number-rows-spanned="2"><text:p>a<text:s text:c="3"/></text:p>'
    rows += '</table:table-cell><table:covered-table-cell table:number-columns-repeated="5"/></table:table-row>'
    return files.ods(rows)


SEEDS = {
    "a.xlsx": _rich_xlsx,
    "a.ods": _rich_ods,
    "a.csv": lambda: files.csv_bytes(files.TABLE),
    "b.csv": lambda: files.csv_bytes(files.TABLE, "cp950"),
    "a.txt": lambda: files.dump_text(
        [*files.TABLE, files.HEADINGS, ("", "", "", "續"), *files.ROWS]
    ).encode(),
}
# What damages most: pieces of markup, extreme numbers, and names that the readers look for.
_WORDS = [
    b"<", b">", b"/", b'"', b"&#x0;", b"&lt;", b"\0", b"-1", b"999999999999", b"1e999", b"NaN",
    b"_xD800_", b"r=", b"\xff", b"<!DOCTYPE a>", b"<![CDATA[", b"A0", b"XFD1048577", b't="s"',
    b"number-rows-repeated", b"\r", b"\t", "季".encode(),
]  # fmt: skip


def mutated(data, chance):
    """A damaged copy; of a zip file mostly one of its parts, packed again, else its bytes."""
    if data[:2] == b"PK" and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(members))
        members[name] = _damaged(members[name], chance)
        return files.zip_of(members, zipfile.ZIP_STORED)
    return _damaged(data, chance)


def _damaged(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice([1, 1, 4, 30, 300]))
        action = chance.randrange(5)
        if action == 0:
            data[at:at] = chance.choice(_WORDS)
        elif action == 1:
            del data[at:to]
        elif action == 2:
            data[at:to] = chance.choice(_WORDS)
        elif action == 3:
            data[at:at] = data[at:to] * chance.choice([1, 2, 50])
        elif at < len(data):
            data[at] = chance.randrange(256)
    return bytes(data)


def _outcome(data, name):
    try:
        read_table(candidate_sheets(workbook_of(data, name))[0], 115)
    except Refused:
        return "refused"
    return "read"


def main(seconds):
    number = 0
    counts = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number += 1
        chance = random.Random(number)
        name = chance.choice(sorted(SEEDS))
        data = mutated(SEEDS[name](), chance)
        start = time.perf_counter()
        try:
            outcome = _outcome(data, name)
        except Exception:
            outcome = "failed"
            traceback.print_exc()
        if outcome == "failed" or time.perf_counter() - start > 5:
            kept = Path(tempfile.gettempdir()) / f"fuzz_{number}_{name}"
            kept.write_bytes(data)
            print(f"{outcome}, {time.perf_counter() - start:.1f} s: {kept}")
        counts[outcome] = counts.get(outcome, 0) + 1
    print(number, "files", counts)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
