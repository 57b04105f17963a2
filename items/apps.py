"""The app's name in Django and on the screen."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out

from plan_tracker import clock
from plan_tracker.security_log import SecurityEvent, note


class ItemsConfig(AppConfig):
    name = "items"
    verbose_name = "計畫管考"

    def ready(self) -> None:
        # Under this name Django keeps its own, which asks the computer's clock: in a demonstration
        # somebody would have signed in on a day that has not come yet.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(note_last_login, dispatch_uid="update_last_login")
        user_logged_out.connect(note_sign_out, dispatch_uid="security_log")


def note_last_login(sender: object, *, user: Any, **kwargs: object) -> None:
    """Keep when somebody signed in, on the day that all pages show."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])


def note_sign_out(sender: object, *, user: Any, request: Any = None, **kwargs: object) -> None:
    """Somebody has left, or the session was too old; the page of a stranger is no sign-out."""
    if user is not None:
        note(SecurityEvent.SIGN_OUT, user=user.get_username(), request=request)
