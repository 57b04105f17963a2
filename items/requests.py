"""A request as our views get it, after the middleware has added what it knows."""

from datetime import date, datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from items.models import User


class OfficeRequest(HttpRequest):
    """A request of somebody who is signed in.

    For annotations only: Django makes plain requests, and the middleware adds `now`, `today` and `htmx`.
    """

    user: User
    now: datetime
    today: date
    htmx: HtmxDetails
    reference: str
    file_is_too_large: bool
