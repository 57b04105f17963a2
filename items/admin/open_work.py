"""When an account or a membership is ended: which work is left, and where to hand it over."""

from collections.abc import Iterable

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html

from items import access
from items.models import User
from items.requests import OfficeRequest
from items.worklists.handover import open_work_words


def tell_of_open_work(request: OfficeRequest, people: Iterable[User] | None = None) -> None:
    """A warning with the way to 業務移交, where one of these people has left something behind.

    Without `people` everybody is looked at, such as after a file that names many.
    """
    home_first = access.years_home_first(request.today)
    programme = access.home_programme(request.user, home_first)
    if programme is None:
        # Without a year there is no work either.
        return
    words = open_work_words(people)
    if not words:
        return
    address = reverse("people", args=[programme.year])
    messages.warning(
        request, format_html('{}<a href="{}">到「人員與移交」辦理移交</a>', words, address)
    )
