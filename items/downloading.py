"""A file on its way out."""

from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from items.exchange.memory import give_memory_back
from items.exchange.spreadsheets.write import WrittenFile
from plan_tracker.security_log import SecurityEvent


class FormatName(NamedTuple):
    """A kind of file, and the word that people know it by."""

    format: str
    name: str


FORMAT_NAMES = (FormatName("xlsx", "Excel"), FormatName("ods", "ODS"), FormatName("csv", "CSV"))
"""The files that a list can be had as."""


class DownloadResponse(HttpResponse):
    """A file; what it took to make it goes back to the system once it is sent."""

    file_name: str
    security_event: SecurityEvent

    def close(self) -> None:
        super().close()
        give_memory_back()


def download(file: WrittenFile, *, event: SecurityEvent = SecurityEvent.EXPORT) -> HttpResponse:
    """A file under its Chinese name, never opened in the page.

    The middleware writes into the security log that it leaves, as this `event`.
    """
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    response = DownloadResponse(
        file.content, file.content_type, headers={"Content-Disposition": disposition}
    )
    response.file_name = file.name
    response.security_event = event
    return response
