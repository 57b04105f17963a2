"""A file that waits for its confirmation: what it holds, and what it would do to the plan as it is.

Both are kept with the upload as they were found when it came. They are worked out anew where the
plan, the departments or the person's choice have changed since.
"""

from dataclasses import replace

from items.exchange.plan_import.look import (
    FileAndPlan,
    Look,
    SheetChoice,
    chosen_table,
    list_file,
    look,
)
from items.exchange.plan_import.plan_now import load
from items.exchange.plan_import.preview_content import PreviewContent
from items.exchange.plan_import.source import ReadFile, WhichSheet, names_with_separators
from items.exchange.plan_table.rows import PlanTable
from items.exchange.reading import read_apart
from items.exchange.sealed import unseal
from items.exchange.spreadsheets.write import WrittenFile
from items.exchange.uploads import digest_of
from items.models import Programme, Upload, User


def first_look(
    content: bytes, name: str, programme: Programme, sheet: str = "", *, by: User
) -> Look:
    """Read a file that has just come, or another sheet of it, and compare it. Raises `Refused`."""
    depends_on = FileAndPlan(
        name=name,
        sha256=digest_of(content),
        sheet=sheet,
        other_codes_are_new=False,
        programme=programme,
        whole_names=names_with_separators(),
        plan_now=load(programme),
    )
    return read_apart(look, content, depends_on, by=by)


def look_again(upload: Upload, programme: Programme, *, by: User) -> Look:
    """Compare a file that waits with the plan as it is now. Raises `Refused`."""
    return read_apart(look, bytes(upload.content), _depends_on(upload, programme), by=by)


def answer_of(
    upload: Upload, programme: Programme, *, asks_for_sheet: bool = False, by: User
) -> PreviewContent | SheetChoice:
    """What the file would do to the plan as it is now; or its sheets, where one is to be chosen.

    Raises `Refused` where the file has to be read once more and cannot be.
    """
    depends_on = _depends_on(upload, programme)
    if asks_for_sheet:
        depends_on = replace(depends_on, sheet="")
    # The plan's fingerprint is part of the purpose: what was found against another plan does not open.
    kept = unseal(upload.comparison, depends_on.comparison_purpose(depends_on.sheet))
    if isinstance(kept, PreviewContent | SheetChoice):
        return kept
    return read_apart(look, bytes(upload.content), depends_on, by=by).answer


def table_of_upload(upload: Upload, programme: Programme, *, by: User) -> PlanTable:
    """The table of a file that waits, as its person has said. Raises `Refused` and `WhichSheet`."""
    depends_on = _depends_on(upload, programme)
    # Without the plan: a table stays what was read of the file, whoever changes the plan meanwhile.
    purpose = depends_on.table_purpose(upload.sheet)
    file = unseal(upload.read_table, purpose)
    if file is None:
        again = read_apart(look, bytes(upload.content), depends_on, by=by)
        if isinstance(again.answer, SheetChoice):
            raise WhichSheet(again.answer.names)
        file = unseal(again.table, purpose)
    if not isinstance(file, ReadFile):
        raise TypeError("what was just sealed cannot be opened")
    return chosen_table(file, depends_on)


def list_of_upload(
    upload: Upload, programme: Programme, *, what: str, format: str, by: User
) -> WrittenFile | None:
    """A list of the comparison; None while a sheet is to be chosen. Raises `Refused`."""
    depends_on = _depends_on(upload, programme)
    return read_apart(list_file, bytes(upload.content), depends_on, what, format, by=by)


def _depends_on(upload: Upload, programme: Programme) -> FileAndPlan:
    return FileAndPlan(
        name=upload.file_name,
        sha256=upload.sha256,
        sheet=upload.sheet,
        other_codes_are_new=upload.other_codes_are_new,
        programme=programme,
        whole_names=names_with_separators(),
        plan_now=load(programme),
    )
