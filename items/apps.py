"""The app's name in Django and on the screen."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from plan_tracker import clock


class ItemsConfig(AppConfig):
    name = "items"
    verbose_name = "計畫管考"

    def ready(self) -> None:
        # Under this name Django keeps its own, which asks the computer's clock: in a demonstration
        # somebody would have signed in on a day that has not come yet.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(note_last_login, dispatch_uid="update_last_login")


def note_last_login(sender: object, *, user: Any, **kwargs: object) -> None:
    """Keep when somebody signed in, on the day that all pages show."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
