"""A kept file on its way to a browser, which runs nothing of it."""

import logging

from django.http import FileResponse, Http404

from items.evidence.storage import evidence_storage

faults = logging.getLogger("django.request")

SEALED = {
    # Should a browser show the file all the same, it runs nothing of it.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def sealed_file(stored_name: str, content_type: str, *, attachment: str = "") -> FileResponse:
    try:
        file = evidence_storage().open(stored_name)
    except FileNotFoundError:
        faults.error("evidence file %s is missing", stored_name)
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=bool(attachment), filename=attachment, content_type=content_type
    )
    for name, value in SEALED.items():
        response.headers[name] = value
    return response
