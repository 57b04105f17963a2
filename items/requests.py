"""A request as our views get it, after the middleware has added what it knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from items.models import User
from items.models.quality_flags import QualityFlag

if TYPE_CHECKING:
    # Only for the annotation: what stands there is made further up.
    from items.attaching import TakenEvidence

WAY_BACK = "next"
"""In an address: the page of ours that somebody came from and wants to return to."""


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
    taken_evidence: TakenEvidence
    """What became of the evidence in the form of this request."""


LONGEST_KEY = 18
"""Figures of the longest key that a request can name; one more may be too large to be asked for."""


def key_in(text: str) -> int | None:
    """The key that a value of a request names; None where it can be the key of no row.

    Anything can stand in a request. `isdecimal` alone would take ３, and the databases answer a
    number beyond theirs with an error.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_KEY:
        return None
    return int(text)


def key_or_404(text: str) -> int:
    """The same where a value without a row is a page that does not exist."""
    key = key_in(text)
    if key is None:
        raise Http404
    return key


def keys_in(texts: Iterable[str]) -> list[int]:
    """The keys of boxes that were ticked; values that can be no key are passed over."""
    keys = []
    for text in texts:
        key = key_in(text)
        if key is not None:
            keys.append(key)
    return keys


def way_back(request: HttpRequest) -> str:
    """The page that the address says to return to; empty where it names none of ours."""
    address = request.GET.get(WAY_BACK, "")
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    if not is_ours:
        return ""
    return address


def chosen_flag(request: HttpRequest) -> QualityFlag | None:
    """The quality flag that the address limits a list to; 404 for one that does not exist."""
    asked = request.GET.get("flag", "")
    if not asked:
        return None
    if asked not in QualityFlag.values:
        raise Http404
    return QualityFlag(asked)
