"""A file on its way out."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file under its Chinese name, never opened in the page."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
