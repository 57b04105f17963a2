"""A table as a file: one description, three formats."""

import re

from django.utils.text import get_valid_filename

from items.exchange.spreadsheets import write_csv, write_ods, write_xlsx

_UNWELCOME = re.compile(r"[\s/:：]+")

FORMATS = {
    "xlsx": (write_xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (write_ods.write, "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": (write_csv.write, "text/csv; charset=utf-8"),
}


def write(table, format):
    """(bytes, content type) of a `FileTable` as "xlsx", "ods" or "csv"; KeyError for anything else."""
    writer, content_type = FORMATS[format]
    return writer(table), content_type


def file_name(title, format):
    """A name that every system can keep: the title without what a path or a shell would take amiss."""
    return f"{get_valid_filename(_UNWELCOME.sub('_', title))[:100]}.{format}"
