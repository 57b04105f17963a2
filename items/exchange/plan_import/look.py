"""A file is read and compared with the plan once, when it comes: for upload and preview alike.

The answer is kept with the upload, under a name made of everything that it depends on. When the
plan, the departments or a choice has changed since, the name is another one: the kept answer is not
found, and it is worked out anew.
"""

import hashlib
from dataclasses import dataclass

from items.exchange.plan_import.compare import compare_with
from items.exchange.plan_import.other_codes import count_other_codes, without_other_codes
from items.exchange.plan_import.plan_fingerprint import fingerprint
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.preview import ImportPreview
from items.exchange.plan_import.preview_content import PreviewContent, preview_content
from items.exchange.plan_import.preview_files import export
from items.exchange.plan_import.source import (
    LONGEST_NAME,
    ReadFile,
    WhichSheet,
    read_sheet,
)
from items.exchange.plan_table.rows import PlanTable
from items.exchange.sealed import seal
from items.exchange.spreadsheets.write import WrittenFile
from items.models import Programme


@dataclass(frozen=True)
class FileAndPlan:
    """All that the answer depends on, beside the file's bytes; any process can work it out."""

    name: str
    sha256: str
    sheet: str
    other_codes_are_new: bool
    programme: Programme
    whole_names: tuple[str, ...]
    plan_now: PlanNow

    def table_purpose(self, sheet: str) -> str:
        """What a table is sealed for that was read of this sheet."""
        return table_purpose(
            self.sha256, self.name, sheet, programme=self.programme, whole_names=self.whole_names
        )

    def comparison_purpose(self, sheet: str) -> str:
        plan = fingerprint(self.plan_now, self.programme)
        return f"comparison {self.other_codes_are_new} {plan} {self.table_purpose(sheet)}"


def table_purpose(
    sha256: str, name: str, sheet: str, programme: Programme, *, whole_names: tuple[str, ...]
) -> str:
    # The year and its last day, since deadlines without a year are read by them; the names of
    # departments, since one may hold a mark at which a list of names would be taken apart.
    depends_on = (sha256, name, sheet, programme.year, programme.ends_on, whole_names)
    # A file name may hold half a character, which `utf-8` alone refuses.
    digest = hashlib.sha256(repr(depends_on).encode("utf-8", "surrogatepass"))
    return f"table {digest.hexdigest()}"


@dataclass(frozen=True)
class SheetChoice:
    """Several sheets could be meant: their names."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What a look at a file found; `sheet` is "" while the person has to say which.

    `table` is sealed: only the confirmation opens it, and a server process need not hold it before.
    """

    sheet: str
    answer: PreviewContent | SheetChoice
    table: bytes
    comparison: bytes

    @property
    def digest(self) -> str:
        """The fingerprint of what the person is shown."""
        if isinstance(self.answer, SheetChoice):
            return ""
        return self.answer.digest


def look(content: bytes, depends_on: FileAndPlan) -> Look:
    """Read the file and compare it, without asking the database. Raises `Refused`."""
    try:
        file = _read(content, depends_on)
    except WhichSheet as choice:
        # Kept as an answer of its own: the page that asks for the sheet reads the file no second time.
        names = SheetChoice(choice.names)
        comparison = seal(names, depends_on.comparison_purpose(""))
        return Look(sheet="", answer=names, table=b"", comparison=comparison)
    sheet = file.table.sheet[:LONGEST_NAME]
    answer = _content_of(file, depends_on)
    return Look(
        sheet=sheet,
        answer=answer,
        table=seal(file, depends_on.table_purpose(sheet)),
        comparison=seal(answer, depends_on.comparison_purpose(sheet)),
    )


def list_file(
    content: bytes, depends_on: FileAndPlan, what: str, format: str
) -> WrittenFile | None:
    """The errors, or every row with what becomes of it; None while a sheet is to be chosen."""
    try:
        file = _read(content, depends_on)
    except WhichSheet:
        return None
    preview = _compared(chosen_table(file, depends_on), depends_on)
    return export(what, preview, depends_on.name, format=format)


def chosen_table(file: ReadFile, depends_on: FileAndPlan) -> PlanTable:
    """The table that was read, as its person has said that it is meant."""
    if depends_on.other_codes_are_new:
        return without_other_codes(file.table, depends_on.programme.year)
    return file.table


def _read(content: bytes, depends_on: FileAndPlan) -> ReadFile:
    return read_sheet(
        content,
        depends_on.name,
        depends_on.programme,
        sheet=depends_on.sheet,
        whole_names=depends_on.whole_names,
    )


def _content_of(file: ReadFile, depends_on: FileAndPlan) -> PreviewContent:
    table = chosen_table(file, depends_on)
    other_codes = count_other_codes(table, depends_on.programme.year)
    return preview_content(_compared(table, depends_on), file.notes, other_codes=other_codes)


def _compared(table: PlanTable, depends_on: FileAndPlan) -> ImportPreview:
    return compare_with(table, depends_on.programme, depends_on.plan_now)
