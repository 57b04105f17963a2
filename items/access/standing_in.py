"""代理: in whose place somebody acts on a day."""

from django.db.models import DateField

from items.models import READ_ONLY, Deputy, User
from items.models.prepared import Prepared, Slot

_STANDING_IN = Prepared(
    lambda: (
        Deputy.objects.in_force(Slot("day", DateField()))
        .filter(deputy=Slot("deputy"))
        .select_related("person")
        .order_by("person__username")
    )
)


def principals_of(user: User) -> tuple[User, ...]:
    """代理: the people whom somebody stands in for on the day on which they act.

    Nobody for a `user` of whom no day is said: only a request says it (`items/middleware.py`).
    Asked once for each `user` object, which lives as long as its request.
    """
    if user.acts_on is None or not user.is_active or user.role in READ_ONLY:
        return ()
    if user.principals is None:
        people = []
        for row in _STANDING_IN(day=user.acts_on, deputy=user.pk):
            # The deputy may do what the person may do, and these may do nothing.
            if row.person.is_active and row.person.role not in READ_ONLY:
                people.append(row.person)
        user.principals = tuple(people)
    return user.principals
