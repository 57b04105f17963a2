"""A file on its way out."""

from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from items.exchange.memory import give_memory_back


class FormatName(NamedTuple):
    """A kind of file, and the word that people know it by."""

    format: str
    name: str


FORMAT_NAMES = (FormatName("xlsx", "Excel"), FormatName("ods", "ODS"), FormatName("csv", "CSV"))
"""The files that a list can be had as."""


class DownloadResponse(HttpResponse):
    """A file; what it took to make it goes back to the system once it is sent."""

    def close(self) -> None:
        super().close()
        give_memory_back()


def download(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file under its Chinese name, never opened in the page."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return DownloadResponse(content, content_type, headers={"Content-Disposition": disposition})
