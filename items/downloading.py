"""A file on its way out."""

from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header


class FormatName(NamedTuple):
    """A kind of file, and the word that people know it by."""

    format: str
    name: str


FORMAT_NAMES = (FormatName("xlsx", "Excel"), FormatName("ods", "ODS"), FormatName("csv", "CSV"))
"""The files that a list can be had as."""


def download(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file under its Chinese name, never opened in the page."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
