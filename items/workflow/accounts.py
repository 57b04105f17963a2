"""停用帳號: nobody signs in any more, and what they wrote stays."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from items.models import Door, Role, User
from items.workflow import history


@transaction.atomic
def deactivate(
    users: Iterable[User], *, by: User | None, at: datetime, door: Door = Door.PAGE
) -> list[User]:
    """Disable accounts; returns those that were still active.

    Never the own account, and never the last 系統管理: nobody could enable the others. Without
    `by`, at the server, each account stands as its own author, since nobody is signed in there.
    """
    keys = [user.pk for user in users]
    # All 系統管理 are locked and not only the chosen ones: two of them who disable each other at the
    # same moment would otherwise both succeed.
    admins = User.objects.filter(role=Role.ADMIN, is_active=True).select_for_update()
    admins_left = {admin.pk for admin in admins}
    deactivated = []
    chosen = User.objects.filter(pk__in=keys, is_active=True).order_by("username")
    for user in chosen.select_for_update():
        is_last_admin = admins_left == {user.pk}
        if user == by or is_last_admin:
            continue
        user.is_active = False
        deactivated.append(history.save(user, by=by or user, at=at, door=door))
        admins_left.discard(user.pk)
    return deactivated
