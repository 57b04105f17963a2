"""通知: for nobody but the person themselves."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from items.access.fetching import get_or_404
from items.access.prepared import PreparedForPerson
from items.access.standing_in import principals_of
from items.models import Notice, User
from items.models.notices import NoticeQuerySet


def visible_notices(user: User) -> NoticeQuerySet:
    """The own ones; those in the place of somebody absent as long as the person stands in."""
    if not user.is_active:
        return Notice.objects.none()
    in_place_of = Q(for_whom=None)
    # Once the days of a 代理 are over, the deputy does not read on.
    principals = principals_of(user)
    if principals:
        in_place_of |= Q(for_whom__in=principals)
    return Notice.objects.filter(in_place_of, person=user)


def _counted_unread(user: User) -> QuerySet[Any]:
    unread = visible_notices(user).unread().order_by()
    return unread.values("person").annotate(number=Count("pk"))


_UNREAD = PreparedForPerson[Any](_counted_unread)


def number_unread(user: User) -> int:
    """How many of `visible_notices` are unread: each page says it."""
    row = _UNREAD.first(user)
    if row is None:
        return 0
    number: int = row["number"]
    return number


def get_notice(user: User, pk: int) -> Notice:
    return get_or_404(visible_notices(user), pk=pk)
