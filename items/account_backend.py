"""Whose session it is: Django's own backend, with the question of every request written once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from items.models import User
from items.models.prepared import Prepared, Slot

_ACCOUNT = Prepared(lambda: User.objects.filter(pk=Slot("pk")))


class OfficeAccounts(ModelBackend):
    """Checks passwords as Django does."""

    def get_user(self, user_id: Any) -> User | None:
        """None for an account that is closed or gone, whose sessions open nothing."""
        user = _ACCOUNT.first(pk=user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        return user
