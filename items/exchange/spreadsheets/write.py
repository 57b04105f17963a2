"""A table as a file: one description, three formats."""

import re
from collections.abc import Callable
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


class FileContent(NamedTuple):
    """A file to send, without its name."""

    content: bytes
    content_type: str


FORMATS = {
    "xlsx": FileFormat(
        write_xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "ods": FileFormat(write_ods.write, write_ods.MIMETYPE),
    "csv": FileFormat(write_csv.write, "text/csv; charset=utf-8"),
}


def write(table: FileTable, format: str) -> FileContent:
    """The table as "xlsx", "ods" or "csv"; KeyError for anything else."""
    file_format = FORMATS[format]
    return FileContent(file_format.writer(table), file_format.content_type)


def file_name(title: str, format: str) -> str:
    """A name that every system can keep: without what a path or a shell would take amiss."""
    # Django takes such characters out: with a line in their place the words stay apart.
    name = get_valid_filename(_UNWELCOME.sub("_", title))
    return f"{name[:_LONGEST_NAME]}.{format}"
