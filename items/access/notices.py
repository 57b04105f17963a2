"""通知: for nobody but the person themselves."""

from django.db.models import Q

from items.access.fetching import get_or_404
from items.access.standing_in import principals_of
from items.models import Notice, User
from items.models.notices import NoticeQuerySet


def visible_notices(user: User) -> NoticeQuerySet:
    """The own ones; those in the place of somebody absent as long as the person stands in."""
    if not user.is_active:
        return Notice.objects.none()
    in_place_of = Q(for_whom=None)
    principals = principals_of(user)
    if principals:
        in_place_of |= Q(for_whom__in=principals)
    return Notice.objects.filter(in_place_of, person=user)


def get_notice(user: User, pk: int) -> Notice:
    return get_or_404(visible_notices(user), pk=pk)
