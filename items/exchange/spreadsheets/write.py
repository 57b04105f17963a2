"""A table as a file: one description, three formats."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import get_valid_filename

from items.exchange.spreadsheets import write_csv, write_ods, write_xlsx
from items.exchange.spreadsheets.file_table import FileTable

_UNWELCOME = re.compile(r"[\s/:：]+")
_LONGEST_NAME = 100


class FileFormat(NamedTuple):
    """How a table becomes a file of a format, and what the browser is told that it is."""

    writer: Callable[[FileTable], bytes]
    content_type: str


@dataclass(frozen=True)
class WrittenFile:
    """A file to send, and what the browser is told that it is."""

    name: str
    content: bytes
    content_type: str


FORMATS = {
    "xlsx": FileFormat(
        write_xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "ods": FileFormat(write_ods.write, write_ods.MIMETYPE),
    "csv": FileFormat(write_csv.write, "text/csv; charset=utf-8"),
}


def write(table: FileTable, format: str) -> bytes:
    """The table as "xlsx", "ods" or "csv"; KeyError for anything else."""
    return FORMATS[format].writer(table)


def table_file(table: FileTable, title: str, format: str) -> WrittenFile:
    """The same as a file to send, whose name is made of the title."""
    return WrittenFile(
        name=file_name(title, format),
        content=write(table, format),
        content_type=FORMATS[format].content_type,
    )


def file_name(title: str, format: str) -> str:
    """A name that every system can keep: without what a path or a shell would take amiss."""
    # Django takes such characters out: with a line in their place the words stay apart.
    name = get_valid_filename(_UNWELCOME.sub("_", title))
    return f"{name[:_LONGEST_NAME]}.{format}"
