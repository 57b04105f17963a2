"""What was being written when a session ended, taken along to the page that says so.

A form that bears the field `writer`, the key of the person who opened it, is carried: for that
person to send it again, and for nobody else.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest

WRITER = "writer"
TOKEN = "csrfmiddlewaretoken"


class CarriedField(NamedTuple):
    """One field of the form that was sent."""

    name: str
    value: str


def carried_fields(request: HttpRequest) -> list[CarriedField]:
    """The fields that were sent, without the token; empty where nothing may be carried."""
    if WRITER not in request.POST:
        return []
    fields = sent_fields(request)
    if fields and request.user.is_authenticated and not is_writer(request):
        return []
    return fields


def sent_fields(request: HttpRequest) -> list[CarriedField]:
    """As `carried_fields`, for anybody and any form: not to be sent on from here."""
    # A form on another site could else have its words shown, or sent by one press, on our page.
    if request.method != "POST" or not _is_from_here(request):
        return []
    fields: list[CarriedField] = []
    for name, values in request.POST.lists():
        # A password is typed anew, and stands on no page.
        if name != TOKEN and "password" not in name:
            fields.extend(CarriedField(name, str(value)) for value in values)
    return fields


def is_writer(request: HttpRequest) -> bool:
    """Whether the person who is signed in opened the form that was sent."""
    return request.POST.get(WRITER) == str(request.user.pk)


def _is_from_here(request: HttpRequest) -> bool:
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(source)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
